"""A graph too large for one picture, parted into packs that each fit one: by place, and by community where a place is too large."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from kg.analysis.load import teams
from kg.analysis.network import communities
from kg.analysis.selection import select
from kg.model import Ties

MOST = 500
"""Units of one picture: above, a browser draws too slowly and a reader sees nothing."""
_DIGITS = (2, 4, 6)
"""How many digits of a division's code part by province, prefecture and county."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Some units that stand together."""

    key: str
    """ASCII, fit for a file name: the code of the place, with ``-1``, ``-2`` … behind it where the place is parted further."""
    place: str
    """Code of the division, ``CN`` for the whole country, empty where it is unknown."""
    whole: bool
    """Whether it has all units of the place in the graph."""
    units: tuple[str, ...]
    """Ids, those with most tasks first."""


def is_large(ties: Ties, most: int = MOST) -> bool:
    """Whether a graph has more units with a printed task than one picture shows."""
    return len({tie.unit for tie in ties.ties if not tie.through}) > most


def packs_of(ties: Ties, most: int = MOST) -> list[Pack]:
    """The packs of a graph, each of at most so many units, every unit in one of them.

    Units go by the place they belong to: provinces first, a province of more than ``most`` units by prefecture, a prefecture
    by county; within one place by the communities of shared tasks, largest first, as many together as fit.

    Args:
        ties: the ties table; it is not changed.
        most: units of one pack.

    Returns:
        Packs by key.
    """
    tasks = task_counts(ties)
    place_of = {unit.id: place_code(unit.jurisdiction) for unit in ties.units}
    ordered = sorted(place_of, key=lambda unit: (-tasks[unit], unit))
    return sorted(_parted(ties, ordered, place_of, _DIGITS, most), key=lambda pack: pack.key)


def place_code(jurisdiction: str) -> str:
    """The code in the id of a division; ``CN`` for the whole country.

    >>> place_code("division:421000-1996"), place_code("421000"), place_code("")
    ('421000', '421000', '')
    """
    return jurisdiction.removeprefix("division:").partition("-")[0]


def task_counts(ties: Ties) -> Counter[str]:
    """How many tasks print each unit."""
    return Counter(unit for team in teams(ties).values() for unit in team.leads | team.others)


def shared_tasks(ties: Ties, packs: Sequence[Pack]) -> dict[tuple[int, int], int]:
    """In how many tasks two packs stand together, by their numbers in the order given, the smaller first."""
    number = {unit: at for at, pack in enumerate(packs) for unit in pack.units}
    found: Counter[tuple[int, int]] = Counter()
    for team in teams(ties).values():
        found.update(combinations(sorted({number[unit] for unit in team.leads | team.others}), 2))
    return dict(found)


def ties_around(ties: Ties, pack: Pack) -> Ties:
    """Every task that prints a unit of a pack, with its whole team: what the figures of those units need."""
    inside = set(pack.units)
    keys = {(tie.notice, tie.task) for tie in ties.ties if tie.unit in inside and not tie.through}
    notices = {notice for notice, _ in keys}
    return _only(select(ties, notices=notices) if len(notices) < len(ties.notices) else ties, keys)


def _only(ties: Ties, keys: set[tuple[str, int]]) -> Ties:
    kept = tuple(tie for tie in ties.ties if (tie.notice, tie.task) in keys)
    references = tuple(reference for reference in ties.references if (reference.notice, reference.task) in keys)
    units, groups = {tie.unit for tie in kept}, {tie.through for tie in kept} | {reference.group for reference in references}
    return replace(
        ties,
        tasks=tuple(task for task in ties.tasks if (task.notice, task.i) in keys),
        ties=kept,
        references=references,
        units=tuple(unit for unit in ties.units if unit.id in units),
        groups=tuple(group for group in ties.groups if group.id in groups),
        findings=tuple(finding for finding in ties.findings if finding.task and (finding.notice, finding.task) in keys),
        changes=(),
    )


def _parted(ties: Ties, units: Sequence[str], place_of: dict[str, str], digits: Sequence[int], most: int) -> Iterable[Pack]:
    if not digits:
        yield from _by_community(ties, units, place_of[units[0]], most)
        return
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for unit in units:
        groups[_place(place_of[unit], digits[0])].append(unit)
    for place, members in groups.items():
        if len(members) <= most:
            yield Pack(place or "none", place, True, tuple(members))
        elif place.isdigit():
            yield from _parted(ties, members, place_of, digits[1:], most)
        else:
            yield from _by_community(ties, members, place, most)


def _place(code: str, digits: int) -> str:
    """The code of the place above that so many digits name.

    >>> _place("421003", 4), _place("CN", 2), _place("", 2)
    ('421000', 'CN', '')
    """
    return code[:digits].ljust(6, "0") if code.isdigit() else code


def _by_community(ties: Ties, units: Sequence[str], place: str, most: int) -> Iterable[Pack]:
    order = {unit: at for at, unit in enumerate(units)}
    part = select(ties, units=[unit.id for unit in ties.units if unit.id in order])
    found = [sorted(members, key=order.__getitem__) for members in communities(part, territorial=True)]
    linked = {unit for members in found for unit in members}
    pieces = [
        members[at : at + most]
        for members in [*found, [unit for unit in units if unit not in linked]]
        for at in range(0, len(members), most)
    ]
    packs: list[list[str]] = []
    for piece in pieces:
        if packs and len(packs[-1]) + len(piece) <= most:
            packs[-1] += piece
        else:
            packs.append(list(piece))
    for number, members in enumerate(packs, 1):
        yield Pack(f"{place or 'none'}-{number}", place, False, tuple(sorted(members, key=order.__getitem__)))
