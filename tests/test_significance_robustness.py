"""O3, bootstrap and leaving out: against every resample of a small case, and against measuring the rest anew."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.load import TaskKey, Team, measure_load, teams
from kg.analysis.robustness import Robustness, measure_robustness, merge_tasks, ranks
from kg.analysis.span import Measure
from kg.model import TERRITORIAL, Kind, Ties

from .test_load import small
from .test_significance_span import relabelled


def by_label(ties: Ties, **settings: int) -> dict[tuple[str, Measure], Robustness]:
    return {(row.label, row.measure): row for row in measure_robustness(ties, **settings).rows}


def plain_ranks(row: list[int]) -> list[int]:
    return [1 + sum(other > one for other in row) for one in row]


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), max_size=5))
def test_ranks_count_who_has_more(totals: list[list[int]]) -> None:
    assert ranks(totals).tolist() == [plain_ranks(row) for row in totals]


def test_the_bootstrap_is_that_of_all_resamples() -> None:
    tasks = [(["a"], list("bcd")), (["b"], list("ac")), (["c"], []), (["b", "d"], [])]
    relations = {unit: [] for unit in "abcd"}
    for leads, others in tasks:
        for unit in "abcd":
            relations[unit].append(len({*leads, *others}) - 1 if unit in leads else len(leads) if unit in others else 0)
    drawn = [plain_ranks([sum(relations[unit][at] for at in chosen) for unit in "abcd"]) for chosen in product(range(4), repeat=4)]
    found = by_label(small(tasks), top=1, bootstraps=4000)
    for at, unit in enumerate("abcd"):
        row = found[unit, Measure.M3]
        exact = sorted(one[at] for one in drawn)
        assert row.top_probability == pytest.approx(exact.count(1) / 256, abs=0.035)
        assert row.rank_interval == tuple(int(np.quantile(exact, q, method="inverted_cdf")) for q in (0.05, 0.95))


def without(ties: Ties, gone: set[TaskKey]) -> Ties:
    return replace(
        ties,
        tasks=tuple(task for task in ties.tasks if (task.notice, task.i) not in gone),
        ties=tuple(tie for tie in ties.ties if (tie.notice, tie.task) not in gone),
    )


def rank_of(ties: Ties, label: str, measure: Measure) -> int:
    loads = [load for load in measure_load(ties, territorial=measure is Measure.M3) if load.kind not in TERRITORIAL]
    own = next((load.relations for load in loads if load.label == label), 0)
    return 1 + sum(load.relations > own for load in loads)


@pytest.mark.parametrize("label", ["市生态环境局", "市发改委", "市住建局"])
@pytest.mark.parametrize("measure", Measure)
def test_leaving_out_is_measuring_the_rest(ties: Ties, label: str, measure: Measure) -> None:
    row = by_label(ties, bootstraps=10)[label, measure]
    keys = [(task.notice, task.i) for task in ties.tasks]
    sections = {key: task.section for key, task in zip(keys, ties.tasks, strict=True)}
    assert row.rank == rank_of(ties, label, measure)
    assert row.rank_without_task == max(rank_of(without(ties, {key}), label, measure) for key in keys)
    one_out = {n: rank_of(without(ties, {key for key in keys if sections[key] == n}), label, measure) for n in sections.values()}
    assert row.rank_without_section == max(one_out.values())
    if row.worst_section:
        assert one_out[row.worst_section[1] if row.worst_section else None] == row.rank_without_section
    if row.worst_task:
        assert rank_of(without(ties, {row.worst_task}), label, measure) == row.rank_without_task


FIRM = [
    pytest.param(
        "市发改委", Measure.M3, 57, 2, True, "second whatever is left out, first when its tasks are merged", id="development-reform"
    ),
    pytest.param("市发改委", Measure.M3D, 32, 2, True, "the same without counties and zones", id="development-reform-bare"),
    pytest.param("市生态环境局", Measure.M3, 58, 42, False, "without section 1 hardly anything is left", id="ecology"),
    pytest.param("市生态环境局", Measure.M3D, 40, 26, False, "P(rank ≤ 5) is high, yet it rests on section 1", id="ecology-bare"),
    pytest.param("市经信局", Measure.M3, 41, 10, False, "P(rank ≤ 5) is below 0.9", id="industry"),
]


@pytest.mark.parametrize(("label", "measure", "relations", "worst", "robust", "why"), FIRM)
def test_who_is_firm_in_jingzhou(ties: Ties, label: str, measure: Measure, relations: int, worst: int, robust: bool, why: str) -> None:
    row = by_label(ties)[label, measure]
    assert (row.relations, row.rank_without_section, row.robust) == (relations, worst, robust), why
    assert row.rank_interval[0] <= row.rank <= row.rank_interval[1]
    if label == "市生态环境局":
        assert row.worst_section is not None
        assert row.worst_section[1] == 1


def test_only_one_unit_of_jingzhou_is_firm(ties: Ties) -> None:
    for seed in range(5):
        firm = {(row.label, row.measure) for row in measure_robustness(ties, seed=seed).rows if row.robust and row.kind not in TERRITORIAL}
        assert firm == {("市发改委", Measure.M3), ("市发改委", Measure.M3D)}


def test_tasks_of_the_same_leads_and_section_are_merged() -> None:
    a, b = frozenset("a"), frozenset("b")
    found = {
        ("n", 1): Team(a, frozenset("cd")),
        ("n", 2): Team(a, frozenset("de")),
        ("n", 3): Team(a, frozenset("f")),
        ("n", 4): Team(b, frozenset("c")),
        ("n", 5): Team(frozenset(), frozenset("cd")),
        ("n", 6): Team(frozenset(), frozenset("cd")),
    }
    sections = {("n", 1): ("n", 1), ("n", 2): ("n", 1), ("n", 3): ("n", 2), ("n", 4): ("n", 1), ("n", 5): ("n", 1), ("n", 6): ("n", 1)}
    merged = merge_tasks(found, sections)
    assert merged[0] == Team(a, frozenset("cde"))
    assert len(merged) == 5, "another section, another lead, and tasks without a lead stay apart"
    assert len(merge_tasks(found, dict.fromkeys(found))) == 6, "without sections nothing is merged"


def test_without_sections_one_task_less_takes_their_place() -> None:
    tasks = [(["a"], list("bcdefghijkl")), *[([unit], ["m"]) for unit in "bcdefghijkl"]]
    row = by_label(small(tasks), top=1)["a", Measure.M3]
    assert (row.rank, row.rank_without_section, row.worst_section) == (1, None, None)
    assert (row.rank_without_task, row.worst_task, row.robust) == (13, ("n", 1), False)


def test_territories_are_ranked_apart_and_have_no_m3d() -> None:
    found = by_label(small([(["z"], ["a", "y"]), (["a"], ["z"])], {"z": Kind.ZONE, "y": Kind.TERRITORY}), bootstraps=20)
    assert {key: row.rank for key, row in found.items()} == {
        ("z", Measure.M3): 1,
        ("y", Measure.M3): 2,
        ("a", Measure.M3): 1,
        ("a", Measure.M3D): 1,
    }


def test_seeds_names_and_nothing(ties: Ties) -> None:
    first = measure_robustness(ties, seed=3, bootstraps=50)
    assert measure_robustness(ties, seed=3, bootstraps=50) == first
    assert measure_robustness(ties, seed=4, bootstraps=50) != first
    renamed = measure_robustness(relabelled(ties), seed=3, bootstraps=50)
    assert [replace(row, unit=row.unit[1:]) for row in renamed.rows] == list(first.rows)
    assert measure_robustness(small([])).rows == ()
    assert teams(small([])) == {}
