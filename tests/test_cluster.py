"""Reading on a cluster: the same shards as on this machine, whichever worker is lost, and a clear word where it cannot be."""

from __future__ import annotations

import importlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from kg.building import cluster
from kg.building.cluster import ClusterEmptyError, ClusterUnreachableError, cluster_reader
from kg.building.cluster_worker import ClusterStorageError, ClusterVersionError, ClusterWorkerError, packed, read_on_worker
from kg.building.line import Knowledge
from kg.building.readers import read_all
from kg.building.shards import Outcome, Terms, Wanted
from kg.errors import ExtraError, WorkerError
from kg.reading.files import source_files
from tests.generator import generate, places
from tests.servers import free_port
from tests.test_cli import kg

from .conftest import ROOT

DECISION = """
[[decision]]
names = ["甲局"]
as = "市财政局"
"""
LEXICON = '[names.endings]\nwords = ["专班"]\n'
REGISTER = (ROOT / "kg" / "register" / "421000-jingzhou.toml").read_text(encoding="utf-8")


class Cluster:
    """A scheduler and workers on 127.0.0.1, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard", "--idle-timeout", "300s")

    def worker(self, *words: str, path: Path = ROOT) -> subprocess.Popen[bytes]:
        """Start a worker of one thread that imports ``kg`` from ``path``."""
        named = (
            "--nthreads",
            "1",
            "--host",
            "127.0.0.1",
            "--no-dashboard",
            "--local-directory",
            str(self.folder),
            "--memory-limit",
            "0",
            "--death-timeout",
            "60s",
        )
        return self._start("worker", self.address, *named, *(words or ("--no-nanny",)), path=path)

    def _start(self, *words: str, path: Path = ROOT) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONPATH": str(path), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1", "PYTHONUTF8": "1"}
        with (self.folder / f"log-{len(self.processes)}").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *words], cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self.processes.append(process)
        return process

    def wait_for(self, workers: int) -> None:
        """Wait until so many workers are there."""
        from distributed import Client

        with Client(self.address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=90)

    def stop(self) -> None:
        """End all of them, and what they started."""
        for process in self.processes:
            with_children(process)


def with_children(process: subprocess.Popen[bytes]) -> None:
    """Kill a process with the group that it leads."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def some_cluster(folder: Path) -> Iterator[Cluster]:
    folder.mkdir(parents=True, exist_ok=True)
    made = Cluster(folder)
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers."""
    with some_cluster(tmp_path_factory.mktemp("cluster")) as made:
        made.worker()
        made.worker()
        made.wait_for(2)
        yield made


@pytest.fixture(scope="module")
def notices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small notices of many places and layouts, one twice, one empty, one that is none, one cut-off Word file."""
    folder = tmp_path_factory.mktemp("文 件")
    for notice in generate(places(24, [2024], seed=8), [2024], seed=8, tasks=6):
        place = folder / notice.answers.place
        place.mkdir(exist_ok=True)
        (place / notice.name).write_bytes(notice.content)
    first = min(path for path in folder.rglob("*.txt"))
    (folder / "zz-again.txt").write_bytes(first.read_bytes())
    (folder / "empty.txt").write_bytes(b"  ")
    (folder / "letter.txt").write_text("各位同事：今天放假。", encoding="utf-8")
    (folder / "cut.docx").write_bytes(b"PK\x03\x04 cut off")
    return folder


def wanted_in(folder: Path) -> list[Wanted]:
    return [Wanted(file) for file in source_files([folder])]


def written(outcome: Outcome) -> tuple[object, ...]:
    """What an outcome says, and the bytes of its shards."""
    shards = [(replace(shard, path=Path(shard.path.name)), shard.path.read_bytes()) for shard in outcome.shards]
    return shards, [(failure.source, type(failure.error), str(failure.error)) for failure in outcome.failures]


