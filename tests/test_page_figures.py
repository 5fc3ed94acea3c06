"""What the page counts under every filter is what Python counts: loads, links, marks and the order of rows."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser

from kg.analysis.load import measure_load, standings
from kg.analysis.matrix import Mark, Order, matrix
from kg.analysis.selection import chosen_units, select
from kg.model import TERRITORIAL, Kind, Ties
from kg.views.page import draw_page
from kg.views.page_data import radius

from .browser import Visit
from .page_ties import mixture, weights
from .page_visits import keep, opened, pick

pytestmark = pytest.mark.browser
RELATIONS = ("all", "lead", "share")
LOADS = "() => kgPage.loads().map(u => [u.id, u.led, u.shared, u.relations, u.bare])"
LINKS = """(relations) => {
    const slider = document.querySelector('#least');
    const found = {};
    for (const relation of relations) {
        document.querySelector(`[name="relation"][value="${relation}"]`).click();
        for (let least = 1; least <= Number(slider.max); least += 1) {
            slider.value = least;
            slider.dispatchEvent(new Event('input'));
            found[`${relation} ${least}`] = kgPage.view().links.map(link => [link.from, link.to, link.tasks.length]);
        }
    }
    return found;
}"""


def loads_there(part: Ties, rows: frozenset[str] | None = None) -> list[list[str | int | None]]:
    bare = {load.unit: load.relations for load in measure_load(part, territorial=False)}
    territorial = {unit.id for unit in part.units if unit.kind in TERRITORIAL}
    return [
        [load.unit, load.led, load.shared, load.relations, None if load.unit in territorial else bare.get(load.unit, 0)]
        for load in measure_load(part)
        if rows is None or load.unit in rows
    ]


def links_there(part: Ties, hidden: set[str], most: int) -> dict[str, set[tuple[str, str, int]]]:
    found = {}
    for relation in RELATIONS:
        pairs = {(*pair, tasks) for pair, tasks in weights(part, relation).items() if not hidden & set(pair)}
        found |= {f"{relation} {least}": {pair for pair in pairs if pair[2] >= least} for least in range(1, most + 1)}
    return found


def links_here(visit: Visit) -> dict[str, set[tuple[str, str, int]]]:
    return {key: {tuple(link) for link in links} for key, links in visit.page.evaluate(LINKS, RELATIONS).items()}


def most_shared(ties: Ties, hidden: set[str]) -> int:
    return max(tasks for pair, tasks in weights(ties, "all").items() if not hidden & set(pair))


def test_every_section_relation_and_threshold(page_file: Path, ties: Ties, chrome: Browser) -> None:
    universal = {one.unit for one in standings(ties) if one.universal}
    most = most_shared(ties, universal)
    assert most == 10
    with opened(page_file, browser=chrome) as visit:
        for section in (None, *ties.sections):
            keep(visit, "sections", None if section is None else [f"{section.notice}|{section.index}"])
            part = ties if section is None else select(ties, sections=[(section.notice, section.index)])
            assert visit.page.evaluate(LOADS) == loads_there(part), section
            assert links_here(visit) == links_there(part, universal, most), section


def test_every_kind_taken_away_in_both_readings(page_file: Path, ties: Ties, chrome: Browser) -> None:
    kinds = {unit.kind for unit in ties.units}
    with opened(page_file, browser=chrome) as visit:
        for kind in sorted(kinds):
            left = kinds - {kind}
            keep(visit, "kinds", [one.value for one in left])
            pick(visit, "reading", "whole")
            assert visit.page.evaluate(LOADS) == loads_there(ties, chosen_units(ties, kinds=left)), kind
            pick(visit, "reading", "chosen")
            assert visit.page.evaluate(LOADS) == loads_there(select(ties, kinds=left)), kind
        keep(visit, "kinds", [one.value for one in kinds - TERRITORIAL])
        loads = visit.page.evaluate(LOADS)
        assert all(relations == bare for _, _, _, relations, bare in loads), "without territories M3 is M3d"
        assert loads[0][3] == 40


def random_filters(ties: Ties, chance: Random) -> dict[str, Any]:
    """Some keys of every filter, or None for all; at least one each, for the page keeps an empty choice for nothing at all."""
    lines = sorted({line for unit in ties.units for line in unit.lines})
    every = {
        "notices": [notice.id for notice in ties.notices],
        "sections": [(section.notice, section.index) for section in ties.sections],
        "kinds": sorted({unit.kind for unit in ties.units}),
        "levels": sorted({unit.level for unit in ties.units}),
        "lines": lines,
    }
    return {name: chance.choice([None, chance.sample(keys, chance.randint(1, len(keys) - 1))]) for name, keys in every.items()}


def keys_of(name: str, chosen: list[Any] | None) -> list[str] | None:
    if chosen is None:
        return None
    return [f"{one[0]}|{one[1]}" if name == "sections" else str(one) or "none" for one in chosen]


def marks_there(part: Ties, order: Order) -> tuple[list[str], dict[str, dict[str, str]]]:
    made = matrix(part, order=order)
    found: dict[str, dict[str, str]] = {unit.id: {} for unit in made.units}
    for (row, column), mark in made.marks.items():
        found[made.units[row].id][f"{made.tasks[column].notice}|{made.tasks[column].i}"] = mark.value
    return [unit.id for unit in made.units], found


MARKS = """() => {
    const { units, marks } = kgPage.matrix();
    return [units.map(unit => unit.id), Object.fromEntries([...marks].map(([id, row]) => [id, Object.fromEntries(row)]))];
}"""


@pytest.mark.parametrize("seed", [1, 2])
def test_random_filters_of_several_notices(seed: int, tmp_path: Path, chrome: Browser) -> None:
    ties, chance = mixture(seed), Random(seed)
    universal = {one.unit for one in standings(ties) if one.universal}
    file = tmp_path / "mixture.html"
    file.write_text(draw_page(ties, lang="zh"), encoding="utf-8")
    met = 0
    with opened(file, browser=chrome) as visit:
        pick(visit, "reading", "chosen")
        for _ in range(12):
            chosen = random_filters(ties, chance)
            for name, keys in chosen.items():
                keep(visit, name, keys_of(name, keys))
            part = select(ties, **chosen)
            assert visit.page.evaluate(LOADS) == loads_there(part), chosen
            assert links_here(visit) == links_there(part, universal, most_shared(ties, universal)), chosen
            for order in Order:
                pick(visit, "order", order.value)
                assert tuple(visit.page.evaluate(MARKS)) == marks_there(part, order), (chosen, order)
            met += len(part.ties)
    assert met > 100


@pytest.mark.parametrize("order", list(Order))
def test_the_matrix_is_that_of_report_and_workbook(page_file: Path, ties: Ties, chrome: Browser, order: Order) -> None:
    rows, marks = marks_there(ties, order)
    symbols = {Mark.LEAD: "●", Mark.RESPONSIBLE: "○", Mark.GROUP: "◐"}
    with opened(page_file, f"#view=matrix&order={order.value}", browser=chrome) as visit:
        assert tuple(visit.page.evaluate(MARKS)) == (rows, marks)
        cells = visit.page.evaluate(
            """() => [...document.querySelectorAll('#cells tbody tr')].map(row => [row.dataset.unit, [...row.cells].slice(3).map(cell => cell.textContent)])"""
        )
    columns = [f"{task.notice}|{task.i}" for task in ties.tasks]
    assert cells == [[unit, [symbols[Mark(marks[unit][key])] if key in marks[unit] else "" for key in columns]] for unit in rows]


def test_a_section_of_the_matrix_has_the_rows_and_marks_of_that_part(page_file: Path, ties: Ties, chrome: Browser) -> None:
    with opened(page_file, "#view=matrix&order=section", browser=chrome) as visit:
        for section in ties.sections:
            keep(visit, "sections", [f"{section.notice}|{section.index}"])
            part = select(ties, sections=[(section.notice, section.index)])
            assert tuple(visit.page.evaluate(MARKS)) == marks_there(part, Order.SECTION)


def test_discs_are_as_large_in_the_page_as_in_python(page_file: Path, chrome: Browser) -> None:
    with opened(page_file, browser=chrome) as visit:
        here = visit.page.evaluate("() => Array.from({ length: 100 }, (_, tasks) => kgPage.radiusOf(tasks))")
    assert [round(r, 2) for r in here] == [radius(tasks) for tasks in range(100)]


def test_the_first_picture_has_the_links_of_at_least_two_tasks(page_file: Path, ties: Ties, chrome: Browser) -> None:
    universal = {one.unit for one in standings(ties) if one.universal}
    with opened(page_file, browser=chrome) as visit:
        drawn = visit.page.evaluate("() => kgPage.view().drawn.map(l => [l.from, l.to, l.tasks.length])")
    assert {tuple(link) for link in drawn} == links_there(ties, universal, 2)["all 2"]
    assert len(drawn) == 131


def test_the_ranking_says_what_python_says(page_file: Path, ties: Ties, chrome: Browser) -> None:
    with opened(page_file, browser=chrome) as visit:
        rows = visit.page.evaluate(
            "() => [...document.querySelectorAll('#panel .ranking tbody tr')].map(row => [...row.cells].map(c => c.textContent).filter(Boolean))"
        )
    assert rows == [
        [
            str(value)
            for value in (
                one.rank,
                one.label,
                one.led,
                one.shared,
                one.relations,
                one.relations_without_territories,
                "–".join(map(str, one.interval)),
            )
            if value is not None
        ]
        for one in standings(ties)
        if one.tasks
    ]


def test_kinds_are_those_of_the_ontology(page_file: Path, ties: Ties, chrome: Browser) -> None:
    with opened(page_file, browser=chrome) as visit:
        keys = visit.page.evaluate("() => [...document.querySelectorAll('#kinds input')].map(box => box.value)")
    assert keys == [kind.value for kind in Kind if any(unit.kind is kind for unit in ties.units)]
