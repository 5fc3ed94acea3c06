"""The page as text: offline, closed to foreign scripts, the same on every run."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from kg.analysis.load import standings
from kg.messages import LANGUAGES
from kg.model import Kind, NoticeRow, Role, TaskRow, Tie, Ties, UnitRow
from kg.views.layout import lay_out
from kg.views.page import class_bounds, draw_page, page_frame, radius, unit_labels
from kg.views.pinyin import spellings

from .conftest import ROOT

HOSTILE = [
    '<img src=x onerror="window.hit=1">',
    "</script><script>window.hit=1</script>",
    'see "href" here',
    "{{7*7}}",
    "=cmd|' /C calc'!A0",
    "__proto__",
]


@pytest.fixture(scope="module")
def page(ties: Ties) -> str:
    return draw_page(ties, lang="zh")


def hostile(ties: Ties) -> Ties:
    """The same ties with names and wordings that try to break out."""
    units = tuple(
        replace(unit, label=HOSTILE[at % len(HOSTILE)] + str(at), aliases=(HOSTILE[at % len(HOSTILE)],))
        for at, unit in enumerate(ties.units)
    )
    tasks = tuple(replace(task, text=HOSTILE[at % len(HOSTILE)], clause=HOSTILE[at % len(HOSTILE)]) for at, task in enumerate(ties.tasks))
    notices = tuple(replace(notice, title=HOSTILE[1], number=HOSTILE[0]) for notice in ties.notices)
    sections = tuple(replace(section, title=HOSTILE[1]) for section in ties.sections)
    groups = tuple(replace(group, label=HOSTILE[0]) for group in ties.groups)
    return replace(ties, units=units, tasks=tasks, notices=notices, sections=sections, groups=groups)


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
        "import hashlib; from pathlib import Path; from kg.line import one_notice; from kg.graph.ties import ties_of; from kg.views.page import draw_page;"
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
    assert set(nodes) == {one.unit for one in named}
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


def two_places() -> Ties:
    """Two notices of two cities, each with a 市发改委 that leads and a 市财政局 that shares its one task."""
    cities = (("421000", "荆州市"), ("420500", "宜昌市"))
    return Ties(
        notices=tuple(NoticeRow(code, "", "", "", "2020-01-07", 2020, code, place, "0" * 64) for code, place in cities),
        sections=(),
        tasks=tuple(TaskRow(code, 1, "1", None, f"{place}的任务", "（牵头单位：市发改委）", 0, 1) for code, place in cities),
        units=tuple(
            UnitRow(f"unit:{code}-{line}", label, Kind.DEPARTMENT, "municipal", (line,), f"division:{code}-1996", (), "register")
            for code, _ in cities
            for line, label in (("finance", "市财政局"), ("reform", "市发改委"))
        ),
        groups=(),
        ties=tuple(
            Tie(code, 1, f"unit:{code}-{line}", role)
            for code, _ in cities
            for line, role in (("finance", Role.RESPONSIBLE), ("reform", Role.LEAD))
        ),
        references=(),
        findings=(),
    )


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
    assert radius(27) > radius(9) > radius(1)


def test_a_notebook_frame_holds_the_page_as_text(page: str) -> None:
    frame = page_frame(page)
    (source,) = html.fromstring(frame).xpath("//@srcdoc")
    assert source == page
    assert html.fromstring(frame).get("sandbox") == "allow-scripts"
