"""The load report: put together from its parts, written as one HTML file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from kg.messages import language, say
from kg.model import Ties
from kg.resources import package_file
from kg.views.assessed import Settings
from kg.views.chapters import (
    check_chapter,
    limits_chapter,
    load_chapter,
    method_chapter,
    source_chapter,
    tasks_annex,
    territory_chapter,
)
from kg.views.charts import xml_text
from kg.views.document import Block, Chapter, Document, Figure, Table, without_dead_ends
from kg.views.facts import Facts, facts_of, notice_name
from kg.views.grounds import grounds_chapter
from kg.views.headline import findings, numbers, title
from kg.views.narrowed import narrowed
from kg.views.spread import concentration_chapter, sections_chapter
from kg.views.structure import network_chapter, pairs_chapter

if TYPE_CHECKING:
    from jinja2 import Environment

_CHAPTERS: tuple[Callable[[Facts], Chapter], ...] = (
    load_chapter,
    grounds_chapter,
    territory_chapter,
    sections_chapter,
    concentration_chapter,
    pairs_chapter,
    network_chapter,
    check_chapter,
    method_chapter,
    limits_chapter,
    source_chapter,
)


def report_html(ties: Ties, *, lang: str | None = None, settings: Settings | None = None) -> str:
    """The report as one HTML file that loads nothing, runs nothing and prints on A4.

    Args:
        ties: the ties of one or more notices.
        lang: zh or en; the language in use where None.
        settings: of the tests; the usual ones where None, and then no tests for a great many tasks.
    """
    return document_html(report_document(ties, lang or language(), settings))


def document_html(document: Document, *sheets: str) -> str:
    """A document as one HTML file that loads nothing, runs nothing and prints on A4.

    Args:
        document: what it says.
        sheets: names of further style sheets beside those of every report.
    """
    css = style("palette", "chart", "report", *sheets)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode("ascii")
    template = templates().get_template("report.html.j2")
    return template.render(report=document, css=css, digest=digest, kind_of=block_kind, say=partial(say, lang=document.lang))


def style(*names: str) -> str:
    """Style sheets of the templates, one after another."""
    return "".join(package_file(f"views/templates/{name}.css").read_text(encoding="utf-8") for name in names)


def report_document(ties: Ties, lang: str, settings: Settings | None = None) -> Document:
    """What the report says, in one language, before it is HTML or Markdown."""
    facts = reported(ties, lang, settings)
    headed = headed_chapters([make(facts) for make in _CHAPTERS], lang)
    document = Document(
        lang=lang,
        title=title(facts),
        name=facts.say("name"),
        subject=subject(facts),
        standfirst=facts.say("standfirst" if facts.tests else "standfirst-untested", tasks=len(facts.ties.tasks)),
        numbers=numbers(facts),
        findings=findings(facts),
        chapters=tuple(numbered_blocks([*headed, tasks_annex(facts)], lang)),
    )
    return without_dead_ends(document)


def reported(ties: Ties, lang: str, settings: Settings | None) -> Facts:
    """What a report rests on, with the rows of those units only that the settings name."""
    facts = facts_of(ties, lang, settings)
    return facts if settings is None or settings.units is None else narrowed(facts, settings.units)


def subject(facts: Facts) -> str:
    """The document or documents that the report is about."""
    whole = _whole_subject(facts)
    return facts.say("subject-part", subject=whole, part=facts.part) if facts.part else whole


def _whole_subject(facts: Facts) -> str:
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
