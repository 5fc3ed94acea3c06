"""The outcome of a scenario as one HTML file, as Markdown and as a short text: numbers, sentences, chapters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kg.analysis.whatif import Outcome, UnitChange, Whole, steps_where
from kg.messages import language, say
from kg.views.compare_facts import signed
from kg.views.document import Document, Number, Piece, Sentence, joined, listed, plain, sentence
from kg.views.facts import decimal, percent, whole
from kg.views.markdown import document_markdown
from kg.views.report import document_html, headed_chapters, numbered_blocks
from kg.views.text import text_table
from kg.views.whatif_chapters import CHAPTERS, touched_sentences
from kg.views.whatif_facts import Facts, facts_of, gini_text

_NAMED = 3
_LARGEST = 10


def whatif_html(outcome: Outcome, *, lang: str | None = None) -> str:
    """The outcome as one HTML file that loads nothing, runs nothing and prints on A4.

    Args:
        outcome: what ``kg.analysis.whatif.whatif`` gives.
        lang: zh or en; the language in use where None.
    """
    return document_html(whatif_document(outcome, lang or language()))


def whatif_markdown(outcome: Outcome, *, lang: str | None = None) -> str:
    """The outcome as Markdown with tables (GitHub's dialect).

    Args:
        outcome: what ``kg.analysis.whatif.whatif`` gives.
        lang: zh or en; the language in use where None.
    """
    return document_markdown(whatif_document(outcome, lang or language()))


def whatif_document(outcome: Outcome, lang: str) -> Document:
    """What the outcome says, in one language, before it is HTML or Markdown."""
    facts = facts_of(outcome, lang)
    chapters = [chapter for make in CHAPTERS if (chapter := make(facts))]
    return Document(
        lang=lang,
        title=_title(facts),
        name=facts.words.say("name"),
        subject=facts.words.say("subject", notices=plain(listed([row.title or row.id for row in outcome.old.notices[:_NAMED]], lang=lang))),
        standfirst=facts.words.say("standfirst"),
        numbers=_numbers(facts),
        findings=_findings(facts),
        chapters=tuple(numbered_blocks(headed_chapters(chapters, lang), lang)),
    )


def _title(facts: Facts) -> str:
    before, after = facts.outcome.before.overview, facts.outcome.after.overview
    relations = whole(before.relations_total), whole(after.relations_total)
    ginis = gini_text(before.gini), gini_text(after.gini)
    shown = {name: facts.words.arrow(*pair).replace(" ", "") for name, pair in (("relations", relations), ("gini", ginis))}
    return facts.words.say("title", title=facts.outcome.scenario.title, **shown)


_NUMBERS: tuple[tuple[str, Callable[[Whole], str]], ...] = (
    ("relations", lambda one: whole(one.overview.relations_total)),
    ("gini", lambda one: gini_text(one.overview.gini)),
    ("units", lambda one: whole(one.overview.units)),
    ("unled", lambda one: whole(len(one.overview.without_lead))),
    ("top", lambda one: percent(one.overview.top5_share)),
    ("effective", lambda one: decimal(one.effective_number)),
)


def _numbers(facts: Facts) -> tuple[Number, ...]:
    return tuple(
        Number(
            facts.words.say(f"number.{name}"), Piece(facts.words.arrow(old, new), "steps"), facts.words.say(f"number.{name}-aside", by=by)
        )
        for name, old, new, by in _figures(facts)
    )


def _figures(facts: Facts) -> list[tuple[str, str, str, str]]:
    """Each large number before and after, as printed, and by which steps it changed."""
    wholes = [facts.outcome.before, *(effect.whole for effect in facts.outcome.steps)]
    found = []
    for name, figure in _NUMBERS:
        values = [figure(one) for one in wholes]
        steps = steps_where(values)
        by = plain(facts.words.by(steps)) if steps else facts.words.say("by-none")
        found.append((name, values[0], values[-1], by))
    return found


def _findings(facts: Facts) -> tuple[Sentence, ...]:
    found = [_relations_finding(facts), _gini_finding(facts)]
    bodies = facts.bodies
    for key, sign in (("more", 1), ("less", -1)):
        moved = [one for one in bodies if one.relations * sign > 0 and all(one.exists)]
        if moved:
            found.append(sentence(f"whatif.finding.{key}", lang=facts.words.lang, units=_moved(facts, moved[:_NAMED])))
    found += [_unled_finding(facts, key) for key in ("unled", "led") if any(getattr(effect, key) for effect in facts.outcome.steps)]
    return tuple(found)


def _relations_finding(facts: Facts) -> Sentence:
    wholes = [facts.outcome.before.overview, *(effect.whole.overview for effect in facts.outcome.steps)]
    steps = steps_where([(one.relations_total, one.relations_total_without_territories) for one in wholes])
    first, last = wholes[0], wholes[-1]
    return sentence(
        "whatif.finding.relations" if steps else "whatif.finding.relations-same",
        lang=facts.words.lang,
        relations=facts.words.arrow(whole(first.relations_total), whole(last.relations_total)),
        without=facts.words.arrow(whole(first.relations_total_without_territories), whole(last.relations_total_without_territories)),
        by=facts.words.by(steps),
    )


def _gini_finding(facts: Facts) -> Sentence:
    before, after = facts.outcome.before.overview, facts.outcome.after.overview
    steps = steps_where([gini_text(one.overview.gini) for one in (facts.outcome.before, *(effect.whole for effect in facts.outcome.steps))])
    return sentence(
        "whatif.finding.gini" if steps else "whatif.finding.gini-same",
        lang=facts.words.lang,
        old=gini_text(before.gini),
        old_error=gini_text(before.gini_error),
        new=gini_text(after.gini),
        new_error=gini_text(after.gini_error),
        by=facts.words.by(steps),
    )


def _moved(facts: Facts, changes: Sequence[UnitChange]) -> Sentence:
    moves = [
        sentence(
            "whatif.finding.move",
            lang=facts.words.lang,
            unit=facts.unit(one.unit),
            old=facts.figure(one, 0, "relations"),
            new=facts.figure(one, 1, "relations"),
            by=facts.words.by(one.steps),
        )
        for one in changes
    ]
    return listed(moves, lang=facts.words.lang)


def _unled_finding(facts: Facts, key: str) -> Sentence:
    words = facts.words
    parts = [
        sentence("whatif.finding.tasks-by", lang=words.lang, tasks=words.task_list(tasks), by=words.by([effect.number]))
        for effect in facts.outcome.steps
        if (tasks := getattr(effect, key))
    ]
    between = Piece(say("report.join.item", lang=words.lang))
    pieces = [piece for at, part in enumerate(parts) for piece in ((between, *part) if at else part)]
    return sentence(f"whatif.finding.{key}", lang=words.lang, items=joined(pieces))


def whatif_text(outcome: Outcome, *, lang: str | None = None) -> str:
    """A short text for a terminal: the title, the steps, the numbers, what became of the units that steps name, the largest changes.

    Args:
        outcome: what ``kg.analysis.whatif.whatif`` gives.
        lang: zh or en; the language in use where None.
    """
    facts = facts_of(outcome, lang or language())
    words = facts.words
    numbers = [
        words.say("text.number", label=words.say(f"number.{name}"), value=words.arrow(old, new), by=by)
        for name, old, new, by in _figures(facts)
    ]
    steps = [words.say("text.step", number=effect.number, step=words.step(effect.step)) for effect in outcome.steps]
    touched = [plain(one) for one in touched_sentences(facts)]
    unled = [plain(_unled_finding(facts, key)) for key in ("unled", "led") if any(getattr(effect, key) for effect in outcome.steps)]
    largest = [
        (one.label, facts.figure(one, 0, "relations"), facts.figure(one, 1, "relations"), signed(one.relations), plain(words.by(one.steps)))
        for one in [*facts.bodies, *facts.territories][:_LARGEST]
    ]
    heads = [words.say(f"column.{name}") for name in ("unit", "before", "after", "difference", "by")]
    table = [words.say("text.largest"), text_table(heads, largest), ""] if largest else []
    return "\n".join(
        [_title(facts), "", *steps, "", *numbers, "", *touched, *unled, "", *table, words.say("caveat"), words.say("text.more"), ""]
    )
