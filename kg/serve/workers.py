"""The worker processes as the server sees them: who is free, who is past the limit, who died."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from kg.errors import KgError
from kg.messages import language, say
from kg.serve.problems import Problem
from kg.serve.settings import Settings
from kg.serve.turns import CrowdedError, Turns
from kg.serve.worker import Job, Reply, serve_jobs

log = logging.getLogger("kg.serve")
_START = 60.0
"""Seconds in which a worker process has to open the store."""
_END = 5.0
_ENDED = (None, 0, -signal.SIGTERM, -9)
"""Exit statuses of a worker that did not fall over its query: it goes on, left by itself, or was killed, be it by the system."""
_AGAIN = 1.0
"""Seconds before a worker process that did not start is started again."""


class WorkersError(KgError):
    """No worker process could be started. Fields: why."""

    code = "serve.workers"


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection

    def end(self) -> None:
        """Stop it, whatever it is doing."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Pool:
    """A fixed number of worker processes, and a bounded number of queries that wait for one.

    One thread waits on the pipe of each busy worker, which works on every system, unlike watching pipes in the event loop.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._folder = folder.absolute()
        self._settings = settings
        self._threads = ThreadPoolExecutor(2 * settings.workers + 1, thread_name_prefix="kg-serve")
        self._all: list[_Worker] = []
        self._turns: Turns[_Worker] = Turns(settings.workers, settings.queue)
        self._running = 0
        self._lang = language()
        self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the processes and wait until each has opened the store.

        Raises:
            WorkersError: one could not.
        """
        loop = asyncio.get_running_loop()
        starts = [loop.run_in_executor(self._threads, self._started) for _ in range(self._settings.workers)]
        for worker in await asyncio.gather(*starts):
            self._turns.put(worker)

    async def stop(self, grace: float = 0.0) -> None:
        """Take no more jobs, and end every process once it is done or ``grace`` seconds are over; nothing of the pool remains."""
        self._closing = True
        end = time.monotonic() + grace
        while self._running and time.monotonic() < end:
            await asyncio.sleep(0.02)
        for task in tuple(self._tasks):
            task.cancel()
        for worker in tuple(self._all):
            worker.process.kill()
        # Threads that wait for an answer see their pipe end now.
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in tuple(self._all):
            worker.end()

    async def run(self, job: Job, client: str = "") -> Reply:
        """The reply to a job; a reply other than 200 becomes the problem it names.

        If the task is cancelled, the query is stopped.

        Args:
            job: what is asked.
            client: who asks; clients are served in turn, and none has all processes at once where there are several.

        Raises:
            Problem: 503 too many wait or the server stops, 504 the query ran past its limit, 422 it brought its process down, 500 somebody
                else ended that process, or what the worker refused.
        """
        # All may have died of something else before the job reaches them, as where memory runs out; the next is a fresh one.
        for _ in range(self._settings.workers + 1):
            worker, reply = await self._asked(job, client)
            if isinstance(reply, Reply):
                self._turns.put(worker)  # one that goes now, after a long query, is noticed when it is next taken
                if reply.status != 200:
                    raise Problem(reply.status, reply.what, *reply.fields)
                return reply
            if self._closing:
                raise Problem(503, "stopping")
            self._replace(worker)
            if reply == "late":
                raise Problem(504, "timeout", f"{job.seconds:g}")
            if reply == "broken":
                raise Problem(422, "worker-lost")
            if reply == "lost":
                break
        raise Problem(500, "worker-ended")

    async def _asked(self, job: Job, client: str) -> tuple[_Worker, Reply | str]:
        worker = await self._free(client)
        self._running += 1
        try:
            return worker, await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._threads, _ask, worker, job))
        except asyncio.CancelledError:
            self._replace(worker)
            raise
        finally:
            self._running -= 1
            self._turns.leave(client)

    async def _free(self, client: str) -> _Worker:
        if self._closing:
            raise Problem(503, "stopping")
        try:
            async with asyncio.timeout(self._settings.timeout):
                while True:
                    worker = await self._turns.take(client)
                    if worker.process.is_alive():
                        return worker
                    self._turns.leave(client)
                    self._replace(worker)
        except (TimeoutError, CrowdedError):
            raise self._busy() from None

    def _busy(self) -> Problem:
        return Problem(503, "busy", headers={"Retry-After": str(max(1, round(self._settings.timeout / 2)))})

    def _replace(self, worker: _Worker) -> None:
        if self._closing:
            return
        task = asyncio.get_running_loop().create_task(self._replaced(worker))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _replaced(self, worker: _Worker) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, self._ended, worker)
        while not self._closing:
            try:
                self._turns.put(await loop.run_in_executor(self._threads, self._started))
                return
            except KgError as error:
                log.error("%s", error)
                await asyncio.sleep(_AGAIN)

    def _ended(self, worker: _Worker) -> None:
        worker.end()
        self._all.remove(worker)
        log.warning("%s", say("serve.worker-replaced", worker.process.pid, worker.process.exitcode, lang=self._lang))

    def _started(self) -> _Worker:
        if self._closing:
            raise WorkersError("stop")
        # A fresh interpreter: forking a process that has threads and an open event loop is not safe.
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve_jobs, args=(theirs, self._folder, self._settings.memory), daemon=True, name="kg-worker")
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._all.append(worker)
        try:
            failure = ours.recv() if ours.poll(_START) else "timeout"
        except (EOFError, OSError):
            failure = "exit"
        if failure is not None:
            worker.end()
            self._all.remove(worker)
            raise WorkersError(failure)
        return worker


def _ask(worker: _Worker, job: Job) -> Reply | str:
    # Words are no replies: the worker is of no more use. "gone": it had died before the job reached it, which is not the job's fault.
    reached = False
    try:
        worker.pipe.send(job)
        if not worker.pipe.poll(_START):
            return "gone"
        worker.pipe.recv()
        reached = True
        if not worker.pipe.poll(job.seconds):
            return "late"
        reply: Reply = worker.pipe.recv()
    except (EOFError, OSError):
        if not reached:
            return "gone"
        worker.process.join(_END)
        return "lost" if worker.process.exitcode in _ENDED else "broken"
    except TypeError:
        # Who asked went away and the worker was ended: its pipe was closed in the middle of waiting.
        if not worker.pipe.closed:
            raise
        return "gone"
    return reply
