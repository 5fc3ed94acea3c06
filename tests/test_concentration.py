"""Concentration: known values, and what must always hold."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.concentration import concentrate, effective_number, gini, gini_error, top_share

LOADS = st.lists(st.integers(0, 1000), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("values", "expected"), [([], 0), ([5], 0), ([1, 1, 1, 1], 0), ([0, 0, 0, 1], 0.75), ([1, 2, 3, 4], 0.25), ([0, 0], 0)]
)
def test_gini_of_known_cases(values: list[float], expected: float) -> None:
    assert gini(values) == pytest.approx(expected)


@given(LOADS)
def test_gini_is_half_the_mean_difference(values: list[int]) -> None:
    total, n = sum(values), len(values)
    pairwise = sum(abs(one - other) for one in values for other in values)
    assert gini(values) == pytest.approx(pairwise / (2 * n * total) if total else 0.0, abs=1e-12)


@given(LOADS, st.integers(1, 9))
def test_gini_does_not_hang_on_scale_or_order(values: list[int], factor: int) -> None:
    assert gini([factor * value for value in reversed(values)]) == pytest.approx(gini(values))


@given(LOADS)
def test_the_error_is_the_jackknife_written_out(values: list[int]) -> None:
    n = len(values)
    without = [gini(values[:at] + values[at + 1 :]) for at in range(n)]
    spread = sum((one - sum(without) / n) ** 2 for one in without)
    assert gini_error(values) == pytest.approx(sqrt((n - 1) / n * spread) if n > 1 else 0.0, abs=1e-9)


@given(LOADS)
def test_the_other_figures_stay_in_their_bounds(values: list[int]) -> None:
    assert gini_error(values) >= 0
    assert 0 <= top_share(values, 5) <= 1
    assert top_share(values, len(values)) == pytest.approx(1.0 if sum(values) else 0.0)
    assert not sum(values) or 1 - 1e-9 <= effective_number(values) <= len(values) + 1e-9


@given(LOADS, st.integers(1, 9))
def test_all_figures_at_once(values: list[int], k: int) -> None:
    found = concentrate(values, k=k)
    assert (found.units, found.k) == (len(values), k)
    assert (found.gini, found.gini_error) == (gini(values), gini_error(values))
    shares = sorted((value / sum(values) for value in values), reverse=True) if sum(values) else []
    assert found.top_share == pytest.approx(sum(shares[:k]), abs=1e-9)
    assert found.effective_number == pytest.approx(1 / sum(share * share for share in shares) if shares else 0, abs=1e-9)
