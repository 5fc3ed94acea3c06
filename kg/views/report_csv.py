"""All measures and test figures of a report as one CSV table, a row for every unit."""

from __future__ import annotations

from collections.abc import Mapping

from kg.analysis.assess import Assessment, Decision
from kg.analysis.capacity import Capacity
from kg.analysis.load import standings
from kg.analysis.network import centralities
from kg.analysis.nullmodel import Broker
from kg.analysis.robustness import Robustness
from kg.analysis.span import Measure
from kg.analysis.verdicts import Counted
from kg.messages import catalogue, language, say
from kg.model import Ties
from kg.views.apart import told_apart
from kg.views.assessed import Settings, assessed
from kg.views.facts import community_numbers, joint_communities
from kg.views.tables import csv_text

_LOAD_COLUMNS = (
    "unit", "label", "kind", "lines", "rank", "rank_best", "rank_worst", "relations", "relations_without_territories",
    "relations_resolved", "relations_upper", "from_leading", "from_sharing", "tasks", "led", "led_fractional", "shared", "partners",
    "effective_partners", "repetition", "balance", "sections", "betweenness", "betweenness_star", "pagerank", "eigenvector", "core",
    "community",
)  # fmt: skip


_TEST_COLUMNS = (
    "verdicts", "o1_p", "o1_posterior", "o2_m3_expected", "o2_m3_p", "o2_m3d_expected", "o2_m3d_p", "o3_m3_best", "o3_m3_worst",
    "o3_m3_top", "o3_m3_section", "o3_m3_merged", "o3_m3d_best", "o3_m3d_worst", "o3_m3d_top", "o3_m3d_section", "o3_m3d_merged",
    "o4_between", "o4_expected", "o4_q", "o5_staff", "o5_ratio", "o5_low", "o5_high", "seed", "draws", "bootstraps",
)  # fmt: skip
"""What follows the measures; all empty where there are too many tasks to be tested."""


def load_csv(ties: Ties, *, lang: str | None = None, settings: Settings | None = None) -> str:
    """All measures and test figures, one row a unit: units that are no territories by rank, then territories.

    Centralities are measured among the units that are no territories, so a territory's are empty; so is the
    community of a unit that is in none.

    Args:
        ties: the ties of one or more notices.
        lang: language of head and kinds, zh or en; the language in use where None.
        settings: of the tests; the usual ones where None, and then no tests for a great many tasks.
    """
    lang = lang or language()
    ties = told_apart(ties, lang)
    tested = tests_by_unit(assessed(ties, settings), lang)
    central = {entry.unit: entry for entry in centralities(ties)}
    numbers_of = community_numbers(joint_communities(ties))
    rows: list[list[object]] = []
    for unit in standings(ties):
        row: list[object] = [unit.unit, unit.label, say(f"report.kind.{unit.kind}", lang=lang), ";".join(unit.lines)]
        row += [unit.rank, *unit.rank_interval]
        row += [unit.relations, unit.relations_without_territories, *unit.interval[1:], unit.from_leading, unit.from_sharing]
        row += [unit.tasks, unit.led, _rounded(unit.led_fractional), unit.shared, unit.partners, _rounded(unit.effective_partners)]
        row += [_rounded(unit.repetition), _rounded(unit.balance), unit.sections]
        if entry := central.get(unit.unit):
            row += [_rounded(entry.betweenness), _rounded(entry.betweenness_star), _rounded(entry.pagerank), _rounded(entry.eigenvector)]
            row += [entry.core, numbers_of.get(entry.unit)]
        row += [None] * (len(_LOAD_COLUMNS) - len(row))
        figures = tested.get(unit.unit, {})
        rows.append(row + [figures.get(column) for column in _TEST_COLUMNS])
    return csv_text([_csv_head(column, lang) for column in (*_LOAD_COLUMNS, *_TEST_COLUMNS)], rows)


def tests_by_unit(tests: Assessment | None, lang: str) -> dict[str, dict[str, object]]:
    """The test figures of every unit by column of the table; p of O1 and O2 are family-wise over both."""
    if tests is None:
        return {}
    found: dict[str, dict[str, object]] = {}
    run = {"seed": tests.seed, "draws": tests.draws, "bootstraps": tests.bootstraps}
    expected = {(row.unit, row.measure.value): row.expected for row in tests.spans[0].rows}
    for decision in tests.decisions:
        found.setdefault(decision.unit, dict(run)).update(_decided(decision, expected))
    for row in tests.robustness.rows:
        found.setdefault(row.unit, dict(run)).update(_firm(row))
    for broker in tests.null.brokers if tests.null else ():
        found.setdefault(broker.unit, dict(run)).update(_between(broker))
    for capacity in tests.capacities:
        found.setdefault(capacity.unit, dict(run)).update(_staffed(capacity))
    for unit, figures in found.items():
        words = [say(f"verdict.word.{one.word}", lang=lang) for one in tests.verdicts if one.unit == unit]
        figures["verdicts"] = ";".join(words) or None
    return found


def _decided(one: Decision, expected: Mapping[tuple[str, str], float]) -> dict[str, object]:
    if one.counted is Counted.TASKS:
        return {"o1_p": _digits(one.adjusted), "o1_posterior": _rounded(one.posterior)}
    name = f"o2_{one.counted}"
    return {f"{name}_expected": _rounded(expected[one.unit, one.counted.value]), f"{name}_p": _digits(one.adjusted)}


def _firm(row: Robustness) -> dict[str, object]:
    name = "o3_m3" if row.measure is Measure.M3 else "o3_m3d"
    figures = (*row.rank_interval, _rounded(row.top_probability), row.rank_without_section, row.rank_merged)
    return {f"{name}_{column}": figure for column, figure in zip(("best", "worst", "top", "section", "merged"), figures, strict=True)}


def _between(broker: Broker) -> dict[str, object]:
    return {"o4_between": broker.between, "o4_expected": _rounded(broker.expected), "o4_q": _rounded(broker.q)}


def _staffed(one: Capacity) -> dict[str, object]:
    low, high = one.limits_998 or (None, None)
    return {"o5_staff": one.staff, "o5_ratio": _rounded(one.ratio), "o5_low": _rounded(low), "o5_high": _rounded(high)}


def _csv_head(column: str, lang: str) -> str:
    """The head of a column: a measure's own name, else the report's word for it."""
    measure = f"measure.{column}.name"
    return say(measure if measure in catalogue(lang) else f"report.csv.{column}", lang=lang)


def _rounded(value: float | None) -> float | None:
    # Six digits hold any measure here; the last bits of a float differ between machines.
    return None if value is None else round(value, 6) + 0.0


def _digits(p: float) -> float:
    # Of a p the size matters, however small.
    return float(f"{p:.4g}")
