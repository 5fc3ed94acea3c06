"""The report on one A4 page, for those who decide: the finding, five numbers, what to do next, one chart, one caveat."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from kg.messages import language
from kg.model import Ties
from kg.views.assessed import Settings
from kg.views.chapters import load_figure, load_table, tasks_annex
from kg.views.document import Block, Chapter, Document, Paragraph, Piece, Row, Sentence, Table, cells, joined, without_dead_ends
from kg.views.document import sentence as said
from kg.views.facts import Facts, columns, local, whole
from kg.views.grounds import grounds_chapter, verdict_words
from kg.views.headline import most_related, numbers, strongest_by_unit, title, unled
from kg.views.report import document_html, numbered_blocks, reported, subject
from kg.views.spread import concentration_chapter, concentration_words

_VERDICTS, _FINDINGS, _BARS = 3, 5, 10


def brief_html(ties: Ties, *, lang: str | None = None, settings: Settings | None = None) -> str:
    """The brief as one HTML file; what is printed of it fits one A4 page, tables to check its figures stay on the screen.

    Args:
        ties: the ties of one or more notices.
        lang: zh or en; the language in use where None.
        settings: of the tests; the usual ones where None, and then no tests for a great many tasks.
    """
    return document_html(brief_document(ties, lang or language(), settings), "brief")


def brief_document(ties: Ties, lang: str, settings: Settings | None = None) -> Document:
    """What the brief says, in one language, before it is HTML or Markdown."""
    facts = reported(ties, lang, settings)
    facts = replace(facts, listed=frozenset(facts.overview.without_lead))
    figure = [load_figure(facts, _BARS)] if facts.bodies else []
    caveat = Paragraph(said("report.brief.caveat", lang=lang))
    chart = Chapter("chart-part", facts.say("brief.chart"), (*figure, caveat))
    document = Document(
        lang=lang,
        title=title(facts),
        name=facts.say("brief.name"),
        subject=subject(facts),
        standfirst="",
        numbers=numbers(facts),
        findings=_findings(facts),
        chapters=tuple(numbered_blocks([chart, _rows(facts)], lang)),
    )
    return without_dead_ends(document)


def _findings(facts: Facts) -> tuple[Sentence, ...]:
    """Three to five sentences, each with what to do next: who stands out, what is not settled, how it is spread."""
    verdicts = strongest_by_unit(facts.tests)[:_VERDICTS] if facts.tests else []
    found = [_with_next(facts, verdict_words(facts, one), f"next-word.{one.word}") for one in verdicts]
    if not found:
        found = [_with_next(facts, most, "next-most")] if (most := most_related(facts)) else []
    if facts.overview.without_lead:
        found.append(unled(facts))
    if count := len(facts.ties.references):
        words = said("report.brief.open", lang=facts.lang, count=Piece(whole(count), "references"))
        found.append(_with_next(facts, words, "next-open"))
    if facts.overview.relations_total and len(found) < _FINDINGS:
        found.append(_with_next(facts, concentration_words(facts), "next-concentration"))
    return tuple(found[:_FINDINGS])


def _with_next(facts: Facts, words: Sentence, key: str) -> Sentence:
    step = facts.say("brief.next", words=facts.say(f"brief.{key}"))
    return joined([*words, Piece(facts.say("join.sentence") + step)])


def _rows(facts: Facts) -> Chapter:
    """The tables behind the page, for those who check it."""
    blocks: list[Block] = [load_table(facts, "load", facts.bodies)] if facts.bodies else []
    behind = (*grounds_chapter(facts).blocks, *concentration_chapter(facts).blocks)
    blocks += [block for block in behind if isinstance(block, Table) and block.anchor in {"verdicts", "spread"}]
    if facts.listed:
        blocks += [block for block in tasks_annex(facts).blocks if isinstance(block, Table)]
    counted = Counter(reference.group for reference in facts.ties.references)
    labels = {group.id: group.label for group in facts.ties.groups}
    if counted:
        groups = sorted(counted, key=lambda group: (-counted[group], group))
        rows = [Row(local(group), cells(labels[group], counted[group])) for group in groups]
        heads = columns(facts, "row:collective", "mentions")
        blocks.append(Table("references", facts.say("brief.references"), heads, tuple(rows)))
    return Chapter("rows-part", facts.say("brief.rows"), tuple(blocks))
