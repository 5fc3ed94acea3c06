"""Really too much (O5)? Relations against staff (编制), from a table that the user brings; funnel limits (Spiegelhalter 2005).

Only here may the word 超负荷 be said: a notice prints no staff.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path

from kg.analysis.volume import peers_of
from kg.errors import SourceMissingError, TableError
from kg.messages import LANGUAGES, catalogue, say
from kg.model import Kind, Ties, UnitRow

NORMAL_95, NORMAL_998 = 1.959964, 3.090232
"""Quantiles of the two pairs of limits that a funnel plot draws."""
TRIMMED = 0.1


FEWEST_STAFFED = 10
"""Peers with staff below which no limits are drawn: a mean and a spread of a few units say nothing about one of them."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """The relations of one unit for each member of its staff, and the funnel it should lie in at its size."""

    unit: str
    label: str
    kind: Kind
    peers: str
    staff: int
    relations: int
    ratio: float
    """Relations for each member of staff."""
    mean: float | None
    """All relations of the peers by all their staff; None, as the limits, where fewer than four peers have staff."""
    limits_95: tuple[float, float] | None
    limits_998: tuple[float, float] | None

    @property
    def above(self) -> bool:
        """Whether it lies above the upper 99.8 % limit: one unit in a thousand would by chance."""
        return self.limits_998 is not None and self.ratio > self.limits_998[1]


def read_staff(path: Path, ties: Ties) -> dict[str, int]:
    """The staff of units from a CSV with the columns ``unit`` and ``staff``, in the order of its rows.

    A unit goes by its id, its label or one of its aliases, with the name of the place in front or not. UTF-8 or GB 18030 (what
    Chinese spreadsheet programs save); the columns may be headed in Chinese; other columns are left alone.

    Raises:
        SourceMissingError: there is no such file.
        TableError: something in it does not fit; all faults are told at once, each with its line.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise SourceMissingError(path) from None
    except OSError as error:
        raise TableError(path, error) from error
    faults: list[str] = []
    found: dict[str, int] = {}
    lines: dict[str, int] = {}
    names = _names(ties)
    for line, name, count in _rows(path, _decoded(path, raw)):
        units = names.get(_plain(name), set())
        if not name or len(units) != 1:
            key = "staff.no-name" if not name else "staff.ambiguous" if units else "staff.unknown"
            faults.append(say(key, line, name, ", ".join(sorted(units))))
            continue
        (unit,) = units
        if unit in lines:
            faults.append(say("staff.twice", line, name, lines[unit]))
        lines.setdefault(unit, line)
        if not (count.isascii() and count.isdigit() and len(count) < 10 and int(count) > 0):
            faults.append(say("staff.count", line, name, count))
        else:
            found.setdefault(unit, int(count))
    if faults or not found:
        raise TableError(path, "\n".join(faults) or say("staff.empty"))
    return found


def _decoded(path: Path, raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError(path, say("staff.encoding"))


def _rows(path: Path, text: str) -> Iterator[tuple[int, str, str]]:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [_plain(name) for name in next(reader, [])]
        columns = [_column(header, name) for name in ("unit", "staff")]
        missing = [name for name, column in zip(("unit", "staff"), columns, strict=True) if column is None]
        if missing:
            raise TableError(path, say("staff.column", ", ".join(missing)))
        for row in reader:
            if any(cell.strip() for cell in row):
                unit, staff = (row[column].strip() if column is not None and column < len(row) else "" for column in columns)
                yield reader.line_num, unit, staff
    except csv.Error as error:
        raise TableError(path, error) from error


def _column(header: Sequence[str], name: str) -> int | None:
    known = {name, *(_plain(catalogue(lang)[f"staff.header.{name}"]) for lang in LANGUAGES)}
    return next((at for at, printed in enumerate(header) if printed in known), None)


def _plain(name: str) -> str:
    return "".join(name.split()).lower()


def _names(ties: Ties) -> dict[str, set[str]]:
    # A name that starts with the last character of the place goes with the whole place in front too.
    names: defaultdict[str, set[str]] = defaultdict(set)
    places = {notice.place for notice in ties.notices if notice.place}
    for unit in ties.units:
        for name in (unit.id, unit.label, *unit.aliases):
            names[_plain(name)].add(unit.id)
            for place in places:
                if name.startswith(place[-1]):
                    names[_plain(place[:-1] + name)].add(unit.id)
    return names


def measure_capacity(relations: Mapping[str, int], staff: Mapping[str, int], units: Mapping[str, UnitRow]) -> list[Capacity]:
    """The relations for each member of staff, highest first, with the funnel of the peers.

    Limits at staff n around the mean θ of the peers, on the scale of the square root, where a Poisson count has one variance:
    (√θ ± z·√φ/(2√n))². φ is how much more than Poisson the peers vary: the mean of z² with a tenth at either end drawn in,
    at least 1 (Spiegelhalter 2005). It must be there: relations come in bundles, a task at a time.

    Args:
        relations: of every unit, M3 or M3d; a unit that has none may be absent.
        staff: of the units to compare.
        units: rows of the ties table by id.
    """
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for unit in staff:
        groups[peers_of(units[unit].kind)].append(unit)
    found = [row for peers, named in groups.items() for row in _funnel(peers, named, relations, staff, units)]
    return sorted(found, key=lambda one: (-one.ratio, one.unit))


def _funnel(
    peers: str, named: Sequence[str], relations: Mapping[str, int], staff: Mapping[str, int], units: Mapping[str, UnitRow]
) -> Iterator[Capacity]:
    total = sum(relations.get(unit, 0) for unit in named)
    mean = total / sum(staff[unit] for unit in named) if len(named) >= FEWEST_STAFFED and total else None
    spread = sqrt(dispersion([(relations.get(unit, 0), staff[unit]) for unit in named], mean)) if mean else 0.0
    for unit in named:
        row, count = units[unit], relations.get(unit, 0)
        near, far = (limits(mean, staff[unit], z * spread) if mean else None for z in (NORMAL_95, NORMAL_998))
        yield Capacity(unit, row.label, row.kind, peers, staff[unit], count, count / staff[unit], mean, near, far)


def limits(mean: float, staff: int, width: float) -> tuple[float, float]:
    """The lower and upper limit of the ratio at some size of staff.

    >>> tuple(round(limit, 3) for limit in limits(1.0, 25, 2.0))
    (0.64, 1.44)
    """
    step = width / (2 * sqrt(staff))
    return max(0.0, sqrt(mean) - step) ** 2, (sqrt(mean) + step) ** 2


def dispersion(counts: Sequence[tuple[int, int]], mean: float) -> float:
    """How much more than Poisson some (relations, staff) vary around a mean ratio, at least 1.

    >>> dispersion([(5, 5), (4, 4), (6, 6), (10, 10)], 1.0)
    1.0
    """
    z = sorted(2 * sqrt(staff) * (sqrt(relations / staff) - sqrt(mean)) for relations, staff in counts)
    cut = ceil(TRIMMED * len(z))
    low, high = z[cut], z[-1 - cut]
    return max(1.0, sum(min(max(one, low), high) ** 2 for one in z) / len(z))
