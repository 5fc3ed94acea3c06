"""Many notices from end to end: ``python -m tests.benchmarks.scale [NOTICES] [JOBS]``, on an idle machine; nothing else runs beside it.

Prints seconds of wall and CPU, the peak of memory of all processes of the build together, and bytes on disk, for a first build,
one with nothing changed, one with one notice changed, one with one gone; and how much sooner two processes read than one.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from kg.build.finishing import figures_of
from kg.build.readers import read_all
from kg.build.shards import Terms, Wanted
from kg.reading.files import source_files
from kg.versions import current
from tests.generator import generate, places

YEARS = range(2015, 2025)
READ = 200
"""Notices for which two processes are held against one."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of ``kg build``."""

    wall: float
    cpu: float
    peak: int
    """Bytes of all its processes together, resident, at most."""


def build(sources: Path, out: Path, jobs: int) -> Run:
    """A build as a process of its own, its memory looked at ten times a second."""
    words = [sys.executable, "-m", "kg", "build", str(sources), "-o", str(out), "--jobs", str(jobs), "-q"]
    start, peak, cpu = time.perf_counter(), 0, {}
    running = subprocess.Popen(words)
    watched = psutil.Process(running.pid)
    while running.poll() is None:
        held = 0
        try:
            for process in [watched, *watched.children(recursive=True)]:
                held += process.memory_info().rss
                cpu[process.pid] = sum(process.cpu_times()[:2])
        except psutil.NoSuchProcess:
            pass
        peak = max(peak, held)
        time.sleep(0.1)
    if running.returncode:
        raise SystemExit(f"{' '.join(words)}: {running.returncode}")
    return Run(time.perf_counter() - start, sum(cpu.values()), peak)


def write_notices(folder: Path, count: int, seed: int = 1) -> list[Path]:
    """So many generated notices, a folder a place."""
    paths: list[Path] = []
    for notice in generate(places(-(-count // len(YEARS)), YEARS, seed), YEARS, seed):
        below = folder / notice.answers.place
        below.mkdir(parents=True, exist_ok=True)
        paths.append(below / notice.name)
        paths[-1].write_bytes(notice.content)
        if len(paths) == count:
            break
    return paths


def size(folder: Path) -> int:
    """Bytes of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def reading(sources: Path, jobs: int) -> float:
    """Wall seconds of reading some notices into shards, with the start of the processes."""
    wanted = [Wanted(file) for file in source_files([sources])[:READ]]
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        read_all(wanted, Terms(), Path(folder), jobs)
        return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    count, jobs = (int(word) for word in [*sys.argv[1:], *["1000", "2"][len(sys.argv) - 1 :]])
    with tempfile.TemporaryDirectory(dir=os.environ.get("KG_BENCH")) as name:
        sources, out = Path(name) / "notices", Path(name) / "out"
        paths = write_notices(sources, count)
        print(f"{count} notices, {jobs} processes, load of the machine before: {os.getloadavg()[0]:.1f}")
        first = build(sources, out, jobs)
        figures, version = figures_of(current(out)), current(out)
        store = size(version / "store") / figures.triples
        rest = {path.name: size(path) if path.is_dir() else path.stat().st_size for path in version.iterdir()}
        again = build(sources, out, jobs)
        plain = next(path for path in random.Random(1).sample(paths, len(paths)) if path.suffix == ".txt")
        plain.write_bytes(plain.read_bytes() + "\n另：请各单位按月报送进展。\n".encode())
        changed = build(sources, out, jobs)
        grown = size(current(out) / "store") / figures_of(current(out)).triples
        plain.unlink()
        gone = build(sources, out, jobs)
        rows = (("first build", first), ("nothing changed", again), ("one notice changed", changed), ("one notice gone", gone))
        for what, run in rows:
            print(f"{what:24s} {run.wall:8.1f} s wall {run.cpu:8.1f} s CPU {run.peak / 2**20:8.0f} MB")
        print(f"nothing changed : first  {again.wall / first.wall:8.1%}  ≤ 3 %")
        print(f"{figures.tasks} tasks, {figures.triples} triples; store {store:.1f} bytes a triple (≤ 100), after a change {grown:.1f}")
        print("on disk, MB: " + ", ".join(f"{part} {held / 2**20:.1f}" for part, held in sorted(rest.items())))
        one, two = reading(sources, 1), reading(sources, 2)
        print(f"reading {READ}: one process {one:.1f} s, two {two:.1f} s, ratio {one / two:.2f}  ≥ 1.5 on two idle cores")


if __name__ == "__main__":
    main()
