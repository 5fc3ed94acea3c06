"""Decisions of people about identity: dated records under version control, with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from kg.errors import TableError
from kg.naming.register import name_key
from kg.resources import rows_of


class Verdict(StrEnum):
    """What was decided about some names of one place."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: the first of ``names`` is the one that the others go by where they are the same."""

    division: str
    names: tuple[str, ...]
    verdict: Verdict
    why: str
    when: date
    by: str


def read_decisions(paths: Sequence[Path]) -> tuple[Decision, ...]:
    """The decisions of some files, in their order.

    Raises:
        TableError: a field is missing or not of its kind; each ``[[decision]]`` has division, names, verdict, why, when, by.
    """
    fields = {"division": str, "names": list, "verdict": str, "why": str, "when": date, "by": str}
    return tuple(_decision(path, row) for path in paths for row in rows_of(path, "decision", fields, {}))


def _decision(path: Path, row: Mapping[str, Any]) -> Decision:
    if len(row["names"]) < 2:
        raise TableError(path, "[[decision]] names")
    try:
        verdict = Verdict(row["verdict"])
    except ValueError as error:
        raise TableError(path, f"[[decision]] verdict: {row['verdict']} ∉ {', '.join(Verdict)}") from error
    return Decision(row["division"], tuple(row["names"]), verdict, row["why"], row["when"], row["by"])


def preferred_names(decisions: Sequence[Decision], division: str | None) -> Mapping[str, str]:
    """For each name that was decided to be another's, that other name; keys are folded names."""
    return {
        name_key(name): decision.names[0]
        for decision in decisions
        if decision.verdict is Verdict.SAME and decision.division == division
        for name in decision.names[1:]
    }


def kept_apart(decisions: Sequence[Decision], division: str | None) -> frozenset[frozenset[str]]:
    """Pairs of folded names that were decided to differ, or about which nobody is sure."""
    return frozenset(
        frozenset((name_key(one), name_key(other)))
        for decision in decisions
        if decision.verdict is not Verdict.SAME and decision.division == division
        for one in decision.names
        for other in decision.names
        if name_key(one) != name_key(other)
    )