@pytest.fixture(scope="module")
def local(notices: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    return written(read_all(wanted_in(notices), Terms(), tmp_path_factory.mktemp("local")))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two files, so that there are many."""
    monkeypatch.setattr(cluster, "BATCH", 2)


def folder_of(tmp_path: Path, name: str = "shards") -> Path:
    (tmp_path / name).mkdir()
    return tmp_path / name


@pytest.mark.usefixtures("small")
def test_a_cluster_reads_what_this_machine_reads(two: Cluster, notices: Path, local: tuple[object, ...], tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with cluster_reader(two.address) as reader:
        outcome = reader(wanted_in(notices), Terms(), folder_of(tmp_path), 1, lambda _what, done, all_of: told.append((done, all_of)))
    assert written(outcome) == local
    assert len(outcome.shards) >= 25 and len(outcome.failures) == 3
    assert told[-1] == (len(wanted_in(notices)) - 1, len(wanted_in(notices))) and told == sorted(told)


def test_workers_are_sent_the_tables_of_the_user(two: Cluster, notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("r.toml", REGISTER), ("l.toml", LEXICON)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    terms = Terms(Knowledge((Path("r.toml"),), (Path("l.toml"),)), persons=True, lang="en")
    wanted = wanted_in(notices)[:6]
    here = written(read_all(wanted, terms, folder_of(tmp_path, "here")))
    with cluster_reader(two.address) as reader:
        assert written(reader(wanted, terms, folder_of(tmp_path, "there"))) == here
    assert here != written(read_all(wanted, Terms(), folder_of(tmp_path, "plain")))


@pytest.mark.usefixtures("small")
def test_few_batches_are_given_out_at_once(
    two: Cluster, notices: Path, local: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished, most = cluster._finished, 0

    def counted(client: object, address: str, waiting: dict[object, object]) -> list[object]:
        nonlocal most
        most = max(most, len(waiting))
        return finished(client, address, waiting)

    monkeypatch.setattr(cluster, "_finished", counted)
    with cluster_reader(two.address) as reader:
        assert written(reader(wanted_in(notices), Terms(), folder_of(tmp_path))) == local
    assert most == 2 * cluster.AHEAD


def test_a_batch_is_of_bounded_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "BATCH_BYTES", 100)
    sizes = [10, 20, 300, 60, 50, 40, 1]
    for number, size in enumerate(sizes):
        (tmp_path / f"{number}.txt").write_bytes(b"x" * size)
    wanted = [Wanted(file) for file in source_files([tmp_path])]
    outcomes: dict[int, object] = {}
    batches = list(cluster._batches(wanted, "digest", None, folder_of(tmp_path), outcomes))  # type: ignore[arg-type]  # stays empty
    assert [batch.places for batch in batches] == [(0, 1), (2,), (3,), (4, 5, 6)]
    assert [sum(map(len, batch.contents.values())) for batch in batches] == [30, 300, 60, 91]
    assert outcomes == {}


# Lost workers


@pytest.mark.usefixtures("small")
def test_a_worker_killed_in_the_middle_changes_nothing(notices: Path, local: tuple[object, ...], tmp_path: Path) -> None:
    with some_cluster(tmp_path / "cluster") as made:
        doomed = made.worker()
        made.worker()
        made.wait_for(2)
        told: list[int] = []

        def kill_at_first(_what: str, done: int, _all_of: int) -> None:
            if not told:
                doomed.send_signal(signal.SIGKILL)
            told.append(done)

        with cluster_reader(made.address) as reader:
            outcome = reader(wanted_in(notices), Terms(), folder_of(tmp_path), 1, kill_at_first)
        assert doomed.wait() == -signal.SIGKILL
        assert told[0] < len(wanted_in(notices)) // 2, "there was work left"
        assert written(outcome) == local


@pytest.mark.usefixtures("small")
def test_a_cluster_that_loses_all_its_workers_waits_for_new_ones_and_sends_them_the_tables(notices: Path, tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(REGISTER, encoding="utf-8")
    terms = Terms(Knowledge((tmp_path / "r.toml",)))
    local = written(read_all(wanted_in(notices), terms, folder_of(tmp_path, "here")))
    with some_cluster(tmp_path / "cluster") as made:
        doomed = made.worker()
        made.wait_for(1)
        told: list[int] = []

        def kill_at_first(_what: str, done: int, _all_of: int) -> None:
            if not told:
                doomed.send_signal(signal.SIGKILL)
                made.worker()
            told.append(done)

        with cluster_reader(made.address) as reader:
            assert written(reader(wanted_in(notices), terms, folder_of(tmp_path), 1, kill_at_first)) == local


POISON = """
import os
from kg.building import cluster_worker
reading = getattr(cluster_worker, "reading", cluster_worker.read_shards)
def poisoned(wanted, terms, folder, content):
    if any("poison" in one.file.name for one in wanted):
        os._exit(7)
    if any("fault" in one.file.name for one in wanted):
        return poisoned(wanted, terms, folder, content)
    return reading(wanted, terms, folder, content)
cluster_worker.reading, cluster_worker.read_shards = reading, poisoned
"""
"""Loaded by a worker, twice by some: files of such names end its process, or send it round in circles."""


def test_a_file_that_ends_every_worker_is_told_and_the_rest_is_read(notices: Path, tmp_path: Path) -> None:
    # With tables, which each new worker asks for.
    (tmp_path / "r.toml").write_text(REGISTER, encoding="utf-8")
    terms = Terms(Knowledge((tmp_path / "r.toml",)))
    folder = tmp_path / "notices"
    folder.mkdir()
    for path in sorted(notices.rglob("*.txt"))[:4]:
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "poison.txt").write_bytes(min(folder.iterdir()).read_bytes())
    (tmp_path / "poison.py").write_text(POISON, encoding="utf-8")
    with some_cluster(tmp_path / "cluster") as made:
        made.worker("--nanny", "--preload", str(tmp_path / "poison.py"))
        made.wait_for(1)
        with cluster_reader(made.address) as reader:
            outcome = reader(wanted_in(folder), terms, folder_of(tmp_path))
            (folder / "fault.txt").write_bytes(min(folder.iterdir()).read_bytes())
            with pytest.raises(ClusterWorkerError, match="RecursionError"):
                reader(wanted_in(folder), terms, folder_of(tmp_path, "fault"))
            (folder / "fault.txt").unlink()
    (failure,) = outcome.failures
    assert isinstance(failure.error, WorkerError) and failure.source.endswith("poison.txt")
    assert len(outcome.shards) == len(wanted_in(folder)) - 1


@pytest.mark.usefixtures("small")
def test_a_scheduler_that_goes_away_is_told_and_what_was_read_stays(
    two: Cluster, notices: Path, local: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 3.0)
    monkeypatch.setattr(cluster, "CONNECT", 5.0)  # for so long it is tried to reach it again
    folder = folder_of(tmp_path)
    with some_cluster(tmp_path / "cluster") as made:
        made.worker()
        made.wait_for(1)

        def kill_at_third(_what: str, done: int, _all_of: int) -> None:
            if done >= 6:
                made.stop()

        with pytest.raises((ClusterUnreachableError, ClusterEmptyError)), cluster_reader(made.address) as reader:
            reader(wanted_in(notices), Terms(), folder, 1, kill_at_third)
    left = len(list(folder.glob("*.shard")))
    assert 0 < left < 25
    times = {path: path.stat().st_mtime_ns for path in folder.glob("*.shard")}
    with cluster_reader(two.address) as reader:
        assert written(reader(wanted_in(notices), Terms(), folder)) == local
    assert {path: path.stat().st_mtime_ns for path in times} == times, "what was read before is not read again"


def test_batches_that_were_cancelled_tell_of_a_scheduler_that_went_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def cancelled(*_futures: object, **_how: object) -> object:
        raise CancelledError("scheduler-connection-lost")

    monkeypatch.setattr("distributed.wait", cancelled)
    with pytest.raises(ClusterUnreachableError, match="closed"):
        cluster._finished(SimpleNamespace(status="closed"), "tcp://127.0.0.1:9", {})  # type: ignore[arg-type]  # as much of it as is asked


# What workers must have


def other_program(folder: Path) -> Path:
    """The same program with one word more in its lexicon."""
    shutil.copytree(ROOT / "kg", folder / "kg", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "ontology", folder / "ontology")
    table = folder / "kg" / "lexicon" / "names.toml"
    table.write_text(table.read_text(encoding="utf-8") + "\n# another version\n", encoding="utf-8")
    return folder


def no_program(folder: Path) -> Path:
    (folder / "kg").mkdir()
    (folder / "kg" / "__init__.py").write_text("raise ImportError('no govresp here')\n", encoding="utf-8")
    return folder


UNFIT = [
    pytest.param(other_program, ClusterVersionError, "tcp://127", id="another version"),
    pytest.param(no_program, ClusterWorkerError, "govresp", id="not installed"),
]


@pytest.mark.parametrize(("make", "error", "said"), UNFIT)
def test_a_worker_that_would_read_otherwise_is_told_before_anything_is_read(make, error, said: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "program").mkdir()
    with some_cluster(tmp_path / "cluster") as made:
        made.worker()
        made.worker(path=make(tmp_path / "program"))
        made.wait_for(2)
        with pytest.raises(error, match=said), cluster_reader(made.address):
            pytest.fail("it was let in")


def test_a_worker_of_another_version_that_comes_later_is_told_by_its_batch() -> None:
    pack = replace(packed(Terms(), None), digest="another")
    with pytest.raises(ClusterVersionError):
        read_on_worker(pack, [], {})


def test_a_cluster_without_workers_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with some_cluster(tmp_path / "cluster") as made, pytest.raises(ClusterEmptyError, match="dask worker"), cluster_reader(made.address):
        pytest.fail("there is nobody")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "127.0.0.1", "foo bar", "http//x", "", "tcp://127.0.0.1:99999999"])
def test_an_address_where_no_scheduler_is_is_told_so(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT", 1.0)
    with pytest.raises(ClusterUnreachableError), cluster_reader(address.format(port=free_port())):
        pytest.fail("there is nobody")


def test_a_missing_extra_is_one_line_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExtraError, match=r"govresp\[cluster\]"), cluster_reader("tcp://127.0.0.1:9"):
        pytest.fail("it is not installed")


# Storage that is shared


@pytest.mark.usefixtures("small")
def test_shards_on_shared_storage_are_the_same_and_are_not_read_twice(
    two: Cluster, notices: Path, local: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "共 享"
    with cluster_reader(two.address, f"file://{place.as_posix()}") as reader:
        assert written(reader(wanted_in(notices), Terms(), folder_of(tmp_path, "one"))) == local
        names = sorted(path.name for path in place.iterdir())
        assert names == sorted(path.name for path in (tmp_path / "one").iterdir()), "nothing half is left"
        (place / names[0]).write_bytes(b"damaged")
        given: list[tuple[int, ...]] = []
        received = cluster._received
        monkeypatch.setattr(cluster, "_received", lambda back, batch, *rest: (given.append(batch.places), received(back, batch, *rest))[1])
        assert written(reader(wanted_in(notices), Terms(), folder_of(tmp_path, "other"))) == local
    assert sum(map(len, given)) <= 4, "the damaged one, and those that cannot be read"


PLACES = [
    pytest.param("memory://shards", "--shards", id="a memory of their own"),
    pytest.param("file:///proc/none", "/proc", id="not to be written to"),
]


@pytest.mark.parametrize(("place", "said"), PLACES)
def test_a_place_that_is_not_shared_is_told_so(two: Cluster, notices: Path, tmp_path: Path, place: str, said: str) -> None:
    with cluster_reader(two.address, place) as reader, pytest.raises(ClusterStorageError, match=said):
        reader(wanted_in(notices)[:4], Terms(), folder_of(tmp_path))


@pytest.mark.parametrize("place", ["gopher://x/y", "s3://bucket/x"])
def test_a_place_of_a_kind_that_is_not_known_is_told_at_once(place: str) -> None:
    if place.startswith("s3") and importlib.util.find_spec("s3fs"):
        pytest.skip("s3fs is installed")
    with pytest.raises(ClusterStorageError), cluster_reader("tcp://127.0.0.1:9", place):
        pytest.fail("nobody knows it")


# The command


def test_the_command_builds_on_a_cluster_what_it_builds_here(two: Cluster, notices: Path, tmp_path: Path) -> None:
    folder, here, there = tmp_path / "notices", tmp_path / "here", tmp_path / "there"
    folder.mkdir()
    for path in [*sorted(notices.rglob("*.txt"))[:2], notices / "letter.txt"]:
        (folder / path.name).write_bytes(path.read_bytes())
    done = kg("build", folder, "-o", there, "--cluster", two.address, KG_LANG="en")
    assert done.returncode == 2 and "letter.txt" in done.stderr and "Traceback" not in done.stderr, done.stderr
    again = kg("build", folder, "-o", here, "--jobs", "1", KG_LANG="en")
    assert again.returncode == 2
    for name in ("graph.ttl", "report.html", "report.md", "page.html", "notices.jsonl", "failures.csv"):
        assert (here / name).read_bytes() == (there / name).read_bytes(), name
    assert [path.name for path in (here / "versions").iterdir()] == [path.name for path in (there / "versions").iterdir()]


USAGE = [
    pytest.param(["--shards", "file:///x"], "--cluster", id="a place and no cluster"),
    pytest.param(["--cluster", "tcp://127.0.0.1:9", "--jobs", "2"], "--jobs", id="processes and a cluster"),
]


@pytest.mark.parametrize(("words", "said"), USAGE)
def test_options_that_do_not_go_together_are_told_so(notices: Path, tmp_path: Path, words: list[str], said: str) -> None:
    done = kg("build", notices, "-o", tmp_path / "out", *words, KG_LANG="en")
    assert done.returncode == 2 and said in done.stderr and not (tmp_path / "out").exists()


def test_help_and_a_build_without_a_cluster_load_no_dask() -> None:
    code = "import sys; from kg.console import run; from kg.cli import cli; run(cli, ['build', '--help']); import kg.building.whole; print('distributed' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60, cwd=ROOT)
    assert done.stdout.endswith("False\n")


# Endurance


@pytest.mark.soak
@pytest.mark.usefixtures("small")
def test_workers_killed_at_random_moments_change_nothing(notices: Path, local: tuple[object, ...], tmp_path: Path) -> None:
    chance = random.Random(8)
    with some_cluster(tmp_path / "cluster") as made:
        workers = [made.worker(), made.worker()]
        made.wait_for(2)
        for turn in range(20):
            over = threading.Event()

            def kill(over: threading.Event = over) -> None:
                while not over.wait(chance.uniform(0.2, 3)):
                    workers.pop(0).send_signal(signal.SIGKILL)
                    workers.append(made.worker())
                    time.sleep(4)

            killer = threading.Thread(target=kill)
            killer.start()
            try:
                with cluster_reader(made.address) as reader:
                    assert written(reader(wanted_in(notices), Terms(), folder_of(tmp_path, f"turn-{turn}"))) == local
            finally:
                over.set()
                killer.join()
