"""Decisions of people about identity: dated records under version control, with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from kg.errors import TableError
from kg.naming.register import name_key
from kg.resources import read_toml


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
    return tuple(_decision(path, row) for path in paths for row in read_toml(path).get("decision", []))


def _decision(path: Path, row: dict[str, object]) -> Decision:
    names, when = row.get("names"), row.get("when")
    texts = [row.get(field) for field in ("division", "why", "by")]
    if (
        not isinstance(names, list)
        or len(names) < 2
        or not isinstance(when, date)
        or not all(isinstance(text, str) and text for text in texts)
    ):
        raise TableError(path, "[[decision]] division, names, verdict, why, when, by")
    try:
        verdict = Verdict(str(row.get("verdict")))
    except ValueError as error:
        raise TableError(path, error) from error
    return Decision(str(row["division"]), tuple(map(str, names)), verdict, str(row["why"]), when, str(row["by"]))


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
