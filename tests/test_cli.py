"""The command line as a user meets it: what it prints, where, and with which exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli import cli
from kg.console import BAD_INPUT, DONE, FINDINGS
from kg.messages import LANGUAGES, catalogue
from kg.model import BUILD_FORMAT
from kg.versions import current

from .conftest import ROOT, SEED


def kg(*words: object, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """A real run of the command; output decoded as UTF-8."""
    env = {**{k: v for k, v in os.environ.items() if k not in {"KG_LANG", "LC_ALL", "LANG"}}, "PYTHONUTF8": "1", **environment}
    return subprocess.run(
        [sys.executable, "-m", "kg", *map(str, words)], capture_output=True, cwd=cwd, env=env, encoding="utf-8", timeout=120, check=False
    )


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of the seed."""
    folder = tmp_path_factory.mktemp("有 空格") / "out"
    done = kg("build", SEED, "-o", folder)
    assert done.returncode == DONE, done.stderr
    assert done.stdout == ""
    assert str(folder / "page.html") in done.stderr
    return folder


def test_a_build_leaves_what_it_promises(out: Path) -> None:
    names = {path.name for path in out.iterdir()}
    assert names == {
        "store",
        "graph.ttl",
        "ties.sqlite",
        "notices.jsonl",
        "texts",
        "report.html",
        "report.md",
        "page.html",
        "manifest.json",
        "versions",
        ".lock",
    }
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["format"] == BUILD_FORMAT
    manifest = json.loads((current(out) / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["format"] == BUILD_FORMAT
    assert [notice["id"] for notice in manifest["notices"]] == ["421000-2020-jzbf-1"]


BAD = [
    pytest.param(["build", "nowhere.txt"], "nowhere.txt", id="missing-path"),
    pytest.param(["build", "empty-folder"], "empty-folder", id="folder-without-notices"),
    pytest.param(["build", "empty.txt"], "empty.txt", id="empty-file"),
    pytest.param(["build", "binary.txt"], "binary.txt", id="binary-file"),
    pytest.param(["build", "poem.txt"], "poem.txt", id="no-notice"),
    pytest.param(["build", "notice.docx"], ".docx", id="format"),
    pytest.param(["extract", "good.txt", "--explain", "99"], "99", id="no-such-task"),
    pytest.param(["extract", "good.txt", "--register", "nowhere.toml"], "nowhere.toml", id="missing-register"),
    pytest.param(["extract", "good.txt", "--lexicon", "bad.toml"], "bad.toml", id="broken-lexicon"),
    pytest.param(["extract", "good.txt", "--corrections", "bad.toml"], "bad.toml", id="broken-corrections"),
    pytest.param(["query", "load", "--graph", "nowhere"], "nowhere", id="no-graph"),
    pytest.param(["query", "load", "--graph", "empty-folder"], "empty-folder", id="a-folder-that-is-no-graph"),
    pytest.param(["query", "SELECT ?x WHERE {", "--graph", "{out}"], "SPARQL", id="broken-sparql"),
    pytest.param(["query", "laod", "--graph", "{out}"], "load", id="unknown-question"),
    pytest.param(["query", "load", "-p", "nonsense=1", "--graph", "{out}"], "nonsense", id="unknown-parameter"),
    pytest.param(["query", "tasks-of-unit", "-p", "unit=市发改局", "--graph", "{out}"], "市发改委", id="misspelt-unit"),
    pytest.param(["query", "tasks-of-unit", "-p", "unit", "--graph", "{out}"], "unit", id="parameter-without-value"),
    pytest.param(["query", "--graph", "{out}"], "--list", id="nothing-asked"),
    pytest.param(["query", "load", "-p"], "-p 后面", id="option-without-value"),
    pytest.param(["query", "load", "--graph", "old"], "99", id="store-of-another-format"),
    pytest.param(["report", "old"], "99", id="report-of-another-format"),
    pytest.param(["build", "good.txt", "-o", "foreign"], "foreign", id="output-holds-other-things"),
    pytest.param(["build", "good.txt", "-o", "good.txt/out"], "good.txt", id="output-below-a-file"),
    pytest.param(["bulid", "good.txt"], "build", id="misspelt-command"),
    pytest.param(["build", "good.txt", "--ouptut", "x"], "--ouptut", id="misspelt-option"),
    pytest.param(["extract"], "SOURCE", id="no-source"),
    pytest.param(["extract", "good.txt", "--format", "xml"], "xml", id="no-such-format"),
]


@pytest.fixture
def bad(tmp_path: Path, out: Path) -> Path:
    """A folder with everything that can be wrong."""
    (tmp_path / "empty-folder").mkdir()
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 16)
    (tmp_path / "poem.txt").write_text("春眠不觉晓", encoding="utf-8")
    (tmp_path / "notice.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "good.txt").write_text("1.修路。(牵头单位:市交通运输局)", encoding="utf-8")
    (tmp_path / "bad.toml").write_text("[[correction]]\ntask = 'one'\n[nonsense]\n", encoding="utf-8")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "manifest.json").write_text('{"format": 99}', encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("words", "named"), BAD)
def test_bad_input_is_one_clear_message_and_exit_2(bad: Path, out: Path, words: list[str], named: str) -> None:
    before = sorted(path.name for path in bad.rglob("*"))
    done = kg(*(word.format(out=out) if word == "{out}" else word for word in words), cwd=bad)
    assert done.returncode == BAD_INPUT, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) <= 6
    assert sorted(path.name for path in bad.rglob("*")) == before, "nothing half-written"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_other_encodings_are_read_rightly(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes(SEED.read_text(encoding="utf-8").encode(encoding))
    done = kg("extract", path)
    record = json.loads(done.stdout)
    assert (done.returncode, len(record["tasks"]), record["notice"]["id"]) == (DONE, 114, "421000-2020-jzbf-1")


def test_a_batch_does_the_good_files_and_lists_the_bad_ones(bad: Path) -> None:
    done = kg("build", "good.txt", "poem.txt", "empty.txt", "-o", "made", cwd=bad)
    assert done.returncode == BAD_INPUT
    assert "poem.txt" in done.stderr
    assert "empty.txt" in done.stderr
    assert (bad / "made" / "graph.ttl").exists()


def test_the_same_notice_twice_is_one(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(SEED.read_bytes())
    records = [json.loads(line) for line in kg("extract", tmp_path).stdout.splitlines()]
    assert len(records) == 1
    assert [finding["code"] for finding in records[0]["findings"]][0] == "duplicate-notice"


def test_the_frozen_text_comes_out_exactly(tmp_path: Path) -> None:
    path = tmp_path / "n.txt"
    path.write_bytes("1.修路。(牵头单位:甲局)\r\n完".encode())
    done = subprocess.run([sys.executable, "-m", "kg", "extract", str(path), "--format", "text"], capture_output=True, check=True)
    assert done.stdout == path.read_bytes()


FORMATS = [
    pytest.param(["extract", "{seed}", "--format", "table"], "市扶贫办", id="extract-table"),
    pytest.param(["extract", "{seed}", "--format", "csv"], "421000-2020-jzbf-1", id="extract-csv"),
    pytest.param(["extract", "{seed}", "--explain", "66"], "市政府有关部门", id="explain"),
    pytest.param(["query", "load", "--graph", "{out}"], "市发改委", id="query-table"),
    pytest.param(["query", "load", "--graph", "{out}", "--format", "csv"], "市发改委", id="query-csv"),
    pytest.param(["query", "load", "--graph", "{out}", "--format", "json"], "市发改委", id="query-json"),
    pytest.param(["query", "--list"], "tasks-of-unit", id="query-list"),
    pytest.param(["query", "ASK {?s ?p ?o}", "--graph", "{out}"], "是", id="ask"),
    pytest.param(["report", "{out}", "--format", "md"], "市生态环境局", id="report-md"),
    pytest.param(["report", "{out}", "--format", "csv"], "市生态环境局", id="report-csv"),
    pytest.param(["report", "{seed}"], "<svg", id="report-from-the-notice"),
    pytest.param(["draw", "{out}"], "vis", id="draw"),
    pytest.param(["validate", "{out}"], "符合", id="validate"),
    pytest.param(["validate", "{out}", "--format", "json"], "Warning", id="validate-json"),
    pytest.param(["validate", "{out}", "--reference"], "符合", id="validate-with-pyshacl"),
    *[pytest.param(["export", "{out}", "--format", form], mark, id=form) for form, mark in (
        ("ttl", "kg:ledBy"), ("trig", "{"), ("nt", "ns#ledBy"), ("nq", "ns#ledBy"), ("jsonld", "@"), ("graphml", "graphml"), ("gexf", "gexf"), ("csv", "市发改委"),
    )],
    pytest.param(["completion", "bash"], "_KG_COMPLETE", id="completion"),
    pytest.param(["--version"], "govresp 0.", id="version"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "mark"), FORMATS)
def test_every_command_prints_what_it_is_for(out: Path, words: list[str], mark: str) -> None:
    done = kg(*({"{seed}": SEED, "{out}": out}.get(word, word) for word in words))
    assert done.returncode == DONE, done.stderr
    assert mark in done.stdout


@pytest.mark.parametrize(
    ("level", "status"), [("warning", FINDINGS), ("info", FINDINGS), ("error", DONE), ("never", DONE)], ids=lambda value: str(value)
)
def test_lint_exits_by_severity(level: str, status: int) -> None:
    done = kg("lint", SEED, "--fail-on", level)
    assert done.returncode == status
    assert "[no-lead]" in done.stdout
    assert f"{SEED}:" in done.stdout


def test_results_go_to_files_whole_and_csv_opens_in_a_spreadsheet(out: Path, tmp_path: Path) -> None:
    path = tmp_path / "子 文件夹" / "load.csv"
    assert kg("report", out, "--format", "csv", "-o", path).returncode == DONE
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert [entry.name for entry in path.parent.iterdir()] == ["load.csv"]


@pytest.mark.parametrize("name", [None, *cli.commands])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_help_holds_an_example_in_its_language(name: str | None, lang: str) -> None:
    done = kg(*([name] if name else []), "--help", "--lang", lang)
    assert done.returncode == DONE
    assert catalogue(lang)[f"cli.{name or 'kg'}.example"].split()[0] in done.stdout
    if lang == "en":
        names = ("unit=", "kg units", "--place")
        lines = [line for line in done.stdout.splitlines() if not any(word in line for word in names)]
        assert not any("\u4e00" <= character <= "\u9fff" for line in lines for character in line)


def test_english_by_environment_or_option() -> None:
    assert "no such file" in kg("build", "nowhere.txt", KG_LANG="en").stderr
    assert "no such file" in kg("build", "nowhere.txt", "--lang", "en").stderr
    assert "没有这个文件" in kg("build", "nowhere.txt", KG_LANG="xx").stderr


def test_help_loads_none_of_the_heavy_libraries() -> None:
    script = "import sys; from kg.console import run; from kg.cli import cli; run(cli, ['--help']); print(sorted({'rdflib', 'networkx', 'pyvis', 'scipy', 'numpy', 'oxrdflib', 'jinja2', 'lxml'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", cwd=ROOT, check=True, env={**os.environ, "PYTHONUTF8": "1"}
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_console_in_gbk_survives(out: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "query", "load", "--graph", str(out)],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "gbk", "KG_LANG": "zh"},
        check=False,
    )
    assert done.returncode == DONE, done.stderr.decode("gbk", "replace")
    assert "市发改委" in done.stdout.decode("gbk")


def test_a_failed_build_leaves_the_old_output(tmp_path: Path) -> None:
    notice = tmp_path / "n.txt"
    notice.write_bytes(SEED.read_bytes())
    assert kg("build", notice, "-o", tmp_path / "out").returncode == DONE
    before = {path: path.read_bytes() for path in (tmp_path / "out").glob("*.*")}
    notice.write_text("空空如也", encoding="utf-8")
    assert kg("build", notice, "-o", tmp_path / "out").returncode == BAD_INPUT
    assert {path: path.read_bytes() for path in (tmp_path / "out").glob("*.*")} == before


def test_a_second_build_takes_the_place_of_the_first(tmp_path: Path) -> None:
    for _ in range(2):
        assert kg("build", SEED, "-o", tmp_path / "out").returncode == DONE
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
