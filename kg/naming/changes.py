"""What became of the units of some notices: renames, mergers, splits and successions, each a claim with its ground."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kg.messages import say
from kg.model import Change, ChangeKind, Division, Notice, Unit
from kg.naming.decisions import DecidedChange, first_day
from kg.naming.divisions import division_by_id, division_on, divisions, holds
from kg.naming.placing import day_of
from kg.naming.reforms import Side, carried_out_by, ended_by, is_reformed, reforms_by_side
from kg.naming.units import Names, resolve
from kg.naming.wording import Setting, wording_of

ReformedBody = tuple[str, str]
"""The name of a body and the class of its ending."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One unit over all notices, and when it is printed."""

    unit: Unit
    first: date
    """Days of the earliest and the latest notice that prints it."""
    last: date
    body: ReformedBody | None = None
    """The body that it is, where a reform of the whole country made or ended one of that name."""


def changes_of(notices: Sequence[Notice], names: Names = Names()) -> tuple[Change, ...]:
    """The changes that join units of these notices, sorted by id.

    Three grounds, strongest first: a decision of a person; the table of divisions (监利县政府 → 监利市政府); a reform of the whole
    country (扶贫办 → 乡村振兴局), which is claimed only where the old body is printed before the new one and never beside it. Where a
    stronger ground joins two units the weaker says nothing.
    """
    return changes_of_seen(_seen(notices), names)


def changes_of_seen(seen: Mapping[str, Seen], names: Names = Names()) -> tuple[Change, ...]:
    """The same from what is known of every unit alone: id → its newest record, and the days between which it is printed."""
    found: list[Change] = []
    joined: set[tuple[str, str]] = set()
    for change in (*_decided(names, seen), *_of_divisions(seen), *_of_reforms(seen)):
        pairs = {(original, result) for original in change.originals for result in change.results}
        if not pairs & joined:
            found.append(change)
            joined |= pairs
    return tuple(sorted(found, key=lambda change: change.id))


def _seen(notices: Sequence[Notice]) -> dict[str, Seen]:
    found: dict[str, Seen] = {}
    for notice in sorted(notices, key=lambda one: (day_of(one), one.id)):
        day = day_of(notice)
        for unit in notice.units:
            known = found.get(unit.id)
            body = known.body if known and known.unit == unit else reformed_body(unit)
            found[unit.id] = Seen(unit, known.first if known else day, day, body)
    return found


def _made(kind: ChangeKind, day: str, originals: Sequence[str], results: Sequence[str], method: str, why: str, label: str) -> Change:
    befores, afters = tuple(sorted(set(originals))), tuple(sorted(set(results)))
    text = "|".join((kind, day, *befores, "→", *afters))
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]
    return Change(f"change:{digest}", kind, day, befores, afters, method, why, label)


def _label(befores: Iterable[str], afters: Iterable[str]) -> str:
    # In Chinese whatever is spoken: it stands in the graph, which is the same bytes in every language.
    mark = say("table.join", lang="zh")
    return f"{mark.join(sorted(befores))} → {mark.join(sorted(afters))}"


def _decided(names: Names, seen: Mapping[str, Seen]) -> Iterator[Change]:
    for change in names.decisions.changes:
        day = first_day(change.day)
        place = next((p for p in names.places if p.code == change.division), None) or division_on(change.division, day)
        setting = Setting(place, day, "")
        originals, results = ([resolve(name, setting, names).id for name in side] for side in (change.originals, change.results))
        if any(one in seen for one in originals) and any(one in seen for one in results):
            befores, afters = ([one for one in side if one in seen] for side in (originals, results))
            yield _made(change.kind, change.day, befores, afters, "decision", _ground(change), _label(change.originals, change.results))


def _ground(change: DecidedChange) -> str:
    return f"{change.why} ({change.by}, {change.when.isoformat()})"


