"""What may be said of which unit: the verdicts in sentences, and the tests that they rest on in tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.analysis.assess import Assessment, Decision
from kg.analysis.robustness import Robustness
from kg.analysis.span import Measure
from kg.analysis.verdicts import Ground, Reader, Verdict, Word, overturn_words, verdict_sentence, verdict_word
from kg.analysis.volume import Family
from kg.messages import catalogue, say
from kg.views.document import Block, Chapter, Paragraph, Piece, Points, Row, Sentence, Table, Terms, as_sentence, cells, joined, listed
from kg.views.document import sentence as said
from kg.views.facts import Facts, after, columns, decimal, local, unit_piece, whole

STRONGEST_FIRST = (Word.OVERLOADED, Word.HEAVY, Word.SPAN, Word.VOLUME)
_DECISIONS, _FIRM = 15, 8


def strongest_first(tests: Assessment) -> list[Verdict]:
    """The verdicts, the strongest word first, by figure within a word."""
    return sorted(tests.verdicts, key=lambda one: (STRONGEST_FIRST.index(one.word), -one.figure, one.unit))


def verdict_key(verdict: Verdict) -> str:
    """The key of a verdict's row."""
    return f"{local(verdict.unit)}.{verdict.word}"


def verdict_words(facts: Facts, verdict: Verdict, reader: Reader = Reader.MAYOR) -> Sentence:
    """A verdict in one sentence; the unit leads to its load, every number to the row of the verdict."""
    before, label, rest = verdict_sentence(verdict, reader, facts.lang).partition(verdict.label)
    unit = [unit_piece(facts, verdict.unit)] if label else []
    return joined([*_linked(before, verdict), *unit, *_linked(rest, verdict)])


def _linked(text: str, verdict: Verdict) -> list[Piece]:
    # Numbers that are part of a name, as O1 or M3, are none.
    parts = re.split(r"(?<![A-Za-z\d.])(\d[\d,.]*e-\d+|\d[\d,.]*\d%?|\d%?)", text)
    return [Piece(part, "verdicts", verdict_key(verdict)) if at % 2 else Piece(part) for at, part in enumerate(parts)]


def ground_words(facts: Facts, verdict: Verdict) -> Sentence:
    """On which tests and which reading a verdict rests, as a sentence."""
    tests = [facts.say("verdict.test", name=facts.say(f"verdict.test-name.{test}"), code=test) for test in verdict.tests]
    reading = say(f"verdict.reading.{verdict.reading}", lang=facts.lang)
    return after(facts, "verdict.ground", tests=listed(tests, lang=facts.lang), reading=reading)


def grounds_chapter(facts: Facts) -> Chapter:
    """Who stands out by test: the verdicts, the family of both tests, and how firm the ranks are."""
    tests, title = facts.tests, facts.say("verdict.title")
    if tests is None:
        return Chapter("verdicts-part", title, (Paragraph(said("report.verdict.untested", lang=facts.lang)),))
    blocks: list[Block] = [Paragraph(said("report.verdict.text", lang=facts.lang)), _words_of(facts, tests)]
    if tests.verdicts:
        blocks += [_verdict_table(facts, tests), Points(tuple(verdict_words(facts, one, Reader.STATISTICIAN) for one in tests.verdicts))]
    else:
        blocks.append(Paragraph(said("report.verdict.none", lang=facts.lang)))
    if tests.decisions:
        blocks.append(_decision_table(facts, tests))
    if tests.robustness.rows:
        blocks.append(_firm_table(facts, tests))
    if tests.capacities:
        blocks.append(_capacity_table(facts, tests))
    return Chapter("verdicts-part", title, tuple(blocks))


def _words_of(facts: Facts, tests: Assessment) -> Terms:
    fields = {"draws": whole(tests.draws), "bootstraps": whole(tests.bootstraps), "seed": tests.seed, "top": tests.robustness.top}
    names = [word for word in Word if word is not Word.OVERLOADED or tests.capacities]
    return Terms(
        tuple((say(f"verdict.word.{name}", lang=facts.lang), as_sentence(facts.say(f"verdict.means.{name}", **fields))) for name in names)
    )


def _verdict_table(facts: Facts, tests: Assessment) -> Table:
    rows = [
        Row(
            verdict_key(one),
            cells(
                unit_piece(facts, one.unit),
                verdict_word(one, facts.lang),
                "+".join(one.tests),
                say(f"verdict.counted.{one.counted}", lang=facts.lang),
                f"{one.figure:g}",
                f"{one.expected:.1f}",
                facts.say("join.item").join(_value_words(facts, name, value) for name, value in one.values),
                overturn_words(one, facts.lang),
            ),
        )
        for one in tests.verdicts
    ]
    heads = columns(facts, "row:unit", "word:text", "test:text", "counted:text", "figure", "expected", "ground:text", "overturn:text")
    return Table("verdicts", facts.say("verdict.caption"), heads, tuple(rows), facts.say("verdict.note"))


