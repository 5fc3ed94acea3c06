"""How the benchmarks measure: CPU and wall seconds, works in turn, and whole commands with the memory of all their processes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RUNS = 5
EVERY = 0.05
"""Seconds between two looks at the memory of a command."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """One row of the table of ratios: what takes how long here and elsewhere, and by how much this must be faster."""

    what: str
    ours: float
    other: str
    theirs: float
    least: float | None = None
    """How many times faster is asked for; None where nothing is."""

    @property
    def times(self) -> float:
        """How many times faster."""
        return self.theirs / self.ours if self.ours else float("inf")

    @property
    def held(self) -> bool:
        """Whether it is as fast as is asked for."""
        return self.least is None or self.times >= self.least


@dataclass(frozen=True, slots=True)
class Command:
    """What a whole command took: seconds, the most megabytes of all its processes together, the end of what it said."""

    wall: float
    peak: float
    said: str


def cpu(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median CPU seconds of some runs, after one that warms up."""
    work()
    return statistics.median(_timed(work, time.process_time) for _ in range(runs))


def wall(work: Callable[[], object], runs: int = 1) -> float:
    """The median wall seconds of some runs; the first one counts."""
    return statistics.median(_timed(work, time.perf_counter) for _ in range(runs))


def _timed(work: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    work()
    return clock() - start


def in_turn(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """The median CPU seconds of two works that take turns, so that both meet the same machine."""
    first(), second()
    pairs = [(_timed(first, time.process_time), _timed(second, time.process_time)) for _ in range(3 * RUNS)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def command(*words: str) -> Command:
    """Run ``kg`` with some words.

    Raises:
        RuntimeError: it did not end well.
    """
    start = time.perf_counter()
    running = subprocess.Popen(
        [sys.executable, "-m", "kg", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8", errors="replace"
    )
    peak = [0.0]
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(running.pid, peak, done))
    watcher.start()
    _, said = running.communicate()
    took = time.perf_counter() - start
    done.set()
    watcher.join()
    if running.returncode:
        raise RuntimeError(f"kg {' '.join(words)}: exit {running.returncode}\n{said[-2000:]}")
    return Command(took, peak[0], said)


def _watch(pid: int, peak: list[float], done: threading.Event) -> None:
    # The kernel's mark (ru_maxrss) is that of one process; readers run in several, which share pages: Pss divides those.
    while not done.wait(EVERY):
        peak[0] = max(peak[0], sum(map(_megabytes, _tree(pid))))


def _tree(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        try:
            for path in Path(f"/proc/{one}/task").glob("*/children"):
                waiting += map(int, path.read_text(encoding="ascii").split())
        except OSError:
            continue  # It ended meanwhile.
    return found


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
