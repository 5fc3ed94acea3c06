"""A report of some units only: their rows, the tests about them, and figures over them; what a task is stays whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from statistics import mean, median
from typing import Any

from kg.analysis.assess import Assessment
from kg.analysis.concentration import gini, gini_error, top_share
from kg.analysis.load import Overview, Standing
from kg.views.facts import Facts


def narrowed(facts: Facts, units: Collection[str]) -> Facts:
    """The same facts with the rows of some units; every row keeps its figures, its rank and its p.

    Means and concentration are over the rows kept; communities, core and the counts of tasks and relations are those of all.
    """
    bodies = _of(facts.bodies, units)
    return replace(
        facts,
        bodies=bodies,
        territories=_of(facts.territories, units),
        without={unit: load for unit, load in facts.without.items() if unit in units},
        overview=_overview(facts.overview, bodies),
        pairs=tuple(pair for pair in facts.pairs if pair.lead in units or pair.share in units),
        ties_led=tuple(pair for pair in facts.ties_led if pair.lead in units or pair.share in units),
        tests=_tests(facts.tests, units) if facts.tests else None,
        shown=frozenset(units),
    )


def _of(rows: Iterable[Any], units: Collection[str]) -> tuple[Any, ...]:
    return tuple(row for row in rows if row.unit in units)


def _overview(whole: Overview, bodies: tuple[Standing, ...]) -> Overview:
    counts = [unit.tasks for unit in bodies if unit.tasks]
    relations = [unit.relations for unit in bodies if unit.tasks]
    return replace(
        whole,
        mean_tasks=mean(counts) if counts else 0.0,
        median_tasks=median(counts) if counts else 0.0,
        gini=gini(relations),
        gini_error=gini_error(relations),
        top5_share=top_share(relations, 5),
    )


def _tests(tests: Assessment, units: Collection[str]) -> Assessment:
    return replace(
        tests,
        volumes=_of(tests.volumes, units),
        spans=tuple(replace(span, rows=_of(span.rows, units)) for span in tests.spans),
        robustness=replace(tests.robustness, rows=_of(tests.robustness.rows, units)),
        capacities=_of(tests.capacities, units),
        decisions=_of(tests.decisions, units),
        verdicts=_of(tests.verdicts, units),
    )
