"""A part of a graph in words: what is meant, what is not there, and that figures stay those of the whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from kg.analysis.choice import Choice, choose
from kg.analysis.load import standings
from kg.analysis.shape import beyond, measure_shape
from kg.cli_report import report
from kg.console import BAD_INPUT, DONE, run
from kg.errors import ChoiceError
from kg.model import Kind, Ties
from kg.views.assessed import Settings
from kg.views.brief import brief_html
from kg.views.report import report_html
from kg.views.report_csv import load_csv

PARTS = [
    pytest.param(Choice(sections=("二",)), 33, None, id="section-number", marks=[]),
    pytest.param(Choice(sections=("2",)), 33, None, id="section-index"),
    pytest.param(Choice(sections=("高质量发展",)), 33, None, id="part-of-a-title"),
    pytest.param(Choice(sections=("一", "六")), 31, None, id="two-sections"),
    pytest.param(Choice(notices=("荆政办发〔2020〕1号",)), 114, None, id="notice-number"),
    pytest.param(Choice(lines=("财政",)), 114, {"市财政局"}, id="line-zh"),
    pytest.param(Choice(lines=("finance",), sections=("五",)), 20, {"市财政局"}, id="line-id-in-a-section"),
    pytest.param(Choice(kinds=("党委部门",), levels=("市级",)), 114, {"市委政法委", "市文明办"}, id="kind-and-level"),
]


@pytest.mark.parametrize(("choice", "tasks", "units"), PARTS)
def test_words_mean_a_part(ties: Ties, choice: Choice, tasks: int, units: set[str] | None) -> None:
    chosen = choose(ties, choice)
    labels = {unit.id: unit.label for unit in ties.units}
    assert len(chosen.ties.tasks) == tasks
    assert (None if chosen.units is None else {labels[unit] for unit in chosen.units}) == units
    assert chosen.words


def test_no_choice_is_the_whole(ties: Ties) -> None:
    assert choose(ties, Choice()).ties is ties and not Choice()


def test_every_fault_is_told_at_once_with_what_there_is(ties: Ties) -> None:
    with pytest.raises(ChoiceError) as caught:
        choose(ties, Choice(sections=("九",), kinds=("部门",), lines=("财",), levels=("村",), notices=("1号",)))
    message = str(caught.value)
    for word in ("九", "一 坚决打好", "政府部门", "财政", "市级", "荆政办发〔2020〕1号"):
        assert word in message


def test_a_unit_has_the_same_figures_in_every_report_of_units(ties: Ties) -> None:
    chosen = choose(ties, Choice(lines=("财政", "发展改革")))
    settings = Settings(draws=200, bootstraps=50, null_draws=20, part=chosen.words, units=chosen.units)
    page = html.document_fromstring(report_html(chosen.ties, lang="zh", settings=settings))
    (table,) = page.xpath('//table[@id="load"]')
    rows = [[cell.text_content().strip() for cell in row] for row in table.xpath(".//tbody/tr")]
    of_all = {one.label: one for one in standings(ties)}
    assert [row[1] for row in rows] == ["市发改委", "市财政局"]
    assert all((int(row[2]), int(row[7])) == (of_all[row[1]].relations, of_all[row[1]].tasks) for row in rows)
    assert "条线 财政、发展改革" in page.xpath('//p[@class="subject"]')[0].text_content()
    # No task loses its lead by that: the notice has six without one, and so has the part.
    assert "6项任务没有写明牵头单位" in page.text_content().replace("\n", "")
    assert "本文件没有列名的县市区政府" not in page.text_content()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("make", [report_html, brief_html, load_csv])
def test_a_part_of_one_unit_or_of_territories_can_be_written(ties: Ties, make, lang: str) -> None:  # type: ignore[no-untyped-def]
    for choice in (Choice(lines=("财政",)), Choice(kinds=("territory",)), Choice(sections=("六",), kinds=("enterprise",))):
        try:
            chosen = choose(ties, choice)
        except ChoiceError:
            continue
        settings = Settings(draws=200, bootstraps=50, null_draws=20, part=chosen.words, units=chosen.units)
        assert make(chosen.ties, lang=lang, settings=settings)


def test_the_command_takes_a_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "part.md"
    assert run(report, ["seeds", "--section", "六", "--kind", "政府部门", "-o", str(out)]) == DONE
    assert "只计一部分：章节 六" in out.read_text(encoding="utf-8")
    assert run(report, ["seeds", "--line", "没有的"]) == BAD_INPUT
    assert "没有条线“没有的”" in capsys.readouterr().err


def test_the_shape_of_jingzhou_claims_no_core(ties: Ties) -> None:
    shape = measure_shape(ties, draws=20)
    assert shape.core is not None and shape.core_chance is not None and not shape.has_core
    assert shape.reciprocity.returned < shape.reciprocity.ties
    assert all(one.kind not in {Kind.TERRITORY, Kind.ZONE} for one in shape.closures)
    bare = measure_shape(ties, draws=0)
    assert (bare.core, bare.core_chance, bare.closures) == (None, None, ())
    assert bare.roles == shape.roles and bare.reciprocity == shape.reciprocity


def test_what_lies_outside_chance_is_told_with_its_side(ties: Ties) -> None:
    shape = measure_shape(ties, draws=20)
    sides = {beyond(one.constraint, one.constraint_chance) for one in shape.closures}
    assert sides <= {-1, 0, 1} and 0 in sides
