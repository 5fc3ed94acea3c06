"""O4, fixed margins by role: against all notices of tiny cases, the product of two libraries, and the Jingzhou notice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from itertools import combinations
from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2, false_discovery_control

from kg.analysis.load import Reading
from kg.analysis.network import star_graph
from kg.analysis.nullmodel import Roles, _tails, false_discovery_rates, measure_null, numbered, random_notices, trade
from kg.model import Ties

from .conftest import ROOT, SEED
from .test_load import small
from .test_significance_span import relabelled

State = tuple[tuple[frozenset[int], frozenset[int]], ...]


def frozen(tasks: list[Roles]) -> State:
    return tuple((frozenset(leads), frozenset(others)) for leads, others in tasks)


def margins(tasks: list[Roles]) -> tuple[Counter[int], Counter[int], list[tuple[int, int]]]:
    led = Counter(unit for leads, _ in tasks for unit in leads)
    shared = Counter(unit for _, others in tasks for unit in others)
    return led, shared, [(len(leads), len(others)) for leads, others in tasks]


def every_notice(tasks: list[Roles]) -> set[State]:
    """All notices with the margins of this one, by trying everything."""
    led, shared, sizes = margins(tasks)
    found: set[State] = set()

    def fill(at: int, led: Counter[int], shared: Counter[int], before: State) -> None:
        if at == len(tasks):
            found.add(before)
            return
        for leads in combinations(sorted(led), sizes[at][0]):
            for others in combinations(sorted(set(shared) - set(leads)), sizes[at][1]):
                rest, left = led - Counter(leads), shared - Counter(others)
                fill(at + 1, rest, left, (*before, (frozenset(leads), frozenset(others))))

    fill(0, led, shared, ())
    return found


def some_tasks(chance: Random) -> list[Roles]:
    tasks, units = chance.randint(2, 4), chance.randint(2, 4)
    rows = [[chance.choice("LS..") for _ in range(units)] for _ in range(tasks)]
    return [({u for u in range(units) if row[u] == "L"}, {u for u in range(units) if row[u] == "S"}) for row in rows]


def test_draws_are_uniform_over_all_notices_with_the_same_margins() -> None:
    chance, tried, short, low = Random(1), 0, 0, 0
    while tried < 60:
        tasks = some_tasks(chance)
        every = every_notice(tasks)
        if not 2 <= len(every) <= 120:
            continue
        tried += 1
        draws = 40 * len(every)
        chain = random_notices(tasks, [0] * len(tasks), 12 * draws, tried)
        seen = Counter(frozen(notice) for at, notice in enumerate(chain) if at % 12 == 0)
        assert set(seen) <= every
        short += set(seen) != every
        if set(seen) == every:
            low += chi2.sf(sum((seen[state] - 40) ** 2 / 40 for state in every), len(every) - 1) < 0.01
    assert short <= 2, "trades between two tasks leave some notices of some tiny cases out of reach (docstring)"
    assert low <= 3, "one in a hundred by chance: 4 or more of 60 have a chance of 0.3 %"


ROLES = st.lists(st.sampled_from(["L", "S", ""]), min_size=6, max_size=6)


@given(st.lists(ROLES, min_size=2, max_size=7), st.integers(0, 5))
def test_draws_keep_every_margin_and_nobody_has_two_roles(rows: list[list[str]], seed: int) -> None:
    tasks = [({u for u, role in enumerate(row) if role == "L"}, {u for u, role in enumerate(row) if role == "S"}) for row in rows]
    for notice in random_notices(tasks, [at % 2 for at in range(len(tasks))], 5, seed):
        assert margins(notice) == margins(tasks)
        assert all(not leads & others for leads, others in notice)
    assert margins(tasks)[2] == [(row.count("L"), row.count("S")) for row in rows], "the print itself is left alone"


def test_tasks_trade_within_their_notice() -> None:
    tasks = [({0}, {1}), ({1}, {0}), ({2}, {3}), ({3}, {2})]
    for notice in random_notices(tasks, [0, 0, 1, 1], 50, 1):
        assert {u for leads, others in notice[:2] for u in leads | others} == {0, 1}


def test_two_tasks_with_swapped_roles_trade_them() -> None:
    # a leads and b shares, b leads and a shares: only both swapping at once keeps the margins.
    seen = set()
    for seed in range(20):
        one, other = ({0}, {1}), ({1}, {0})
        trade(one, other, Random(seed))
        seen.add(frozen([one, other]))
    assert len(seen) == 2


def test_false_discovery_rates_are_those_of_scipy_and_statsmodels() -> None:
    # statsmodels 0.15.0, multipletests(p, method="fdr_bh").
    p = [0.0003, 0.8, 0.012, 0.04, 0.04, 0.6, 0.0101, 1.0]
    assert false_discovery_rates(p).tolist() == pytest.approx([0.0024, 0.8 * 8 / 7, 0.032, 0.064, 0.064, 0.8, 0.032, 1.0])
    assert false_discovery_rates([]).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_false_discovery_rates_are_those_of_scipy(p: list[float]) -> None:
    assert false_discovery_rates(p).tolist() == pytest.approx(false_discovery_control(p).tolist())


# bicm 3.4.0: get_bicm_matrix() of an 8 × 6 matrix, and cols_pvals of compute_projection(rows=False), Poisson-binomial:
# P(as many tasks in common or more).
BICM_ROW = [0.770636, 0.648883, 0.523663, 0.395675, 0.265467, 0.395675]
BICM_LAST = [0.60555, 0.457819, 0.334359, 0.230272, 0.141729, 0.230272]
BICM = [(0, 1, 4, 0.5759124304), (0, 2, 3, 0.6400783061), (0, 4, 1, 0.8158334204), (1, 4, 2, 0.3710927598), (4, 5, 1, 0.5551444771)]


@pytest.mark.parametrize(("one", "other", "tasks", "p"), BICM)
def test_tails_are_those_of_bicm(one: int, other: int, tasks: int, p: float) -> None:
    cells = np.array([BICM_ROW] * 7 + [BICM_LAST])
    assert _tails((cells[:, one] * cells[:, other])[:, None], 8)[0, tasks] == pytest.approx(p, abs=2e-5)


def test_tails_of_equal_chances_are_binomial() -> None:
    tails = _tails(np.full((10, 1), 0.3), 4)[0]
    assert tails.tolist() == pytest.approx(binom.sf(np.arange(-1, 4), 10, 0.3).tolist())


def test_open_pairs_are_those_of_the_star_graph(ties: Ties) -> None:
    model, star = measure_null(ties, draws=1), star_graph(ties, territorial=False)
    assert model.brokers
    for broker in model.brokers:
        around = list(nx.neighbors(star, broker.unit))
        assert broker.between == sum(not star.has_edge(one, other) for one, other in combinations(around, 2))


def test_no_pair_and_no_broker_of_jingzhou_passes_and_the_power_is_told(ties: Ties) -> None:
    model = measure_null(ties)
    assert not any(pair.passes for pair in model.pairs)
    assert not any(broker.passes for broker in model.brokers)
    assert (model.pairs_tested, len(model.pairs), model.draws_for_one) == (53 * 54 // 2, 257, 28_619)
    assert model.draws < model.draws_for_one, "the Monte Carlo p alone could not pass"
    assert 50 <= model.pairs_within_reach <= 100
    assert model.typical_needed in {4, 5, 6}
    assert model.moved > 0.75
    first = model.pairs[0]
    labels = {unit.id: unit.label for unit in ties.units}
    assert ({labels[first.one], labels[first.other]}, first.tasks, first.needed) == ({"市生态环境局", "市水利和湖泊局"}, 6, 7)
    assert first.expected == pytest.approx(1.0, abs=0.15)


def test_the_tail_errs_towards_too_large(ties: Ties) -> None:
    model = measure_null(ties, draws=2000)
    sure = [pair for pair in model.pairs if 0.002 < pair.p < 0.1]
    assert len(sure) > 20
    assert np.mean([pair.tail >= 0.9 * pair.p for pair in sure]) > 0.95


def test_a_pair_that_is_always_together_passes_and_its_rivals_do_not() -> None:
    # a leads 30 tasks, b shares those 12 that nobody else of 20 shares; the others fall where they may.
    chance = Random(3)
    tasks = [([chance.choice("ac")], []) for _ in range(60)]
    units = [f"u{n}" for n in range(20)]
    tasks = [(leads, chance.sample(units, 2)) for leads, _ in tasks]
    together = [at for at, (leads, _) in enumerate(tasks) if leads == ["a"]][:14]
    tasks = [(leads, [*others, "b"] if at in together else others) for at, (leads, others) in enumerate(tasks)]
    tasks = [(leads, [*others, "d"] if at in together else others) for at, (leads, others) in enumerate(tasks)]
    model = measure_null(small(tasks), draws=400)
    assert [(pair.one, pair.other) for pair in model.pairs if pair.passes] == [("b", "d")]
    (pair,) = (pair for pair in model.pairs if pair.passes)
    assert (pair.tasks, pair.most) == (14, 14)
    assert pair.p < 1 / 401, "finer than the draws"
    assert pair.expected < pair.needed <= pair.tasks


def test_seeds_names_another_process_and_nothing(ties: Ties) -> None:
    first = measure_null(ties, seed=5, draws=30)
    assert measure_null(ties, seed=5, draws=30) == first
    assert measure_null(ties, seed=6, draws=30) != first
    renamed = measure_null(relabelled(ties), seed=5, draws=30)
    assert [(pair.one[1:], pair.other[1:], pair.p, pair.tail) for pair in renamed.pairs] == [
        (pair.one, pair.other, pair.p, pair.tail) for pair in first.pairs
    ]
    code = (
        "from pathlib import Path; from kg.building.line import one_notice; from kg.graph.ties import ties_of;"
        "from kg.analysis.nullmodel import measure_null; "
        f"print(measure_null(ties_of([one_notice(Path({str(SEED)!r}))]), seed=5, draws=30))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip() == repr(first)
    for tasks in ([], [(["a"], [])], [(["a"], ["b"])]):
        model = measure_null(small(tasks), draws=5)
        assert not any(pair.passes for pair in model.pairs)
    assert numbered(small([]), Reading.PRINTED, False) == ([], [], [])
