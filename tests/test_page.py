"""The page as text: offline, closed to foreign scripts, the same on every run."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from lxml import html

from kg.analysis.load import standings
from kg.analysis.matrix import Mark, matrix
from kg.messages import LANGUAGES, catalogue
from kg.model import Ties
from kg.views.layout import lay_out
from kg.views.page import SCRIPTS, STYLES, draw_page, page_frame
from kg.views.page_data import class_bounds, first_sight, picture_of, radius, unit_labels
from kg.views.pinyin import spellings

from .conftest import ROOT
from .page_ties import HOSTILE, hostile, two_places


@pytest.fixture(scope="module")
def page(ties: Ties) -> str:
    return draw_page(ties, lang="zh")


def data(page: str, name: str) -> Any:
    (text,) = html.fromstring(page).xpath(f'//script[@id="{name}"]/text()')
    return json.loads(text)


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    tree = html.fromstring(page)
    assert not tree.xpath("//*[@src or @srcset or @background]")
    assert not tree.xpath("//link | //iframe | //object | //embed | //base")
    assert not [href for href in tree.xpath("//@href") if href.startswith("http")]
    (style,) = tree.xpath("//style/text()")
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_allows_this_script_and_style_and_no_other(page: str) -> None:
    (policy,) = html.fromstring(page).xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";")}
    for name, tag, count in (("script-src", "script", 2), ("style-src", "style", 1)):
        texts = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S)
        assert len(texts) == count
        digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
        assert rules[name] == [f"'sha256-{digest}'" for digest in digests]
    assert rules["img-src"] == ["data:", "blob:"]
    tree = html.fromstring(page)
    assert not tree.xpath("//@style")
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_names_stay_text(ties: Ties, lang: str) -> None:
    made = draw_page(hostile(ties), lang=lang)
    tree = html.fromstring(made)
    assert not tree.xpath("//img")
    assert len(tree.xpath("//script")) == len(html.fromstring(draw_page(ties, lang=lang)).xpath("//script"))
    assert {node["label"][:6] for node in data(made, "nodes")} == {name[:6] for name in HOSTILE}
    assert "7*7" in made
    assert ">49<" not in made


def test_the_same_ties_give_the_same_bytes_in_any_place(page: str, ties: Ties) -> None:
    assert draw_page(ties, lang="zh") == page
    script = (
        "import hashlib; from pathlib import Path; from kg.building.line import one_notice; from kg.graph.ties import ties_of; from kg.views.page import draw_page;"
        "print(hashlib.sha256(draw_page(ties_of([one_notice(Path('seeds/jingzhou-2020-1.txt'))]), lang='zh').encode()).hexdigest())"
    )
    env = {**os.environ, "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == hashlib.sha256(page.encode()).hexdigest()


def test_the_callers_ties_are_not_changed(ties: Ties) -> None:
    before = repr(ties)
    draw_page(ties)
    assert repr(ties) == before


def test_the_page_speaks_its_language(ties: Ties) -> None:
    english = draw_page(ties, lang="en")
    texts = data(english, "texts")
    assert not re.search(r"[\u4e00-\u9fff]", json.dumps(texts, ensure_ascii=False))
    assert 'lang="en"' in english
    assert "协同负荷图" in draw_page(ties, lang="zh")


def test_pictures_hold_every_named_unit_with_its_figures(page: str, ties: Ties) -> None:
    nodes = {node["id"]: node for node in data(page, "nodes")}
    named = [one for one in standings(ties) if one.tasks]
    assert set(nodes) == {one.unit for one in standings(ties)}, "the matrix has a row for units that only a group reaches too"
    for one in named:
        assert tuple(nodes[one.unit]["interval"]) == one.interval
        assert nodes[one.unit]["universal"] == one.universal


def test_places_never_overlap_and_do_not_hang_on_order() -> None:
    import networkx as nx

    graph = nx.Graph()
    graph.add_weighted_edges_from((f"u{a}", f"u{b}", 1 + (a * b) % 4) for a in range(14) for b in range(a) if (a + b) % 3)
    graph.add_nodes_from(["alone1", "alone2"])
    labels = dict.fromkeys(graph, "市某某局")
    radii = dict.fromkeys(graph, 12.0)
    places = lay_out(graph, labels, radii)
    turned = nx.Graph()
    turned.add_nodes_from(reversed(list(graph)))
    turned.add_edges_from(reversed(list(graph.edges(data=True))))
    assert lay_out(turned, labels, radii) == places
    nodes = list(places)
    for at, one in enumerate(nodes):
        for other in nodes[at + 1 :]:
            dx, dy = (abs(places[one][axis] - places[other][axis]) for axis in (0, 1))
            assert dx >= 24 or dy >= 24, (one, other)


def test_nodes_with_weak_links_alone_stand_below_those_that_they_go_with() -> None:
    import networkx as nx

    strong = nx.Graph()
    strong.add_weighted_edges_from((f"u{at}", f"u{at + 1}", 3) for at in range(6))
    weak = strong.copy()
    ends = sorted(lay_out(strong, dict.fromkeys(strong, "局"), dict.fromkeys(strong, 9.0)).items(), key=lambda item: item[1])
    weak.add_weighted_edges_from([("one", ends[0][0], 1), ("two", ends[-1][0], 1), ("three", "nobody", 1)])
    strong.add_nodes_from(["one", "two", "three"])
    places = lay_out(strong, dict.fromkeys(strong, "局"), dict.fromkeys(strong, 9.0), weak=weak)
    assert places["one"][0] < places["three"][0] < places["two"][0]
    assert min(places[name][1] for name in ("one", "two", "three")) > max(y for name, (_, y) in places.items() if name.startswith("u"))


def test_nodes_put_aside_stand_in_a_column_of_their_own() -> None:
    import networkx as nx

    graph = nx.Graph([("a", "b", {"weight": 2}), ("b", "c", {"weight": 3})])
    labels = {name: f"市{name}局" for name in "abcxyz"}
    radii = dict.fromkeys(labels, 40.0)
    places = lay_out(graph, labels, radii, aside=["x", "y", "z"])
    assert len({places[name][0] for name in "xyz"}) == 1
    assert places["x"][0] + 80 < min(places[name][0] for name in "abc")
    heights = sorted(places[name][1] for name in "xyz")
    assert all(below - above >= 80 for above, below in zip(heights, heights[1:], strict=False))


def test_many_nodes_are_laid_out_by_forces_the_same_on_every_run() -> None:
    import networkx as nx

    graph = nx.relabel_nodes(nx.connected_watts_strogatz_graph(260, 4, 0.1, seed=1), str)
    nx.set_edge_attributes(graph, 2, "weight")
    labels = dict.fromkeys(graph, "市某某局")
    radii = dict.fromkeys(graph, 10.0)
    places = lay_out(graph, labels, radii)
    assert lay_out(graph, labels, radii) == places
    assert len(set(places.values())) == 260
    assert set(nx.get_edge_attributes(graph, "weight").values()) == {2}


def test_units_of_the_same_name_say_where_they_come_from() -> None:
    labels = unit_labels(two_places(), "zh")
    assert sorted(labels.values()) == ["市发改委（宜昌市）", "市发改委（荆州市）", "市财政局（宜昌市）", "市财政局（荆州市）"]
    assert labels["unit:420500-reform"] == "市发改委（宜昌市）"
    assert unit_labels(two_places(), "en")["unit:420500-reform"] == "市发改委 (宜昌市)"


def test_the_labels_of_one_place_stay_as_they_are(ties: Ties) -> None:
    assert unit_labels(ties, "zh") == {unit.id: unit.label for unit in ties.units}


SPELLINGS = [
    pytest.param("市发改委", {"shifagaiwei", "sfgw"}, id="plain"),
    pytest.param("长江大学", {"changjiangdaxue", "cjdx"}, id="heteronym"),
    pytest.param("市5G办", {"shi5gban"}, id="mixed"),
]


@pytest.mark.parametrize(("name", "spelt"), SPELLINGS)
def test_names_can_be_spelt(name: str, spelt: set[str]) -> None:
    assert spelt <= set(spellings(name))


def test_classes_of_colour_go_up() -> None:
    for most in (0, 1, 7, 58, 176, 4321):
        bounds = class_bounds([most, 1])
        assert bounds == sorted(set(bounds))
        assert len(bounds) == 4
        assert bounds[0] >= 1


def test_area_goes_with_tasks() -> None:
    assert [round(radius(tasks) ** 2 / radius(1) ** 2, 1) for tasks in (0, 1, 4, 27)] == [0, 1, 4, 27]


def test_a_notebook_frame_holds_the_page_as_text(page: str) -> None:
    frame = page_frame(page)
    (source,) = html.fromstring(frame).xpath("//@srcdoc")
    assert source == page
    assert html.fromstring(frame).get("sandbox") == "allow-scripts"


FIRST = [
    pytest.param([("a", "b", 2), ("b", "c", 1)], set(), {"least": 2, "universal": False}, id="usual"),
    pytest.param([("a", "b", 1), ("b", "c", 1)], set(), {"least": 1, "universal": False}, id="nobody-shares-two"),
    pytest.param([("a", "b", 3), ("b", "c", 1)], {"a"}, {"least": 1, "universal": False}, id="only-one-everywhere-shares-two"),
    pytest.param([("a", "b", 3)], {"a", "b"}, {"least": 2, "universal": True}, id="all-everywhere"),
]


@pytest.mark.parametrize(("edges", "universal", "expected"), FIRST)
def test_something_is_seen_at_first_whatever_the_graph(
    edges: list[tuple[str, str, int]], universal: set[str], expected: dict[str, object]
) -> None:
    import networkx as nx

    graph = nx.Graph()
    graph.add_weighted_edges_from(edges)
    assert first_sight(graph, universal, sorted(graph)) == expected


def test_every_task_has_its_units_where_the_matrix_has_them(ties: Ties) -> None:
    picture = picture_of(ties, "zh")
    whole = matrix(ties)
    there = {(whole.units[row].id, column, mark) for (row, column), mark in whole.marks.items()}
    here = {
        (picture.units[at]["id"], column, mark)
        for column, task in enumerate(picture.page["tasks"])
        for mark in Mark
        for at in task[mark.value]
    }
    assert here == there
    assert len(here) == 111 + 492 + 728


def test_kinds_levels_and_lines_in_use_have_words(ties: Ties) -> None:
    english, chinese = (picture_of(ties, lang).page for lang in ("en", "zh"))
    for name in ("kinds", "levels", "lines"):
        assert english[name].keys() == chinese[name].keys()
        assert not any(english[name][key] == chinese[name][key] for key in english[name])
    assert set(chinese["kinds"]) == {unit.kind.value for unit in ties.units}
    assert chinese["lines"]["finance"] == "财政"
    assert english["levels"]["county"] == "county"


def test_the_page_of_one_notice_is_small(page: str) -> None:
    assert len(page.encode()) <= 750_000


def test_every_part_of_style_and_script_is_a_file_that_is_used() -> None:
    folder = ROOT / "kg" / "views" / "templates" / "page"
    assert {path.name for path in folder.iterdir()} == {*SCRIPTS, *STYLES}
    for path in folder.iterdir():
        assert path.read_text(encoding="utf-8").count("\n") <= 400, path.name


def test_the_page_uses_every_message_it_has() -> None:
    folder = ROOT / "kg" / "views" / "templates"
    sources = [folder / "page.html.j2", *(folder / "page").glob("*.js"), *(ROOT / "kg" / "views").glob("page*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    for key in (key for key in catalogue("zh") if key.startswith("page.")):
        short = key.removeprefix("page.")
        said = short in text or any(f"{short.rpartition('.')[0]}.{end}" in text for end in ("${", "' ~ ")) or short.split(".")[0] in MADE_UP
        assert said, key


MADE_UP = {
    "side",
    "kind",
    "relation",
    "reading",
    "colour",
    "order",
    "ranking",
    "table",
    "help",
    "filter",
    "legend",
    "save",
    "role",
    "badges",
}
"""Parts of the catalogue whose keys the page puts together."""
