"""The interactive picture: one offline file made by pyvis with our own template, no request, the same bytes on every run."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.analysis.load import Standing, standings, teams
from kg.analysis.network import communities, unit_graph
from kg.messages import catalogue, language, say
from kg.model import TERRITORIAL, Kind, NoticeRow, Ties
from kg.resources import package_file
from kg.views.layout import lay_out
from kg.views.pinyin import spellings

if TYPE_CHECKING:
    from pyvis.network import Network

SCRIPTS = ("measure.js", "state.js", "canvas.js", "panel.js", "search.js", "save.js", "main.js")
"""The page's script, in the order in which its parts are put together."""
SHAPES = {
    Kind.TERRITORY: "square",
    Kind.ZONE: "square",
    Kind.ENTERPRISE: "diamond",
    Kind.UNIVERSITY: "diamond",
    Kind.CENTRAL_AGENCY: "triangle",
    Kind.PROVINCIAL_AGENCY: "triangle",
}
"""Shape by kind; all others are discs."""


def draw_page(ties: Ties, *, lang: str | None = None) -> str:
    """The whole page as HTML text; write it as UTF-8.

    Args:
        ties: the ties table of one or more notices; it is not changed.
        lang: language of the page, zh or en; the language in use where None.
    """
    lang = lang or language()
    load = standings(ties)
    net = _network(ties, load, unit_labels(ties, lang))
    css = _source("page.css")
    script = "(() => {\n'use strict';\n" + "\n".join(_source(f"page/{name}") for name in SCRIPTS) + "\n})();\n"
    library = _library()
    net.templateEnv = _templates()
    net.path = "page.html.j2"
    net.templateEnv.globals.update(
        page=page_data(ties, load, lang),
        texts=_texts(lang),
        lang=lang,
        title=_title(ties, lang),
        css=_raw(css),
        library=_raw(library),
        script=_raw(script),
        policy=_policy(scripts=[library, script], styles=[css]),
    )
    page: str = net.generate_html()
    return page


def page_frame(page: str) -> str:
    """A page inside a notebook: a sandboxed frame that can run its script and nothing else."""
    return f'<iframe sandbox="allow-scripts" width="100%" height="720" frameborder="0" srcdoc="{escape(page)}"></iframe>'


def _network(ties: Ties, load: Sequence[Standing], labels: Mapping[str, str]) -> Network:
    # Straight pyvis: nodes and edges with plain attributes, physics off; the template takes them as they are.
    from pyvis.network import Network

    shown = [one for one in load if one.tasks]
    graph = unit_graph(ties)
    places = _places(graph, shown, labels)
    joint = [members for members in communities(ties) if len(members) > 1]
    groups = {unit: at for at, members in enumerate(joint) for unit in members}
    aliases = {unit.id: unit.aliases for unit in ties.units}
    net = Network(directed=True, cdn_resources="in_line")
    net.set_options('{"physics": {"enabled": false}}')
    for one in sorted(shown, key=lambda one: one.unit):
        x, y = places[one.unit]
        net.add_node(
            one.unit,
            labels[one.unit],
            x=x,
            y=y,
            physics=False,
            size=radius(one.tasks),
            kind=one.kind.value,
            mark=SHAPES.get(one.kind, "disc"),
            territorial=one.kind in TERRITORIAL,
            universal=one.universal,
            interval=list(one.interval),
            community=groups.get(one.unit, -1),
            aliases=list(aliases[one.unit]),
            spelling=spellings(one.label),
        )
    for a, b in sorted(tuple(sorted(pair)) for pair in graph.edges):
        net.add_edge(a, b, arrows="", width=1)
    return net


def _places(graph: Any, shown: Sequence[Standing], labels: Mapping[str, str]) -> dict[str, tuple[float, float]]:
    # What is first seen decides: at least two shared tasks, and units that stand nearly everywhere aside.
    kept = graph.subgraph([one.unit for one in shown if not one.universal]).copy()
    kept.remove_edges_from([(a, b) for a, b, weight in kept.edges(data="weight") if weight < 2])
    aside = [one.unit for one in shown if one.universal]
    return lay_out(kept, labels, {one.unit: radius(one.tasks) for one in shown}, aside=aside)


