"""``kg build --cluster ADDRESS``: files read by the workers of a Dask cluster instead of processes of this machine.

The reading is all that is spread: it takes most of the time, and its results, shards, are what a build goes on from wherever they
were made. Batches are given out a few at a time, so that neither scheduler nor this process holds more than those; a batch whose
worker is lost is given to another by the scheduler, and one that loses worker after worker is divided until the file is found that
does it. The result is that of ``--jobs``, byte for byte.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.building.cluster_worker import (
    ClusterStorageError,
    ClusterVersionError,
    ClusterWorkerError,
    HandedBack,
    Instead,
    Packed,
    fetch,
    packed,
    put,
    read_on_worker,
    storage_of,
)
from kg.building.line import Tell, silent
from kg.building.readers import read_all
from kg.building.shards import SUFFIX, Failure, Outcome, Shard, Terms, Wanted, digest_of, key_of, shard_at, terms_digest
from kg.errors import ExtraError, KgError, ShardError, WorkerError
from kg.messages import say
from kg.reading.convert import ConverterMissingError
from kg.reading.files import content_of

if TYPE_CHECKING:
    from distributed import Client, Future

    from kg.building.whole import Reader

BATCH = 16
"""Files of a batch, at most."""
BATCH_BYTES = 4 * 1024 * 1024
"""Bytes of the files of a batch, unless it is one file."""
AHEAD = 2
"""Batches given out for each thread of the cluster: one that is worked on, one that waits, so that nobody idles."""
_ADDRESS = re.compile(r"(?:[a-z+]+://)?(?:\[[0-9A-Fa-f:]+\]|[^\s:/\[\]]+):\d{1,5}")
CONNECT = 20.0
"""Seconds in which a scheduler must answer."""
PATIENCE = 60.0
"""Seconds that a cluster may be without any worker."""


class ClusterUnreachableError(KgError):
    """No scheduler at the address, or it went away. Fields: address, why."""

    code = "cluster-unreachable"


class ClusterEmptyError(KgError):
    """A cluster without workers. Fields: address, how many seconds it was waited for one."""

    code = "cluster-empty"


@dataclass(frozen=True, slots=True)
class _Batch:
    """Places of some files in the list of those wanted, and how many bytes they have."""

    places: tuple[int, ...]
    contents: dict[str, bytes]


@contextmanager
def cluster_reader(address: str, place: str | None = None) -> Iterator[Reader]:
    """A reader for ``kg.building.whole.Way`` that gives files to the workers of a cluster, while the block runs.

    Args:
        address: of the scheduler, as ``tcp://host:8786``.
        place: where workers lay shards, as an fsspec address that they and this machine reach (``file:///shared/x``, ``s3://…``);
            what lies there already is not read again. None where they hand them back through the cluster.

    Raises:
        ExtraError: Dask is not installed.
        ClusterUnreachableError, ClusterEmptyError, ClusterWorkerError, ClusterVersionError, ClusterStorageError: as their classes say.
    """
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise ExtraError("Dask", "cluster") from error
    if not _ADDRESS.fullmatch(address):
        raise ClusterUnreachableError(address, say("cluster.no-address"))
    if place is not None:
        storage_of(place)
    # A notice may be large; what is given out at once is bounded here.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "200MB"}), _quiet():
        try:
            client = Client(address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterUnreachableError(address, str(error) or type(error).__name__) from error
        try:
            _check(client, address)

            def read(wanted: Sequence[Wanted], terms: Terms, folder: Path, _jobs: int = 1, tell: Tell = silent) -> Outcome:
                with client.as_current():
                    return _read(client, address, place, wanted, terms, folder, tell)

            yield read
        finally:
            client.close(timeout=5)


@contextmanager
def _quiet() -> Iterator[None]:
    # Lost workers are told by us, once, not by the library in tracebacks.
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _check(client: Client, address: str) -> None:
    """See that there are workers, and that each has this version."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise ClusterEmptyError(address, f"{PATIENCE:g}") from error
    ours = terms_digest(Terms())
    try:
        found = client.run(terms_digest, Terms(), on_error="return")
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ClusterWorkerError(address, str(error)) from error
    for worker, digest in sorted(found.items()):
        if isinstance(digest, BaseException):
            raise ClusterWorkerError(worker, f"{type(digest).__name__}: {digest}")
        if digest != ours:
            raise ClusterVersionError(worker, str(digest)[:12], ours[:12])


def _read(client: Client, address: str, place: str | None, wanted: Sequence[Wanted], terms: Terms, folder: Path, tell: Tell) -> Outcome:
    if not wanted:
        return Outcome()
    outcomes: dict[int, Shard | Failure] = {}
    digest = terms_digest(terms)
    batches = _batches(wanted, digest, place, folder, outcomes)
    try:
        _give_out(client, address, packed(terms, place), wanted, folder, batches, outcomes, tell)
    except (OSError, RuntimeError) as error:
        if client.status == "running" and isinstance(error, OSError) and error.errno is not None:
            raise
        raise ClusterUnreachableError(address, str(error) or type(error).__name__) from error
    _convert_here(wanted, terms, folder, outcomes)
    found = [outcomes[at] for at in sorted(outcomes)]
    return Outcome(tuple(one for one in found if isinstance(one, Shard)), tuple(one for one in found if isinstance(one, Failure)))


def _batches(
    wanted: Sequence[Wanted], digest: str, place: str | None, folder: Path, outcomes: dict[int, Shard | Failure]
) -> Iterator[_Batch]:
    """The files in batches with their bytes, read when they are asked for; those that give nothing, or are done, are told at once."""
    places: list[int] = []
    contents: dict[str, bytes] = {}
    for at, one in enumerate(wanted):
        try:
            content = content_of(one.file)
        except KgError as error:
            outcomes[at] = Failure(one.file.name, error)
            continue
        key = key_of(one, digest_of(content), digest)
        if known := shard_at(folder, key) or (fetch(place, key, f"{key}{SUFFIX}", folder) if place else None):
            outcomes[at] = known
            continue
        if places and (len(places) == BATCH or sum(map(len, contents.values())) + len(content) > BATCH_BYTES):
            yield _Batch(tuple(places), contents)
            places, contents = [], {}
        places.append(at)
        contents[one.file.name] = content
    if places:
        yield _Batch(tuple(places), contents)


def _give_out(
    client: Client,
    address: str,
    pack: Packed,
    wanted: Sequence[Wanted],
    folder: Path,
    batches: Iterator[_Batch],
    outcomes: dict[int, Shard | Failure],
    tell: Tell,
) -> None:
    # Tables may be large and workers keep them: they are sent to who asks.
    light = replace(pack, tables=None) if any(files for _, files in pack.tables or ()) else pack
    waiting: dict[Future, _Batch] = {}
    suspects: list[_Batch] = []
    alone: _Batch | None = None

    def give(batch: _Batch, terms: Packed) -> None:
        files = [wanted[at] for at in batch.places]
        waiting[client.submit(read_on_worker, terms, files, batch.contents, pure=False)] = batch

    try:
        while True:
            given = list(islice(batches, max(0, AHEAD * max(1, _threads(client)) - len(waiting))))
            # Whatever was with a worker when it ended may have ended it. Once all else is done, each is tried alone.
            if not waiting and not given and suspects:
                alone = suspects.pop(0)
                given = [alone]
            for batch in given:
                give(batch, light)
            if not waiting:
                return
            for future in _finished(client, address, waiting):
                back = _answer(future, address)
                if back is None:
                    continue
                batch = waiting.pop(future)
                if back is Instead.ASKS_FOR_TABLES:
                    give(batch, pack)
                elif back is Instead.LOST_ITS_WORKERS:
                    suspects += _divided(batch, wanted, outcomes, batch is alone)
                else:
                    _received(back, batch, wanted, pack.place, folder, outcomes)
                    tell("read", len(outcomes) - 1, len(wanted))
    finally:
        client.cancel(list(waiting))


def _threads(client: Client) -> int:
    return sum(client.nthreads().values())


def _finished(client: Client, address: str, waiting: dict[Future, _Batch]) -> list[Future]:
    """The batches that are done, one at least; a cluster that has lost all its workers is waited for a while."""
    from distributed import CancelledError, wait

    last = time.monotonic()
    while True:
        try:
            return sorted(wait(list(waiting), timeout=2, return_when="FIRST_COMPLETED").done, key=lambda future: waiting[future].places)
        except CancelledError as error:
            # The scheduler went away, and with it all that was given out.
            raise ClusterUnreachableError(address, client.status) from error
        except TimeoutError:
            if client.status != "running":
                raise ClusterUnreachableError(address, client.status) from None
            if _threads(client):
                last = time.monotonic()
            elif time.monotonic() - last > PATIENCE:
                raise ClusterEmptyError(address, f"{PATIENCE:g}") from None


def _answer(future: Future, address: str) -> HandedBack | Instead | None:
    """What a batch gave, or what came of it instead; None where the worker went with the answer, so that it is read again."""
    from distributed import CancelledError, KilledWorker

    try:
        error = future.exception(timeout=30)
        if error is None:
            back: HandedBack | Instead = future.result(timeout=30)
            return back
    except TimeoutError:
        return None
    except CancelledError as error:
        raise ClusterUnreachableError(address, str(error) or "cancelled") from error
    if isinstance(error, KilledWorker):
        return Instead.LOST_ITS_WORKERS
    if isinstance(error, KgError | OSError):
        raise error
    raise ClusterWorkerError(address, f"{type(error).__name__}: {error}") from error


def _divided(batch: _Batch, wanted: Sequence[Wanted], outcomes: dict[int, Shard | Failure], alone: bool) -> list[_Batch]:
    """The files of a batch that lost its workers, each by itself; one that lost them alone is what did it."""
    if alone and len(batch.places) == 1:
        name = wanted[batch.places[0]].file.name
        outcomes[batch.places[0]] = Failure(name, WorkerError(name))
        return []
    return [_Batch((at,), {wanted[at].file.name: batch.contents[wanted[at].file.name]}) for at in batch.places]


def _received(
    back: HandedBack, batch: _Batch, wanted: Sequence[Wanted], place: str | None, folder: Path, outcomes: dict[int, Shard | Failure]
) -> None:
    at_name = {wanted[at].file.name: at for at in batch.places}
    for number, shard in enumerate(back.shards):
        outcomes[at_name[shard.source]] = _shard_here(shard, back.contents[number] if back.contents else None, place, folder)
    for failure in back.failures:
        outcomes[at_name[failure.source]] = failure


def _shard_here(shard: Shard, content: bytes | None, place: str | None, folder: Path) -> Shard:
    name = shard.path.name
    if content is not None:
        path = put(folder, name, content)
        if shard_at(folder, shard.key) is None:
            raise ShardError(path)
        return replace(shard, path=path)
    found = fetch(str(place), shard.key, name, folder)
    if found is None:
        raise ClusterStorageError(place, say("cluster.not-shared"))
    return found


def _convert_here(wanted: Sequence[Wanted], terms: Terms, folder: Path, outcomes: dict[int, Any]) -> None:
    # Old formats need LibreOffice; where workers have none, this machine may.
    for at, outcome in list(outcomes.items()):
        if isinstance(outcome, Failure) and isinstance(outcome.error, ConverterMissingError):
            read = read_all([wanted[at]], terms, folder)
            outcomes[at] = (*read.shards, *read.failures)[0]
