"""What runs in a worker process: it opens the store once, read only, and answers one query after another.

A running query cannot be interrupted, and one that is nested without end can bring its process down; so neither may happen where
the server itself lives.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path

import pyoxigraph

from kg.errors import KgError
from kg.graph.iris import PREFIXES
from kg.graph.misread import fault_of
from kg.graph.notes import notes_on
from kg.graph.queries import query_of
from kg.graph.store import open_store
from kg.messages import say, use_language
from kg.serve.bounded import PastLimitError, graph_bytes, table_bytes, yes_bytes
from kg.serve.formats import GRAPHS, HTML, TABLES
from kg.serve.spoken import web_words

_STACK = 256 << 20
"""Bytes of stack: the engine's parser calls itself for every bracket. Only what is used is taken."""
_LOOK = 0.5
"""Seconds between two looks at the server and at the query."""
_LONG = 1.0
"""Seconds after which a query counts as long."""
_NICE = 10
_GRACE = 10.0
"""Seconds after its limit at which a query ends its own process, should nobody be left to do so."""


@dataclass(frozen=True, slots=True)
class Job:
    """A query and what may come of it. ``table`` and ``graph`` are the media types of rows and of triples that the client takes."""

    query: str
    """SPARQL; empty where a canned question is asked."""
    question: str
    parameters: tuple[tuple[str, str], ...]
    lang: str
    table: str | None
    graph: str | None
    rows: int
    shown: int
    size: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, or why there is none: then ``status`` is not 200 and ``fields`` fill the message ``error.serve.<what>``."""

    status: int
    media: str = ""
    body: bytes = b""
    what: str = ""
    fields: tuple[object, ...] = ()
    query: str = ""
    """The SPARQL that was run."""


def serve_jobs(pipe: Connection, folder: Path, memory: int) -> None:
    """Answer the jobs that come through the pipe until it is closed.

    The first thing sent back is None, or why the store did not open; then None for every job that arrives, and its reply.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pace = _Pace()
    threading.stack_size(_STACK)
    thread = threading.Thread(target=_work, args=(pipe, folder, memory, pace), daemon=True)
    thread.start()
    threading.stack_size(0)
    parent = parent_process()
    while thread.is_alive():
        # The server may be killed in the middle of a query: then nobody wants the answer.
        if parent is not None and wait([parent.sentinel], _LOOK):
            os._exit(0)
        pace.look(thread.native_id)


class _Pace:
    """A query that takes long makes way for short ones: its thread gets a lower priority, which cannot be taken back."""

    def __init__(self) -> None:
        self.since: float | None = None
        self.lowered = False

    def look(self, thread: int | None) -> None:
        """Lower the priority of a thread whose query has been running for long. Only Linux has priorities of threads."""
        since = self.since
        if sys.platform == "linux" and thread and since is not None and not self.lowered and time.monotonic() - since > _LONG:
            self.lowered = True
            os.setpriority(os.PRIO_PROCESS, thread, _NICE)


def _work(pipe: Connection, folder: Path, memory: int, pace: _Pace) -> None:
    try:
        source = _Source(folder)
    except KgError as error:
        pipe.send(str(error))
        return
    _bound_memory(memory)
    _silence()
    pipe.send(None)
    while True:
        try:
            job: Job = pipe.recv()
        except EOFError:
            return
        pipe.send(None)
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # a device, written by number
            faulthandler.dump_traceback_later(job.seconds + _GRACE, exit=True, file=nowhere)
            pace.since = time.monotonic()
            reply = _answered(source, job)
            pace.since = None
            faulthandler.cancel_dump_traceback_later()
        pipe.send(reply)
        if pace.lowered:
            # A fresh process takes over, at full priority.
            return


