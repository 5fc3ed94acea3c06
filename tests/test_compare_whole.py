"""From two printed notices and a decisions file to the difference: the years of ``tests/years.py``, read, named and compared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import kg
from kg.analysis.compare import Comparison
from kg.building.line import Knowledge, read_notices
from kg.graph.queries import ask
from kg.graph.store import memory_store
from kg.graph.triples import graph_triples
from kg.sides import compare_sources

from .test_compare import EXPECTED
from .years import NEW_TASKS, OLD_TASKS, UNITS, Row

SIGNED = 'why = "市机构改革方案"\nwhen = 2024-02-01\nby = "编办"\n'
DECISIONS = (
    f'[[change]]\ndivision = "370900"\nkind = "merge"\nfrom = ["市文化局", "市旅游局"]\nto = ["市文化和旅游局"]\nday = 2024-01-10\n{SIGNED}\n'
    f'[[change]]\ndivision = "370900"\nkind = "rename"\nfrom = ["市政务服务局"]\nto = ["市政务服务和数据局"]\nday = 2024-01-20\n{SIGNED}'
)
SHOWN = {"市发改委": "市发展改革委"}
"""Names that the page shows in the form of the lexicon."""
LABELS = {"lead": "牵头单位", "responsible": "责任单位", "cooperating": "配合单位"}


def printed(year: int, rows: Sequence[Row]) -> str:
    """The tasks of a year as a city would print them."""
    text = f"泰安市人民政府办公室关于印发{year}年工作要点的通知\n泰政办发〔{year}〕1号\n\n{year}年2月1日\n\n"
    for i, (wording, parties, due) in enumerate(rows, 1):
        roles: dict[str, list[str]] = {}
        for unit, _, role in (party.partition(":") for party in parties.split()):
            roles.setdefault(role, []).append("市政府各部门" if unit == "all" else UNITS[unit][0])
        clause = "；".join(f"{LABELS[role]}：{'、'.join(units)}" for role, units in roles.items())
        limit = f"；完成时限：{due[:4]}年{int(due[5:7])}月" if due else ""
        text += f"{i}.{wording}（{clause}{limit}）\n"
    return text


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    old, new, decisions = tmp_path / "2023 年.txt", tmp_path / "2024 年.txt", tmp_path / "决定.toml"
    old.write_text(printed(2023, OLD_TASKS), encoding="utf-8")
    new.write_text(printed(2024, NEW_TASKS), encoding="utf-8")
    decisions.write_text(DECISIONS, encoding="utf-8")
    return old, new, decisions


def claims(found: Comparison) -> list[tuple[object, ...]]:
    names = {unit.id: unit.label for unit in found.units}
    return [
        (
            str(claim.kind),
            [task.i for task in claim.old],
            [task.i for task in claim.new],
            str(claim.lead),
            {names[unit] for unit in claim.gained},
            {names[unit] for unit in claim.lost},
            str(claim.deadline),
        )
        for claim in found.claims
    ]


def test_two_printed_years_are_compared_as_they_were_written(files: tuple[Path, Path, Path]) -> None:
    old, new, decisions = files
    found = compare_sources(old, new, Knowledge(decisions=(decisions,))).comparison
    expected = [
        (kind, olds, news, lead, *({SHOWN.get(UNITS[unit][0], UNITS[unit][0]) for unit in side} for side in (gained, lost)), due)
        for kind, olds, news, lead, gained, lost, due in EXPECTED
    ]
    assert claims(found) == expected
    merged = next(body for body in found.bodies if len(body.old) == 2)
    names = {unit.id: unit.label for unit in found.units}
    assert ({names[unit] for unit in merged.old}, names[merged.new[0]]) == ({"市文化局", "市旅游局"}, "市文化和旅游局")
    renamed = next(body for body in found.bodies if names.get(body.new[0] if body.new else "") == "市政务服务和数据局")
    assert renamed.old == renamed.new, "a rename keeps the unit"


def test_builds_with_the_same_decisions_are_compared_alike(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    old, new, decisions = files
    known = Knowledge(decisions=(decisions,))
    for path, out in ((old, "a"), (new, "b")):
        kg.build(path, tmp_path / out, known)
    built = compare_sources(tmp_path / "a", tmp_path / "b", known).comparison
    assert claims(built) == claims(compare_sources(old, new, known).comparison)


def test_both_years_in_one_graph_show_the_merger_on_the_time_line(files: tuple[Path, Path, Path]) -> None:
    old, new, decisions = files
    batch = read_notices([old, new], Knowledge(decisions=(decisions,)))
    store = memory_store(graph_triples(batch.notices, batch.changes))
    rows = [[str(cell or "") for cell in row] for row in ask(store, "timeline", {"unit": "市文化局"}).rows]
    assert [(row[0], row[2], row[3]) for row in rows if row[3]] == [
        ("2024-01-10", "市文化局", "市文化和旅游局"),
        ("2024-01-10", "市旅游局", "市文化和旅游局"),
    ]
    assert [(row[0], row[2], row[4]) for row in rows if not row[3] and row[4]] == [
        ("2023-02-01", "市文化局", "1"),
        ("2023-02-01", "市旅游局", "1"),
        ("2024-02-01", "市文化和旅游局", "2"),
    ]
    assert [row[2] for row in rows if row[3]] and ask(store, "timeline", {"unit": "市政务服务局"}).rows, "by its old name too"


def folder_of(path: Path, year: int, *cities: str) -> Path:
    """A folder with the notice of a year of some cities."""
    path.mkdir()
    rows = OLD_TASKS if year == 2023 else NEW_TASKS
    for city in cities:
        (path / f"{city}.txt").write_text(printed(year, rows).replace("泰安市", city).replace("泰政", city[0] + "政"), encoding="utf-8")
    return path


def test_the_tasks_of_a_city_are_those_of_the_same_city_again(tmp_path: Path) -> None:
    old, new = (folder_of(tmp_path / str(year), year, "泰安市", "宜昌市") for year in (2023, 2024))
    found = compare_sources(old, new).comparison
    places = {notice.id: notice.place for notice in (*found.old.notices, *found.new.notices)}
    carried = [claim for claim in found.claims if claim.old and claim.new]
    assert len(carried) == 2 * sum(bool(olds and news) for _, olds, news, *_ in EXPECTED)
    assert all(len({places[task.notice] for task in (*claim.old, *claim.new)}) == 1 for claim in carried)


def test_places_that_one_side_lacks_are_named_and_left_out(tmp_path: Path) -> None:
    old, new = folder_of(tmp_path / "a", 2023, "泰安市", "安阳市"), folder_of(tmp_path / "b", 2024, "泰安市", "宜昌市")
    found = compare_sources(old, new).comparison
    assert found.elsewhere == ("安阳市", "宜昌市")
    assert {notice.place for side in (found.old, found.new) for notice in side.notices} == {"泰安市"}
    assert claims(found)[0] == claims(compare_sources(old / "泰安市.txt", new / "泰安市.txt").comparison)[0]


def test_two_cities_are_compared_by_lines_and_kinds(tmp_path: Path) -> None:
    old, new = folder_of(tmp_path / "a", 2023, "安阳市"), folder_of(tmp_path / "b", 2023, "宜昌市")
    found = compare_sources(old, new).comparison
    assert not found.aligned and found.bodies == found.loads == ()
    assert {row.key for row in found.lines} >= {"finance", "education", "development-reform"}
    assert all(row.difference.relations_rate == 0 for row in found.lines), "the same tasks give the same rates"
