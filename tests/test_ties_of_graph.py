"""The ties that a graph tells by SPARQL are those that the build writes beside it, whatever the notices hold."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.building.line import Knowledge, read_notices
from kg.details import details_of, read_details
from kg.errors import GraphForeignError, GraphWithoutNoticesError
from kg.graph.iris import PREFIXES
from kg.graph.store import memory_store
from kg.graph.ties import ties_of
from kg.graph.ties_of_graph import BATCH, ties_of_graph
from kg.graph.triples import graph_triples
from kg.model import Change, Closure, Notice, Role, Severity, Ties
from kg.naming.changes import changes_of
from kg.naming.units import name_units
from kg.reading.notice import notice_of_text
from kg.reading.source import SourceText

from .test_compare_whole import DECISIONS, printed
from .years import NEW_TASKS, OLD_TASKS

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "docs"


def same(notices: Sequence[Notice], changes: Sequence[Change] = ()) -> Ties:
    """The ties of some notices, when graph and table agree in every row and in their order."""
    built = ties_of(notices, changes)
    told = ties_of_graph(memory_store(graph_triples(notices, changes)))
    for part in dataclasses.fields(Ties):
        assert getattr(told, part.name) == getattr(built, part.name), part.name
    return built


def test_the_jingzhou_notice(jingzhou: Notice, ties: Ties) -> None:
    assert same([jingzhou]) == ties
    assert len(ties.findings) == 31 and any(tie.through for tie in ties.ties)


def test_two_years_with_decisions_renames_and_mergers(tmp_path: Path) -> None:
    for year, rows in ((2023, OLD_TASKS), (2024, NEW_TASKS)):
        (tmp_path / f"{year}.txt").write_text(printed(year, rows), encoding="utf-8")
    (tmp_path / "d.toml").write_text(DECISIONS, encoding="utf-8")
    batch = read_notices([tmp_path / "2023.txt", tmp_path / "2024.txt"], Knowledge(decisions=(tmp_path / "d.toml",)))
    built = same(batch.notices, batch.changes)
    assert {change.kind for change in built.changes} == {"merge", "rename"}
    assert {notice.year for notice in built.notices} == {2023, 2024}


def test_more_notices_than_are_asked_about_at_once(jingzhou: Notice) -> None:
    many = [
        replace(jingzhou, id=f"421000-{year}-jzbf-1", tasks=jingzhou.tasks[:12], findings=()) for year in range(2000, 2000 + 2 * BATCH + 1)
    ]
    assert len(same(many).notices) == 2 * BATCH + 1


CORPUS_FILES = sorted(CORPUS.glob("*.*")) if CORPUS.is_dir() else []


@pytest.mark.skipif(not CORPUS_FILES, reason="the corpus is not on this machine")
def test_all_notices_of_the_corpus_in_one_graph() -> None:
    batch = read_notices([path for path in CORPUS_FILES if path.suffix != ".pdf"])
    built = same(batch.notices, batch.changes)
    assert len(built.notices) >= 12 and len({unit.level for unit in built.units}) >= 4


# Notices at random, read from text: places, years, roles, groups, sections, deadlines, targets.

NAMES = [
    "市发改委",
    "市财政局",
    "市文广旅局",
    "市住建局",
    "省财政厅",
    "荆州区政府",
    "市教育局",
    "武汉大学",
    "市甲乙办",
    "武汉市财政局",
    "财政部",
]
GROUPS = ["各县市区政府", "市政府有关部门", "市直各部门", "市扶贫领导小组各成员单位"]
CITIES = [("荆州市", "荆政发"), ("泰安市", "泰政发"), ("湖北省", "鄂政发"), ("某某市", "某政发")]
PARTIES = st.lists(st.sampled_from(NAMES + GROUPS), min_size=1, max_size=4, unique=True)


@st.composite
def texts(draw: st.DrawFn) -> str:
    city, mark = draw(st.sampled_from(CITIES))
    year = draw(st.integers(2009, 2025))
    lines = [f"{city}人民政府关于分解{year}年工作任务的通知", f"{mark}〔{year}〕{draw(st.integers(1, 30))}号", "", f"{year}年2月1日", ""]
    for number in range(1, draw(st.integers(1, 6)) + 1):
        if draw(st.booleans()):
            lines.append(f"{'一二三四五六'[number - 1]}、第{number}部分")
        leads, others = draw(PARTIES), draw(PARTIES)
        limit = draw(st.sampled_from(["", "；完成时限：6月底前", "；完成时限：长期"]))
        target = draw(st.sampled_from(["修路100公里以上", '办好"实事"\\并公开', "GDP增长8.50%"]))
        clause = f"牵头单位：{'、'.join(leads)}；责任单位：{'、'.join(others)}" if draw(st.booleans()) else f"责任单位：{'、'.join(others)}"
        lines.append(f"{number}.{target}。（{clause}{limit}）")
    return "\n".join(lines)


def named(text: str) -> Notice:
    return name_units(notice_of_text(SourceText("n.txt", text, hashlib.sha256(text.encode()).hexdigest(), "utf-8")))


def test_a_joint_body_has_all_its_lines() -> None:
    (unit,) = same([named("泰安市人民政府关于分解任务的通知\n\n2020年2月1日\n\n1.办展。（牵头单位：市文广旅局）")]).units
    assert len(unit.lines) > 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(texts(), min_size=1, max_size=4))
def test_notices_at_random(found: list[str]) -> None:
    notices = list({notice.id: notice for notice in map(named, found)}.values())
    same(notices, changes_of(notices))


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_parties_in_any_order_and_number(jingzhou: Notice, data: st.DataObject) -> None:
    task = jingzhou.tasks[0]
    known = [a for t in jingzhou.tasks for a in t.assignments if a.unit]
    drawn = data.draw(st.lists(st.tuples(st.sampled_from(known), st.sampled_from(Role)), max_size=30))
    assignments = tuple(replace(a, role=role) for a, role in drawn)
    same([replace(jingzhou, tasks=(replace(task, assignments=assignments),), findings=())])


@given(
    title=st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    values=st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.text(st.characters(exclude_categories=["Cs"]))),
    severity=st.sampled_from(Severity),
)
@settings(max_examples=30, deadline=None)
def test_whatever_stands_in_a_head_or_a_finding(jingzhou: Notice, title: str | None, values: dict[str, str], severity: Severity) -> None:
    first, second = jingzhou.findings[:2]
    assert second.task == 7
    odd = replace(first, severity=severity, task=None, values=tuple(values.items()))
    same([replace(jingzhou, title=title, number=None, date=None, jurisdiction=None, findings=(odd, second), tasks=jingzhou.tasks[:7])])


def test_what_notices_say_differently_of_one_body_is_settled_whatever_the_order(jingzhou: Notice) -> None:
    unit, *units = jingzhou.units
    group, *groups = jingzhou.groups
    other = replace(unit, label=unit.label + "（新）", rule="line", lines=(*unit.lines, "finance"))
    later = replace(
        jingzhou,
        id="421000-2021-jzbf-1",
        units=(other, *units),
        groups=(replace(group, label=group.label + "们"), *groups),
    )
    built = same([jingzhou, later])
    assert built.units == ties_of([later, jingzhou]).units
    (row,) = [row for row in built.units if row.id == unit.id]
    assert row.label == unit.label and other.label in row.aliases and row.rule == unit.rule and "finance" in row.lines
    assert Closure.LISTED in {row.closure for row in built.groups}


# Graphs of other hands


def test_a_graph_without_notices_is_told_so() -> None:
    with pytest.raises(GraphWithoutNoticesError, match=r"some\.ttl"):
        ties_of_graph(pyoxigraph.Store(), "some.ttl")


FOREIGN = [
    pytest.param("DELETE { ?u org:classification ?k } INSERT { ?u org:classification <urn:kind> } WHERE { ?u org:classification ?k }", "a kind of nobody", id="kind"),
    pytest.param("DELETE { ?u skos:prefLabel ?l } WHERE { ?u a kg:Unit ; skos:prefLabel ?l }", "no label", id="label"),
    pytest.param("DELETE { ?a kg:role ?r } INSERT { ?a kg:role kgv:boss } WHERE { ?a kg:role ?r }", "a role of nobody", id="role"),
    pytest.param("INSERT { ?t kg:finding 'odd' } WHERE { ?t a kg:Task }", "a finding that is no JSON", id="finding"),
    pytest.param("INSERT { ?t kg:finding '[]' } WHERE { ?t a kg:Task }", "a finding that is another JSON", id="finding-list"),
    pytest.param("DELETE { ?t kg:index ?i } INSERT { ?t kg:index 'one' } WHERE { ?t kg:index ?i }", "a word for a number", id="index"),
]  # fmt: skip


@pytest.mark.parametrize(("update", "why"), FOREIGN)
def test_what_does_not_fit_the_ontology_is_told_so(jingzhou: Notice, update: str, why: str) -> None:
    store = memory_store(graph_triples([jingzhou]))
    store.update(update, prefixes=PREFIXES)
    with pytest.raises(GraphForeignError, match=r"some\.ttl"):
        pytest.fail(f"{why}: {ties_of_graph(store, 'some.ttl')}")


def test_two_rdf_files_are_compared_as_the_notices_behind_them(tmp_path: Path) -> None:
    for year, rows in ((2023, OLD_TASKS), (2024, NEW_TASKS)):
        (tmp_path / f"{year}.txt").write_text(printed(year, rows), encoding="utf-8")
        batch = read_notices([tmp_path / f"{year}.txt"])
        (tmp_path / f"{year}.nt").write_text("\n".join([*graph_triples(batch.notices, batch.changes), ""]), encoding="utf-8")
    printed_ones, graphs = (kg.compare(tmp_path / f"2023.{end}", tmp_path / f"2024.{end}") for end in ("txt", "nt"))
    assert graphs == printed_ones


def test_a_file_of_every_format_has_the_ties_and_details_of_its_build(tmp_path: Path) -> None:
    built = kg.build(Path(__file__).parent.parent / "seeds", tmp_path / "out")
    from kg.graph.serialise import FORMATS, serialise_store

    for form in FORMATS:
        path = tmp_path / f"graph.{form}"
        path.write_text(serialise_store(built.store, form), encoding="utf-8")
        assert kg.load(path).ties == built.ties, form
    told, written = details_of(kg.load(tmp_path / "graph.ttl")), read_details(tmp_path / "out")
    for key, detail in written.items():
        there = told.get(key)
        assert (there.targets, there.deadline, there.due) == (detail.targets, detail.deadline, detail.due) if there else not detail.targets
