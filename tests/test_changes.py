"""What became of units over notices: by decision, by the table of divisions, by a reform of the whole country."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kg.graph.queries import ask
from kg.graph.store import memory_store
from kg.graph.triples import graph_triples
from kg.messages import LANGUAGES, use_language
from kg.model import Change, ChangeKind, Notice
from kg.naming.changes import changes_of
from kg.naming.units import Names, load_names, name_units
from kg.reading.notice import notice_of_text
from kg.reading.source import SourceText

SIGNED = 'why = "机构改革"\nwhen = 2026-01-01\nby = "编办"\n'
MERGER = (
    '[[change]]\ndivision = "370900"\nkind = "merge"\nfrom = ["市甲产业局", "市乙产业局"]\nto = ["市产业局"]\nday = 2021-03-01\n' + SIGNED
)


def notice(year: int, names: str, issuer: str = "泰安市人民政府办公室", known: Names = Names()) -> Notice:
    whole = f"{issuer}关于分解任务的通知(泰政办发〔{year}〕1号)\n\n{year}年8月1日\n\n1.修路。(牵头单位:{names})"
    return name_units(notice_of_text(SourceText("n.txt", whole, hashlib.sha256(whole.encode()).hexdigest(), "utf-8")), known)


def labels(notices: list[Notice], change: Change) -> tuple[set[str], set[str]]:
    known = {unit.id: unit.label for one in notices for unit in one.units}
    return {known[unit] for unit in change.originals}, {known[unit] for unit in change.results}


# Years and leads of two notices; the kind of change that is claimed, or None.
REFORMS = [
    pytest.param(2018, "市环保局", 2020, "市生态环境局", ChangeKind.SUCCESSION, id="renamed-everywhere-in-2018"),
    pytest.param(2020, "市扶贫办", 2022, "市乡村振兴局", ChangeKind.SUCCESSION, id="poverty-relief-in-2021"),
    pytest.param(2018, "市工商局、市质监局", 2020, "市市场监管局", ChangeKind.MERGE, id="merged-in-2018"),
    pytest.param(2023, "市政务服务局", 2024, "市政务服务和数据管理局", ChangeKind.SUCCESSION, id="data-bureaus-in-2024"),
    pytest.param(2022, "泰安银保监分局", 2024, "泰安金融监管分局", ChangeKind.SUCCESSION, id="regulator-in-2023"),
    pytest.param(2020, "市扶贫办", 2022, "市扶贫办、市乡村振兴局", None, id="printed-side-by-side"),
    pytest.param(2020, "市乡村振兴局", 2022, "市扶贫办", None, id="the-wrong-way-round"),
    pytest.param(2012, "市环保局", 2014, "市生态环境局", None, id="before-the-reform"),
    pytest.param(2019, "市财政局", 2021, "市审计局", None, id="no-reform-joins-them"),
    pytest.param(2019, "市财政局", 2021, "市财政局", None, id="nothing-happened"),
]


@pytest.mark.parametrize(("old", "before", "new", "after", "kind"), REFORMS)
def test_a_reform_joins_what_is_printed_before_and_after(old: int, before: str, new: int, after: str, kind: ChangeKind | None) -> None:
    notices = [notice(old, before), notice(new, after)]
    found = changes_of(notices)
    assert [change.kind for change in found] == ([kind] if kind else [])
    if kind:
        assert found[0].method == "reform"
        assert len(found[0].originals) == len(before.split("、"))
        assert changes_of(notices[::-1]) == found, "whatever order they are read in"


def test_reforms_join_within_one_place_only() -> None:
    assert changes_of([notice(2018, "市环保局"), notice(2020, "市生态环境局", "荆州市人民政府办公室")]) == ()


def test_a_county_that_became_a_city_is_followed_by_it() -> None:
    issuer = "荆州市人民政府办公室"
    notices = [notice(2019, "监利县政府", issuer), notice(2021, "监利市政府", issuer)]
    (change,) = changes_of(notices)
    assert (change.kind, change.day, change.method) == (ChangeKind.SUCCESSION, "2020-06-12", "division")
    assert (change.originals, change.results) == (("unit:421023-government",), ("unit:421088-government",))


def test_districts_that_were_merged() -> None:
    issuer = "杭州市人民政府办公厅"
    notices = [notice(2020, "上城区政府、江干区政府", issuer), notice(2022, "上城区政府", issuer)]
    assert [(change.day, change.method) for change in changes_of(notices) if "unit:330104-government" in change.originals] == [
        ("2021-04-09", "division")
    ]


def decided(tmp_path: Path, content: str) -> Names:
    path = tmp_path / "d.toml"
    path.write_text(content, encoding="utf-8")
    return load_names([], [path])


def test_a_decided_merger_needs_both_sides_in_the_notices(tmp_path: Path) -> None:
    known = decided(tmp_path, MERGER)
    olds, new = notice(2020, "市甲产业局、市乙产业局", known=known), notice(2022, "市产业局", known=known)
    (change,) = changes_of([olds, new], known)
    assert labels([olds, new], change) == ({"市甲产业局", "市乙产业局"}, {"市产业局"})
    assert (change.kind, change.day, change.method, change.why) == (
        ChangeKind.MERGE,
        "2021-03-01",
        "decision",
        "机构改革 (编办, 2026-01-01)",
    )
    assert changes_of([olds], known) == changes_of([new], known) == ()


def test_what_was_decided_goes_before_what_a_reform_would_say(tmp_path: Path) -> None:
    known = decided(
        tmp_path,
        MERGER.replace("merge", "rename").replace('["市甲产业局", "市乙产业局"]', '["市扶贫办"]').replace("市产业局", "市乡村振兴局"),
    )
    notices = [notice(2020, "市扶贫办", known=known), notice(2022, "市乡村振兴局", known=known)]
    (change,) = changes_of(notices, known)
    assert (change.kind, change.method, change.originals) == (ChangeKind.RENAME, "decision", change.results)


def test_changes_stand_in_the_graph_and_make_a_time_line() -> None:
    notices = [notice(2018, "市工商局、市质监局"), notice(2020, "市市场监管局")]
    store = memory_store(graph_triples(notices, changes_of(notices)))
    for unit in ("市市场监管局", "市工商局"):
        rows = [[str(cell or "") for cell in row] for row in ask(store, "timeline", {"unit": unit}).rows]
        assert [row[0] for row in rows] == ["", "", "2018-08-01", "2018-08-01", "2020-08-01"], "2018 or 2019: nobody can say"
        assert {row[2] for row in rows} == {"市工商局", "市质监局", "市市场监管局"}
        assert {row[3] for row in rows if not row[0]} == {"市市场监管局"}
        assert [row[4:6] for row in rows if row[0] == "2020-08-01"] == [["1", ""]]


def test_the_graph_is_the_same_in_every_language() -> None:
    notices, said = [notice(2018, "市工商局、市质监局"), notice(2020, "市市场监管局")], []
    for lang in LANGUAGES:
        use_language(lang)
        said.append(graph_triples(notices, changes_of(notices)))
    use_language(None)
    assert said[0] == said[1]
    assert any("市工商局、市质监局 → 市市场监管局" in line for line in said[0])