def _of_divisions(seen: Mapping[str, Seen]) -> Iterator[Change]:
    """Governments of divisions that followed one another."""
    present = {division: f"unit:{division.code}-government" for division in divisions() if f"unit:{division.code}-government" in seen}
    codes: defaultdict[tuple[str, ...], list[Division]] = defaultdict(list)
    for division in present:
        if division.successors and division.last and holds(division, seen[present[division]].first):
            codes[division.successors].append(division)
    for successors, before in sorted(codes.items()):
        after = [f"unit:{code}-government" for code in successors if f"unit:{code}-government" in seen]
        befores = [present[division] for division in before if present[division] not in after]
        befores = [unit for unit in befores if any(seen[unit].first < seen[result].last for result in after)]
        if after and befores:
            kind = ChangeKind.SPLIT if len(successors) > 1 else ChangeKind.MERGE if len(before) > 1 else ChangeKind.SUCCESSION
            ends = max(division.last for division in before if division.last) + timedelta(days=1)
            day = ends.isoformat() if all(division.last_exact for division in before) else str(ends.year)
            ground = " ".join(f"{division.code}→{'/'.join(successors)}" for division in before)
            names = ({seen[unit].unit.label for unit in side} for side in (befores, after))
            yield _made(kind, day, befores, after, "division", ground, _label(*names))


def _of_reforms(seen: Mapping[str, Seen]) -> Iterator[Change]:
    """Bodies of one place that a reform of the whole country joins."""
    by_place: defaultdict[str, defaultdict[str, list[tuple[Seen, str]]]] = defaultdict(lambda: defaultdict(list))
    for one in seen.values():
        if one.unit.jurisdiction and one.body:
            body, ending = one.body
            by_place[one.unit.jurisdiction][body].append((one, ending))
    for _, held in sorted(by_place.items()):
        # Of a hundred reforms those whose body is there.
        for at in sorted({at for body in held for at in ended_by(body)}):
            yield from _reformed(*reforms_by_side()[at], held)


def _reformed(row: Mapping[str, Any], before: Side, after: Side, held: Mapping[str, Sequence[tuple[Seen, str]]]) -> Iterator[Change]:
    if held.keys().isdisjoint(after.bodies):
        return
    befores, afters = list(_fitting(before, held)), list(_fitting(after, held))
    absorbed = row["kind"] == "absorb"
    ids = {one.unit.id for one in afters}
    olds = [old for old in befores if old.unit.id not in ids and any(_in_time(old, new, row, absorbed) for new in afters)]
    news = [new for new in afters if any(_in_time(old, new, row, absorbed) for old in olds)]
    if not olds or not news:
        return
    # What takes another in was there before: it is one of those that are joined.
    kept = [new.unit.id for new in news if absorbed]
    kind = {"rename": ChangeKind.SUCCESSION, "split": ChangeKind.SPLIT}.get(row["kind"], ChangeKind.MERGE)
    if kind is ChangeKind.MERGE and len(olds) == 1 and not kept:
        kind = ChangeKind.SUCCESSION
    if kind is ChangeKind.SPLIT and len(news) == 1:
        kind = ChangeKind.SUCCESSION
    ids_old = [old.unit.id for old in olds] + kept
    label = _label({old.unit.label for old in olds}, {new.unit.label for new in news})
    yield _made(kind, _year(row, olds, news, absorbed), ids_old, [new.unit.id for new in news], "reform", row["source"], label)


def _year(row: Mapping[str, Any], olds: Sequence[Seen], news: Sequence[Seen], absorbed: bool) -> str:
    # Between the last notice with the old name and the first with the new one; where that leaves two years, nobody can say.
    start = max(row["first"], *(old.last for old in olds))
    end = min(row.get("last", date.max), *(new.last if absorbed else new.first for new in news))
    return str(start.year) if start.year == end.year else ""


def _in_time(old: Seen, new: Seen, row: Mapping[str, Any], absorbed: bool) -> bool:
    # The old one is printed before the new one and never again, in the years in which the reform was carried out.
    return old.last < (new.last if absorbed else new.first) and new.last >= row["first"] and old.last <= carried_out_by(row)


def _fitting(side: Side, held: Mapping[str, Sequence[tuple[Seen, str]]]) -> Iterator[Seen]:
    for body in side.bodies:
        for one, ending in held.get(body, ()):
            if (one.unit.level or "") in side.levels and (not side.endings or ending in side.endings):
                yield one


def reformed_body(unit: Unit) -> ReformedBody | None:
    """The body of the name that a unit is shown by, where a reform of the whole country made or ended one of that name.

    It depends on nothing but the unit and the lexicon, so that a build can keep it.
    """
    place = division_by_id(unit.jurisdiction or "")
    wording = wording_of(unit.label, Setting(place, place.last or date.max if place else date.max, ""))
    body = wording.core.body
    return (body.name, wording.core.ending) if body and is_reformed(body.name) else None
