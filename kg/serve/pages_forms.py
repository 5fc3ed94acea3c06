"""A page as JSON, its tables as CSV, and what it is about as Turtle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import pyoxigraph

from kg.graph.iris import iri
from kg.graph.serialise import serialise_store
from kg.graph.store import memory_store
from kg.messages import say
from kg.serve.pages_parts import Asked, AskedError, Listing, Page, Print, Prose, Ref, Value
from kg.serve.pages_print import printed_text
from kg.serve.site import Site
from kg.views.tables import csv_text

CSV_ROWS = 20_000
"""Rows of one CSV answer; a longer table goes on under ``page=2``."""
_LINKED = 2000
"""Tasks that the graph of a unit or group names at most."""


def page_json(page: Page, asked: Asked) -> dict[str, Any]:
    """A page for programs: facts, figures, and every table with its rows as objects; the asked table at the asked page."""
    found: dict[str, Any] = {"kind": page.kind, "title": page.title, "lang": asked.lang, "href": page.path}
    if page.id:
        found |= {"id": page.id, "iri": iri(page.id)}
    found["numbers"] = {number.name: number.value for number in page.numbers}
    found["facts"] = {fact.name: plain(fact.value) for fact in page.facts}
    found["lists"] = {name: _list(listing, asked, page) for name, listing in page.listings.items()}
    found["prose"] = ["".join(map(_text, sentence)) for block in page.blocks if isinstance(block, Prose) for sentence in block.sentences]
    for block in page.blocks:
        if isinstance(block, Print):
            place = {"start": block.start, "end": block.end, "page": block.page, "pages": block.pages, "characters": block.total}
            found["text"] = {**place, "printed": printed_text(block)}
    return found


def _list(listing: Listing, asked: Asked, page: Page) -> dict[str, Any]:
    at = page_of(listing, asked, page)
    names = [column.name for column in listing.columns]
    return {
        "caption": caption(listing, asked),
        "total": len(listing.keys),
        "page": at,
        "pages": listing.pages(),
        "columns": names,
        "rows": [{name: plain(value) for name, value in zip(names, row, strict=True)} for row in listing.rows(at)],
    }


def caption(listing: Listing, asked: Asked) -> str:
    """What stands above a table."""
    return listing.caption or asked.say(f"list.{listing.name}")


def main_list(page: Page, asked: Asked) -> str:
    """The name of the table that the request is about: the one it names, else the first; empty where there is none."""
    return asked.list or next(iter(page.listings), "")


def page_of(listing: Listing, asked: Asked, page: Page, size: int = 0) -> int:
    """Which page of a table is shown.

    Raises:
        AskedError: the table has fewer pages.
    """
    if main_list(page, asked) != listing.name:
        return 1
    if asked.page > listing.pages(size):
        raise AskedError("page", asked.page, f"1–{listing.pages(size)}")
    return asked.page


def plain(value: Value) -> Any:
    """A value for JSON: references as objects with label, href and id."""
    if isinstance(value, Ref):
        return {"label": value.label, "href": value.path, **({"id": value.id} if value.id else {})}
    if value is None or isinstance(value, str | int | float):
        return value
    return [plain(one) for one in value]


def _text(value: Value) -> str:
    return value.label if isinstance(value, Ref) else "" if value is None else str(value)


def page_csv(page: Page, asked: Asked) -> str:
    """The asked table as CSV with its words as heads, and the ids of what its rows are about behind them.

    Raises:
        AskedError: the page has no such table, or the table fewer pages.
    """
    listing = page.listings.get(main_list(page, asked))
    if listing is None:
        return csv_text([say("site.fact.name", lang=asked.lang), say("site.fact.value", lang=asked.lang)], _facts(page, asked))
    rows = listing.rows(page_of(listing, asked, page, CSV_ROWS), CSV_ROWS)
    head = next((at for at, column in enumerate(listing.columns) if column.head), 0)
    with_ids = any(isinstance(row[head], Ref) and row[head].id for row in rows[:1])  # type: ignore[union-attr]
    heads = [asked.say(f"column.{column.name}") for column in listing.columns] + [asked.say("column.id")] * with_ids
    return csv_text(heads, ([*(cell_text(value, asked) for value in row), *_ids(row[head], with_ids)] for row in rows))


def _ids(value: Value, with_ids: bool) -> list[str]:
    return [value.id if isinstance(value, Ref) else ""] if with_ids else []


def _facts(page: Page, asked: Asked) -> Iterable[Sequence[object]]:
    for number in page.numbers:
        yield asked.say(f"number.{number.name}"), number.value
    for fact in page.facts:
        yield asked.say(f"fact.{fact.name}"), cell_text(fact.value, asked)


def cell_text(value: Value, asked: Asked) -> str | int | float | None:
    """A value as one cell of text; several are written one after another, an interval with its bounds."""
    if isinstance(value, Ref):
        return value.label
    if value is None or isinstance(value, str | int | float):
        return value
    if is_interval(value):
        return "–".join(map(str, value))
    return say("table.join", lang=asked.lang).join(str(cell_text(one, asked)) for one in value)


def is_interval(value: Value) -> bool:
    """Whether a value is several whole numbers: the bounds of an interval.

    >>> is_interval([1, 2, 3]), is_interval(["a"]), is_interval([]), is_interval("12")
    (True, False, False, False)
    """
    return isinstance(value, list | tuple) and bool(value) and all(type(one) is int for one in value)


_PARTS = ("kg:assignment", "kg:hasTarget", "kg:hasDeadline")
_POINTING = {
    "notice": ("kg:inNotice",),
    "section": ("kg:inSection",),
    "unit": ("kg:ledBy", "kg:sharedWith", "org:originalOrganization", "org:resultingOrganization", "kg:hasMember"),
    "group": ("kg:ledBy", "kg:sharedWith"),
}
"""By kind: what points at a thing and belongs to its description."""


def entity_graph(site: Site, curie: str) -> pyoxigraph.Store:
    """What the graph says of a thing: its own statements, those of its parts, and what points at it, tasks up to ``_LINKED``."""
    node = pyoxigraph.NamedNode(iri(curie))
    quads = list(site.store.quads_for_pattern(node, None, None, None))
    for part in [iri(name) for name in _PARTS]:
        for quad in site.store.quads_for_pattern(node, pyoxigraph.NamedNode(part), None, None):
            if isinstance(quad.object, pyoxigraph.NamedNode):
                quads += site.store.quads_for_pattern(quad.object, None, None, None)
    for name in _POINTING.get(curie.partition(":")[0], ()):
        quads += islice(site.store.quads_for_pattern(None, pyoxigraph.NamedNode(iri(name)), node, None), _LINKED)
    return memory_store(sorted({f"{quad.triple} ." for quad in quads}))


def entity_text(site: Site, curie: str, form: str) -> str:
    """What the graph says of a thing as ttl, nt or jsonld."""
    return serialise_store(entity_graph(site, curie), form)
