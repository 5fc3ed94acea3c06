"""Whatever happens while a graph is built: the last good output opens, and the next build ends as if nothing had happened."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg.building import whole
from kg.building.health import last_good
from kg.building.output import sole_writer
from kg.details import read_records
from kg.errors import GraphError, OutputBusyError, OutputError, OutputForeignError, StoreVersionError
from kg.graph.store import open_store
from kg.messages.foreign import spoken
from kg.model import BUILD_FORMAT
from kg.versions import current, set_aside

from . import builds
from .builds import build, command, folder_of, shown, text_of, triples_in, without_pages
from .conftest import ROOT, SEED

TEXTS = {"a.txt": text_of(0, 2020), "b.txt": text_of(1, 2021)}
OTHER = {**TEXTS, "c.txt": text_of(2, 2022)}


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two small notices; builds make no pages."""
    without_pages(monkeypatch)
    return folder_of(tmp_path / "s", TEXTS)


# Other people's folders, and older builds.


def test_other_peoples_folders_are_left_alone(tmp_path: Path, sources: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    for place in (tmp_path / "mine", tmp_path / "mine" / "letter.txt"):
        with pytest.raises(OutputForeignError):
            build(sources, place)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]
    (tmp_path / "empty").mkdir()
    build(sources, tmp_path / "empty")
    (tmp_path / "empty" / "my report.html").write_text("mine", encoding="utf-8")
    folder_of(sources, OTHER)
    build(sources, tmp_path / "empty")
    assert (tmp_path / "empty" / "my report.html").read_text(encoding="utf-8") == "mine", "what people put beside it stays"


def test_a_build_of_an_earlier_format_is_refused_by_readers_and_built_anew(tmp_path: Path, sources: Path) -> None:
    out = tmp_path / "out"
    (out / "store").mkdir(parents=True)
    (out / "store" / "CURRENT").write_text("x", encoding="utf-8")
    (out / "report.html").write_text("old", encoding="utf-8")
    (out / "manifest.json").write_text(json.dumps({"format": BUILD_FORMAT - 1, "notices": []}), encoding="utf-8")
    for reader in (kg.open, lambda path: kg.load(path).ties, read_records):
        with pytest.raises(StoreVersionError):
            reader(out)
    assert build(sources, out).anew == "format"
    assert len(open_store(out)) == len(open_store(out / "store")) > 0
    assert not (out / "report.html").exists(), "what the old one showed is gone"


# Damage.

DAMAGE: list[pytest.param] = [
    pytest.param(lambda out: (current(out) / "ties.sqlite").write_bytes(b"SQLite"), id="ties-cut-off"),
    pytest.param(lambda out: (current(out) / "parts.sqlite").unlink(), id="parts-gone"),
    pytest.param(lambda out: flip(next((current(out) / "store").glob("*.sst"))), id="a-bit-of-the-store"),
    pytest.param(lambda out: (current(out) / "store" / "CURRENT").write_text("x", encoding="utf-8"), id="store-misled"),
    pytest.param(lambda out: shutil.rmtree(current(out) / "store"), id="store-gone"),
    pytest.param(lambda out: next((current(out) / "texts").iterdir()).write_text("x", encoding="utf-8"), id="text-edited"),
    pytest.param(lambda out: (current(out) / "notices.jsonl").write_text("", encoding="utf-8"), id="records-emptied"),
    pytest.param(lambda out: (current(out) / "manifest.json").write_text("{", encoding="utf-8"), id="manifest-of-the-version"),
    pytest.param(lambda out: (out / "manifest.json").write_text("[]", encoding="utf-8"), id="manifest"),
    pytest.param(lambda out: shutil.rmtree(current(out)), id="version-gone"),
    pytest.param(lambda out: point_to(out, "../../elsewhere"), id="pointer-outside"),
]


