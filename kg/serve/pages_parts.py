"""What a page says before it is HTML, JSON or CSV: one record, so that all forms of a page say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from kg.errors import KgError
from kg.messages import say

T = TypeVar("T")
CHOICES = 24
ROWS = 100
"""Rows of a table on one page, unless it says otherwise."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Words that lead somewhere; ``id`` is the CURIE of what they name, where it has one."""

    label: str
    path: str
    id: str = ""


Value = str | int | float | None | Ref | Sequence["Value"]
"""What stands in a cell: text, a figure, nothing, a reference, several of them; a list of whole numbers is an interval."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in JSON and CSV, and whether it holds figures or says what its row is about."""

    name: str
    numeric: bool = False
    head: bool = False
    wide: bool = False
    bare: bool = False
    """A number that counts nothing (a year, a position): its thousands are not set apart."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A table; a row is made when it is shown. ``keys`` are what rows are made of, in order."""

    name: str
    columns: tuple[Column, ...]
    keys: Sequence[Any]
    row: Callable[[Any], Sequence[Value]]
    caption: str = ""
    """The words of ``site.list.<name>`` where empty."""
    note: str = ""
    size: int = ROWS
    anchors: bool = False
    """Whether rows are numbered anchors (``findings-3``), for links into the table."""

    def pages(self, size: int = 0) -> int:
        """How many pages the table has, one at least."""
        return max(1, -(-len(self.keys) // (size or self.size)))

    def rows(self, page: int = 1, size: int = 0) -> list[Sequence[Value]]:
        """The rows of one page, counted from 1."""
        size = size or self.size
        return [self.row(key) for key in self.keys[(page - 1) * size : page * size]]


@dataclass(frozen=True, slots=True)
class Prose:
    """Sentences, each of words and references."""

    sentences: tuple[tuple[Value, ...], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value by which a table can be narrowed: how many rows it would leave, and whether it is chosen."""

    label: str
    count: int
    path: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one property by which a table can be narrowed."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """All properties by which a table can be narrowed, and the way back to the whole."""

    facets: tuple[Facet, ...]
    clear: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing as SVG text, with the table that holds the same figures."""

    caption: str
    svg: str
    legend: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A run of printed text: where it leads, how heavy the finding on it is, and what is said of it."""

    text: str
    path: str = ""
    severity: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Runs that stand together, inside a clause of responsibility or outside."""

    clause: bool
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a notice, with the tasks that begin on it and what was found on it."""

    stretches: tuple[Stretch, ...]
    tasks: tuple[Ref, ...] = ()
    anchors: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    """Severity and words."""
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Print:
    """The text of a notice, or a part of it."""

    lines: tuple[Line, ...]
    start: int = 0
    end: int = 0
    page: int = 1
    pages: int = 1
    total: int = 0


Block = Listing | Prose | Facets | Drawing | Print


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its value: the name for programs, the words for people come from ``site.fact.<name>``."""

    name: str
    value: Value
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A large figure at the head of a page."""

    name: str
    value: int | float | str
    aside: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page in one language. ``path`` is its address without ending; ``main`` the table that CSV holds unless told."""

    kind: str
    path: str
    title: str
    crumbs: tuple[Ref, ...] = ()
    standfirst: str = ""
    numbers: tuple[Number, ...] = ()
    facts: tuple[Fact, ...] = ()
    blocks: tuple[Block, ...] = ()
    id: str = ""
    """CURIE of what the page is about, empty where it has none."""
    downloads: tuple[Ref, ...] = ()

    @property
    def listings(self) -> dict[str, Listing]:
        """The tables by name."""
        return {block.name: block for block in self.blocks if isinstance(block, Listing)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for, checked: the language, the table and its page, and the values of filters."""

    lang: str = "zh"
    page: int = 1
    list: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    spoken: bool = False
    """Whether the address names the language; then every link does."""

    def get(self, name: str) -> str:
        """The value of a filter, empty where none is given."""
        return self.values.get(name, "")

    def say(self, key: str, **fields: object) -> str:
        """A message of the pages in the language of the request; the key without the leading ``site.``."""
        return say(f"site.{key}", lang=self.lang, **fields)


class NotThereError(KgError):
    """A page of something that the graph does not hold. Fields: what was asked for; ``nearest`` are pages of alike names."""

    code = "page-not-there"

    def __init__(self, name: str, nearest: Sequence[Ref] = ()) -> None:
        super().__init__(name)
        self.nearest = tuple(nearest)


class AskedError(KgError):
    """A parameter that a page does not have, or a value that it cannot take. Fields: the parameter, the value, what is possible."""

    code = "page-parameter"


class MovedError(KgError):
    """What was asked for has another address. Fields: the path."""

    code = "page-moved"


def path_of(curie: str) -> str:
    """The path of the page of a CURIE.

    >>> path_of("unit:421000-finance"), path_of("task:a b/c.1")
    ('/unit/421000-finance', '/task/a%20b%2Fc.1')
    """
    kind, _, local = curie.partition(":")
    return f"/{kind}/{quote(local, safe='')}"


def with_query(path: str, **values: object) -> str:
    """A path with parameters, those that are empty left out.

    >>> with_query("/units", kind="department", page=0, q="a&b")
    '/units?kind=department&q=a%26b'
    """
    given = {name: value for name, value in values.items() if value not in ("", None, 0)}
    return f"{path}?{urlencode(given)}" if given else path


def facet(asked: Asked, path: str, name: str, counted: Mapping[str, int], words: Callable[[str], str]) -> Facet:
    """The values of a property that a table can be narrowed by, each a link that keeps the other filters; a chosen one leads back.

    The most frequent come first, up to ``CHOICES``; what has no such property comes last, and what has no counts keeps its order.
    """
    chosen = asked.get(name)
    shown = sorted(counted, key=lambda value: (value != chosen, value == "none", -counted[value]))[:CHOICES]
    link = partial(with_query, path)
    rest = {key: value for key, value in asked.values.items() if key != name}
    choices = [
        Choice(words(value), counted[value], link(**rest) if value == chosen else link(**rest, **{name: value}), value == chosen)
        for value in shown
    ]
    return Facet(asked.say(f"facet.{name}"), tuple(choices))