class _Source:
    """The store of a folder, opened again when the folder was built anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mark = mark_of(folder)
        self.store = open_store(folder)

    def renew(self) -> bool:
        """Open the store that is there now, if it is another; one that cannot be opened leaves the old one in use."""
        mark = mark_of(self._folder)
        if mark is None or mark == self._mark:
            return False
        try:
            self.store = open_store(self._folder)
        except KgError:
            return False
        self._mark = mark
        return True


def mark_of(folder: Path) -> tuple[int, int, int] | None:
    """What tells one build of a folder from the next; None while there is none."""
    try:
        found = (folder / "manifest.json").stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _bound_memory(memory: int) -> None:
    # Where the system knows no such limit (Windows, macOS), the limits of time and of the answer remain.
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    limit = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _silence() -> None:
    # What the engine says as it dies can hold pieces of the query.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _answered(source: _Source, job: Job) -> Reply:
    source.renew()
    try:
        return answered(source.store, job)
    except OSError as error:
        # The files of the old build are gone.
        if not source.renew():
            return Reply(500, what="engine", fields=(_flat(error),))
    try:
        return answered(source.store, job)
    except OSError as error:
        return Reply(500, what="engine", fields=(_flat(error),))


def answered(store: pyoxigraph.Store, job: Job) -> Reply:
    """The reply to one job.

    Raises:
        OSError: the store cannot be read.
    """
    use_language(job.lang)
    query = job.query
    try:
        query = query_of(store, job.question, dict(job.parameters)) if job.question else job.query
        # The one graph there is, whatever a FROM that was overlooked may say.
        result = store.query(query, prefixes=PREFIXES, default_graph=pyoxigraph.DefaultGraph(), named_graphs=[])
        return replace(_noted(store, job, _written(result, job)), query=query)
    except KgError as error:
        return Reply(400, what="said", fields=(web_words(error),))
    except PastLimitError as error:
        return Reply(422, what=f"too-many-{error.what}", fields=(error.limit,))
    except (SyntaxError, ValueError) as error:
        return _misspelt(query, error)
    except RuntimeError as error:
        return Reply(500, what="engine", fields=(_flat(error),))


def _misspelt(query: str, error: Exception) -> Reply:
    fault = fault_of(query, str(error))
    return (
        Reply(400, what="syntax", fields=(fault.line, fault.column, fault.text))
        if fault.line
        else Reply(400, what="query", fields=(fault.text,))
    )


def _written(result: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples, job: Job) -> Reply:
    if isinstance(result, pyoxigraph.QueryTriples):
        return _sent(job.graph, lambda media: graph_bytes(result, GRAPHS[media], job.rows, job.size), lambda: _graph_shown(result, job))
    if isinstance(result, pyoxigraph.QueryBoolean):
        return _sent(job.table, lambda media: yes_bytes(result, TABLES[media]), lambda: {"yes": bool(result)})
    return _sent(job.table, lambda media: table_bytes(result, TABLES[media], job.rows, job.size), lambda: _rows_shown(result, job))


def _noted(store: pyoxigraph.Store, job: Job, reply: Reply) -> Reply:
    # Notes are for people, and for queries of their own.
    if reply.media != HTML or job.question:
        return reply
    shown = json.loads(reply.body)
    rows = shown.get("rows", [])
    empty = not rows and not shown.get("yes") and not shown.get("triples")
    notes = notes_on(store, job.query, shown.get("columns", []), rows, empty=empty, terms=say("note.terms-page"))
    return replace(reply, body=json.dumps(shown | {"notes": notes}, ensure_ascii=False).encode("utf-8"))


def _sent(media: str | None, write: Callable[[str], bytes], show: Callable[[], dict[str, object]]) -> Reply:
    if media is None:
        return Reply(406, what="not-acceptable")
    if media == HTML:
        return Reply(200, HTML, json.dumps(show(), ensure_ascii=False).encode("utf-8"))
    return Reply(200, media, write(media))


def _rows_shown(solutions: pyoxigraph.QuerySolutions, job: Job) -> dict[str, object]:
    columns = [variable.value for variable in solutions.variables]
    rows: list[list[object]] = []
    size = 0
    for solution in solutions:
        row = [_cell(solution[at]) for at in range(len(columns))]
        size += sum(len(cell[1]) for cell in row if cell)
        if len(rows) == job.shown or size > job.size:
            return {"columns": columns, "rows": rows, "more": True}
        rows.append(list(row))
    return {"columns": columns, "rows": rows, "more": False}


def _cell(term: object) -> tuple[str, str, str] | None:
    # Kind, text, and the language or datatype that is worth saying.
    if term is None:
        return None
    if isinstance(term, pyoxigraph.NamedNode):
        return "iri", term.value, ""
    if isinstance(term, pyoxigraph.Literal):
        return "text", term.value, term.language or term.datatype.value
    return "other", str(term), ""


def _graph_shown(triples: pyoxigraph.QueryTriples, job: Job) -> dict[str, object]:
    kept: list[pyoxigraph.Triple] = []
    for triple in triples:
        if len(kept) == job.shown:
            break
        kept.append(triple)
    more = len(kept) == job.shown and next(iter(triples), None) is not None
    return {"turtle": graph_bytes(kept, "ttl", job.shown, job.size).decode("utf-8"), "triples": len(kept), "more": more}


def _flat(error: Exception) -> str:
    return " ".join(str(error).split())[:500]