def flip(path: Path) -> None:
    """Turn one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def point_to(out: Path, name: str) -> None:
    """Let the manifest name another version."""
    (out / "manifest.json").write_text(json.dumps({"format": BUILD_FORMAT, "current": name}), encoding="utf-8")


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_is_told_and_built_anew(tmp_path: Path, sources: Path, damage: Callable[[Path], object]) -> None:
    out = tmp_path / "out"
    build(sources, out)
    before = shown(out)
    damage(out)
    again = build(sources, out)
    assert (again.anew, again.read) == ("damaged", 2)
    assert shown(out) == before
    assert last_good(out)[0] is not None


def test_the_command_says_that_it_was_damaged(tmp_path: Path, sources: Path) -> None:
    build(sources, tmp_path / "out")
    (current(tmp_path / "out") / "ties.sqlite").write_bytes(b"")
    done = builds.kg("build", sources, "-o", tmp_path / "out", "--lang", "en")
    assert done.returncode == 0
    assert "damaged" in done.stderr


def test_half_a_shard_is_read_again(tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    build(sources, tmp_path / "whole")
    with monkeypatch.context() as patch:
        patch.setattr(whole, "_version", failing(OSError(errno.ENOSPC, "No space left on device")))
        with pytest.raises(OutputError):
            build(sources, out)
    shards = sorted((out / ".shards").glob("*.shard"))
    assert len(shards) == 2
    flip(shards[0])
    resumed = build(sources, out)
    assert (resumed.read, resumed.known) == (1, 1)
    assert shown(out) == shown(tmp_path / "whole")
    assert not (out / ".shards").exists()


# A full disk, a forbidden place.


def failing(error: OSError) -> Callable[..., object]:
    """A function that fails whatever it is given."""

    def fail(*_args: object, **_named: object) -> object:
        raise error

    return fail


STEPS = [
    pytest.param("kg.building.shards._write_shard", id="while-reading"),
    pytest.param("kg.building.filling.load_store", id="while-loading"),
    pytest.param("kg.building.filling.member_of", id="in-the-middle-of-loading"),
    pytest.param("kg.building.finishing.sums_of", id="while-finishing"),
    pytest.param("kg.building.output.os.fdopen", id="while-the-pointer-moves"),
]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fresh", [True, False], ids=["first", "over-a-good-one"])
def test_a_full_disk_is_one_clear_error_and_the_last_good_output_stays(
    tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch, step: str, fresh: bool
) -> None:
    out = tmp_path / "out"
    if not fresh:
        build(sources, out)
        before = shown(out)
        folder_of(sources, {name: text + "附：说明。\n" for name, text in TEXTS.items()})
    with monkeypatch.context() as patch:
        patch.setattr(step, failing(OSError(errno.ENOSPC, "No space left on device")))
        with pytest.raises(OutputError, match=spoken("No space left on device")):
            build(sources, out)
    if fresh:
        with pytest.raises(GraphError):
            open_store(out)
    else:
        assert shown(out) == before
    build(sources, out)
    build(sources, tmp_path / "undisturbed")
    assert shown(out) == shown(tmp_path / "undisturbed")


@pytest.mark.skipif(sys.platform != "linux", reason="limits of a process are set as Linux does")
def test_a_limit_on_the_size_of_files_is_one_clear_error(tmp_path: Path, sources: Path) -> None:
    code = "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    code += "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
    code += "from kg.console import run; from kg.cli import cli; sys.exit(run(cli, sys.argv[1:]))"
    words = [sys.executable, "-c", code, "build", str(SEED), "-o", str(tmp_path / "out"), "--lang", "en"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2, done.stderr
    assert "out" in done.stderr and "Traceback" not in done.stderr, done.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_forbidden_place_is_one_clear_error(tmp_path: Path, sources: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(OutputError):
        build(sources, tmp_path / "locked" / "out")


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS], ids=["forbidden", "read-only"])
def test_a_target_that_cannot_be_written_to_is_one_clear_error(
    tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    build(sources, tmp_path / "out")
    before = shown(tmp_path / "out")
    monkeypatch.setattr("kg.building.output.Path.mkdir", failing(OSError(code, os.strerror(code))))
    with pytest.raises(OutputError, match=spoken(os.strerror(code))):
        build(sources, tmp_path / "out")
    monkeypatch.undo()
    assert shown(tmp_path / "out") == before


def test_a_disk_without_second_names_and_links_gets_copies(tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(sources, tmp_path / "usual")
    monkeypatch.setattr(Path, "hardlink_to", failing(OSError(errno.EPERM, "no")))
    monkeypatch.setattr(Path, "symlink_to", failing(OSError(errno.EPERM, "no")))
    build(sources, tmp_path / "out")
    folder_of(sources, OTHER)
    build(sources, tmp_path / "out")
    assert not (tmp_path / "out" / "store").exists()
    assert (tmp_path / "out" / "notices.jsonl").read_bytes() == (current(tmp_path / "out") / "notices.jsonl").read_bytes()
    monkeypatch.undo()
    assert triples_in(tmp_path / "out") == builds.expected(sources)[0]


# Two at once.


def test_of_two_writers_one_fails_clearly_or_waits(tmp_path: Path, sources: Path) -> None:
    out = tmp_path / "out"
    with sole_writer(out):
        done = builds.kg("build", sources, "-o", out, "--lang", "en")
        assert done.returncode == 2
        assert "another program is writing" in done.stderr and str(out) in done.stderr
        with pytest.raises(OutputBusyError):
            build(sources, out)
        waiting = subprocess.Popen(command("build", sources, "-o", out, "-q", "--wait"), cwd=ROOT)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(3)
    assert waiting.wait(120) == 0
    assert len(open_store(out)) > 0


def test_readers_never_see_a_half_written_graph(tmp_path: Path, sources: Path) -> None:
    out = tmp_path / "out"
    states = [TEXTS, OTHER, {"a.txt": TEXTS["a.txt"], "c.txt": OTHER["c.txt"]}]
    whole = []
    for state in states:
        build(folder_of(sources, state), tmp_path / "alone")
        whole.append(
            (len(open_store(tmp_path / "alone")), len(kg.load(tmp_path / "alone").ties.ties), len(read_records(tmp_path / "alone")))
        )
    build(folder_of(sources, states[0]), out)
    code = """
