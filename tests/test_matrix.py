"""The matrix of units and tasks, and the partners: counted as the load is counted."""

from __future__ import annotations

import dataclasses

import pytest

from kg.analysis.load import Reading, measure_load, standings
from kg.analysis.matrix import Mark, Order, matrix
from kg.analysis.partners import partners
from kg.model import TERRITORIAL, Role, Tie, Ties
from tests.test_report import small_ties


def test_marks_count_as_the_load_does(ties: Ties) -> None:
    made = matrix(ties)
    counts = {unit.id: found for unit, found in zip(made.units, made.counts(), strict=True)}
    for one in standings(ties):
        found = counts[one.unit]
        assert found[Mark.LEAD] == one.led
        assert found[Mark.RESPONSIBLE] + found[Mark.COOPERATING] == one.shared
    for load in measure_load(ties, reading=Reading.RESOLVED):
        assert counts[load.unit].total() == load.tasks
    assert sum(found[Mark.LEAD] for found in counts.values()) == 111
    assert sum(found[Mark.RESPONSIBLE] + found[Mark.COOPERATING] for found in counts.values()) == 492


def test_every_unit_has_a_row_and_every_task_a_column(ties: Ties) -> None:
    made = matrix(ties)
    assert len(made.units) == 65 and len(made.tasks) == 114
    assert [unit.id for unit in made.units] == [one.unit for one in standings(ties)]
    assert all(len(made.row(index)) == 114 for index in range(65))
    row = next(index for index, unit in enumerate(made.units) if unit.label == "市生态环境局")
    assert [task.i for task, mark in zip(made.tasks, made.row(row), strict=True) if mark is Mark.LEAD] == [7, 8, 9, 13, 15]


@pytest.mark.parametrize("order", list(Order))
def test_another_order_moves_rows_and_changes_none(ties: Ties, order: Order) -> None:
    def rows(made: object) -> dict[str, tuple[Mark | None, ...]]:
        return {unit.id: made.row(index) for index, unit in enumerate(made.units)}  # type: ignore[attr-defined]

    made = matrix(ties, order=order)
    assert rows(made) == rows(matrix(ties))
    territorial = [unit.kind in TERRITORIAL for unit in made.units]
    assert order is Order.KIND or territorial == sorted(territorial)
    assert made == matrix(ties, order=str(order))


def test_an_order_that_does_not_exist_is_refused(ties: Ties) -> None:
    with pytest.raises(ValueError, match="alphabet"):
        matrix(ties, order="alphabet")


def test_of_two_roles_the_weightier_is_shown_and_a_group_never_hides_a_name() -> None:
    ties = small_ties()
    notice = ties.notices[0].id
    more = (
        Tie(notice, 1, "unit:a", Role.RESPONSIBLE),
        Tie(notice, 1, "unit:b", Role.LEAD, "group:g"),
        Tie(notice, 3, "unit:z", Role.LEAD, "group:g"),
    )
    made = matrix(dataclasses.replace(ties, ties=(*more, *ties.ties)))
    row = {unit.id: made.row(index) for index, unit in enumerate(made.units)}
    assert row["unit:a"] == (Mark.LEAD, Mark.LEAD, None)
    assert row["unit:b"] == (Mark.RESPONSIBLE, Mark.LEAD, Mark.RESPONSIBLE)
    assert row["unit:c"] == (None, Mark.COOPERATING, Mark.RESPONSIBLE)
    assert row["unit:z"] == (Mark.RESPONSIBLE, None, Mark.GROUP)


def test_partners_add_up_to_the_relations(ties: Ties) -> None:
    found = partners(ties)
    for one in standings(ties):
        own = found.get(one.unit, ())
        assert sum(partner.relations for partner in own) == one.relations
        assert len(own) == one.partners
        assert sum(len(partner.leading) + len(partner.together) for partner in own) == one.from_leading
        assert [partner.relations for partner in own] == sorted((partner.relations for partner in own), reverse=True)


def test_partners_see_one_another(ties: Ties) -> None:
    found = partners(ties)
    for unit, own in found.items():
        for partner in own:
            other = next(one for one in found[partner.unit] if one.unit == unit)
            assert (partner.leading, partner.together, partner.sharing) == (other.sharing, other.together, other.leading)
