"""O2, permuted team sizes: against every permutation of small cases, the exact distribution, and the Jingzhou notice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.load import Reading, teams
from kg.analysis.span import Measure, Span, adjusted_without, crowds_of, measure_span, min_p
from kg.model import Kind, Ties

from .conftest import ROOT, SEED
from .test_load import small

CASES = [
    pytest.param([(["a"], list("bcdefg")), (["a"], list("bcdef")), (["b"], ["c"]), (["c"], []), (["d"], ["a"])], id="one-crowded"),
    pytest.param([(["a", "b"], list("cdef")), (["a"], ["c"]), (["b"], []), (["c"], ["d"])], id="co-led"),
    pytest.param([(["a"], ["b"]), (["b"], ["a"]), (["c"], ["a"])], id="all-alike"),
    pytest.param([(["a"], list("bcd")), ([], list("abcd")), (["b"], []), (["c"], ["d"])], id="one-without-lead"),
]
Tasks = list[tuple[list[str], list[str]]]


def every_permutation(tasks: Tasks) -> dict[str, tuple[int, float, float]]:
    """Of every lead: relations, expected, exact p; by trying all permutations."""
    led = [(leads, len({*leads, *others}) - 1) for leads, others in tasks if leads]
    sizes = [size for _, size in led]
    found = {}
    for unit in sorted({unit for leads, _ in led for unit in leads}):
        own = [at for at, (leads, _) in enumerate(led) if unit in leads]
        totals = [sum(order[at] for at in own) for order in permutations(sizes)]
        real = sum(sizes[at] for at in own)
        found[unit] = (real, sum(totals) / len(totals), sum(total >= real for total in totals) / len(totals))
    return found


@pytest.mark.parametrize("tasks", CASES)
def test_p_is_the_share_of_all_permutations(tasks: Tasks) -> None:
    exact, test = every_permutation(tasks), measure_span(small(tasks), draws=20_000)
    rows = {row.unit: row for row in test.rows if row.measure is Measure.M3}
    assert rows.keys() == exact.keys()
    for unit, (relations, expected, p) in exact.items():
        error = 4 * max(1e-4, (p * (1 - p) / 20_000) ** 0.5)
        assert rows[unit].relations == relations
        assert rows[unit].expected == pytest.approx(expected, abs=0.08)
        assert rows[unit].p == pytest.approx(p, abs=error)


def plain_min_p(totals: list[list[int]]) -> tuple[list[float], list[float]]:
    """Step-down minP by its definition, row by row and draw by draw."""
    draws = len(totals[0])
    tails = [[sum(other >= one for other in row) / draws for one in row] for row in totals]
    order = sorted(range(len(totals)), key=lambda row: tails[row][0])
    adjusted, worst = [0.0] * len(totals), 0.0
    for at, row in enumerate(order):
        rest = order[at:]
        share = sum(min(tails[other][draw] for other in rest) <= tails[row][0] for draw in range(draws)) / draws
        worst = max(worst, share)
        adjusted[row] = worst
    return [row[0] for row in tails], adjusted


@given(st.integers(1, 5).flatmap(lambda rows: st.lists(st.lists(st.integers(0, 6), min_size=8, max_size=8), min_size=rows, max_size=rows)))
def test_minp_is_what_its_definition_says(totals: list[list[int]]) -> None:
    p, adjusted = min_p(totals)
    expected = plain_min_p(totals)
    assert p.tolist() == pytest.approx(expected[0])
    assert adjusted.tolist() == pytest.approx(expected[1])
    assert all(adjusted >= p)


def sums_without_replacement(sizes: list[int], count: int) -> Counter[int]:
    """In how many ways ``count`` of the sizes add up to each sum (exact)."""
    ways: list[Counter[int]] = [Counter({0: 1})] + [Counter() for _ in range(count)]
    for size in sizes:
        for chosen in range(count, 0, -1):
            for total, number in ways[chosen - 1].items():
                ways[chosen][total + size] += number
    return ways[count]


@pytest.mark.parametrize(("measure", "relations", "expected"), [(Measure.M3, 54, 22.2), (Measure.M3D, 36, 7.7)])
def test_jingzhou_has_one_unit_with_crowded_tasks(ties: Ties, measure: Measure, relations: int, expected: float) -> None:
    rows = [row for row in measure_span(ties).rows if row.measure is measure]
    first, second = rows[:2]
    assert (first.label, first.led, first.relations) == ("市生态环境局", 5, relations)
    assert first.expected == pytest.approx(expected, abs=0.1)
    assert first.adjusted < 0.005
    assert second.adjusted > 0.5
    led = {key: team for key, team in teams(ties, territorial=measure is Measure.M3).items() if team.leads}
    ways = sums_without_replacement([len(team.leads | team.others) - 1 for team in led.values()], 5)
    exact = sum(number for total, number in ways.items() if total >= relations) / sum(ways.values())
    assert exact < first.p < exact + 5 * (exact / 20_000) ** 0.5 + 1 / 20_000


def test_what_is_left_of_it_under_the_upper_reading_and_without_section_1(ties: Ties) -> None:
    upper = measure_span(ties, reading=Reading.UPPER)
    assert {row.adjusted for row in upper.rows if row.label == "市生态环境局"} == {1.0}
    crowds = crowds_of(ties)
    sections = {(task.notice, task.i): task.section for task in ties.tasks}
    gone = [at for at, key in enumerate(crowds.keys) if sections[key] == 1]
    (without,) = adjusted_without(crowds, [gone], 1, 5000)
    (unit,) = {row.unit for row in upper.rows if row.label == "市生态环境局"}
    assert min(without[unit, measure] for measure in Measure) > 0.9
    bare = replace(ties, tasks=tuple(task for task in ties.tasks if task.section != 1))
    kept = {(task.notice, task.i) for task in bare.tasks}
    bare = replace(bare, ties=tuple(tie for tie in ties.ties if (tie.notice, tie.task) in kept))
    for row in measure_span(bare, draws=5000).rows:
        assert row.adjusted == pytest.approx(without[row.unit, row.measure], abs=0.12), "leaving out is the same as not printing"


def test_a_task_led_by_a_county_alone_counts_in_m3_only() -> None:
    kinds = {"county": Kind.TERRITORY}
    test = measure_span(small([(["county"], list("abc")), (["a"], ["b", "county"]), (["b"], ["c"])], kinds), draws=200)
    assert {(row.unit, row.measure.value, row.led, row.relations) for row in test.rows} == {
        ("county", "m3", 1, 3),
        ("a", "m3", 1, 2),
        ("b", "m3", 1, 1),
        ("a", "m3d", 1, 1),
        ("b", "m3d", 1, 1),
    }
    assert {row.expected for row in test.rows if row.measure is Measure.M3D} == {1.0}, "the county's task lends its size to nobody"


def test_sizes_are_permuted_within_a_notice() -> None:
    one, other = small([(["a"], ["c"]), (["b"], ["c"])]), small([(["d"], list("cefghij")), (["e"], list("cdfghij"))])
    other = replace(
        other,
        notices=tuple(replace(row, id="m") for row in other.notices),
        tasks=tuple(replace(task, notice="m") for task in other.tasks),
        ties=tuple(replace(tie, notice="m") for tie in other.ties),
    )
    units = sorted({*one.units, *other.units}, key=lambda unit: unit.id)
    both = Ties(one.notices + other.notices, (), one.tasks + other.tasks, tuple(units), (), one.ties + other.ties, (), ())
    assert {row.p for row in measure_span(both, draws=500).rows} == {1.0}, "all tasks of a notice are alike"


def relabelled(ties: Ties) -> Ties:
    return replace(
        ties,
        units=tuple(replace(unit, id=f"x{unit.id}") for unit in ties.units),
        ties=tuple(replace(tie, unit=f"x{tie.unit}") for tie in ties.ties),
    )


def figures(rows: tuple[Span, ...]) -> dict[tuple[str, str], tuple[float, ...]]:
    return {(row.label, row.measure): (row.relations, row.expected, row.p, row.adjusted) for row in rows}


def test_names_do_not_matter_and_the_order_of_tasks_hardly(ties: Ties) -> None:
    found = figures(measure_span(ties, draws=4000).rows)
    assert figures(measure_span(relabelled(ties), draws=4000).rows) == found
    turned = figures(measure_span(replace(ties, tasks=ties.tasks[::-1]), draws=4000).rows)
    for key, (relations, _, p, _) in found.items():
        assert turned[key][0] == relations
        assert turned[key][2] == pytest.approx(p, abs=0.04)


def test_the_same_seed_gives_the_same_in_another_process(ties: Ties) -> None:
    code = (
        "from pathlib import Path; from kg.building.line import one_notice; from kg.graph.ties import ties_of;"
        "from kg.analysis.span import measure_span; "
        f"print(measure_span(ties_of([one_notice(Path({str(SEED)!r}))]), seed=7, draws=1000).rows[:5])"
    )
    first = measure_span(ties, seed=7, draws=1000)
    assert measure_span(ties, seed=7, draws=1000) == first
    assert measure_span(ties, seed=8, draws=1000) != first
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert told.strip() == repr(first.rows[:5])
    assert (first.seed, first.draws) == (7, 1000)


def test_many_draws_in_pieces_are_the_same_as_at_once(ties: Ties, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = measure_span(ties, draws=1000)
    monkeypatch.setattr("kg.analysis.span.CHUNK", 108 * 77)
    assert measure_span(ties, draws=1000).rows == whole.rows


@pytest.mark.parametrize("tasks", [[], [([], ["a", "b"])], [(["a"], [])]], ids=["nothing", "nobody-leads", "alone"])
def test_hardly_anything(tasks: Tasks) -> None:
    rows = measure_span(small(tasks), draws=50).rows
    assert [(row.p, row.adjusted) for row in rows] == [(1.0, 1.0)] * len(rows)
    assert np.isfinite([row.expected for row in rows]).all()
