"""Many files read at once: batches go to worker processes, and what breaks a worker is told as one bad file."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from kg.building.line import Tell, silent
from kg.building.shards import Failure, Outcome, Terms, Wanted, read_shards
from kg.errors import WorkerError

_BATCH = 16
"""Files that a worker is given at once, at most: enough that the way there costs nothing, few enough that no worker idles."""
FEW = 16
"""As many files are read in this process, unless it is told otherwise: starting workers would take longer."""


def read_all(wanted: Sequence[Wanted], terms: Terms, folder: Path, jobs: int = 1, tell: Tell = silent) -> Outcome:
    """Read files into shards, in the order given, whatever the number of processes.

    Args:
        wanted: the files.
        terms: how they are read.
        folder: where the shards lie.
        jobs: worker processes; 1 reads in this one, 0 takes one for each processor where there are many files.
        tell: told after each batch.

    Raises:
        OSError: the folder cannot be written to.
    """
    jobs = jobs or (1 if len(wanted) <= FEW else os.cpu_count() or 1)
    work = _Work(wanted, terms, folder, tell, {})
    if jobs > 1 and len(wanted) > 1:
        _read_in_workers(work, jobs)
    for at, one in enumerate(wanted):
        if at not in work.outcomes:
            tell("read", at, len(wanted))
            work.outcomes[at] = read_shards([one], terms, folder)
    ordered = [work.outcomes[at] for at in range(len(wanted))]
    return Outcome(
        tuple(shard for outcome in ordered for shard in outcome.shards),
        tuple(failure for outcome in ordered for failure in outcome.failures),
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be read, and what has been: the outcomes by the places of their files."""

    wanted: Sequence[Wanted]
    terms: Terms
    folder: Path
    tell: Tell
    outcomes: dict[int, Outcome]


def _read_in_workers(work: _Work, jobs: int) -> None:
    size = max(1, min(_BATCH, len(work.wanted) // (jobs * 4)))
    left = _round(work, _batches(range(len(work.wanted)), size), jobs)
    while left:
        # A worker was killed, by the system or by a file. Those that may have been with it are tried alone.
        suspects, left = left[: 2 * jobs + 2], left[2 * jobs + 2 :]
        for at in suspects:
            if _round(work, [[at]], 1):
                name = work.wanted[at].file.name
                work.outcomes[at] = Outcome((), (Failure(name, WorkerError(name)),))
        left = _round(work, _batches(left, 1), jobs)


def _batches(places: Sequence[int], size: int) -> list[Sequence[int]]:
    return [places[at : at + size] for at in range(0, len(places), size)]


def _round(work: _Work, batches: Sequence[Sequence[int]], jobs: int) -> list[int]:
    """Give some batches to workers; the places of the files that are not done because a worker ended.

    None is left where no worker can be started at all, as from a script that does not guard its main part: the caller then
    reads in its own process.
    """
    if not batches:
        return []
    left: list[int] = []
    # Started afresh, not forked: no thread of the caller is copied half.
    pool = ProcessPoolExecutor(min(jobs, len(batches)), multiprocessing.get_context("spawn"), _end_with_parent)
    try:
        begun = pool.submit(os.getpid)
        waiting = {pool.submit(read_shards, [work.wanted[at] for at in batch], work.terms, work.folder): batch for batch in batches}
        for future in as_completed(waiting):
            try:
                found = future.result()
            except BrokenProcessPool:
                left += waiting[future]
                continue
            _keep(work, waiting[future], found)
        return [] if begun.exception() else sorted(left)
    except BrokenProcessPool:
        # It broke while it was given work: what has not come back is left.
        return [at for batch in batches for at in batch if at not in work.outcomes]
    finally:
        # After an error or Ctrl-C, what no worker has begun is not begun.
        pool.shutdown(cancel_futures=True)


def _keep(work: _Work, places: Sequence[int], found: Outcome) -> None:
    # One outcome for each file, so that they come out in the order of the files.
    shards = {shard.source: shard for shard in found.shards}
    failures = {failure.source: failure for failure in found.failures}
    for at in places:
        name = work.wanted[at].file.name
        work.outcomes[at] = Outcome((shards[name],)) if name in shards else Outcome((), (failures[name],))
    work.tell("read", len(work.outcomes) - 1, len(work.wanted))


def _end_with_parent() -> None:
    # A worker whose parent was killed would wait for work for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_after, args=(parent,), daemon=True).start()


def _leave_after(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
