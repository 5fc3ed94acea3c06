"""Decisions of people about identity: dated records under version control, with a reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from pathlib import Path
from typing import Any

from kg.errors import DecisionsError
from kg.messages import say
from kg.model import ChangeKind
from kg.naming.divisions import is_code
from kg.naming.wording import name_key
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
    """Code of the place whose bodies are meant."""
    names: tuple[str, ...]
    verdict: Verdict
    why: str
    when: date
    by: str
    first: date | None = None
    """It holds for notices from this day on; None for all earlier ones too."""
    last: date | None = None


@dataclass(frozen=True, slots=True)
class DecidedChange:
    """What a person knows to have become of some bodies of one place."""

    division: str
    kind: ChangeKind
    originals: tuple[str, ...]
    """Names, as printed before."""
    results: tuple[str, ...]
    day: str
    """The day, or the year alone, from which the results stand."""
    why: str
    when: date
    by: str


@dataclass(frozen=True, eq=False)
class Decisions:
    """Everything that was decided, in the order of the files; looked up by what it is, not by what it holds."""

    same: tuple[Decision, ...] = ()
    """Decisions about pairs of names, whatever their verdict."""
    changes: tuple[DecidedChange, ...] = ()


def read_decisions(paths: Sequence[Path], places: Sequence[str] = ()) -> Decisions:
    """The decisions of some files, in their order.

    A file holds rows ``[[decision]]`` (division, names, verdict, why, when, by; first and last where it holds for a time only) and
    rows ``[[change]]`` (division, kind, from, to, day, why, when, by).

    Args:
        paths: the files.
        places: codes of places that the registers of the user declare, beside those of the table.

    Raises:
        SourceMissingError, TableError: a file is missing, or is no TOML.
        DecisionsError: rows do not fit; the message names all faults of all files at once.
    """
    faults: list[str] = []
    made: list[Decision] = []
    changes: list[DecidedChange] = []
    for path in paths:
        content = read_toml(path)
        for key in sorted(content.keys() - {"decision", "change", "source"}):
            faults.append(_fault(path, key, "unknown-field", key))
        for at, row in enumerate(_rows(content, "decision"), 1):
            where = f"[[decision]] {at}"
            wrong = list(_wrong(path, where, row, _DECISION, {"first": date, "last": date, "source": str}, places))
            faults += wrong
            if not wrong:
                made.append(_decision(row))
        for at, row in enumerate(_rows(content, "change"), 1):
            wrong = list(_wrong(path, f"[[change]] {at}", row, _CHANGE, {"source": str}, places))
            faults += wrong
            if not wrong:
                changes.append(_change(row))
    faults += _contradictions(made, changes)
    if faults:
        raise DecisionsError(", ".join(map(str, paths)), len(faults), "\n".join(faults))
    return Decisions(tuple(made), tuple(changes))


_DECISION: Mapping[str, type | tuple[type, ...]] = {"division": str, "names": list, "verdict": str, "why": str, "when": date, "by": str}
_CHANGE: Mapping[str, type | tuple[type, ...]] = {
    "division": str,
    "kind": str,
    "from": list,
    "to": list,
    "day": (date, int),
    "why": str,
    "when": date,
    "by": str,
}
_COUNTS = {
    ChangeKind.RENAME: (1, 1),
    ChangeKind.SUCCESSION: (1, 1),
    ChangeKind.MERGE: (2, 1),
    ChangeKind.SPLIT: (1, 2),
}
"""How many names stand before and after, at least; exactly where it is one."""


def _rows(content: Mapping[str, Any], key: str) -> list[Any]:
    rows = content.get(key, [])
    return rows if isinstance(rows, list) else [rows]


def _fault(path: Path, where: str, code: str, *fields: object) -> str:
    return f"{path} {where}: {say(f'decisions.{code}', *fields)}"


def _wrong(
    path: Path,
    where: str,
    row: Any,
    fields: Mapping[str, type | tuple[type, ...]],
    optional: Mapping[str, type],
    places: Sequence[str],
) -> Iterator[str]:
    if not isinstance(row, dict):
        yield _fault(path, where, "no-row")
        return
    missing = [name for name in fields if row.get(name) in (None, "", [])]
    yield from (_fault(path, where, "missing", name) for name in missing)
    yield from (_fault(path, where, "unknown-field", name) for name in sorted(row.keys() - fields.keys() - optional.keys()))
    known = {**fields, **optional}
    ill = [name for name, value in row.items() if name in known and name not in missing and not _is(value, known[name])]
    yield from (_fault(path, where, "type", name) for name in ill)
    if missing or ill:
        return
    if not is_code(row["division"]) and row["division"] not in places:
        yield _fault(path, where, "division", row["division"])
    # A change may hold the fields of a decision, as faults: what kind of row it is says its table.
    yield from (_wrong_decision if fields is _DECISION else _wrong_change)(path, where, row)


def _is(value: object, kind: type | tuple[type, ...]) -> bool:
    if kind is list:
        return isinstance(value, list) and all(isinstance(item, str) and item for item in value)
    return isinstance(value, kind) and not isinstance(value, bool | datetime)


def _wrong_decision(path: Path, where: str, row: Mapping[str, Any]) -> Iterator[str]:
    if row["verdict"] not in set(Verdict):
        yield _fault(path, where, "verdict", row["verdict"], ", ".join(Verdict))
    if len({name_key(name) for name in row["names"]}) < 2:
        yield _fault(path, where, "names")
    if row.get("first", date.min) > row.get("last", date.max):
        yield _fault(path, where, "reversed", row["first"], row["last"])


def _wrong_change(path: Path, where: str, row: Mapping[str, Any]) -> Iterator[str]:
    if row["kind"] not in set(ChangeKind):
        yield _fault(path, where, "change-kind", row["kind"], ", ".join(ChangeKind))
        return
    kind = ChangeKind(row["kind"])
    for field, wanted in zip(("from", "to"), _COUNTS[kind], strict=True):
        if len(row[field]) < wanted or (wanted == 1 and len(row[field]) > 1):
            yield _fault(path, where, "count", kind, field, wanted)
    if isinstance(row["day"], int) and not date.min.year <= row["day"] <= date.max.year:
        yield _fault(path, where, "type", "day")


def _decision(row: Mapping[str, Any]) -> Decision:
    fields = (row["division"], tuple(row["names"]), Verdict(row["verdict"]), row["why"], row["when"], row["by"])
    return Decision(*fields, row.get("first"), row.get("last"))


def _change(row: Mapping[str, Any]) -> DecidedChange:
    names = tuple(row["from"]), tuple(row["to"])
    return DecidedChange(row["division"], ChangeKind(row["kind"]), *names, str(row["day"]), row["why"], row["when"], row["by"])


def _contradictions(made: Sequence[Decision], changes: Sequence[DecidedChange]) -> Iterator[str]:
    """What single rows cannot show: an alias of two units, an alias that has aliases, same and different, cycles, days reversed."""
    owners: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for decision in made:
        if decision.verdict is Verdict.SAME:
            for name in decision.names[1:]:
                owners[decision.division, name_key(name)].add(name_key(decision.names[0]))
    for (division, name), mains in sorted(owners.items()):
        if len(mains) > 1:
            yield say("decisions.alias-of-two", name, division, say("table.join").join(sorted(mains)))
        yield from (say("decisions.alias-chain", name, division, main) for main in sorted(mains) if (division, main) in owners)
    said: defaultdict[tuple[str, frozenset[str]], list[Decision]] = defaultdict(list)
    for decision in made:
        for pair in set(_pairs(decision)):
            said[decision.division, pair].append(decision)
    for (division, pair), about in sorted(said.items(), key=str):
        if len(about) > 1 and any(_overlap(one, other) for one, other in combinations(about, 2)):
            verdicts = say("table.join").join(sorted({decision.verdict for decision in about}))
            yield say("decisions.twice", say("table.join").join(sorted(pair)), division, verdicts)
    yield from _renamed_twice(changes)
    yield from _wrong_order(changes)


def _overlap(one: Decision, other: Decision) -> bool:
    return (one.first or date.min) <= (other.last or date.max) and (other.first or date.min) <= (one.last or date.max)


def _renamed_twice(changes: Sequence[DecidedChange]) -> Iterator[str]:
    # One body has one name after the other: of two names that become one, or one that becomes two, some other word is meant.
    for field in ("originals", "results"):
        names = Counter((c.division, name_key(getattr(c, field)[0])) for c in changes if c.kind is ChangeKind.RENAME)
        yield from (say(f"decisions.renamed-{field}", name, division) for (division, name), times in sorted(names.items()) if times > 1)


def _pairs(decision: Decision) -> Iterator[frozenset[str]]:
    keys = [name_key(name) for name in decision.names]
    yield from (frozenset((one, other)) for one in keys for other in keys if one != other)


def _wrong_order(changes: Sequence[DecidedChange]) -> Iterator[str]:
    after: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for change in changes:
        for name in change.results:
            befores = {(change.division, name_key(original)) for original in change.originals}
            after.setdefault((change.division, name_key(name)), set()).update(befores)
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        yield say("decisions.cycle", " → ".join(name for _, name in reversed(error.args[1])))
        return
    for earlier in changes:
        for later in changes:
            joint = {name_key(name) for name in earlier.results} & {name_key(name) for name in later.originals}
            if earlier.division == later.division and joint and _last_day(later.day) < first_day(earlier.day):
                yield say("decisions.days-reversed", say("table.join").join(sorted(joint)), earlier.day, later.day)


def first_day(printed: str) -> date:
    """The first day that the day of a change can mean, which may be a year alone.

    >>> first_day("2024-03-01"), first_day("2024")
    (datetime.date(2024, 3, 1), datetime.date(2024, 1, 1))
    """
    return date.fromisoformat(printed) if "-" in printed else date(int(printed), 1, 1)


def _last_day(printed: str) -> date:
    return date.fromisoformat(printed) if "-" in printed else date(int(printed), 12, 31)


@lru_cache(maxsize=1 << 12)
def preferred_names(decisions: Decisions, code: str | None, day: date) -> Mapping[str, str]:
    """For each name that was decided to be another's, that other name; keys are folded names.

    A rename gives the new name the identity of the first one, however many renames lie between.
    """
    found = {
        name_key(name): decision.names[0]
        for decision in decisions.same
        if decision.verdict is Verdict.SAME and decision.division == code and _holds(decision, day)
        for name in decision.names[1:]
    }
    renames = {name_key(c.results[0]): c.originals[0] for c in decisions.changes if c.kind is ChangeKind.RENAME and c.division == code}
    for name in renames:
        first = renames[name]
        while name_key(first) in renames:
            first = renames[name_key(first)]
        found[name] = found.get(name_key(first), first)
    return found


def _holds(decision: Decision, day: date) -> bool:
    return (decision.first or date.min) <= day <= (decision.last or date.max)


@lru_cache(maxsize=1 << 12)
def shown_names(decisions: Decisions, code: str | None) -> Mapping[str, str]:
    """For the first name of each body that was renamed the newest one; keys are folded names."""
    renames = {name_key(c.originals[0]): c.results[0] for c in decisions.changes if c.kind is ChangeKind.RENAME and c.division == code}
    found = {}
    for name in renames:
        newest = renames[name]
        while name_key(newest) in renames:
            newest = renames[name_key(newest)]
        found[name] = newest
    return found


@lru_cache(maxsize=1 << 12)
def kept_apart(decisions: Decisions, code: str | None, day: date) -> Mapping[str, tuple[str, ...]]:
    """For each name that was decided to be another body than some, or about which nobody is sure, the names before it.

    The first name of a decision keeps the identity that rule or register give it.
    """
    found: dict[str, tuple[str, ...]] = {}
    for decision in decisions.same:
        if decision.verdict is not Verdict.SAME and decision.division == code and _holds(decision, day):
            for at, name in enumerate(decision.names):
                found[name_key(name)] = (*found.get(name_key(name), ()), *decision.names[:at])
    return found
