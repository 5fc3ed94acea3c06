"""Twenty requests a second for a minute, on a graph of one notice, alone and beside a cross product (``make soak``)."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from kg.graph.queries import questions

from .serving import heavy_load, open_loop, serving

pytestmark = pytest.mark.soak


def test_a_minute_of_requests_beside_a_cross_product(built: Path) -> None:
    asked = [question.sparql for question in questions() if not question.parameters]
    with serving(built, "--timeout", "10") as server:
        open_loop(server, asked, 20, 5)
        alone = open_loop(server, asked, 20, 60)
        with heavy_load(server):
            pressed = open_loop(server, asked, 20, 60)
    assert {status for status, _ in alone + pressed} == {200}
    calm, hard = (statistics.quantiles([seconds for _, seconds in some], n=20)[18] for some in (alone, pressed))
    print(f"p95 alone {1_000 * calm:.1f} ms, beside a cross product {1_000 * hard:.1f} ms")
    assert hard <= 2 * calm
