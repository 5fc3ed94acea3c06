"""A list of parties → assignments: collective references, open lists, shared suffixes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kg.model import Span
from kg.reading.characters import Line, marks, outside_brackets, split_outside, trim
from kg.resources import per_lexicon, table


@dataclass(frozen=True, slots=True)
class Name:
    """One party of a list as printed, before it is given a role."""

    printed: str
    span: Span
    name: str
    example_of: str | None = None
    group_kind: str | None = None
    """What sort of collective reference it is, None for a unit."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One row of the collective references: what a printed phrase of this pattern stands for."""

    kind: str
    closure: str
    pattern: re.Pattern[str]
    finding: str | None


@per_lexicon
def group_rows() -> tuple[GroupRow, ...]:
    """The table of collective references, in the order in which rows are tried."""
    return tuple(
        GroupRow(row["kind"], row["closure"], re.compile(row["pattern"]), row.get("finding"))
        for row in table("lexicon/collectives.toml")["group"]
    )


def group_row(folded: str) -> GroupRow | None:
    """The first row whose pattern is the whole folded name, None where the name is no collective reference.

    >>> group_row("各县市区政府").kind, group_row("市发改委")
    ('allCounties', None)
    """
    return next((row for row in group_rows() if row.pattern.fullmatch(folded)), None)


def read_names(line: Line, start: int, end: int) -> list[Name]:
    """The parties of ``line.text[start:end]``, in printed order.

    A comma divides the text into lists; a suffix is shared within one list only.
    """
    found: list[Name] = []
    for left, right in split_outside(line.folded, marks("list_break") + marks("sentence_end"), start, end):
        found += _read_list(line, left, right)
    return found


def _read_list(line: Line, start: int, end: int) -> list[Name]:
    runs: list[tuple[int, int, bool]] = []
    example_of: str | None = None
    for left, right, collective in _members(line.folded, start, end):
        opened = None if collective else _open_list(line.folded, left, right)
        if opened:
            cut, phrase = opened
            example_of = line.text[phrase:right]
            runs += [(left, cut, False), (phrase, right, True)]
        else:
            runs.append((left, right, collective))
    names = share_suffix([line.text[left:right] for left, right, collective in runs if not collective], *_suffix_tables())
    given = iter(names)
    return [
        Name(
            printed := line.text[left:right],
            line.span(left, right),
            printed if collective else next(given),
            None if collective else example_of,
            row.kind if collective and (row := group_row(line.folded[left:right])) else None,
        )
        for left, right, collective in runs
    ]


def _members(folded: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    # Collective references first: their inner 、 and brackets divide nothing.
    found: list[tuple[int, int, bool]] = []
    at = start
    while at < end:
        stop = _collective_end(folded, at, end)
        if stop is None:
            stop = next((cut for cut in outside_brackets(folded, at, end) if folded[cut] in marks("enumeration")), end)
        left, right = trim(folded, at, stop)
        tail = next((word for word in table("lexicon/names.toml")["tails"]["words"] if folded.endswith(word, left, right)), "")
        left, right = trim(folded, left, right - len(tail))
        if left < right:
            found.append((left, right, group_row(folded[left:right]) is not None))
        at = stop + 1
    return found


def _collective_end(folded: str, start: int, end: int) -> int | None:
    left, _ = trim(folded, start, end)
    ends = [hit.end() for row in group_rows() if (hit := row.pattern.match(folded, left, end))]
    ends = [stop for stop in ends if stop == end or folded[stop] in marks("enumeration")]
    return max(ends, default=None)


def _open_list(folded: str, start: int, end: int) -> tuple[int, int] | None:
    # 甲等市政府有关部门 → where 甲 ends and where the open reference begins.
    word = table("lexicon/names.toml")["examples"]["word"]
    at = folded.find(word, start + 1, end)
    while at > 0:
        if group_row(folded[at + len(word) : end]):
            return at, at + len(word)
        at = folded.find(word, at + 1, end)
    return None


@per_lexicon
def _suffix_tables() -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    names = table("lexicon/names.toml")
    return frozenset(names["shared"]["words"]), frozenset(names["endings"]["words"]), tuple(names["places"]["words"])


def share_suffix(printed: Sequence[str], suffixes: Collection[str], endings: Collection[str] = (), places: Sequence[str] = ()) -> list[str]:
    """Give every name of a list the suffix that only its last member prints.

    Args:
        printed: names in printed order, one list between two commas.
        suffixes: suffixes that a list may share.
        endings: endings that make a name complete without a shared suffix.
        places: endings of place names, longest first; a member without one takes that of the last member too.

    Returns:
        As many names, in the same order; one that has a suffix stays as printed.

    Source: 荆政办发〔2020〕1号, task 2.

    >>> share_suffix(["荆州开发区", "纪南文旅区", "荆州高新区管委会"], {"管委会"}, {"管委会"}, ["区"])
    ['荆州开发区管委会', '纪南文旅区管委会', '荆州高新区管委会']
    >>> share_suffix(["广州", "东莞市政府"], {"政府"}, {"政府"}, ["市"])
    ['广州市政府', '东莞市政府']
    """
    names = list(printed)
    given = ""
    for at in reversed(range(len(names))):
        name = names[at]
        suffix = max((word for word in suffixes if name.endswith(word) and name != word), key=len, default="")
        if suffix:
            stem = name.removesuffix(suffix)
            given = next((word for word in places if stem.endswith(word)), "") + suffix
        elif any(name.endswith(word) for word in endings):
            given = ""
        elif given:
            place = next((word for word in places if name.endswith(word)), "")
            kept = next((word for word in places if given.startswith(word)), "")
            names[at] = name + (given.removeprefix(kept) if place or not kept else given)
    return names
