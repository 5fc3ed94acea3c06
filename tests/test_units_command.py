"""kg units: who was recognised, what waits for a decision, how one name is read."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from pathlib import Path

import pytest

from kg.building.line import Knowledge
from kg.console import BAD_INPUT, DONE
from kg.naming.decisions import read_decisions
from kg.naming.overview import overview
from kg.recognised import recognised

from .conftest import SEED
from .test_cli import kg

HEAD = "泰安市人民政府办公室关于分解任务的通知(泰政办发〔{year}〕1号)\n\n{year}年8月1日\n\n"
OLD = "1.修路。(牵头单位:市交通运输局;责任单位:市发改委、市水利局、市某某)\n2.扶贫。(牵头单位:市扶贫办;责任单位:市水利和湖泊局)\n"
NEW = "1.修路。(牵头单位:市交通运输局;责任单位:市发展和改革委员会、市水利局)\n2.振兴。(牵头单位:市乡村振兴局;责任单位:各县市区政府)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "2019.txt").write_text(HEAD.format(year=2019) + OLD, encoding="utf-8")
    (tmp_path / "2022.txt").write_text(HEAD.format(year=2022) + NEW, encoding="utf-8")
    return tmp_path


def told(folder: Path, **more: object) -> dict[str, object]:
    text, failures = recognised([folder], form="json", **more)  # type: ignore[arg-type]
    assert not failures
    found: dict[str, object] = json.loads(text)
    return found


def test_units_say_where_they_stand_and_how_they_are_printed(folder: Path) -> None:
    units = {row["label"]: row for row in told(folder)["units"]}  # type: ignore[attr-defined]
    reform = units["市发展改革委"]
    assert [(one["name"], one["times"]) for one in reform["names"]] == [("市发展和改革委员会", 1), ("市发改委", 1)]
    assert (reform["place"], reform["code"], reform["kind"], reform["level"]) == ("泰安市", "370900", "department", "municipal")
    assert (reform["lines"], reform["rule"], reform["tasks"], len(reform["notices"])) == (["development-reform"], "line", 2, 2)
    assert units["泰山区政府"]["rule"] == "place"


def test_what_may_be_one_body_and_what_nobody_knows_waits(folder: Path) -> None:
    waiting = [(row["names"], row["why"], row["division"]) for row in told(folder)["waiting"]]  # type: ignore[attr-defined]
    assert waiting == [(["市水利和湖泊局", "市水利局"], "short", "370900"), (["市某某"], "unknown", "370900")]


def test_what_became_of_units_is_told_with_its_ground(folder: Path) -> None:
    (change,) = told(folder)["changes"]  # type: ignore[misc]
    assert ([one["label"] for one in change["from"]], [one["label"] for one in change["to"]]) == (["市扶贫办"], ["市乡村振兴局"])
    assert (change["kind"], change["method"]) == ("succession", "reform")


def test_a_draft_of_decisions_is_refused_until_somebody_signs_it(folder: Path, tmp_path: Path) -> None:
    draft = tmp_path / "决定.toml"
    recognised([folder], write=draft)
    (row,) = tomllib.loads(draft.read_text(encoding="utf-8"))["decision"]
    assert (row["names"], row["verdict"], row["by"]) == (["市水利和湖泊局", "市水利局"], "unsure", "")
    with pytest.raises(Exception, match="by"):
        read_decisions([draft])
    draft.write_text(draft.read_text(encoding="utf-8").replace('by = ""', 'by = "张"').replace("unsure", "same"), encoding="utf-8")
    found = json.loads(recognised([folder], Knowledge(decisions=(draft,)), form="json")[0])
    assert [row["why"] for row in found["waiting"]] == ["unknown"]
    assert [row["rule"] for row in found["units"] if row["label"] == "市水利湖泊局" or "水利" in row["label"]] == ["decision"]


def test_a_decision_that_fits_no_name_is_told(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "d.toml"
    row = '[[decision]]\ndivision = "{}"\nnames = ["市甲局", "市乙局"]\nverdict = "same"\nwhy = "w"\nwhen = 2026-01-01\nby = "b"\n'
    path.write_text(row.format("370900") + row.format("421000").replace("市甲局", "市水利局"), encoding="utf-8")
    found = json.loads(recognised([folder], Knowledge(decisions=(path,)), form="json")[0])
    assert [(row["division"], row["names"]) for row in found["unused"]] == [
        ("370900", ["市甲局", "市乙局"]),
        ("421000", ["市水利局", "市乙局"]),
    ]


def test_the_seed_has_only_registered_units_and_nothing_waits() -> None:
    found = json.loads(recognised([SEED], form="json")[0])
    assert {row["rule"] for row in found["units"]} == {"register"}
    assert found["waiting"] == found["changes"] == found["unused"] == []


def test_the_command_in_every_form(folder: Path) -> None:
    text = kg("units", folder)
    assert text.returncode == DONE
    for word in ("泰安市", "市发展改革委", "等待决定", "市水利和湖泊局 ？ 市水利局", "市扶贫办 → 市乡村振兴局"):
        assert word in text.stdout
    rows = list(csv.DictReader(io.StringIO(kg("units", folder, "--format", "csv").stdout.lstrip("\ufeff"))))
    assert {row["label"] for row in rows} >= {"市交通运输局", "泰山区政府"}
    assert "Waiting for a decision" in kg("units", folder, "--lang", "en").stdout


def test_one_name_is_explained_in_its_notices_or_at_a_place(folder: Path) -> None:
    inside = kg("units", folder, "--explain", "市发改委")
    assert inside.stdout.count("名称：市发改委") == 1, "only the notice of 2019 prints it"
    assert "发展改革" in inside.stdout and "370900" in inside.stdout
    alone = kg("units", "--explain", "市发改委", "--issuer", "荆州市人民政府", "--date", "2020-01-07")
    assert "unit:421000-development-reform" in alone.stdout and "登记表" in alone.stdout
    assert "The name" in kg("units", "--explain", "市发改委", "--issuer", "荆州市人民政府", "--lang", "en").stdout.replace(
        "the name", "The name"
    )


def test_a_list_of_names_is_told_one_a_row(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("市教育局\n\n省财政厅\n", encoding="utf-8")
    done = kg("units", "--names", names, "--issuer", "泰安市人民政府", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout.lstrip("\ufeff"))))
    assert [(row["name"], row["level"], row["lines"]) for row in rows] == [
        ("市教育局", "municipal", "education"),
        ("省财政厅", "provincial", "finance"),
    ]


BAD = [
    pytest.param((), "--issuer", id="nothing-given"),
    pytest.param(("--explain", "市教育局"), "--issuer", id="a-name-without-a-place"),
    pytest.param((str(SEED), "--explain", "市航天局"), "市航天局", id="a-name-that-is-not-printed"),
    pytest.param(("--names", "nowhere.txt", "--issuer", "泰安市"), "nowhere.txt", id="no-such-list"),
    pytest.param(("nowhere.txt",), "nowhere.txt", id="no-such-notice"),
]


@pytest.mark.parametrize(("words", "said"), BAD)
def test_bad_input_is_one_clear_message(words: tuple[str, ...], said: str) -> None:
    done = kg("units", *words)
    assert done.returncode == BAD_INPUT
    assert said in done.stderr and "Traceback" not in done.stderr


def test_all_faults_of_a_decisions_file_stand_in_one_message_and_exit_2(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "d.toml"
    path.write_text('[[decision]]\ndivision = "000000"\n[[change]]\nkind = "merge"\n', encoding="utf-8")
    for command in ("units", "build", "compare"):
        more = (folder / "2019.txt", folder / "2022.txt") if command == "compare" else (folder,)
        done = kg(command, *more, "--decisions", path, *(("-o", tmp_path / "out") if command == "build" else ()))
        assert done.returncode == BAD_INPUT
        assert done.stderr.count("d.toml [[") >= 10


def test_the_overview_depends_on_no_order(folder: Path) -> None:
    from kg.building.line import read_notices

    notices = read_notices([folder]).notices
    assert overview(notices) == overview(notices[::-1])
