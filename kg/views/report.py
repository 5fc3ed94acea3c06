"""The load report: put together from its parts, written as one HTML file; and its load table as CSV."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from kg.analysis.load import standings
from kg.analysis.network import centralities
from kg.messages import catalogue, language, say
from kg.model import Ties
from kg.resources import package_file
from kg.views.chapters import (
    check_chapter,
    limits_chapter,
    load_chapter,
    method_chapter,
    network_chapter,
    pairs_chapter,
    source_chapter,
    tasks_annex,
    territory_chapter,
)
from kg.views.charts import xml_text
from kg.views.document import Block, Chapter, Document, Figure, Table
from kg.views.facts import Facts, community_numbers, facts_of, joint_communities, notice_name
from kg.views.headline import findings, numbers, title
from kg.views.tables import csv_text

if TYPE_CHECKING:
    from jinja2 import Environment

_CHAPTERS: tuple[Callable[[Facts], Chapter], ...] = (
    load_chapter,
    territory_chapter,
    network_chapter,
    pairs_chapter,
    check_chapter,
    method_chapter,
    limits_chapter,
    source_chapter,
)


def report_html(ties: Ties, *, lang: str | None = None) -> str:
    """The report as one HTML file that loads nothing, runs nothing and prints on A4.

    Args:
        ties: the ties of one or more notices.
        lang: zh or en; the language in use where None.
    """
    return document_html(report_document(ties, lang or language()))


def document_html(document: Document) -> str:
    """A document as one HTML file that loads nothing, runs nothing and prints on A4."""
    css = package_file("views/templates/report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode("ascii")
    template = templates().get_template("report.html.j2")
    return template.render(report=document, css=css, digest=digest, kind_of=block_kind, say=partial(say, lang=document.lang))


def report_document(ties: Ties, lang: str) -> Document:
    """What the report says, in one language, before it is HTML or Markdown."""
    facts = facts_of(ties, lang)
    headed = headed_chapters([make(facts) for make in _CHAPTERS], lang)
    return Document(
        lang=lang,
        title=title(facts),
        name=facts.say("name"),
        subject=_subject(facts),
        standfirst=facts.say("standfirst"),
        numbers=numbers(facts),
        findings=findings(facts),
        chapters=tuple(numbered_blocks([*headed, tasks_annex(facts)], lang)),
    )


def _subject(facts: Facts) -> str:
    notices = facts.ties.notices
    if len(notices) == 1:
        only = notices[0]
        return facts.say("subject", title=only.title or only.id, number=only.number) if only.number else only.title or only.id
    titles = facts.say("join.next").join(notice_name(notice) for notice in notices)
    return facts.say("subject-several", count=len(notices), titles=titles)


def headed_chapters(chapters: Sequence[Chapter], lang: str) -> list[Chapter]:
    """The chapters with their numbers before their titles, as the language writes them."""
    numerals = say("report.numerals", lang=lang).split("\u3001")
    return [
        replace(chapter, title=say("report.chapter", lang=lang, number=number, title=chapter.title))
        for number, chapter in zip(numerals, chapters, strict=False)
    ]


def numbered_blocks(chapters: Sequence[Chapter], lang: str) -> list[Chapter]:
    """The chapters with tables and figures numbered through."""
    counts = {"table": 0, "figure": 0}

    def named(block: Block) -> Block:
        if not isinstance(block, Table | Figure):
            return block
        kind = block_kind(block)
        counts[kind] += 1
        return replace(block, caption=say(f"report.{kind}", lang=lang, number=counts[kind], caption=block.caption))

    return [replace(chapter, blocks=tuple(named(block) for block in chapter.blocks)) for chapter in chapters]


def block_kind(block: Block) -> str:
    """The kind of a block in lower case, by which templates choose how to write it."""
    return type(block).__name__.lower()


@cache
def templates() -> Environment:
    """The templates of the views; what they are given is escaped in HTML, and characters that XML forbids never pass."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(package_file("views/templates")),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: xml_text(value) if type(value) is str else value,
    )


_LOAD_COLUMNS = (
    "unit", "label", "kind", "lines", "rank", "rank_best", "rank_worst", "relations", "relations_without_territories",
    "relations_resolved", "relations_upper", "from_leading", "from_sharing", "tasks", "led", "led_fractional", "shared", "partners",
    "effective_partners", "repetition", "balance", "sections", "betweenness", "betweenness_star", "pagerank", "eigenvector", "core",
    "community",
)  # fmt: skip


def load_csv(ties: Ties, *, lang: str | None = None) -> str:
    """The load and centrality table, one row a unit: units that are no territories by rank, then territories.

    Centralities are measured among the units that are no territories, so a territory's are empty; so is the
    community of a unit that is in none.

    Args:
        ties: the ties of one or more notices.
        lang: language of head and kinds, zh or en; the language in use where None.
    """
    lang = lang or language()
    central = {entry.unit: entry for entry in centralities(ties)}
    numbers_of = community_numbers(joint_communities(ties))
    rows: list[list[object]] = []
    for unit in standings(ties):
        row: list[object] = [unit.unit, unit.label, say(f"report.kind.{unit.kind}", lang=lang), ";".join(unit.lines)]
        row += [unit.rank, *unit.rank_interval]
        row += [unit.relations, unit.relations_without_territories, *unit.interval[1:], unit.from_leading, unit.from_sharing]
        row += [unit.tasks, unit.led, _rounded(unit.led_fractional), unit.shared, unit.partners, _rounded(unit.effective_partners)]
        row += [_rounded(unit.repetition), _rounded(unit.balance), unit.sections]
        if entry := central.get(unit.unit):
            row += [_rounded(entry.betweenness), _rounded(entry.betweenness_star), _rounded(entry.pagerank), _rounded(entry.eigenvector)]
            row += [entry.core, numbers_of.get(entry.unit)]
        rows.append(row + [None] * (len(_LOAD_COLUMNS) - len(row)))
    return csv_text([_csv_head(column, lang) for column in _LOAD_COLUMNS], rows)


def _csv_head(column: str, lang: str) -> str:
    """The head of a column: a measure's own name, else the report's word for it."""
    measure = f"measure.{column}.name"
    return say(measure if measure in catalogue(lang) else f"report.csv.{column}", lang=lang)


def _rounded(value: float | None) -> float | None:
    # Six digits hold any measure here; the last bits of a float differ between machines.
    return None if value is None else round(value, 6) + 0.0
