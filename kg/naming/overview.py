"""Who was recognised in some notices, by which rule, who may be one body, and what waits for a person's decision."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from kg.model import Change, Kind, Notice, Unit
from kg.naming.changes import changes_of
from kg.naming.decisions import Decisions, Verdict
from kg.naming.divisions import divisions, place_of
from kg.naming.identity import read_name
from kg.naming.near import near_units
from kg.naming.units import Names, register_of, resolve, setting_of
from kg.naming.wording import Setting, name_key


def overview(notices: Sequence[Notice], names: Names = Names()) -> dict[str, Any]:
    """All that is known about the units of some notices, as rows that can be printed.

    Returns:
        ``units``: one row a unit, by place and number of tasks (id, label, place, code, kind, level, lines, rule, names with their
        counts, tasks, notices);
        ``waiting``: pairs that may be one body and names that nobody knows (division, names, ids, why), without those that were
        decided or that a change joins;
        ``changes``: what became of units (kind, day, label, from, to, method, why);
        ``unused``: decisions that fit no name of these notices (what, division, names).
    """
    units = _merged(notices)
    printed, tasks, seen = _uses(notices)
    places = {division.id: division for division in (*divisions(), *names.places)}
    rows = []
    for unit in sorted(units.values(), key=lambda unit: (unit.jurisdiction or "", -tasks[unit.id], unit.id)):
        place = places.get(unit.jurisdiction or "")
        rows.append(
            {
                "id": unit.id,
                "label": unit.label,
                "place": place.name if place else "",
                "code": place.code if place else "",
                "kind": unit.kind.value,
                "level": unit.level.value if unit.level else "",
                "lines": list(unit.lines),
                "rule": unit.rule,
                "names": [{"name": name, "times": times} for name, times in sorted(printed[unit.id].items())],
                "tasks": tasks[unit.id],
                "notices": sorted(seen[unit.id]),
            }
        )
    labels = {unit.id: unit.label for unit in units.values()}
    changes = changes_of(notices, names)
    told = {frozenset((old, new)) for change in changes for old in change.originals for new in change.results}
    return {
        "units": rows,
        "waiting": list(_waiting(units, printed, names, {key: place.code for key, place in places.items()}, told)),
        "changes": [_change_row(change, labels) for change in changes],
        "unused": list(_unused(notices, names)),
    }


def _merged(notices: Sequence[Notice]) -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for notice in notices:
        for unit in notice.units:
            found.setdefault(unit.id, unit)
    return found


def _uses(notices: Sequence[Notice]) -> tuple[Mapping[str, Counter[str]], Counter[str], Mapping[str, set[str]]]:
    printed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    tasks: Counter[str] = Counter()
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for notice in notices:
        for task in notice.tasks:
            named = [a for a in task.assignments if a.unit and not a.collective]
            tasks.update({str(a.unit) for a in named})
            for a in named:
                printed[str(a.unit)][a.name] += 1
                seen[str(a.unit)].add(notice.id)
    return printed, tasks, seen


def _waiting(
    units: Mapping[str, Unit],
    printed: Mapping[str, Counter[str]],
    names: Names,
    codes: Mapping[str, str],
    told: Collection[frozenset[str]],
) -> Iterator[dict[str, Any]]:
    decided = _decided(names.decisions)
    for near in near_units(unit for unit in units.values() if printed[unit.id]):
        one, other = units[near.one], units[near.other]
        if one.rule == other.rule == "register" or frozenset((near.one, near.other)) in told:
            continue
        code = codes.get(one.jurisdiction or "", "")
        # The longer name goes first: the others will go by it.
        shown = sorted((_usual(printed[one.id]), _usual(printed[other.id])), key=lambda name: (-len(name), name))
        if (code, frozenset(map(name_key, shown))) not in decided:
            yield {"division": code, "names": shown, "ids": [near.one, near.other], "why": near.why}
    for unit in units.values():
        if unit.kind is Kind.OTHER and printed[unit.id]:
            code = codes.get(unit.jurisdiction or "", "")
            yield {"division": code, "names": sorted(printed[unit.id]), "ids": [unit.id], "why": "unknown"}


def _usual(counts: Counter[str]) -> str:
    return max(counts, key=lambda name: (counts[name], name))


def _decided(decisions: Decisions) -> set[tuple[str, frozenset[str]]]:
    # Unsure is no decision yet: such a pair goes on waiting.
    return {
        (decision.division, frozenset((name_key(one), name_key(other))))
        for decision in decisions.same
        if decision.verdict is not Verdict.UNSURE
        for one in decision.names
        for other in decision.names
    }


def _change_row(change: Change, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": change.kind.value,
        "day": change.day,
        "label": change.label,
        "from": [{"id": unit, "label": labels.get(unit, unit)} for unit in change.originals],
        "to": [{"id": unit, "label": labels.get(unit, unit)} for unit in change.results],
        "method": change.method,
        "why": change.why,
    }


def _unused(notices: Sequence[Notice], names: Names) -> Iterator[dict[str, Any]]:
    """Decisions none of whose names is printed in a notice of their place, or of a place above or below it."""
    printed: defaultdict[str, set[str]] = defaultdict(set)
    for notice in notices:
        setting = setting_of(notice, names)
        for name in {a.name for task in notice.tasks for a in task.assignments}:
            standing = read_name(name, setting).standing
            for place in (setting.place, standing.place):
                if place is not None:
                    printed[place.code].add(name_key(name))
    for decision in names.decisions.same:
        if not {name_key(name) for name in decision.names} & printed[decision.division]:
            yield {"what": decision.verdict.value, "division": decision.division, "names": list(decision.names)}
    for change in names.decisions.changes:
        if not {name_key(name) for name in (*change.originals, *change.results)} & printed[change.division]:
            yield {"what": change.kind.value, "division": change.division, "names": [*change.originals, *change.results]}


def explain_name(name: str, setting: Setting, names: Names = Names()) -> dict[str, Any]:
    """How a printed name is read in a setting, step by step: its parts, and each result with the key of its reason."""
    reading = read_name(name, setting)
    unit = resolve(name, setting, names)
    wording, place = reading.wording, reading.standing.place
    register = register_of(place, setting.day, names)
    return {
        "name": name,
        "issuer": setting.place.name if setting.place else "",
        "day": "" if setting.day.year == date.max.year else setting.day.isoformat(),
        "printed_place": wording.place.name if wording.place else "",
        "word": wording.word,
        "party": wording.party,
        "core": wording.core.text,
        "body": wording.core.body.name if wording.core.body else "",
        "ending": wording.core.ending,
        "bracket": wording.bracket,
        "place": place.name if place else "",
        "code": place.code if place else "",
        "level": unit.level.value if unit.level else "",
        "level_why": reading.standing.why,
        "kind": unit.kind.value,
        "kind_why": "register" if unit.rule == "register" else reading.kind_why,
        "lines": list(unit.lines),
        "lines_why": "register" if unit.rule == "register" else reading.lines_why,
        "rule": unit.rule,
        "id": unit.id,
        "label": unit.label,
        "aliases": list(unit.aliases),
        "register": register is not None,
    }


def setting_for(issuer: str, day: date) -> Setting:
    """Where and when a name is printed, told by an issuer and a day instead of a notice."""
    return Setting(place_of(issuer, day), day, "n0")