import json, sys, kg
from pathlib import Path
from kg.details import read_records
out, seen = Path(sys.argv[1]), set()
while not (out.parent / "stop").exists():
    graph = kg.load(out)
    seen.add((len(graph.store), len(graph.ties.ties), len(read_records(graph.version))))
print(json.dumps(sorted(seen)))
"""
    reader = subprocess.Popen([sys.executable, "-c", code, str(out)], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8")
    try:
        for turn in range(1, 10):
            build(folder_of(sources, states[turn % len(states)]), out)
    finally:
        (tmp_path / "stop").touch()
        printed, _ = reader.communicate(timeout=120)
    assert reader.returncode == 0
    seen = {tuple(row) for row in json.loads(printed)}
    assert seen <= set(whole)
    assert len(seen) > 1, "it read while versions changed"


def test_a_version_that_is_read_stays_until_nobody_reads_it(tmp_path: Path, sources: Path) -> None:
    out = tmp_path / "out"
    build(sources, out)
    code = (
        "import sys, kg; g = kg.load(sys.argv[1]); g.store; print(g.version, flush=True); input(); print(len(g.ties.notices), len(g.store))"
    )
    words = [sys.executable, "-c", code, str(out)]
    reader = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    assert reader.stdout is not None
    version = Path(reader.stdout.readline().strip())
    build(folder_of(sources, OTHER), out)
    assert version.is_dir() and current(out) != version
    printed, _ = reader.communicate("\n", timeout=60)
    assert (reader.returncode, printed.split()[0]) == (0, "2"), "what it opened is what it asks"
    build(folder_of(sources, {**OTHER, "d.txt": text_of(3, 2023)}), out)
    assert not version.exists()


def test_a_version_is_not_set_aside_while_this_process_holds_it(tmp_path: Path, sources: Path) -> None:
    build(sources, tmp_path / "out")
    version = current(tmp_path / "out")
    if sys.platform == "linux":
        assert set_aside(version) is None
    assert version.is_dir()


# Killed.


def test_a_worker_that_is_killed_by_a_file_is_one_bad_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    # A worker imports this before anything else: the file with such a name ends it, as a fault in a library would.
    (tmp_path / "sitecustomize.py").write_text(
        "import pathlib, os\n"
        "read = pathlib.Path.read_bytes\n"
        "def read_bytes(self):\n"
        "    import multiprocessing\n"
        "    if self.name == 'deadly.txt' and multiprocessing.parent_process():\n"
        "        os._exit(9)\n"
        "    return read(self)\n"
        "pathlib.Path.read_bytes = read_bytes\n",
        encoding="utf-8",
    )
    sources = folder_of(tmp_path / "s", {**{f"{at}.txt": text_of(at, 2020 + at) for at in range(4)}, "deadly.txt": text_of(1, 2019)})
    done = builds.kg("build", sources, "-o", tmp_path / "out", "--jobs", "2", "--lang", "en")
    assert done.returncode == 2
    assert "deadly.txt: the process that read this file ended unexpectedly" in done.stderr
    assert len(kg.load(tmp_path / "out").ties.notices) == 4


def test_a_script_that_does_not_guard_its_main_part_builds_in_one_process(tmp_path: Path) -> None:
    sources = folder_of(tmp_path / "s", {f"{at}.txt": text_of(at, 2020 + at) for at in range(3)})
    script = tmp_path / "mine.py"
    script.write_text(
        f"import kg\ngraph = kg.build({str(sources)!r}, {str(tmp_path / 'out')!r}, jobs=2)\nprint(len(graph.ties.notices))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout.split()[-1:]) == (0, ["3"]), done.stderr


KILLS = 50


@pytest.mark.soak
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is a matter of POSIX")
def test_fifty_kills_at_random_moments_leave_the_last_good_output_and_the_next_run_ends_alike(tmp_path: Path) -> None:
    import random
    import time

    chance = random.Random(8)
    states = [{f"{at}.txt": text_of(at, 2010 + at, tasks=6 + turn) for at in range(24)} for turn in range(2)]
    sources, out = folder_of(tmp_path / "s", states[0]), tmp_path / "out"
    words = command("build", sources, "-o", out, "-q", "--jobs", "2")
    wholes = []
    for turn, state in enumerate(states):
        folder_of(sources, state)
        assert builds.kg("build", sources, "-o", tmp_path / f"whole{turn}", "-q", "--jobs", "1").returncode == 0
        wholes.append(shown(tmp_path / f"whole{turn}"))
    folder_of(sources, states[0])
    start = time.monotonic()
    subprocess.run(words, cwd=ROOT, check=True)
    took = time.monotonic() - start
    good, killed, kill = 0, 0, -1
    while killed < KILLS:
        kill += 1
        assert kill < 5 * KILLS, f"{killed} kills fell inside a build"
        turn = 1 - good if kill % 2 == 0 else good
        folder_of(sources, states[turn])
        running = subprocess.Popen(words, cwd=ROOT, start_new_session=True)
        # A build of what changed takes about half as long as the first one.
        time.sleep(chance.uniform(0, took / 2))
        if running.poll() is None:
            os.kill(running.pid, signal.SIGKILL)
            killed += 1
        running.wait()
        found = shown_by_manifest(out)
        assert found in ([wholes[good][0], wholes[turn][0]]), f"kill {kill}"
        if kill % 5 == 4:
            subprocess.run(words, cwd=ROOT, check=True)
            assert shown(out) == wholes[turn], f"after kill {kill}"
        good = next(at for at, whole in enumerate(wholes) if whole[0] == triples_in(out))
    subprocess.run(words, cwd=ROOT, check=True)


def shown_by_manifest(out: Path) -> list[str]:
    """The triples that a reader finds; records and ties open too, and belong to them."""
    triples = triples_in(out)
    assert len(read_records(out)) == len(kg.load(out).ties.notices) == 24
    return triples