def _value_words(facts: Facts, name: str, value: float) -> str:
    key = f"report.verdict.value.{name}"
    label = say(key, lang=facts.lang) if key in catalogue(facts.lang) else name
    return facts.say("verdict.value-cell", name=label, value=_value(name, value))


def _value(name: str, value: float) -> str:
    # As the sentences of the verdicts write it; a test holds the two together.
    if name == "top_probability":
        return f"{value:.0%}"
    if name in {"p", "posterior"}:
        return _chance(value)
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}"


def _chance(value: float) -> str:
    return f"{value:.1g}" if value < 0.001 else f"{value:.3f}"


def _decision_table(facts: Facts, tests: Assessment) -> Table:
    rows = [_decision_row(facts, tests, one) for one in tests.decisions[:_DECISIONS]]
    heads = columns(facts, "row:unit", "test:text", "counted:text", "figure", "expected", "p", "adjusted", "posterior", "stands-out:text")
    note = facts.say("verdict.family-note", shown=len(rows), count=len(tests.decisions))
    return Table("decisions", facts.say("verdict.family"), heads, tuple(rows), note)


def _decision_row(facts: Facts, tests: Assessment, one: Decision) -> Row:
    if one.test is Ground.O1:
        volume = next(row for row in tests.volumes if row.unit == one.unit and row.family is Family.TASKS)
        figure, expected = volume.count, volume.fit.mean if volume.fit else 0.0
    else:
        span = next(row for row in tests.spans[0].rows if row.unit == one.unit and row.measure.value == one.counted.value)
        figure, expected = span.relations, span.expected
    none = facts.say("none-cell")
    return Row(
        f"{local(one.unit)}.{one.counted}",
        cells(
            unit_piece(facts, one.unit),
            one.test,
            say(f"verdict.counted.{one.counted}", lang=facts.lang),
            figure,
            decimal(expected),
            _chance(one.p),
            _chance(one.adjusted),
            none if one.posterior is None else _chance(one.posterior),
            facts.say("verdict.yes" if one.stands_out else "verdict.no"),
        ),
    )


def _firm_table(facts: Facts, tests: Assessment) -> Table:
    kept: dict[str, dict[Measure, Robustness]] = {}
    bodies = {body.unit for body in facts.bodies}
    for row in tests.robustness.rows:
        if row.unit in bodies:
            kept.setdefault(row.unit, {})[row.measure] = row
    shown = {unit: rows for unit, rows in kept.items() if min(row.rank for row in rows.values()) <= _FIRM}
    empty = [facts.say("none-cell")] * 5
    rows = [
        Row(local(unit), cells(unit_piece(facts, unit), *(cell for one in Measure for cell in (_firm(own[one]) if one in own else empty))))
        for unit, own in shown.items()
    ]
    names = [f"{group}/{name}" for group in ("relations", "without") for name in ("rank", "rank-90", "top", "section", "merged")]
    firm = tests.robustness
    note = facts.say("verdict.firm-note", bootstraps=whole(firm.bootstraps), seed=firm.seed, top=firm.top)
    return Table("firm", facts.say("verdict.firm", rank=_FIRM), columns(facts, "row:unit", *names), tuple(rows), note)


def _firm(row: Robustness) -> Sequence[object]:
    low, high = row.rank_interval
    section = row.rank_without_section or row.rank_without_task
    return row.rank, f"{low}–{high}", f"{row.top_probability:.0%}", section, row.rank_merged


def _capacity_table(facts: Facts, tests: Assessment) -> Table:
    none = facts.say("none-cell")
    rows = [
        Row(
            local(one.unit),
            cells(
                unit_piece(facts, one.unit),
                one.staff,
                one.relations,
                f"{one.ratio:.2f}",
                none if one.mean is None else f"{one.mean:.2f}",
                none if one.limits_998 is None else f"{one.limits_998[0]:.2f}–{one.limits_998[1]:.2f}",
                facts.say("verdict.yes" if one.above else "verdict.no"),
            ),
        )
        for one in tests.capacities
    ]
    heads = columns(facts, "row:unit", "staff", "total-relations", "ratio", "ratio-mean", "funnel", "above:text")
    return Table("capacity", facts.say("verdict.capacity"), heads, tuple(rows), facts.say("verdict.capacity-note"))
