"""Generated notices: the same for the same seed, and read, named and counted exactly as they were made."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePath
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.building.line import read_notices
from kg.graph.ties import ties_of
from kg.graph.triples import graph_triples
from kg.model import Notice
from kg.naming.units import name_units
from kg.reading.files import READERS
from kg.reading.notice import notice_of_text

from .conftest import ROOT
from .generator import LAYOUTS, Answers, Generated, generate, notice_of, places
from .generator.strategies import notices

SEED, YEARS = 8, (2013, 2020, 2024)
PAGE_NUMBER = re.compile(r"—\d+—")


def read(notice: Generated) -> Notice:
    """The notice as the line reads and names it."""
    return name_units(notice_of_text(READERS[PurePath(notice.name).suffix](notice.content, notice.name)))


def squeezed(text: str) -> str:
    """Without blanks, line ends and the page numbers that stand in the middle of wrapped lines."""
    return PAGE_NUMBER.sub("", "".join(text.split()))


def as_read(notice: Notice) -> list[tuple[object, ...]]:
    titles = {section.index: section.title for section in notice.sections}
    return [
        (
            task.number,
            titles.get(task.section or 0),
            squeezed(task.text),
            [(a.role.value, squeezed(a.printed), a.name, a.collective, a.standing) for a in task.assignments],
            (squeezed(task.deadline.printed), task.deadline.due) if task.deadline else None,
            [(squeezed(t.printed), t.value, t.unit, t.comparator.value) for t in task.targets],
        )
        for task in notice.tasks
    ]


def as_made(answers: Answers) -> list[tuple[object, ...]]:
    return [
        (
            task.number,
            task.section,
            task.text,
            [(p.role, p.printed, p.name, p.collective, p.standing) for p in task.parties],
            tuple(task.limit) if task.limit else None,
            [tuple(quantity) for quantity in task.quantities],
        )
        for task in answers.tasks
    ]


def assert_read_as_made(made: Generated) -> Notice:
    notice, answers = read(made), made.answers
    head = (notice.title, notice.number, notice.issuer, notice.date, notice.jurisdiction and notice.jurisdiction.code)
    assert head == (answers.title, answers.number, answers.issuer, answers.date, answers.place)
    for got, expected in zip(as_read(notice), as_made(answers), strict=True):
        assert got == expected
    return notice


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_read_exactly_as_it_was_made(layout: str) -> None:
    for at, code in enumerate(places(4, YEARS, SEED)):
        assert_read_as_made(notice_of(code, YEARS[at % len(YEARS)], SEED, layout=layout))


def test_one_body_has_one_unit_over_all_years_and_spellings_of_its_place() -> None:
    units, bodies = defaultdict(set), defaultdict(set)
    for made in generate(places(12, YEARS, SEED), YEARS, SEED, tasks=60):
        for task, answer in zip(read(made).tasks, made.answers.tasks, strict=True):
            for assignment, party in zip(task.assignments, answer.parties, strict=True):
                if not party.collective:
                    units[made.answers.place, party.body].add(assignment.unit)
                    bodies[made.answers.place, assignment.unit].add(party.body)
    assert len(units) > 300
    assert [body for body, found in units.items() if len(found) > 1] == []
    assert [unit for unit, found in bodies.items() if len(found) > 1] == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(notices())
def test_whatever_is_generated_quotes_the_text_and_gives_its_ties(made: Generated) -> None:
    notice = assert_read_as_made(made)
    for task in notice.tasks:
        for part in (*task.assignments, *task.targets, *((task.deadline,) if task.deadline else ())):
            assert notice.text[part.span.start : part.span.end] == part.printed
        assert all(task.span.start <= a.span.start < a.span.end <= task.span.end for a in task.assignments if not a.standing)
    body_of = {
        (i, assignment.unit): party.body
        for i, (task, answer) in enumerate(zip(notice.tasks, made.answers.tasks, strict=True), 1)
        for assignment, party in zip(task.assignments, answer.parties, strict=True)
    }
    found = [(tie.task, body_of[tie.task, tie.unit], tie.role.value) for tie in ties_of([notice]).ties if not tie.through]
    assert sorted(found) == sorted(made.answers.ties())


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(made=st.lists(notices(tasks=8), min_size=2, max_size=5, unique_by=lambda made: made.name), chance=st.randoms(use_true_random=False))
def test_the_order_of_the_files_changes_no_triple(tmp_path_factory: pytest.TempPathFactory, made: list[Generated], chance: Random) -> None:
    folder = tmp_path_factory.mktemp("notices")
    for one in made:
        (folder / one.name).write_bytes(one.content)
    paths = sorted(folder.iterdir())
    shuffled = chance.sample(paths, len(paths))
    first, second = (read_notices(order) for order in (paths, shuffled))
    assert graph_triples(first.notices, first.changes) == graph_triples(second.notices, second.changes)


def assert_counted_as_made(folder: Path, made: list[Generated]) -> None:
    # Who has which tasks, whatever the bodies are called: the rows of each unit are those of one body, and of no other.
    for one in made:
        path = folder / "in" / one.answers.place / one.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.content)
    built = kg.build(folder / "in", folder / "out")
    assert built.failures == ()
    notices = {notice.id: (notice.jurisdiction, notice.year) for notice in built.ties.notices}
    assert sorted(notices.values()) == sorted((one.answers.place, one.answers.year) for one in made)
    units: defaultdict[str, set[object]] = defaultdict(set)
    for tie in built.ties.ties:
        if not tie.through:
            units[tie.unit].add((notices[tie.notice], tie.task, tie.role.value))
    bodies: defaultdict[tuple[str, str], set[object]] = defaultdict(set)
    for one in made:
        for task, body, role in one.answers.ties():
            bodies[one.answers.place, body].add(((one.answers.place, one.answers.year), task, role))
    assert sorted(map(sorted, units.values())) == sorted(map(sorted, bodies.values()))
    references = Counter(notices[reference.notice] for reference in built.ties.references)
    assert references == Counter(
        {
            (one.answers.place, one.answers.year): count
            for one in made
            if (count := sum(len({(p.body, p.role) for p in task.parties if p.collective}) for task in one.answers.tasks))
        }
    )


def test_a_build_of_places_and_years_counts_what_was_made(tmp_path: Path) -> None:
    assert_counted_as_made(tmp_path, list(generate(places(5, [2019, 2024], SEED), [2019, 2024], SEED, tasks=25)))


@pytest.mark.soak
def test_a_thousand_notices_are_counted_as_they_were_made(tmp_path: Path) -> None:
    assert_counted_as_made(tmp_path, list(generate(places(100, range(2015, 2025), SEED), range(2015, 2025), SEED)))


def test_a_notice_depends_on_nothing_but_seed_place_and_year(tmp_path: Path) -> None:
    codes = places(6, [2023, 2024], SEED)
    forward = {made.name: (made.content, made.answers) for made in generate(codes, [2023, 2024], SEED)}
    backward = {made.name: (made.content, made.answers) for made in generate(codes[::-1], [2024, 2023], SEED)}
    assert forward == backward
    assert len(forward) == 12
    command = [sys.executable, "-m", "tests.generator", str(tmp_path), "--places", "6", "--years", "2023-2024", "--seed", str(SEED)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    files = {path.name: path.read_bytes() for path in tmp_path.rglob("*-20*")}
    assert files == {name: content for name, (content, _) in forward.items()}
    lines = (tmp_path / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines == [answers.line() for _, answers in forward.values()]
    assert next(iter(generate(codes, [2023], SEED + 1))).content != next(iter(generate(codes, [2023], SEED))).content


def test_more_places_go_on_with_the_fewer() -> None:
    assert places(200, [2024], SEED)[:50] == places(50, [2024], SEED)
    assert len(set(places(2900, [2015, 2024], SEED))) == 2900
    with pytest.raises(ValueError, match="places asked for"):
        places(9999, [2024], SEED)


def gini(loads: Iterable[int]) -> float:
    ranked = sorted(loads)
    return sum((2 * at - len(ranked) + 1) * load for at, load in enumerate(ranked)) / (len(ranked) * sum(ranked))


def test_sizes_and_concentration_are_those_of_real_notices() -> None:
    made = [notice.answers for notice in generate(places(60, [2024], SEED), [2024], SEED)]
    sizes = [len(answers.tasks) for answers in made]
    assert 30 <= min(sizes) < 60
    assert 160 < max(sizes) <= 200
    assert 105 < sum(sizes) / len(sizes) < 130
    ginis = sorted(gini(Counter(body for _, body, _ in answers.ties()).values()) for answers in made)
    assert 0.42 < ginis[30] < 0.58
