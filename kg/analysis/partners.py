"""With whom each unit has to coordinate: its coordination relations (M3) by partner, as printed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kg.analysis.load import TaskKey, teams
from kg.model import Ties


@dataclass(frozen=True, slots=True)
class Partner:
    """What one unit has to coordinate with another: the tasks, by who leads; together they are its relations with it."""

    unit: str
    leading: tuple[TaskKey, ...]
    """Tasks that the unit leads and the partner shares."""
    together: tuple[TaskKey, ...]
    """Tasks that both lead."""
    sharing: tuple[TaskKey, ...]
    """Tasks that the partner leads and the unit shares."""

    @property
    def tasks(self) -> tuple[TaskKey, ...]:
        """All tasks, in printed order."""
        return tuple(sorted((*self.leading, *self.together, *self.sharing)))

    @property
    def relations(self) -> int:
        """How many coordination relations the unit has with this partner."""
        return len(self.leading) + len(self.together) + len(self.sharing)


def partners(ties: Ties) -> dict[str, tuple[Partner, ...]]:
    """The partners of every unit, most relations first; their relations add up to M3, their number is M5 of ``load``."""
    found: defaultdict[str, defaultdict[str, tuple[list[TaskKey], list[TaskKey], list[TaskKey]]]]
    found = defaultdict(lambda: defaultdict(lambda: ([], [], [])))
    for key, team in teams(ties).items():
        for lead in team.leads:
            for other in team.leads - {lead}:
                found[lead][other][1].append(key)
            for other in team.others:
                found[lead][other][0].append(key)
                found[other][lead][2].append(key)
    return {
        unit: tuple(
            sorted(
                (Partner(other, tuple(leading), tuple(both), tuple(sharing)) for other, (leading, both, sharing) in others.items()),
                key=lambda partner: (-partner.relations, -len(partner.leading), partner.unit),
            )
        )
        for unit, others in found.items()
    }
