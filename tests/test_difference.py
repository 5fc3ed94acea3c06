"""Two notices side by side in one picture: one disc a body, figures of the comparison, gained and lost told apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kg.analysis.compare import compare
from kg.building.line import Knowledge
from kg.errors import SidesApartError
from kg.sides import Compared, compare_sources
from kg.views.page_difference import draw_difference, joined_bodies

from .browser import Visit
from .page_ties import two_places
from .page_visits import opened
from .test_compare_whole import DECISIONS, printed
from .years import NEW_TASKS, OLD_TASKS


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """Two years of one city with a rename and a merger."""
    folder = tmp_path_factory.mktemp("years")
    for name, text in (("old.txt", printed(2023, OLD_TASKS)), ("new.txt", printed(2024, NEW_TASKS)), ("decisions.toml", DECISIONS)):
        (folder / name).write_text(text, encoding="utf-8")
    return compare_sources(folder / "old.txt", folder / "new.txt", Knowledge(decisions=(folder / "decisions.toml",)))


@pytest.fixture
def visit(compared: Compared, chrome: Browser, tmp_path: Path) -> Iterator[Visit]:
    file = tmp_path / "difference.html"
    file.write_text(draw_difference(compared.ties, compared.comparison, lang="zh"), encoding="utf-8")
    with opened(file, "#least=1", browser=chrome) as visit:
        yield visit


def test_a_body_that_goes_on_is_one_unit(compared: Compared) -> None:
    joined = joined_bodies(compared.ties, compared.comparison)
    labels = {unit.label for unit in joined.units}
    assert {"市文化和旅游局", "市政务服务和数据局"} <= labels
    assert not {"市文化局", "市旅游局", "市政务服务局"} & labels, "gone on as the units of the new side"
    assert len(joined.units) == len(compared.comparison.bodies)
    assert len(compared.ties.units) > len(joined.units)


def test_different_places_have_no_picture_of_a_difference() -> None:
    ties = two_places()
    comparison = compare(ties, {"421000"}, {"420500"})
    with pytest.raises(SidesApartError) as caught:
        draw_difference(ties, comparison, lang="zh")
    assert "--format html" in str(caught.value)


def test_the_same_sides_give_the_same_bytes(compared: Compared) -> None:
    assert draw_difference(compared.ties, compared.comparison) == draw_difference(compared.ties, compared.comparison)


@pytest.mark.browser
def test_the_page_counts_what_the_comparison_counts(visit: Visit, compared: Compared) -> None:
    names = ("led", "shared", "relations")
    shown = visit.page.evaluate("() => kgPage.loads().map(({ id, before, after }) => ({ id, before, after }))")
    got = {one["id"]: tuple(one[side][name] for side in ("before", "after") for name in names) for one in shown}
    expected = {
        load.body: tuple(getattr(figures, name) for figures in (load.before, load.after) for name in names)
        for load in compared.comparison.loads
    }
    assert got == expected


@pytest.mark.browser
def test_tasks_of_two_sides_are_not_added_up(visit: Visit, compared: Compared) -> None:
    ids = [{notice.id for notice in side.notices} for side in (compared.comparison.old, compared.comparison.new)]
    before, after = (sum(task.notice in notices for task in compared.ties.tasks) for notices in ids)
    shown = str(after) if before == after else f"{before}→{after}"
    assert visit.page.inner_text("#status").startswith(f"{shown} 项任务")
    visit.page.check("#sides [value=old]")
    assert visit.page.inner_text("#status").startswith(f"{before} 项任务")


@pytest.mark.browser
def test_links_are_gained_lost_or_kept(visit: Visit) -> None:
    fates = visit.page.evaluate("() => kgPage.view().drawn.map(({ before, after }) => [before, after])")
    assert any(not before and after for before, after in fates) or any(before and not after for before, after in fates)
    assert all(before or after for before, after in fates)
    places = "() => kgPage.network.getPositions()"
    before = visit.page.evaluate(places)
    visit.page.check("#sides [value=new]")
    assert visit.page.evaluate(places) == before, "positions are kept"
    assert visit.page.evaluate("() => kgPage.loads().every(({ tasks }) => tasks.every((task) => task.notice.includes('2024')))")
    visit.page.wait_for_function("() => location.hash.includes('side=new')")


@pytest.mark.browser
def test_a_unit_shows_its_tasks_of_either_side(visit: Visit) -> None:
    visit.page.locator("#panel .ranking button.link", has_text="市财政局").click()
    assert visit.page.locator("#panel .figures").inner_text().split("\n")[0] == "4→3"
    heads = visit.page.locator("#panel h3").all_inner_texts()
    assert heads == ["2023年的任务（4）", "2024年的任务（3）"]
    visit.page.keyboard.press("Escape")
    assert visit.page.locator("#panel .ranking tbody tr").count() == 9
    assert {"新出现", "不再出现"} <= set(visit.page.locator("#panel .ranking tbody td:last-child").all_inner_texts())