def unit_labels(ties: Ties, lang: str) -> dict[str, str]:
    """The label of every unit; where units of several places share one, each says where it comes from."""
    notices = {notice.id: notice for notice in ties.notices}
    first: dict[str, NoticeRow] = {}
    for tie in ties.ties:
        first.setdefault(tie.unit, notices[tie.notice])
    shared = Counter(unit.label for unit in ties.units)
    found: dict[str, str] = {}
    for unit in ties.units:
        label, notice = unit.label, first.get(unit.id)
        if shared[label] > 1 and notice:
            place = notice.place or notice.issuer or notice.number or notice.id
            label = say("page.unit-of", unit=label, place=place, lang=lang)
        found[unit.id] = label
    again = Counter(found.values())
    return {unit: label if again[label] == 1 else f"{label} {unit.partition(':')[2]}" for unit, label in found.items()}


def radius(tasks: int) -> float:
    """The radius of a disc, so that its area goes with the tasks."""
    return round(6 + 4.2 * sqrt(tasks), 2)


def page_data(ties: Ties, load: Sequence[Standing], lang: str) -> dict[str, Any]:
    """What the page's script works on: notices, sections, and every task with its units as printed."""
    groups = {group.id: group.label for group in ties.groups}
    references: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for reference in ties.references:
        references[reference.notice, reference.task].append(groups[reference.group])
    members = teams(ties)
    order = {one.unit: at for at, one in enumerate(load)}
    return {
        "notices": [{"id": n.id, "title": n.title, "number": n.number, "place": n.place, "year": n.year} for n in ties.notices],
        "sections": [{"key": f"{s.notice}|{s.index}", "notice": s.notice, "number": s.number, "title": s.title} for s in ties.sections],
        "tasks": [
            {
                "key": f"{t.notice}|{t.i}",
                "notice": t.notice,
                "i": t.i,
                "number": t.number,
                "section": f"{t.notice}|{t.section}" if t.section else "",
                "text": t.text,
                "clause": t.clause,
                "leads": sorted(members[t.notice, t.i].leads, key=order.__getitem__),
                "others": sorted(members[t.notice, t.i].others, key=order.__getitem__),
                "groups": references[t.notice, t.i],
            }
            for t in ties.tasks
        ],
        "kinds": {kind.value: say(f"page.kind.{kind.value}", lang=lang) for kind in Kind},
        "classes": class_bounds([one.relations for one in load if one.kind not in TERRITORIAL]),
    }


def class_bounds(relations: Sequence[int]) -> list[int]:
    """The upper bounds of the first four of five colour classes: round numbers near the fifths of the largest load.

    >>> class_bounds([58, 57, 41, 3]), class_bounds([])
    ([5, 10, 20, 40], [1, 2, 3, 4])
    """
    most = max(relations, default=0)
    steps = [bound for scale in (1, 10, 100, 1000, 10000) for bound in (scale, 2 * scale, 5 * scale)]
    top = next((4 * step for step in reversed(steps) if 4 * step < most and step * 10 >= most / 8), 4)
    return [top // 8, top // 4, top // 2, top] if top >= 8 else [1, 2, 3, 4]


def _title(ties: Ties, lang: str) -> str:
    if len(ties.notices) == 1:
        notice = ties.notices[0]
        return " ".join(part for part in (notice.number, notice.title) if part) or notice.id
    return say("page.several", lang=lang, count=len(ties.notices))


def _texts(lang: str) -> Mapping[str, str]:
    return {key.removeprefix("page."): text for key, text in sorted(catalogue(lang).items()) if key.startswith("page.")}


def _source(name: str) -> str:
    return package_file(f"views/templates/{name}").read_text(encoding="utf-8")


def _library() -> str:
    import pyvis

    path = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
    return path.read_text(encoding="utf-8").replace("//# sourceMappingURL", "// sourceMappingURL")


def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader

    return Environment(loader=FileSystemLoader(package_file("views/templates")), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def _raw(text: str) -> Any:
    # Our own files and the library: what is in them is code, and must reach the page as it is.
    from markupsafe import Markup

    return Markup(text)


def _policy(*, scripts: Sequence[str], styles: Sequence[str]) -> str:
    # vis-network and our script set styles through the object model, which a policy of hashes allows.
    return (
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; img-src data: blob:; "
        "connect-src 'none'; form-action 'none'; base-uri 'none'"
    )


def _hashes(texts: Sequence[str]) -> str:
    return " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts)
