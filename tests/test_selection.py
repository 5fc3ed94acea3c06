"""Selections: what they keep, what they leave out, and that every measure takes them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.brokerage import brokerage
from kg.analysis.closure import measure_closure
from kg.analysis.core import core_periphery
from kg.analysis.load import Reading, concentrations, measure_load, overview, standings, teams, unled_relations
from kg.analysis.matrix import matrix
from kg.analysis.network import centralities, dependencies
from kg.analysis.selection import chosen_units, leads_left_out, select
from kg.model import TERRITORIAL, Kind, Level, Reference, Role, SectionRow, Ties

from .test_load import UNITS, small

KINDS = {"a": Kind.ZONE, "b": Kind.TERRITORY, "c": Kind.ENTERPRISE, "d": Kind.PARTY_ORGAN}
TASKS = st.lists(st.tuples(UNITS, UNITS), min_size=1, max_size=8)
FREE = set(Kind) - TERRITORIAL


def sectioned(tasks: list[tuple[list[str], list[str]]]) -> Ties:
    """Small ties whose tasks stand in three sections by turns, the fourth in none."""
    ties = small(tasks, KINDS, [Reference("n", i, "g", Role.RESPONSIBLE) for i in range(1, len(tasks) + 1, 3)])
    return replace(
        ties,
        sections=tuple(SectionRow("n", number, "", "") for number in (1, 2, 3)),
        tasks=tuple(replace(task, section=task.i % 4 or None) for task in ties.tasks),
    )


@given(TASKS, st.sampled_from(Reading))
def test_m3d_is_the_selection_of_all_kinds_but_territories(tasks: list[tuple[list[str], list[str]]], reading: Reading) -> None:
    ties = sectioned(tasks)
    assert measure_load(select(ties, kinds=FREE), reading=reading) == measure_load(ties, reading=reading, territorial=False)


def test_m3d_of_jingzhou_is_a_selection(ties: Ties) -> None:
    chosen = select(ties, kinds=FREE)
    assert measure_load(chosen) == measure_load(ties, territorial=False)
    assert centralities(chosen) == centralities(ties)
    assert len(chosen.tasks) == 114
    assert leads_left_out(ties, chosen) == ()


def test_sections_choose_tasks_with_whole_teams(ties: Ties) -> None:
    notice = ties.notices[0].id
    parts = [select(ties, sections=[(notice, number)]) for number in range(1, 7)]
    assert [len(part.tasks) for part in parts] == [23, 33, 15, 15, 20, 8]
    assert all(teams(part).items() <= teams(ties).items() for part in parts)
    whole = {load.unit: load.relations for load in measure_load(ties)}
    for load in (load for part in parts for load in measure_load(part)):
        whole[load.unit] -= load.relations
    assert set(whole.values()) == {0}, "relations of the sections add up"


def test_what_is_not_in_use_is_left_out(ties: Ties) -> None:
    part = select(ties, sections=[(ties.notices[0].id, 6)])
    assert {unit.id for unit in part.units} == {tie.unit for tie in part.ties}
    assert {section.index for section in part.sections} == {6}
    assert {finding.task for finding in part.findings} <= {task.i for task in part.tasks}


def test_a_task_whose_lead_was_not_chosen_is_told_from_one_without_a_lead() -> None:
    ties = small([(["a"], ["d", "e"]), ([], ["d"])], KINDS)
    chosen = select(ties, units=["d", "e"])
    assert list(unled_relations(chosen)) == [("n", 1), ("n", 2)]
    assert leads_left_out(ties, chosen) == (("n", 1),)


def test_conditions_are_joined_and_a_joint_body_has_several_lines() -> None:
    ties = small([(["a"], ["b", "c"])])
    rows = {"a": ("finance", "tax"), "b": ("tax",), "c": ()}
    level = {"a": "municipal", "b": "county", "c": ""}
    ties = replace(ties, units=tuple(replace(unit, lines=rows[unit.id], level=level[unit.id]) for unit in ties.units))
    assert chosen_units(ties, lines=["tax"]) == {"a", "b"}
    assert chosen_units(ties, lines=["tax"], levels=[Level.COUNTY]) == {"b"}
    assert chosen_units(ties, levels=["", "municipal"], kinds=["department"]) == {"a", "c"}
    assert {load.unit: load.relations for load in measure_load(select(ties, lines=["tax"]))} == {"a": 1, "b": 1}


def test_what_is_not_there_is_told(ties: Ties) -> None:
    for wrong in ({"notices": ["x"]}, {"sections": [("x", 1)]}, {"units": ["unit:x"]}, {"kinds": ["x"]}, {"levels": ["x"]}):
        with pytest.raises(ValueError, match="x"):
            select(ties, **wrong)  # type: ignore[arg-type]  # One wrong condition at a time.


@given(TASKS, st.data())
def test_every_measure_takes_any_selection(tasks: list[tuple[list[str], list[str]]], data: st.DataObject) -> None:
    ties = sectioned(tasks)
    units = st.none() | st.sets(st.sampled_from([unit.id for unit in ties.units])) if ties.units else st.none()
    part = select(
        ties,
        sections=data.draw(st.none() | st.sets(st.sampled_from([("n", 1), ("n", 2), ("n", 3)]))),
        kinds=data.draw(st.none() | st.sets(st.sampled_from(Kind))),
        units=data.draw(units),
    )
    assert select(part) == part
    whole, kept = teams(ties), {unit.id for unit in part.units}
    for key, team in teams(part).items():
        assert team.leads == whole[key].leads & kept
        assert team.others == whole[key].others & kept
    assert sum(one.relations for one in standings(part)) == overview(part).relations_total
    for measure in (centralities, dependencies, core_periphery, brokerage, concentrations, unled_relations, matrix):
        measure(part)
    measure_closure(part, draws=1)


@given(TASKS)
def test_a_selection_of_everything_is_everything(tasks: list[tuple[list[str], list[str]]]) -> None:
    ties = sectioned(tasks)
    assert select(ties) is ties
    assert select(ties, kinds=set(Kind), units=[unit.id for unit in ties.units], notices=["n"]).ties == ties.ties
