"""Many notices: the same result in one process or four, in any batches, and as all notices at once give it."""

from __future__ import annotations

import json
import pickle
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

import kg
from kg.building import finishing
from kg.building.company import Head
from kg.building.inventory import members_of
from kg.building.line import Tell
from kg.building.readers import read_all
from kg.building.shards import Outcome, Terms, Wanted, member_of, read_shards
from kg.building.whole import Built, Way
from kg.errors import BatchError, NotANoticeError
from kg.graph.parts import _unit_body, add_notice, create_parts, units_seen
from kg.graph.store import memory_store, open_store
from kg.model import Kind, Unit
from kg.progress import progress
from kg.reading.files import SourceFile
from kg.versions import current

from . import builds
from .builds import build, expected, folder_of, shown, text_of, texts_in, ties_in, triples_in, without_pages
from .generator import generate, places


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generated notices of six places in two years, in many layouts, and beside them copies and files that are none."""
    folder = tmp_path_factory.mktemp("国家")
    kept: list[bytes] = []
    for notice in generate(places(6, range(2020, 2022), 5), range(2020, 2022), 5, tasks=5):
        (folder / notice.name).write_bytes(notice.content)
        if notice.name.endswith(".txt"):
            kept.append(notice.content)
    (folder / "zz 副本.txt").write_bytes(kept[0].replace(b"\n", b"\r\n"))
    (folder / "aa 同号.txt").write_bytes(kept[-1] + "\n附：说明。\n".encode())
    (folder / "bad.txt").write_text("床前明月光", encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def alone(country: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Built]:
    """They are built in one process."""
    out = tmp_path_factory.mktemp("alone") / "out"
    with pytest.MonkeyPatch.context() as patch:
        without_pages(patch)
        return out, build(country, out)


def test_one_process_gives_what_all_notices_at_once_give(country: Path, alone: tuple[Path, Built]) -> None:
    out, built = alone
    triples, records, ties = expected(country)
    assert triples_in(out) == triples
    assert texts_in(out)["notices.jsonl"].decode("utf-8") == records
    assert ties_in(out) == ties
    assert {Path(failure.source).name for failure in built.failures} == {"bad.txt", "empty.txt"}
    assert len(built.copies) == 1
    assert built.figures.triples == len(triples)
    overview = kg.load(out).overview()
    assert (built.figures.notices, built.figures.tasks, built.figures.units) == (overview.notices, overview.tasks, overview.units)
    assert built.figures.unled == len(overview.without_lead)


@pytest.mark.parametrize(("jobs", "batch"), [(2, 1), (2, 16), (4, 3)])
def test_any_number_of_processes_and_any_batches_give_the_same(
    country: Path, alone: tuple[Path, Built], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, batch: int
) -> None:
    without_pages(monkeypatch)
    monkeypatch.setattr("kg.building.readers._BATCH", batch)
    monkeypatch.setattr("kg.building.filling._LINES", batch)
    (out, one), many = alone, build(country, tmp_path / "many", Way(jobs))
    assert shown(tmp_path / "many") == shown(out)
    assert many.folder.name == one.folder.name
    assert [str(failure.error) for failure in many.failures] == [str(failure.error) for failure in one.failures]


def test_the_order_in_which_readers_end_changes_nothing(
    country: Path, alone: tuple[Path, Built], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def backwards(wanted: Sequence[Wanted], terms: Terms, folder: Path, jobs: int, tell: Tell) -> Outcome:
        outcome = read_all(wanted[::-1], terms, folder, jobs, tell)
        return Outcome(outcome.shards, outcome.failures)

    without_pages(monkeypatch)
    build(country, tmp_path / "other", Way(reader=backwards))
    assert shown(tmp_path / "other") == shown(alone[0])


def test_what_a_worker_is_given_and_gives_back_is_small_and_can_be_pickled(country: Path, tmp_path: Path) -> None:
    files = [Wanted(SourceFile(path)) for path in sorted(country.iterdir())]
    outcome = read_shards(files, Terms(), tmp_path)
    assert pickle.loads(pickle.dumps((files, Terms()))) == (files, Terms())
    back = pickle.loads(pickle.dumps(outcome))
    assert back.shards == outcome.shards
    assert [str(failure.error) for failure in back.failures] == [str(failure.error) for failure in outcome.failures]
    assert len(pickle.dumps(outcome)) < 1000 * len(files)
    for shard in outcome.shards:
        lines = member_of(shard, "own.nt").decode("utf-8").splitlines()
        assert len(lines) == shard.triples == len(memory_store(lines))


def test_a_shard_has_the_same_bytes_each_time(country: Path, tmp_path: Path) -> None:
    file = next(path for path in sorted(country.iterdir()) if path.suffix == ".docx")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        read_shards([Wanted(SourceFile(file))], Terms(), tmp_path / name)
    (one,), (other,) = (list((tmp_path / name).iterdir()) for name in ("a", "b"))
    assert (one.name, one.read_bytes()) == (other.name, other.read_bytes())


def test_two_files_of_one_number_and_two_of_one_text_are_settled_in_their_order() -> None:
    files = [Wanted(SourceFile(Path(name))) for name in "abcde"]
    heads = [
        Head("n", "0" * 64, "x"),
        Head("n", "1" * 64, "y"),
        Head("n", "0" * 64, "x"),
        Head("m", "2" * 64, "z"),
        Head("n", "1" * 64, "x"),
    ]
    found = [(wanted.file.name, wanted.hashed, wanted.copies) for wanted in members_of(files, heads)]
    assert found == [("a", False, ("c", "e")), ("b", True, ()), ("d", False, ())]


def test_a_large_graph_leaves_pages_and_turtle_to_their_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = folder_of(tmp_path / "s", {"a.txt": text_of(0, 2020), "b.txt": text_of(1, 2021)})
    build(sources, tmp_path / "out")
    assert (tmp_path / "out" / "report.html").exists() and (tmp_path / "out" / "graph.ttl").exists()
    folder_of(sources, {"a.txt": text_of(0, 2020), "b.txt": text_of(1, 2021), "c.txt": text_of(2, 2021)})
    monkeypatch.setattr(finishing, "LARGE_NOTICES", 2)
    monkeypatch.setattr(finishing, "LARGE_GRAPH", 100)
    figures = build(sources, tmp_path / "out").figures
    assert (figures.pages, figures.turtle) == (False, False)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "manifest.json", "notices.jsonl", "ties.sqlite", "store", "texts", "versions", ".lock",
    }  # fmt: skip
    graph = kg.load(tmp_path / "out")
    assert "<svg" in graph.report(lang="en")
    assert len(open_store(tmp_path / "out")) == figures.triples


def test_a_batch_of_bad_files_alone_leaves_nothing(tmp_path: Path) -> None:
    sources = folder_of(tmp_path / "s", {"a.txt": "床前明月光", "b.txt": "疑是地上霜"})
    with pytest.raises(BatchError, match=r"a\.txt"):
        build(sources, tmp_path / "out")
    with pytest.raises(NotANoticeError):
        build(sources / "a.txt", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_tells_of_what_failed_and_of_what_was_known(tmp_path: Path) -> None:
    texts = {f"{at}.txt": text_of(at, 2020) for at in range(2)} | {f"bad{at}.txt": "诗" for at in range(25)}
    sources = folder_of(tmp_path / "s", texts)
    first = builds.kg("build", sources, "-o", tmp_path / "out", "--lang", "en", "-v")
    assert first.returncode == 2
    assert "25 files could not be read" in first.stderr and "failures.csv" in first.stderr
    assert first.stderr.count("bad") == 20, "the first ones; the file lists all"
    rows = (tmp_path / "out" / "failures.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 26 and rows[0] == "file,reason"
    again = builds.kg("build", sources, "-o", tmp_path / "out", "--lang", "en", "--jobs", "1")
    assert "25 files were read now; the other 2 had not changed" in again.stderr


def test_progress_tells_rate_and_time_left_now_and_then() -> None:
    now = [0.0]
    lines: list[str] = []
    tell = progress(lines.append, lambda: now[0])
    for done in range(100):
        tell("read", done, 100)
        now[0] += 1.0
    assert len(lines) == 51, "every two seconds, and the last"
    assert lines[0].endswith("1/100")
    assert "100/100" in lines[-1]
    middle = lines[25]
    assert "51/100" in middle and "1" in middle and ("49" in middle), middle
    few: list[str] = []
    tell = progress(few.append, lambda: 0.0)
    for done in range(5):
        tell("graph", done, 5)
    assert len(few) == 5


def test_the_manifest_lists_every_notice_and_what_it_was_made_of(country: Path, alone: tuple[Path, Built]) -> None:
    manifest = json.loads((current(alone[0]) / "manifest.json").read_text(encoding="utf-8"))
    assert [row["id"] for row in manifest["notices"]] == [notice.id for notice in ties_in(alone[0]).notices]
    assert {row["source"] for row in manifest["notices"]} <= {path.as_posix() for path in country.iterdir()}


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_unit_is_taken_as_its_newest_notice_prints_it_whatever_came_first(order: tuple[int, ...]) -> None:
    # Days and ids disagree in their order, and two notices are of one day: there the later id counts.
    printed = [("2019-03-01", "z-first", "人社局"), ("2021-03-01", "a-second", "人社局（社保局）"), ("2021-03-01", "b-third", "社保局")]
    with closing(sqlite3.connect(":memory:")) as connection:
        create_parts(connection)
        for at in order:
            day, notice, label = printed[at]
            unit = Unit("unit:1", label, Kind.DEPARTMENT, None, None, (), (), "register")
            add_notice(connection, notice, day, "", [("unit", unit.id, _unit_body(unit))])
        seen = units_seen(connection)["unit:1"]
    assert (seen.unit.label, seen.first, seen.last) == ("社保局", date(2019, 3, 1), date(2021, 3, 1))
