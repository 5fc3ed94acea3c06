"""The ties table: the graph's edges as rows, written and read back without a change."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import GraphError, StoreVersionError
from kg.graph.iris import curie
from kg.graph.queries import ask_text
from kg.graph.store import memory_store
from kg.graph.ties import read_ties, ties_of, write_ties
from kg.graph.triples import graph_triples
from kg.model import BUILD_FORMAT, Closure, Kind, Notice, Role, Ties
from kg.naming.units import name_units
from kg.reading.notice import notice_of_text
from kg.reading.source import SourceText


def test_the_notice_has_111_leads_492_shares_and_111_references(ties: Ties) -> None:
    assert Counter(tie.role for tie in ties.ties if not tie.through) == {Role.LEAD: 111, Role.RESPONSIBLE: 492}
    assert len(ties.references) == 111
    assert len(ties.tasks) == 114
    assert len(ties.units) == 65, "石首市政府 is there, though it is never printed"


def test_a_unit_is_tied_through_a_listed_group_only_where_it_is_not_printed(ties: Ties) -> None:
    printed = {(tie.notice, tie.task, tie.unit) for tie in ties.ties if not tie.through}
    opened = [tie for tie in ties.ties if tie.through]
    assert opened
    assert not {(tie.notice, tie.task, tie.unit) for tie in opened} & printed
    closures = {group.id: group.closure for group in ties.groups}
    assert {closures[tie.through] for tie in opened} == {Closure.LISTED}


def test_every_reference_to_a_listed_group_opens_to_all_members_not_printed(jingzhou: Notice, ties: Ties) -> None:
    members = {group.id: set(group.members) for group in jingzhou.groups}
    for reference in ties.references:
        of_task = [tie for tie in ties.ties if tie.task == reference.task]
        named = {tie.unit for tie in of_task if not tie.through}
        assert {tie.unit for tie in of_task if tie.through == reference.group} == members[reference.group] - named


def test_ties_and_graph_are_the_same_edges(jingzhou: Notice, ties: Ties) -> None:
    store = memory_store(graph_triples([jingzhou]))
    for term, lead in (("kg:ledBy", True), ("kg:sharedWith", False)):
        rows = ask_text(store, f"SELECT ?i ?u {{ ?t {term} ?u ; kg:index ?i . ?u a kg:Unit }}").rows
        assert set(rows) == {(tie.task, tie.unit) for tie in ties.ties if not tie.through and (tie.role is Role.LEAD) == lead}


def test_every_tie_points_at_rows_that_are_there(ties: Ties) -> None:
    units, groups, tasks = {u.id for u in ties.units}, {g.id for g in ties.groups}, {(t.notice, t.i) for t in ties.tasks}
    assert {tie.unit for tie in ties.ties} <= units
    assert {tie.through for tie in ties.ties} <= groups | {""}
    assert {row.group for row in ties.references} <= groups
    assert {(row.notice, row.task) for row in (*ties.ties, *ties.references)} <= tasks
    assert all(curie(unit) == unit for unit in units), "identifiers are CURIEs already"


def test_a_finding_stands_on_its_line_of_the_text(jingzhou: Notice, ties: Ties) -> None:
    lines = jingzhou.text.split("\n")
    assert ties.findings
    for row in ties.findings:
        before = sum(len(line) + 1 for line in lines[: row.line - 1])
        assert before <= row.start <= before + len(lines[row.line - 1])


def test_the_ties_are_read_back_as_they_were(ties: Ties, tmp_path: Path) -> None:
    path = tmp_path / "关系 表.sqlite"
    write_ties(ties, path)
    assert read_ties(path) == ties


def test_the_same_ties_give_the_same_bytes(ties: Ties, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_ties(ties, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_order_of_reading_changes_no_row(jingzhou: Notice) -> None:
    other = replace(jingzhou, id="421000-2021-jzbf-2")
    assert ties_of([jingzhou, other]) == ties_of([other, jingzhou])


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=40, deadline=None)
@given(label=TEXT, aliases=st.lists(TEXT, max_size=3), values=st.lists(st.tuples(TEXT, TEXT), max_size=2), kind=st.sampled_from(Kind))
def test_whatever_a_text_holds_is_read_back(ties: Ties, label: str, aliases: list[str], values: list[tuple[str, str]], kind: Kind) -> None:
    odd = replace(
        ties,
        units=(replace(ties.units[0], label=label, aliases=tuple(aliases), kind=kind), *ties.units[1:]),
        tasks=(replace(ties.tasks[0], text=label, section=None), *ties.tasks[1:]),
        findings=(replace(ties.findings[0], task=None, values=tuple(values)), *ties.findings[1:]),
    )
    with tempfile.TemporaryDirectory() as folder:
        write_ties(odd, Path(folder) / "ties.sqlite")
        assert read_ties(Path(folder) / "ties.sqlite") == odd


def test_a_unit_keeps_the_names_that_any_notice_prints(jingzhou: Notice) -> None:
    first, *others = jingzhou.units
    here = replace(jingzhou, units=(replace(first, aliases=("甲",)), *others))
    there = replace(jingzhou, id="421000-2021-jzbf-2", units=(replace(first, aliases=("乙",)), *others))
    (unit,) = [unit for unit in ties_of([here, there]).units if unit.id == first.id]
    assert unit.label == first.label
    assert set(unit.aliases) == {"甲", "乙"}


def test_notices_without_tasks_give_an_empty_table(tmp_path: Path) -> None:
    write_ties(ties_of([]), tmp_path / "ties.sqlite")
    assert read_ties(tmp_path / "ties.sqlite") == ties_of([])


@pytest.mark.parametrize("version", [BUILD_FORMAT - 1, BUILD_FORMAT + 1], ids=["older", "newer"])
def test_a_table_of_another_format_is_told_so(ties: Ties, tmp_path: Path, version: int) -> None:
    path = tmp_path / "ties.sqlite"
    write_ties(ties, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(StoreVersionError, match=r"ties\.sqlite"):
        read_ties(path)


NO_TABLE = [
    pytest.param(None, "there is no such file", id="missing"),
    pytest.param(b"no database at all, but long enough to be taken for one" * 40, "not SQLite", id="text"),
    pytest.param(b"SQLite format 3\x00" + bytes(200), "a header and nothing behind it", id="cut-off"),
]


@pytest.mark.parametrize(("content", "why"), NO_TABLE)
def test_what_is_no_ties_table_is_told_so(tmp_path: Path, content: bytes | None, why: str) -> None:
    path = tmp_path / "ties.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GraphError, match=r"ties\.sqlite"):
        pytest.fail(f"{why}: {read_ties(path)}")
    assert path.exists() == (content is not None), "looking for a table makes none"


def test_a_body_of_another_place_is_shown_with_its_place() -> None:
    whole = "广东省人民政府办公厅关于分解任务的通知\n\n2020年8月1日\n\n1.修路。(牵头单位:省财政厅;责任单位:深圳市财政局、深圳证监局、广州市政府、财政部)"
    notice = name_units(notice_of_text(SourceText("n.txt", whole, "0" * 64, "utf-8")))
    labels = {unit.label for unit in ties_of([notice]).units}
    assert labels == {"省财政厅", "深圳市财政局", "深圳证监局", "广州市政府", "财政部"}
    own = name_units(notice_of_text(SourceText("n.txt", whole.replace("广东省", "深圳市"), "1" * 64, "utf-8")))
    assert "市财政局" in {unit.label for unit in ties_of([own]).units}
