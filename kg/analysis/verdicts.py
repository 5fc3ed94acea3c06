"""What may be said of a unit, and what would overturn it: a ladder of words, each tied to its test; no composite index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kg.analysis.load import Reading
from kg.messages import say
from kg.model import Kind


class Word(StrEnum):
    """The ladder: 任务量突出, 协调跨度突出, 协调负荷显著偏高, and only with staff 超负荷."""

    VOLUME = "volume"
    SPAN = "span"
    HEAVY = "heavy"
    OVERLOADED = "overloaded"


class Ground(StrEnum):
    """The test that something rests on: those of method.md, section 3."""

    O1 = "O1"
    O2 = "O2"
    O3 = "O3"
    O5 = "O5"


class Counted(StrEnum):
    """What a verdict counts: tasks, coordination relations (M3), or those without territories and zones (M3d)."""

    TASKS = "tasks"
    M3 = "m3"
    M3D = "m3d"


class Change(StrEnum):
    """What was tried to overturn a verdict."""

    SECTION = "section"
    TASK = "task"
    RESOLVED = "resolved"
    UPPER = "upper"
    MEASURE = "measure"
    KIND = "kind"
    MERGED = "merged"


class Reader(StrEnum):
    """For whom a sentence is."""

    MAYOR = "mayor"
    STATISTICIAN = "statistician"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried, and whether the verdict still stood."""

    change: Change
    holds: bool
    notice: str | None = None
    number: int | None = None
    """The section or the task that was left out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One word for one unit, with its ground. Without any checks that fail it rests on no single section, task or reading."""

    unit: str
    label: str
    kind: Kind
    word: Word
    tests: tuple[Ground, ...]
    counted: Counted
    reading: Reading
    figure: float
    expected: float
    """What its peers have on average (O1, O5: of as much staff), or what permuted team sizes would give (O2)."""
    values: tuple[tuple[str, float], ...]
    """Further figures of the tests, as (name, value): what fills the blanks of the sentences."""
    checks: tuple[Check, ...]

    @property
    def overturned_by(self) -> tuple[Check, ...]:
        """What would overturn it."""
        return tuple(check for check in self.checks if not check.holds)


def verdict_word(verdict: Verdict, lang: str | None = None) -> str:
    """The word of the ladder, as 任务量突出."""
    return say(f"verdict.word.{verdict.word}", lang=lang)


def verdict_sentence(verdict: Verdict, reader: Reader = Reader.MAYOR, lang: str | None = None) -> str:
    """The verdict in one sentence, and in the same sentence what would overturn it.

    Args:
        verdict: one of ``Assessment.verdicts``.
        reader: a mayor, or a statistician.
        lang: zh or en; the language in use where None.
    """
    shown = {name: _shown(name, value) for name, value in verdict.values}
    return say(
        f"verdict.{reader}.{verdict.word}",
        lang=lang,
        unit=verdict.label,
        tests="+".join(verdict.tests),
        counted=say(f"verdict.counted.{verdict.counted}", lang=lang),
        reading=say(f"verdict.reading.{verdict.reading}", lang=lang),
        figure=f"{verdict.figure:g}",
        expected=f"{verdict.expected:.1f}",
        overturn=overturn_words(verdict, lang),
        **shown,
    )


def overturn_words(verdict: Verdict, lang: str | None = None) -> str:
    """What would overturn a verdict, as part of a sentence; that nothing tried would, where nothing does."""
    found: dict[str, list[Check]] = {}
    for check in verdict.overturned_by:
        found.setdefault(check.change, []).append(check)
    if not found:
        return say("verdict.overturn.none", lang=lang)
    words = [_failing(change, checks, lang) for change, checks in found.items()]
    return say("verdict.overturn.some", say("verdict.overturn.or", lang=lang).join(words), lang=lang)


def _failing(change: str, checks: Sequence[Check], lang: str | None) -> str:
    numbers = ["" if check.number is None else str(check.number) for check in checks]
    if len({check.notice for check in checks}) > 1:
        # Each notice counts its sections and tasks from 1: their numbers alone would say nothing.
        return say(f"verdict.overturn.{change}-many", len(numbers), lang=lang)
    return say(
        f"verdict.overturn.{change}{'-any' if len(numbers) > 1 else ''}", say("verdict.overturn.comma", lang=lang).join(numbers), lang=lang
    )


def _shown(name: str, value: float) -> str:
    if name in {"p", "posterior"}:
        return f"{value:.1g}" if value < 0.001 else f"{value:.3f}"
    if name == "top_probability":
        return f"{value:.0%}"
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}"
