"""What-if: what a scenario changes and by which step, suggested moves against brute force, and how it is shown."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from playwright.sync_api import Browser

from kg import cli_whatif
from kg.analysis.concentration import effective_number, gini, gini_error, top_share
from kg.analysis.load import TaskKey, measure_load, overview, standings, teams
from kg.analysis.scenario import (
    AddUnit,
    Dissolve,
    DropUnit,
    Merge,
    MoveLead,
    Scenario,
    SetRole,
    Split,
    apply,
)
from kg.analysis.scenario_file import read_scenario
from kg.analysis.suggest import Move, suggest
from kg.analysis.whatif import Outcome, UnitChange, whatif
from kg.cli import cli
from kg.console import BAD_INPUT, DONE, run
from kg.errors import ScenarioMissingError
from kg.messages import LANGUAGES, catalogue, use_language
from kg.model import TERRITORIAL, Kind, Role, Ties
from kg.trial import suggest_moves, try_scenario
from kg.views.suggestions import suggestions_html, suggestions_markdown, suggestions_text
from kg.views.whatif import whatif_html, whatif_markdown, whatif_text
from kg.views.whatif_records import suggestions_json, whatif_json

from .browser import visiting
from .conftest import SEED
from .test_load import SHARE, UNITS, small
from .test_report import HOSTILE
from .test_scenario import EXAMPLE, covered, new

assert cli_whatif.whatif.name == "whatif"


@pytest.fixture(scope="module")
def outcome(ties: Ties) -> Outcome:
    """The example scenario on the Jingzhou notice."""
    return whatif(ties, read_scenario(EXAMPLE, ties))


def change(outcome: Outcome, label: str) -> UnitChange:
    return next(one for one in outcome.units if one.label == label)


# What changes, and by which step.


def test_both_sides_are_what_each_measures_alone(ties: Ties, outcome: Outcome) -> None:
    after = apply(ties, outcome.scenario)
    assert outcome.new == after
    for whole, side in ((outcome.before, ties), (outcome.after, after)):
        relations = [one.relations for one in standings(side) if one.kind not in TERRITORIAL]
        carried = [load.relations for load in measure_load(side) if load.kind not in TERRITORIAL]
        assert whole.overview == overview(side)
        assert whole.effective_number == effective_number(relations)
        figures = (whole.overview.gini, whole.overview.gini_error, whole.overview.top5_share)
        assert figures == (gini(carried), gini_error(carried), top_share(carried, 5))
    for name, side in (("before", ties), ("after", after)):
        assert {one.unit: one for one in standings(side)} == {
            one.unit: getattr(one, name) for one in outcome.units if getattr(one, name) is not None
        }


JINGZHOU = [
    pytest.param("市商务局", (29, None), (1,), "merged away by step 1", id="merged"),
    pytest.param("市经济发展局", (None, 68), (1, 6), "29 + 41 less three that vanish in the merger; step 6 gives one", id="merger"),
    pytest.param("市规划局", (None, 5), (2,), "three tasks go to it", id="part"),
    pytest.param("市创卫办", (4, None), (3,), "dissolved by step 3", id="dissolved"),
    pytest.param("市城管委", (9, 13), (3,), "its heir leads task 62 besides", id="heir"),
    pytest.param("市财政局", (32, 29), (4,), "with one lead instead of two it has no relations with the three zones", id="co-lead"),
    pytest.param("市审计局", (8, 4), (5,), "it led task 18 with five others; now it has one relation there", id="giver"),
    pytest.param("市科技局", (27, 29), (6,), "it leads two others in task 66", id="added"),
    pytest.param("市教育局", (19, 19), (7,), "task 80 has no lead, so that leaving it costs no relation", id="dropped"),
    pytest.param("市水利和湖泊局", (20, 20), (), "shares task 18 with one lead before and after", id="untouched"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "relations", "steps", "why"), JINGZHOU)
def test_what_becomes_of_units_of_jingzhou(
    outcome: Outcome, label: str, relations: tuple[int | None, int | None], steps: tuple[int, ...], why: str
) -> None:
    one = change(outcome, label)
    found = tuple(side.relations if side else None for side in (one.before, one.after))
    assert (found, one.steps) == (relations, steps), why
    assert one.relations == (relations[1] or 0) - (relations[0] or 0)


def test_the_whole_of_jingzhou_step_by_step(outcome: Outcome) -> None:
    totals = [effect.whole.overview.relations_total for effect in outcome.steps]
    assert (outcome.before.overview.relations_total, totals) == (976, [970, 970, 970, 964, 964, 968, 968])
    assert [[i for _, i in effect.led] for effect in outcome.steps] == [[], [], [], [], [], [66], []]
    assert not any(effect.unled for effect in outcome.steps)
    assert [len(effect.changed) for effect in outcome.steps] == [5, 2, 2, 5, 2, 3, 1]
    assert sorted(map(abs, (one.relations for one in outcome.units)), reverse=True) == [abs(one.relations) for one in outcome.units]


def test_units_go_back_to_those_they_came_of() -> None:
    ties = covered([(["a"], ["b"]), (["b"], ["c"]), (["c"], ["d"])])
    steps = (
        Merge(("a", "b"), new("x")),
        Split("x", new("y"), new("z"), (("n", 2),)),
        Dissolve("z", "d"),
    )
    found = {one.unit: one for one in whatif(ties, Scenario("t", steps)).units}
    assert found["y"].origins == ("a", "b")
    assert found["d"].origins == ("d", "a", "b")
    assert (found["x"].exists, found["x"].before, found["x"].after, found["x"].steps) == ((False, False), None, None, (1, 2))
    assert found["c"].origins == ()


def test_a_rank_that_others_moved_is_told_apart_from_load() -> None:
    ties = small([(["a"], ["b", "c", "d"]), (["e"], ["f"])])
    found = {one.unit: one for one in whatif(ties, Scenario("t", (MoveLead(("n", 1), "a", "b"),))).units}
    assert (found["b"].steps, found["b"].rank_steps) == ((1,), (1,))
    assert (found["e"].steps, found["e"].rank_steps) == ((), ())
    last = {one.unit: one for one in whatif(ties, Scenario("t", (Dissolve("a"),))).units}
    assert (last["e"].steps, last["e"].rank_steps) == ((), (1,))


def test_tasks_that_lose_their_lead_are_listed_with_the_step(ties: Ties) -> None:
    audit = "unit:421000-audit"
    led = sorted(key for key, team in teams(ties).items() if team.leads == {audit})
    found = whatif(ties, Scenario("t", (SetRole(led[0], audit, SHARE), Dissolve(audit))))
    assert [list(effect.unled) for effect in found.steps] == [led[:1], led[1:]]
    assert set(found.after.overview.without_lead) - set(found.before.overview.without_lead) == set(led)


def test_pairs_before_and_after() -> None:
    ties = small([(["a"], ["b"]), (["a"], ["b"]), (["c"], ["b"])])
    found = whatif(ties, Scenario("t", (MoveLead(("n", 1), "a", "b"), DropUnit(("n", 3), "b"))))
    rows = {(pair.lead, pair.share): (pair.before, pair.after, pair.steps) for pair in found.pairs}
    assert rows == {("a", "b"): (2, 1, (1,)), ("b", "a"): (0, 1, (1,)), ("c", "b"): (1, 0, (2,))}


def test_the_example_takes_less_than_a_second(ties: Ties) -> None:
    scenario = read_scenario(EXAMPLE, ties)
    start = time.process_time()
    whatif(ties, scenario)
    assert time.process_time() - start < 1


# Suggested moves.


def brute(ties: Ties) -> list[Move]:
    """Every move tried by changing the ties and measuring them."""
    kinds = {unit.id: unit.kind for unit in ties.units}
    printed = teams(ties)
    leads = [
        MoveLead(task, giver, taker)
        for task, team in printed.items()
        for giver in team.leads
        for taker in team.others
        if kinds[taker] not in TERRITORIAL
    ]
    shares = [SetRole(task, unit, SHARE) for task, team in printed.items() if len(team.leads) > 1 for unit in team.leads]
    before = overview(ties)
    found = []
    for step in chain(leads, shares):
        after = overview(apply(ties, Scenario("t", (step,))))
        if after.gini < before.gini:
            found.append(Move(step, before.gini, after.gini, (before.relations_total, after.relations_total)))
    return sorted(found, key=lambda move: (move.gini_after, move.task, *_names(move)))


def _names(move: Move) -> tuple[str, str]:
    return (move.step.giver, move.step.taker) if isinstance(move.step, MoveLead) else (move.step.unit, "")


def test_suggestions_equal_brute_force_on_jingzhou(ties: Ties) -> None:
    found = suggest(ties, 10_000)
    assert list(found) == brute(ties)
    assert suggest(ties, 10) == found[:10]
    assert suggest(ties, 0) == ()


@settings(max_examples=60)
@given(st.lists(st.tuples(UNITS, UNITS), min_size=1, max_size=8))
def test_suggestions_equal_brute_force(tasks: list[tuple[list[str], list[str]]]) -> None:
    kinds = {"a": Kind.ZONE, "b": Kind.TERRITORY, "c": Kind.ENTERPRISE}
    ties = small(tasks, kinds)
    assert list(suggest(ties, 1000)) == brute(ties)


NEVER = [
    pytest.param([(["a"], []), (["b"], ["d"]), (["b"], ["d"])], {}, "a sole lead is not taken away, a share not dropped", id="sole-lead"),
    pytest.param([(["a"], ["z", "y"])], {"z": Kind.ZONE, "y": Kind.TERRITORY}, "no lead for territories and zones", id="zones"),
    pytest.param([([], ["b", "c"])], {}, "nothing to move without a lead", id="no-lead"),
    pytest.param([], {}, "no task at all", id="nothing"),
    pytest.param([(["a", "b"], ["c"])], {}, "all alike already", id="even"),
]


@pytest.mark.parametrize(("tasks", "kinds", "why"), NEVER)
def test_what_is_never_suggested(tasks: list[tuple[list[str], list[str]]], kinds: dict[str, Kind], why: str) -> None:
    assert suggest(small(tasks, kinds)) == (), why


def test_the_best_move_of_jingzhou_names_its_task_and_both_coefficients(ties: Ties) -> None:
    best, *_ = suggest(ties)
    labels = {unit.id: unit.label for unit in ties.units}
    assert isinstance(best.step, MoveLead)
    assert (best.task[1], labels[best.step.giver], labels[best.step.taker]) == (8, "市生态环境局", "洪湖国家级自然保护区管理局")
    assert (round(best.gini_before, 4), round(best.gini_after, 4), best.relations) == (0.5504, 0.5324, (976, 976))


# How it is shown.

PAGES: list[tuple[str, Callable[[Ties, Outcome, str], str]]] = [
    ("whatif", lambda ties, outcome, lang: whatif_html(outcome, lang=lang)),
    ("suggest", lambda ties, outcome, lang: suggestions_html(ties, suggest(ties), lang=lang)),
    ("suggest-none", lambda ties, outcome, lang: suggestions_html(ties, (), lang=lang)),
    ("nothing-moves", lambda ties, outcome, lang: whatif_html(_nothing_moves(), lang=lang)),
]


def _nothing_moves() -> Outcome:
    return whatif(small([([], ["a"]), (["b"], [])]), Scenario("t", (DropUnit(("n", 1), "a"), AddUnit(("n", 1), "a"))))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("name", "make"), PAGES, ids=[name for name, _ in PAGES])
def test_every_link_of_the_pages_leads_somewhere(
    ties: Ties, outcome: Outcome, name: str, make: Callable[[Ties, Outcome, str], str], lang: str
) -> None:
    text = make(ties, outcome, lang)
    page = html.document_fromstring(text)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in page.xpath("//a/@href")} <= set(ids)
    assert not page.xpath("//script | //img | //link | //iframe")
    assert text == make(ties, outcome, lang)
    assert (page.xpath("//svg") != []) == (name == "whatif")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_change_that_is_shown_names_its_step(outcome: Outcome, lang: str) -> None:
    page = html.document_fromstring(whatif_html(outcome, lang=lang))
    for table in ("load", "territories", "common", "leads"):
        rows = page.xpath(f'//table[@id="{table}"]/tbody/tr')
        assert rows
        for row in rows:
            steps = row.xpath('./td[last()]//a[starts-with(@href, "#steps-")]')
            changed = table != "common" or row.xpath("./td[3]")[0].text_content() != "0"
            assert steps or not changed, (table, row.text_content())
    for figure in page.xpath('//ul[@class="numbers"]/li/span[@class="aside"]'):
        assert any(character.isdigit() for character in figure.text_content())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_short_text_says_steps_figures_and_caveat(ties: Ties, outcome: Outcome, lang: str) -> None:
    text = whatif_text(outcome, lang=lang)
    assert "976 → 968" in text
    assert text.count("市经济发展局") >= 3
    assert catalogue(lang)["whatif.caveat"] in text
    assert len(text.splitlines()) < 50
    moves = suggestions_text(ties, suggest(ties, 3), lang=lang)
    assert catalogue(lang)["whatif.caveat"] in moves
    assert "0.5504 → 0.5324" in moves
    assert suggestions_text(ties, (), lang=lang).strip() == catalogue(lang)["whatif.suggest.none"]


def test_markdown_has_the_same_tables(ties: Ties, outcome: Outcome) -> None:
    text = whatif_markdown(outcome, lang="zh")
    assert text.count("\n| --- ") + text.count("\n|---") + text.count("\n| :-") >= 6
    assert "市经济发展局" in text
    assert "市生态环境局" in suggestions_markdown(ties, suggest(ties), lang="zh")


def test_json_holds_everything_under_its_documented_keys(ties: Ties, outcome: Outcome) -> None:
    record = json.loads(whatif_json(outcome))
    assert list(record) == ["schema", "scenario", "notices", "before", "after", "steps", "units", "pairs", "names"]
    assert all(f"``{key}``" in (whatif_json.__doc__ or "") for key in record)
    assert [step["do"] for step in record["scenario"]["steps"]] == ["merge", "split", "dissolve", "role", "move", "add", "drop"]
    assert len(record["units"]) == len(outcome.units)
    assert record["units"][0]["after"]["interval"] == [68, 172, 188]
    assert {unit["unit"] for unit in record["units"]} <= record["names"].keys()
    moves = json.loads(suggestions_json(ties, suggest(ties, 2)))
    assert moves["moves"][0]["step"]["task"] == ["421000-2020-jzbf-1", 8]
    assert moves["moves"][0]["clause"].startswith("(牵头单位:市生态环境局")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text(ties: Ties, text: str) -> None:
    bad = replace(
        ties,
        units=tuple(replace(unit, label=text) for unit in ties.units),
        tasks=tuple(replace(task, text=text, clause=text) for task in ties.tasks),
        notices=tuple(replace(notice, title=text, number=text) for notice in ties.notices),
    )
    task: TaskKey = ("421000-2020-jzbf-1", 66)
    steps = (Merge(("unit:421000-audit", "unit:421000-finance"), replace(new("x"), label=text), text), AddUnit(task, "x", Role.LEAD, text))
    found = whatif(bad, Scenario(text, steps))
    for page in (whatif_html(found), suggestions_html(bad, suggest(bad))):
        assert not html.document_fromstring(page).xpath("//script | //img | //iframe | //*[@onerror] | //*[@onload]")
    json.loads(whatif_json(found))
    assert whatif_text(found)
    assert whatif_markdown(found)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_a_browser_shows_the_page_without_complaint(chrome: Browser, tmp_path: Path, outcome: Outcome, width: int) -> None:
    path = tmp_path / "whatif.html"
    path.write_text(whatif_html(outcome, lang="zh"), encoding="utf-8")
    with visiting(path, width=width, scheme="dark", browser=chrome) as visit:
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.page.locator("svg rect").count() > 10
        assert visit.talk == []


# The command.


def spoken(*words: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    try:
        status = run(cli, [str(word) for word in words])
    finally:
        use_language(None)
    said = capsys.readouterr()
    return status, said.out, said.err


COMMANDS = [
    pytest.param([EXAMPLE, SEED], "976 → 968", id="text"),
    pytest.param([EXAMPLE, SEED, "--format", "md"], "| ", id="md"),
    pytest.param([EXAMPLE, SEED, "--format", "json"], '"schema": 1', id="json"),
    pytest.param([EXAMPLE, SEED, "--format", "html"], "<svg", id="html"),
    pytest.param(["--suggest", "3", SEED], "0.5504 → 0.5324", id="suggest"),
    pytest.param(["--suggest", "3", SEED, "--format", "html"], "<table", id="suggest-html"),
    pytest.param(["--suggest", "3", SEED, "--format", "md"], "| ", id="suggest-md"),
    pytest.param(["--suggest", "3", SEED, "--format", "json"], '"gini_after"', id="suggest-json"),
    pytest.param(["--help"], "kg whatif --suggest 10 out", id="help"),
    pytest.param(["--help", "--lang", "en"], "kg whatif --suggest 10 out", id="help-en"),
]


@pytest.mark.parametrize(("words", "mark"), COMMANDS)
def test_the_command_prints_what_it_is_for(capsys: pytest.CaptureFixture[str], words: list[object], mark: str) -> None:
    status, out, err = spoken("whatif", *words, capsys=capsys)
    assert (status, err) == (DONE, "")
    assert mark in out


BAD = [
    pytest.param([], "plan.toml", id="nothing"),
    pytest.param(["nowhere.toml", SEED], "nowhere.toml", id="no-scenario"),
    pytest.param([SEED.parent], "plan.toml", id="a-folder-for-the-scenario"),
    pytest.param([EXAMPLE, "nowhere"], "nowhere", id="no-source"),
    pytest.param([EXAMPLE, "graph.ttl"], "graph.ttl", id="an-rdf-file"),
    pytest.param([SEED, SEED], "jingzhou-2020-1.txt", id="a-notice-for-the-scenario"),
    pytest.param(["bad.toml", SEED], "市教育厅", id="a-scenario-that-does-not-fit"),
    pytest.param(["--suggest", "0", SEED], "--suggest", id="none-suggested"),
    pytest.param([EXAMPLE, SEED, "--format", "csv"], "csv", id="no-such-format"),
    pytest.param([EXAMPLE, "built", "--register", "r.toml"], "built", id="tables-for-a-build"),
    pytest.param([EXAMPLE, "built"], "99", id="a-build-of-another-version"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "named"), BAD)
def test_bad_input_is_one_clear_message_and_exit_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[object], named: str
) -> None:
    (tmp_path / "bad.toml").write_text('title = "t"\n[[step]]\ndo = "dissolve"\nunit = "市教育厅"\n', encoding="utf-8")
    (tmp_path / "graph.ttl").write_text("", encoding="utf-8")
    (tmp_path / "built").mkdir()
    (tmp_path / "built" / "manifest.json").write_text('{"format": 99}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    status, out, err = spoken("whatif", *words, capsys=capsys)
    assert (status, out) == (BAD_INPUT, "")
    assert named in err
    assert len(err.splitlines()) <= 6


def test_the_ending_of_the_output_decides_and_a_build_gives_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from kg import api

    monkeypatch.chdir(tmp_path)
    api.build(SEED, tmp_path / "out")
    for ending, mark in (("html", "<!DOCTYPE"), ("md", "# "), ("json", "{")):
        paths = [tmp_path / f"{name}.{ending}" for name in ("notice", "build")]
        for path, sources in zip(paths, ([SEED], []), strict=True):
            assert spoken("whatif", EXAMPLE, *sources, "-o", path, capsys=capsys) == (DONE, "", "")
        assert paths[0].read_bytes() == paths[1].read_bytes()
        assert paths[0].read_text(encoding="utf-8").startswith(mark)


def test_in_python() -> None:
    trial = try_scenario(EXAMPLE, [SEED])
    assert (trial.outcome.after.overview.relations_total, trial.failures) == (968, ())
    assert len(suggest_moves([SEED], 4).moves) == 4
    with pytest.raises(ScenarioMissingError):
        try_scenario(SEED.parent, [SEED])
