"""O1, Gamma–Poisson empirical Bayes: against scipy's negative binomial, numerical integration, statsmodels, and the Jingzhou notice."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import binom, gamma, nbinom, poisson

from kg.analysis.load import Reading, measure_load, teams
from kg.analysis.volume import (
    Family,
    Volume,
    chances_above,
    equal_rate_tails,
    fit_gamma_poisson,
    holm,
    measure_reading,
    measure_volume,
    peers_of,
    rates,
    volumes,
)
from kg.model import LOCAL_BODIES, Kind, Ties

from .test_load import small

COUNTS = [
    pytest.param([0, 1, 2, 9], id="four"),
    pytest.param([27, 22, 16, 15, 15, 15, 10, 10, 9, 8, 7, 6, 5, 4, 3, 3, 2, 2, 1, 1], id="like-departments"),
    pytest.param([0, 0, 0, 0, 0, 30], id="one-has-all"),
    pytest.param([8, 8, 5, 4, 3, 2, 1], id="counties-of-jingzhou"),
    pytest.param([100, 220, 160, 90, 40], id="large"),
]


@pytest.mark.parametrize("counts", COUNTS)
def test_the_fit_is_the_maximum_of_the_negative_binomial_likelihood(counts: list[int]) -> None:
    fit = fit_gamma_poisson(counts)

    def loss(at: float) -> float:
        size = np.exp(at)
        return -float(nbinom.logpmf(counts, size, size / (size + fit.mean)).sum())

    best = minimize_scalar(loss, bounds=(-8, 12), method="bounded", options={"xatol": 1e-10})
    assert fit.mean == np.mean(counts)
    assert fit.shape == pytest.approx(np.exp(best.x), rel=1e-4)


def test_the_fit_is_that_of_statsmodels() -> None:
    # statsmodels 0.15.0, NegativeBinomial(x, ones).fit(method="nm", xtol=1e-12, ftol=1e-14): exp(const) and 1/alpha.
    fit = fit_gamma_poisson([0, 1, 2, 9, 4, 4, 7, 1, 0, 3])
    assert (fit.mean, fit.shape) == (pytest.approx(3.1), pytest.approx(1.50727486, rel=1e-6))


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        pytest.param([3, 3, 3, 3], "no spread at all", id="equal"),
        pytest.param([1, 3, 2, 5], "variance 2.19 is below the mean 2.75", id="less-than-poisson"),
        pytest.param([1, 0, 0, 0], "variance 0.19 is below the mean 0.25", id="one-task"),
    ],
)
def test_counts_that_spread_no_more_than_poisson_let_nobody_stand_out(counts: list[int], why: str) -> None:
    fit = fit_gamma_poisson(counts)
    assert fit.shape == inf, why
    assert chances_above(counts, fit).tolist() == [0.0] * len(counts)
    assert rates(counts, fit).tolist() == [fit.mean] * len(counts)


@pytest.mark.parametrize("counts", COUNTS)
def test_the_posterior_is_prior_times_likelihood_integrated(counts: list[int]) -> None:
    fit = fit_gamma_poisson(counts)
    at = np.linspace(0, 10 * max(counts) + 50, 400_001)[1:]
    for count, chance, rate in zip(counts, chances_above(counts, fit), rates(counts, fit), strict=True):
        if count < 2:
            continue  # near nought the density has no bound, and a grid is no oracle
        weight = gamma(fit.shape, scale=fit.mean / fit.shape).pdf(at) * poisson.pmf(count, at)
        assert chance == pytest.approx(weight[at > 2 * fit.mean].sum() / weight.sum(), abs=2e-4)
        assert rate == pytest.approx((at * weight).sum() / weight.sum(), rel=1e-3)


@pytest.mark.parametrize("counts", COUNTS)
def test_the_tail_of_equal_rates_is_binomial(counts: list[int]) -> None:
    expected = binom.sf(np.array(counts) - 1, sum(counts), 1 / len(counts))
    assert equal_rate_tails(counts) == pytest.approx(expected, rel=1e-9)


def test_holm_is_that_of_statsmodels() -> None:
    # statsmodels 0.15.0, multipletests(p, method="holm").
    p = [0.0003, 0.8, 0.012, 0.04, 0.04, 0.6, 0.0101, 1.0]
    found = holm(dict(enumerate(p)))
    assert [found[at] for at in range(len(p))] == pytest.approx([0.0024, 1.0, 0.072, 0.2, 0.2, 1.0, 0.0707, 1.0])


def by_label(ties: Ties) -> dict[tuple[str, str], Volume]:
    return {(volume.label, volume.family): volume for volume in measure_volume(measure_load(ties))}


def test_jingzhou_has_two_units_with_many_tasks(ties: Ties) -> None:
    rows = by_label(ties)
    above = {label: volume for (label, family), volume in rows.items() if family == Family.TASKS and (volume.posterior or 0) >= 0.95}
    assert above.keys() == {"市发改委", "市经信局"}
    first, second = above["市发改委"], above["市经信局"]
    assert (first.count, second.count, first.fit and first.fit.units) == (27, 22, 44)
    assert first.fit is not None
    assert (first.fit.mean, first.fit.shape) == (pytest.approx(265 / 44), pytest.approx(1.4329, abs=1e-3))
    assert (first.posterior, second.posterior) == (pytest.approx(0.9988, abs=1e-3), pytest.approx(0.9752, abs=1e-3))
    # Against departments alone (mean 7.78) the second does not stand out: said in its verdict.
    assert (first.posterior_in_kind, second.posterior_in_kind) == (pytest.approx(0.969, abs=1e-3), pytest.approx(0.800, abs=1e-3))
    assert rows["市生态环境局", Family.TASKS].posterior == pytest.approx(0.092, abs=0.01)


def test_both_leading_and_sharing_are_told_and_the_sum_decides(ties: Ties) -> None:
    rows = by_label(ties)
    assert max(volume.posterior or 0 for (_, family), volume in rows.items() if family == Family.LED) < 0.95, "nobody leads so many"
    assert rows["市发改委", Family.SHARED].posterior == pytest.approx(0.998, abs=1e-3)


def test_peers_of_one_to_three_are_not_tested(ties: Ties) -> None:
    untested = {volume.label for (_, family), volume in by_label(ties).items() if family == Family.TASKS and not volume.tested}
    assert untested == {"荆州开发区管委会", "荆州高新区管委会", "纪南文旅区管委会", "长江大学", "湖北省洪湖分蓄洪区工程管理局"}
    three, four = (dict.fromkeys("abcd"[:count], 1) | {"a": 9} for count in (3, 4))
    assert volumes(three, dict.fromkeys("abcd", Kind.ZONE))["a"] == (None,) * 5
    assert volumes(four, dict.fromkeys("abcd", Kind.ZONE))["a"].p == pytest.approx(binom.sf(8, 12, 1 / 4))


def test_bodies_of_the_government_are_peers_and_others_stay_apart() -> None:
    assert {peers_of(kind) for kind in LOCAL_BODIES} == {"local"}
    assert len({peers_of(kind) for kind in Kind}) == 1 + len(set(Kind) - LOCAL_BODIES)


def test_a_reading_or_a_rest_of_tasks_is_measured_like_the_whole(ties: Ties) -> None:
    rows = {unit.id: unit for unit in ties.units}
    whole = measure_reading(teams(ties), rows)
    assert {volume.unit: volume.posterior for volume in measure_volume(measure_load(ties))[: len(whole)]} == {
        unit: figures.posterior for unit, figures in whole.items()
    }
    wide = measure_reading(teams(ties, Reading.UPPER), rows)
    assert all((figures.posterior or 0) < 0.95 for figures in wide.values()), "opened as wide as possible, nobody stands out"


@given(st.lists(st.integers(0, 40), min_size=4, max_size=30).filter(any), st.randoms())
def test_more_tasks_never_stand_out_less_and_order_does_not_matter(counts: list[int], chance: object) -> None:
    fit = fit_gamma_poisson(counts)
    chances = dict(zip(counts, chances_above(counts, fit), strict=True))
    ordered = [chances[count] for count in sorted(chances)]
    assert ordered == sorted(ordered)
    assert fit_gamma_poisson(sorted(counts)).shape == pytest.approx(fit.shape)
    tails = dict(zip(counts, equal_rate_tails(counts), strict=True))
    assert [tails[count] for count in sorted(tails)] == sorted(tails.values(), reverse=True)


def test_nothing_at_all() -> None:
    assert measure_volume([]) == []
    assert [volume.tested for volume in measure_volume(measure_load(small([(["a"], ["b", "c", "d"])])))].count(True) == 12
    assert not any(volume.tested for volume in measure_volume(measure_load(small([(["a"], [])]))))
