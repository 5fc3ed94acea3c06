"""The picture of the ontology: classes as boxes, relations as arrows, from the same source as the page."""

from __future__ import annotations

from collections import defaultdict
from xml.etree.ElementTree import Element

from tools.docs import drawing
from tools.docs.drawing import Box
from tools.docs.ontology import _iri, classes, label, relations

_PLACES = {
    "kg:Target": (0, 0),
    "kg:Notice": (0, 1),
    "kg:Section": (0, 2),
    "kg:Deadline": (1, 0),
    "kg:Task": (1, 1),
    "kg:Continuation": (1, 2.6),
    "kg:Assignment": (2, 0),
    "kg:Party": (3, 1),
    "kg:UnitGroup": (2, 2),
    "kg:Unit": (3.3, 2),
    "kg:Division": (2.75, 3.3),
    "org:Organization": (4, 1),
    "org:ChangeEvent": (3.75, 3.3),
}
"""Column and row of each class that is known; one that is not here stands in a row of its own below, so that none is missing."""
_WORDS_AT = {("kg:Assignment", "kg:UnitGroup"): 0.25, ("kg:Notice", "kg:Division"): 0.62}
"""How far along an arrow its words stand, where the middle is taken."""
_CODE = "skos:Concept"
"""Relations to a code stand in the box of their class: arrows to one box of all codes would cross everything."""
_STEP, _SIZE = (270, 150), (156, 62)


def svg() -> str:
    """The drawing as text."""
    names = [name for name, _ in classes()] + [up for _, ups in classes() for up in ups.split()]
    boxes = _boxes(sorted(set(names) - {_CODE}))
    canvas = drawing.canvas(max(box.x for box in boxes.values()) + 130, max(box.y for box in boxes.values()) + 50, "kg.ttl")
    between: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    codes: defaultdict[str, list[str]] = defaultdict(list)
    for one in relations():
        if one.target == _CODE:
            codes[one.source].append(one.name.removeprefix("kg:"))
        elif one.target:
            between[one.source, one.target].append(one.name.removeprefix("kg:"))
    words = []
    for (source, target), joined in sorted(between.items()):
        words.append((*_arrow(canvas, boxes, source, target, (target, source) in between), joined))
    for name, ups in classes():
        for up in ups.split():
            start = drawing.edge(boxes[name], (boxes[up].x, boxes[up].y))
            end = drawing.edge(boxes[up], (boxes[name].x, boxes[name].y))
            drawing.put_arrow(canvas, f"M{start[0]:.1f} {start[1]:.1f} L{end[0]:.1f} {end[1]:.1f}", "arrow sub")
    for name, box in boxes.items():
        drawing.put_box(canvas, box, name, *filter(None, [label(_iri(name), "zh"), _bracketed(codes[name])]))
    for x, y, joined in words:
        for number, word in enumerate(sorted(joined)):
            drawing.put_text(canvas, x, y + 4 + 14 * (number - (len(joined) - 1) / 2), word, "on")
    return drawing.text_of(canvas)


def _bracketed(codes: list[str]) -> str:
    return f"[{', '.join(sorted(codes))}]" if codes else ""


def _boxes(names: list[str]) -> dict[str, Box]:
    places = dict(_PLACES)
    strange = [name for name in names if name not in places]
    places |= {name: (at, 4.4) for at, name in enumerate(strange)}
    return {name: Box(110 + places[name][0] * _STEP[0], 50 + places[name][1] * _STEP[1], *_SIZE) for name in names}


def _arrow(canvas: Element, boxes: dict[str, Box], source: str, target: str, both: bool) -> tuple[float, float]:
    one, other = boxes[source], boxes[target]
    if source == target:
        right, top = one.x + one.width / 2, one.y
        drawing.put_arrow(canvas, f"M{right:.1f} {top - 12:.1f} c40 -14 40 38 0 24")
        return right + 55, top
    start, end = drawing.edge(one, (other.x, other.y)), drawing.edge(other, (one.x, one.y))
    # Two arrows between the same boxes bend apart, each to its right.
    bend = 34 if both else 0
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5 or 1
    middle = ((start[0] + end[0]) / 2 - (end[1] - start[1]) / length * bend, (start[1] + end[1]) / 2 + (end[0] - start[0]) / length * bend)
    drawing.put_arrow(canvas, f"M{start[0]:.1f} {start[1]:.1f} Q{middle[0]:.1f} {middle[1]:.1f} {end[0]:.1f} {end[1]:.1f}")
    at = _WORDS_AT.get((source, target), 0.5)
    near, mid, far = (1 - at) ** 2, 2 * at * (1 - at), at**2
    return near * start[0] + mid * middle[0] + far * end[0], near * start[1] + mid * middle[1] + far * end[1]
