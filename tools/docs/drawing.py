"""Boxes and arrows as SVG, in the colours of the reader's screen."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

STYLE = """
:root { color-scheme: light dark; }
svg { --ink: #1b2430; --soft: #5a6675; --paper: #ffffff; --box: #eef3f8; --line: #8593a3; --strong: #0b5cad; background: var(--paper);
  font: 13px "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
@media (prefers-color-scheme: dark) { svg { --ink: #e4e9ef; --soft: #a0acba; --paper: #12171d; --box: #1a222b; --line: #66768a; --strong: #6cb2ff; } }
rect { fill: var(--box); stroke: var(--line); }
text { fill: var(--ink); text-anchor: middle; }
.name { font-weight: 700; }
.soft { fill: var(--soft); font-size: 12px; }
.on { font-size: 11.5px; paint-order: stroke; stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round; }
.arrow { fill: none; stroke: var(--line); stroke-width: 1.4; marker-end: url(#tip); }
.flow { fill: none; stroke: var(--strong); stroke-width: 2.2; marker-end: url(#tip); }
.sub { stroke-dasharray: 5 3; }
.tip { fill: var(--line); }
"""


@dataclass(frozen=True, slots=True)
class Box:
    """A box around its centre."""

    x: float
    y: float
    width: float
    height: float


def canvas(width: float, height: float, title: str) -> Element:
    """An empty drawing with a title that is read aloud."""
    size = {"viewBox": f"0 0 {width:g} {height:g}", "width": f"{width:g}", "height": f"{height:g}"}
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria-labelledby": "title", **size})
    SubElement(svg, "title", {"id": "title"}).text = title
    SubElement(svg, "style").text = STYLE
    tip = {
        "id": "tip",
        "viewBox": "0 0 8 8",
        "refX": "7.5",
        "refY": "4",
        "markerWidth": "7",
        "markerHeight": "7",
        "orient": "auto-start-reverse",
    }
    marker = SubElement(SubElement(svg, "defs"), "marker", tip)
    SubElement(marker, "path", {"class": "tip", "d": "M0 0 L8 4 L0 8 z"})
    return svg


def put_box(svg: Element, box: Box, name: str, *lines: str) -> None:
    """A box with a name and softer lines below it."""
    corner = {"x": f"{box.x - box.width / 2:g}", "y": f"{box.y - box.height / 2:g}"}
    SubElement(svg, "rect", {**corner, "width": f"{box.width:g}", "height": f"{box.height:g}", "rx": "6"})
    top = box.y + 5 - 8.5 * len(lines)
    put_text(svg, box.x, top, name, "name")
    for number, line in enumerate(lines, 1):
        put_text(svg, box.x, top + 17 * number, line, "soft")


def put_text(svg: Element, x: float, y: float, words: str, kind: str) -> None:
    """One line of words around a point."""
    SubElement(svg, "text", {"class": kind, "x": f"{x:.1f}", "y": f"{y:.1f}"}).text = words


def put_arrow(svg: Element, path: str, kind: str = "arrow") -> None:
    """An arrow along an SVG path."""
    SubElement(svg, "path", {"class": kind, "d": path})


def edge(box: Box, toward: tuple[float, float]) -> tuple[float, float]:
    """Where the line from a box's centre towards a point leaves the box."""
    dx, dy = toward[0] - box.x, toward[1] - box.y
    scale = min(box.width / 2 / abs(dx) if dx else 1e9, box.height / 2 / abs(dy) if dy else 1e9)
    return box.x + dx * scale, box.y + dy * scale


def text_of(svg: Element) -> str:
    """The drawing as text, ending with a line end."""
    return tostring(svg, encoding="unicode") + "\n"
