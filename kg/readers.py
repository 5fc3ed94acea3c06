"""Many files read at once: batches go to worker processes, and what breaks a worker is told as one bad file."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from kg.errors import WorkerError
from kg.line import Tell, silent
from kg.shards import Failure, Outcome, Terms, Wanted, read_shards

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
    outcomes: dict[int, Outcome] = {}
    if jobs == 1 or len(wanted) < 2:
        for at, one in enumerate(wanted):
            tell("read", at, len(wanted))
            outcomes[at] = read_shards([one], terms, folder)
    else:
        _read_in_workers(wanted, terms, folder, jobs, tell, outcomes)
    ordered = [outcomes[at] for at in sorted(outcomes)]
    return Outcome(
        tuple(shard for outcome in ordered for shard in outcome.shards),
        tuple(failure for outcome in ordered for failure in outcome.failures),
    )


def _read_in_workers(wanted: Sequence[Wanted], terms: Terms, folder: Path, jobs: int, tell: Tell, outcomes: dict[int, Outcome]) -> None:
    size = max(1, min(_BATCH, len(wanted) // (jobs * 4)))
    left = _round(_batches(range(len(wanted)), size), wanted, terms, folder, jobs, tell, outcomes)
    while left:
        # A worker was killed, by the system or by a file. Those that may have been with it are tried alone.
        suspects, left = left[: 2 * jobs + 2], left[2 * jobs + 2 :]
        for at in suspects:
            if _round([[at]], wanted, terms, folder, 1, tell, outcomes):
                name = wanted[at].file.name
                outcomes[at] = Outcome((), (Failure(name, WorkerError(name)),))
        left = _round(_batches(left, 1), wanted, terms, folder, jobs, tell, outcomes)


def _batches(places: Sequence[int], size: int) -> list[Sequence[int]]:
    return [places[at : at + size] for at in range(0, len(places), size)]


def _round(
    batches: Sequence[Sequence[int]],
    wanted: Sequence[Wanted],
    terms: Terms,
    folder: Path,
    jobs: int,
    tell: Tell,
    outcomes: dict[int, Outcome],
) -> list[int]:
    """Give some batches to workers; the places of the files that are not done because a worker ended."""
    if not batches:
        return []
    # Started afresh, not forked: no thread of the caller is copied half.
    pool = ProcessPoolExecutor(min(jobs, len(batches)), multiprocessing.get_context("spawn"), _end_with_parent)
    done = sum(len(outcome.shards) + len(outcome.failures) for outcome in outcomes.values())
    left: list[int] = []
    try:
        waiting: dict[Future[Outcome], Sequence[int]] = {}
        for batch in batches:
            try:
                waiting[pool.submit(read_shards, [wanted[at] for at in batch], terms, folder)] = batch
            except BrokenProcessPool:
                left += batch
        for future in as_completed(waiting):
            try:
                outcomes[waiting[future][0]] = future.result()
            except BrokenProcessPool:
                left += waiting[future]
                continue
            done += len(waiting[future])
            tell("read", done - 1, len(wanted))
    finally:
        # After an error or Ctrl-C, what no worker has begun is not begun.
        pool.shutdown(cancel_futures=True)
    return sorted(left)


def _end_with_parent() -> None:
    # A worker whose parent was killed would wait for work for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_after, args=(parent,), daemon=True).start()


def _leave_after(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
