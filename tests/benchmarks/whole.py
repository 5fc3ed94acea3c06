"""End to end: generated notices in a folder, ``kg build``, and what it took in time, memory and bytes on disk, by size.

``python -m tests.benchmarks.whole 1 100 1000`` prints the table for some sizes alone.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kg.building.finishing import figures_of
from kg.building.readers import read_all
from kg.building.shards import Terms, Wanted
from kg.reading.files import source_files

from ..generator import generate, places
from .timing import Command, Ratio, command, wall

SEED = 1
YEARS = range(2015, 2025)
JOBS = 2
PLACES = 1000
"""With ten years, the 10,000 notices of the largest run; smaller runs take fewer places, then fewer years."""


@dataclass(frozen=True, slots=True)
class Whole:
    """One size: the first build, the same again with nothing changed, with one notice changed, and with that one gone."""

    notices: int
    tasks: int
    triples: int
    first: Command
    again: Command
    changed: Command
    gone: Command
    disk: int
    """Bytes of the whole output."""
    store: int
    """Bytes of the store in it."""
    later: int
    """Bytes of the store after the last of these builds."""

    def cells(self, smallest: Whole | None) -> list[str]:
        """The row of the table; growth is time and disk of a notice against those of a smaller run."""
        growth = ["", ""]
        if smallest:
            growth = [f"{one / other:.2f}" for one, other in zip(self._each(), smallest._each(), strict=True)]
        return [
            *(f"{number:,}" for number in (self.notices, self.tasks, self.triples)),
            f"{self.first.wall:.1f}",
            f"{1000 * self.first.wall / self.notices:.0f}",
            f"{self.first.peak:,.0f}",
            f"{self.disk / 2**20:,.1f}",
            f"{self.store / self.triples:.0f}",
            *growth,
            f"{self.again.wall:.1f} ({self.again.wall / self.first.wall:.0%})",
            f"{self.changed.wall:.1f}",
            f"{self.gone.wall:.1f}",
            f"{self.later / self.triples:.0f}",
        ]

    def _each(self) -> tuple[float, float]:
        return self.first.wall / self.notices, self.disk / self.notices


HEAD = (
    "notices",
    "tasks",
    "triples",
    "wall s",
    "ms a notice",
    "peak MB",
    "disk MB",
    "store bytes a triple",
    "time a notice, growth",
    "disk a notice, growth",
    "again, unchanged, s",
    "one changed, s",
    "one gone, s",
    "store then",
)


def whole_rows(sizes: tuple[int, ...]) -> list[list[str]]:
    """The table's rows for some sizes; growth counts from the first size of 100 notices or more."""
    rows, base = [], None
    for size in sizes:
        one = whole(size)
        rows.append(one.cells(base))
        if base is None and size >= 100:
            base = one
    return rows


def whole(size: int) -> Whole:
    """Generate so many notices, build them, build them again, change one, build again, take it away, build again."""
    with tempfile.TemporaryDirectory(prefix="govresp-bench-") as folder:
        source, out = Path(folder, "notices"), Path(folder, "out")
        tasks, last = _write(source, size)
        words = ["build", str(source), "-o", str(out), "-q", "--jobs", str(JOBS)]
        first = command(*words)
        disk, store = _bytes(out, ""), _bytes(out / "store", ".sst")
        # From the manifest: who opens a version keeps it from being cleared away.
        triples = figures_of((out / "store").resolve().parent).triples
        again = command(*words)
        last.write_bytes(last.read_bytes().replace("年底前".encode(), "6月底前".encode()) + b"\n")
        changed = command(*words)
        last.unlink()
        # A single notice leaves nothing to build.
        gone = command(*words) if size > 1 else Command(0, 0, "")
        return Whole(size, tasks, triples, first, again, changed, gone, disk, store, _bytes(out / "store", ".sst"))


def reading_row(size: int = 200) -> Ratio:
    """Reading some notices into shards in two processes against one; the start of the processes counts."""
    with tempfile.TemporaryDirectory(prefix="govresp-bench-") as folder:
        _write(Path(folder, "notices"), size)
        wanted = [Wanted(file) for file in source_files([Path(folder, "notices")])]

        def read(jobs: int) -> None:
            into = Path(folder, f"shards-{jobs}")
            into.mkdir()
            read_all(wanted, Terms(), into, jobs)

        two, one = (wall(lambda jobs=jobs: read(jobs)) for jobs in (2, 1))
        return Ratio(f"reading {size} notices in two processes", two, "the same in one", one, 1.5)


def _write(source: Path, size: int) -> tuple[int, Path]:
    # All layouts; the one that is changed is plain text.
    years = YEARS[: max(1, size // PLACES)]
    count = -(-size // len(years))
    tasks, last = 0, Path()
    for at, made in enumerate(generate(places(count, years, SEED), years, SEED)):
        if at == size:
            break
        path = source / made.answers.place[:2] / made.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.content)
        tasks += len(made.answers.tasks)
        if path.suffix == ".txt" or at == 0:
            last = path
    return tasks, last


def _bytes(folder: Path, suffix: str) -> int:
    folder = folder.resolve()
    return sum(path.stat().st_size for path in folder.rglob(f"*{suffix}") if path.is_file() and not path.is_symlink())


if __name__ == "__main__":
    for row in (HEAD, *whole_rows(tuple(map(int, sys.argv[1:])) or (1, 100))):
        print(" | ".join(row), flush=True)
