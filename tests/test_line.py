"""The whole line: the same bytes everywhere, whole or not at all, and an interface in Python."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest

import kg
from kg.building.line import Knowledge, read_notices
from kg.building.output import write_whole
from kg.errors import (
    BatchError,
    GraphError,
    NotANoticeError,
    OutputError,
    StoreVersionError,
    TableError,
    UnitAmbiguousError,
)
from kg.model import BUILD_FORMAT

from .conftest import ROOT, SEED


def built(out: Path, **environment: str) -> Path:
    env = {**os.environ, **environment}
    subprocess.run([sys.executable, "-m", "kg", "build", "seeds", "-o", str(out), "-q"], cwd=ROOT, env=env, check=True)
    return out


def triples_of(folder: Path) -> list[str]:
    return sorted(str(quad) for quad in pyoxigraph.Store.read_only(str(folder / "store")))


def test_two_builds_in_different_surroundings_give_the_same_bytes(tmp_path: Path) -> None:
    one = built(tmp_path / "一", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    other = built(tmp_path / "other", LC_ALL="C", LANG="C", PYTHONHASHSEED="2", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    texts = [path.relative_to(one) for path in one.rglob("*") if path.is_file() and "store" not in path.parts]
    assert len([name for name in texts if "versions" not in name.parts]) == 8
    for name in texts:
        if name.suffix != ".sqlite" and name.parts[0] != "versions":
            assert (one / name).read_bytes() == (other / name).read_bytes(), name
    assert triples_of(one) == triples_of(other)
    assert kg.load(one).ties == kg.load(other).ties


def test_the_frozen_text_lies_beside_the_graph(tmp_path: Path) -> None:
    graph = kg.build([SEED], tmp_path / "out")
    text = tmp_path / "out" / "texts" / "421000-2020-jzbf-1.txt"
    assert hashlib.sha256(text.read_bytes()).hexdigest() == graph.notices[0].sha256


def test_the_python_interface_answers(tmp_path: Path) -> None:
    graph = kg.build([SEED])
    assert repr(graph).startswith("KG(")
    assert graph.query("overview").rows[0] == (1, 114, 65, 5, 714, 43)
    assert graph.query("ASK { ?t kg:ledBy ?u }").yes is True
    assert graph.query("partners", unit="市发展和改革委员会").rows[3][:2] == ("市经信局", 10)
    assert graph.load()[0].label == "市生态环境局"
    assert graph.overview().tasks == 114
    assert graph.centralities()[0].label == "市发改委"
    assert graph.unit_graph().number_of_nodes() == 64
    assert "<svg" in graph.report(lang="en")
    assert "iframe" in graph._repr_html_()
    rows = list(graph.dataset().query("PREFIX kg: <https://w3id.org/govresp/ns#> SELECT ?t { ?t a kg:Task }"))
    assert len(rows) == 114
    assert [notice.id for notice in kg.extract(SEED)] == ["421000-2020-jzbf-1"]
    with pytest.raises(AttributeError):
        kg.nonsense  # noqa: B018


def test_a_graph_file_can_be_asked_and_measured_as_its_build(tmp_path: Path) -> None:
    built = kg.build([SEED], tmp_path / "out")
    graph = kg.load(tmp_path / "out" / "graph.ttl")
    assert len(graph.query("unled-tasks").rows) == 6
    assert len(kg.open(tmp_path / "out" / "graph.ttl")) > 8000
    assert graph.load() == built.load()
    assert graph.report() == built.report()
    with pytest.raises(GraphError):
        kg.load(tmp_path / "nowhere")


def test_a_store_of_another_format_is_refused(tmp_path: Path) -> None:
    kg.build([SEED], tmp_path / "out")
    manifest = tmp_path / "out" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(f'"format": {BUILD_FORMAT}', '"format": 0'), encoding="utf-8")
    graph = kg.load(tmp_path / "out")
    with pytest.raises(StoreVersionError):
        graph.query("load")
    with pytest.raises(StoreVersionError):
        graph.load()


def test_a_file_is_written_whole_with_its_line_ends(tmp_path: Path) -> None:
    write_whole(tmp_path / "新 文件夹" / "a.txt", "甲\r\n乙\n")
    assert (tmp_path / "新 文件夹" / "a.txt").read_bytes() == "甲\r\n乙\n".encode()
    with pytest.raises(OutputError):
        write_whole(tmp_path / "新 文件夹" / "a.txt" / "b", "x")


def test_lexicons_of_the_user_add_words(tmp_path: Path) -> None:
    lexicon = tmp_path / "mine.toml"
    lexicon.write_text('[[roles.label]]\nrole = "lead"\nwords = ["总负责单位"]\nsource = "x"\n', encoding="utf-8")
    notice = tmp_path / "n.txt"
    notice.write_text("1.修路。(总负责单位:甲局)", encoding="utf-8")
    (found,) = read_notices([notice], Knowledge(lexicons=(lexicon,))).notices
    assert found.tasks[0].assignments[0].role == "lead"
    with pytest.raises(NotANoticeError):
        read_notices([notice])


ROW = '[[correction]]\nnotice = "n"\ntask = 1\nclause = "(牵头单位:甲局)"\nwhy = "w"\nby = "b"\n'
BAD_TABLES = [
    pytest.param("corrections", "", id="correction-empty"),
    pytest.param("corrections", '[correction]\nnotice = "n"\n', id="correction-single-brackets"),
    pytest.param("corrections", 'correction = ["a"]\n', id="correction-as-text"),
    pytest.param("corrections", '[[corection]]\nnotice = "n"\n', id="correction-misspelt"),
    pytest.param("corrections", ROW, id="correction-without-assignments"),
    pytest.param("corrections", ROW + 'assignments = ["x"]\n', id="assignment-as-text"),
    pytest.param("corrections", ROW + 'assignments = [{ role = "boss", printed = "甲局" }]\n', id="no-such-role"),
    pytest.param("corrections", ROW + 'assignments = [{ role = "lead", printed = "乙局" }]\n', id="not-in-the-clause"),
    pytest.param("decisions", "decision = 3\n", id="decision-as-number"),
    pytest.param(
        "decisions",
        '[[decision]]\ndivision = "1"\nnames = [1, 2]\nverdict = "same"\nwhy = "w"\nwhen = 2026-01-01\nby = "b"\n',
        id="names-as-numbers",
    ),
    pytest.param("registers", 'division = "421000"\nunit = ["a"]\n', id="units-as-text"),
    pytest.param("registers", 'division = "421000"\n[[unit]]\nid = "a b"\nlabel = "甲"\nkind = "department"\n', id="id-with-a-blank"),
    pytest.param(
        "registers", 'division = "421000"\n[[unit]]\nid = "a"\nlabel = "甲"\nkind = "department"\naliases = "乙"\n', id="aliases-as-text"
    ),
    pytest.param("registers", 'division = "429999"\n[[unit]]\nid = "a"\nlabel = "甲"\nkind = "department"\n', id="place-that-no-table-has"),
    pytest.param("lexicons", "roles = 3\n", id="lexicon-as-number"),
    pytest.param("lexicons", '[[roles.label]]\nrole = "boss"\nwords = ["x"]\n', id="lexicon-with-no-such-role"),
    pytest.param("lexicons", '[[roles.label]]\nwords = ["x"]\n', id="lexicon-row-without-role"),
    pytest.param("lexicons", '[[kinds.kind]]\nkind = "department"\npattern = "("\n', id="lexicon-with-a-broken-pattern"),
]


@pytest.mark.parametrize(("table", "content"), BAD_TABLES)
def test_a_table_of_the_user_that_does_not_fit_is_named(tmp_path: Path, table: str, content: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(TableError, match="mine.toml"):
        read_notices([SEED], Knowledge(**{table: (path,)}))


HEAD = "宜昌市人民政府办公室关于分解任务的通知(宜府办发〔2021〕3号)\n2021年2月1日\n"


def test_a_register_brings_its_own_place(tmp_path: Path) -> None:
    register = tmp_path / "yichang.toml"
    unit = '[[unit]]\nid = "420500-development-reform"\nlabel = "市发改委"\nkind = "department"\n'
    register.write_text(f'division = "420500"\nname = "宜昌市"\nfirst = 1992\n{unit}', encoding="utf-8")
    (tmp_path / "n.txt").write_text(HEAD + "1.修路。(牵头单位:市发改委)", encoding="utf-8")
    (notice,) = read_notices([tmp_path / "n.txt"], Knowledge(registers=(register,))).notices
    assert notice.tasks[0].assignments[0].unit == "unit:420500-development-reform"
    assert notice.jurisdiction is not None
    assert notice.jurisdiction.id == "division:420500-1992"
    graph = kg.build(tmp_path / "n.txt", knowledge=Knowledge(registers=(register,)))
    assert graph.query("notices").rows[0][5] == "宜昌市"


def test_two_texts_under_one_number_are_two_notices_and_one_text_is_one(tmp_path: Path) -> None:
    text = SEED.read_text(encoding="utf-8")
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(text.replace("\n", "\r\n").encode())
    (tmp_path / "c.txt").write_text(text.replace("市发改委", "市经信局"), encoding="utf-8")
    notices = read_notices([tmp_path]).notices
    assert [notice.id.rsplit("-", 1)[0] for notice in notices] == ["421000-2020-jzbf", "421000-2020-jzbf-1"]
    assert [finding.code for finding in notices[0].findings][0] == "duplicate-notice"


def test_units_of_one_name_in_two_places_must_be_told_apart(tmp_path: Path) -> None:
    for at, city in enumerate(("宜昌市", "襄阳市")):
        (tmp_path / f"{at}.txt").write_text(HEAD.replace("宜昌市", city) + "1.修路。(牵头单位:市发改委)", encoding="utf-8")
    graph = kg.build(tmp_path)
    with pytest.raises(UnitAmbiguousError, match="development-reform"):
        graph.query("partners", unit="市发改委")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_device_is_written_to_never_replaced(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_whole(Path("/dev/full"), "x" * 100)
    assert Path("/dev/full").is_char_device()
    (tmp_path / "real.txt").write_text("old", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    write_whole(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text(encoding="utf-8") == "new"


def test_a_batch_of_only_bad_files_says_all_of_them(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("nothing", encoding="utf-8")
    with pytest.raises(BatchError) as caught:
        read_notices([tmp_path])
    assert "a.txt" in str(caught.value)
    assert "b.txt" in str(caught.value)


def test_the_python_interface_measures_compares_and_tries_out(tmp_path: Path) -> None:
    graph = kg.build([SEED])
    assessment = graph.assess()
    assert {verdict.unit for verdict in assessment.verdicts} >= {"unit:421000-development-reform", "unit:421000-ecology-environment"}
    scenario = tmp_path / "s.toml"
    scenario.write_text(
        'title = "t"\n[[step]]\ndo = "merge"\nunits = ["市农业农村局", "市扶贫办"]\ninto = "市农业农村局"\n', encoding="utf-8"
    )
    outcome = graph.whatif(scenario)
    assert outcome.units and outcome.before != outcome.after
    assert graph.workbook()[:2] == b"PK"
    copy = tmp_path / "copy.txt"
    copy.write_bytes(SEED.read_bytes())
    assert {str(claim.kind) for claim in kg.compare(SEED, copy).claims} == {"same"}


def test_a_file_may_have_the_longest_name_that_the_system_takes(tmp_path: Path) -> None:
    name = "报" * 83 + ".md"
    assert len(name.encode()) == 252
    write_whole(tmp_path / name, "甲\n")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_no_module_hides_what_the_package_hands_out() -> None:
    # A package kg/build would take the place of the function kg.build as soon as it is imported.
    taken = {path.stem for path in (ROOT / "kg").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert not taken & set(kg.__all__)
