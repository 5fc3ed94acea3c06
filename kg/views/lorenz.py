"""The Lorenz curve as inline SVG: how much of the whole the units with the least hold together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from xml.etree.ElementTree import Element, SubElement, tostring

from kg.views.charts import canvas, put_line, put_text, svg_number

_LEFT, _TOP, _SIDE = 96, 16, 300


def lorenz_points(values: Sequence[int]) -> list[tuple[float, float]]:
    """The points of the curve, both shares 0–1: of the units, and of the whole that they hold (Lorenz 1905).

    >>> lorenz_points([3, 0, 1])
    [(0.0, 0.0), (0.3333333333333333, 0.0), (0.6666666666666666, 0.25), (1.0, 1.0)]
    """
    total = sum(values)
    sums = accumulate(sorted(values), initial=0)
    return [(at / len(values), held / total) for at, held in enumerate(sums)] if total else []


def lorenz_curve(
    curves: Sequence[tuple[str, Sequence[int], Sequence[str]]], *, name: str, title: str, description: str, axes: tuple[str, str]
) -> str:
    """One or two curves over the line of equal shares.

    Args:
        curves: class of the line, the figures of all units, and the lines of text that stand beside it.
        name: ASCII name that makes the ids of title and description unique in a page.
        title: short text for those who do not see the drawing.
        description: what the drawing shows, in a sentence.
        axes: words of the horizontal and of the vertical axis.

    Returns:
        One ``svg`` element; also well-formed as a file of its own.
    """
    svg = canvas(name, title, description, _TOP + _SIDE + 46)
    for step in range(0, 101, 20):
        at = step / 100
        (x, y), (right, _), (_, top) = _place(at, at), _place(1, at), _place(at, 1)
        put_line(svg, "grid", _LEFT, y, right, y)
        put_line(svg, "grid", x, _TOP + _SIDE, x, top)
        put_text(svg, "tick", x, _TOP + _SIDE + 16, f"{step}%", "middle")
        put_text(svg, "tick", _LEFT - 6, y + 4, f"{step}%", "end")
    put_line(svg, "mean", *_place(0, 0), *_place(1, 1))
    put_text(svg, "head", _LEFT + _SIDE / 2, _TOP + _SIDE + 36, axes[0], "middle")
    put_text(svg, "head", 24, _TOP + _SIDE / 2, axes[1], "middle", turned=-90)
    y = _TOP + 60.0
    for kind, values, words in curves:
        _curve(svg, kind, lorenz_points(values))
        put_line(svg, kind, _LEFT + _SIDE + 30, y - 4, _LEFT + _SIDE + 58, y - 4)
        for line in words:
            put_text(svg, "figure", _LEFT + _SIDE + 68, y, line, "start")
            y += 20
        y += 18
    return tostring(svg, encoding="unicode")


def _place(units: float, held: float) -> tuple[float, float]:
    return _LEFT + _SIDE * units, _TOP + _SIDE * (1 - held)


def _curve(svg: Element, kind: str, points: Sequence[tuple[float, float]]) -> None:
    places = " ".join(",".join(svg_number(value) for value in _place(*point)) for point in points)
    if places:
        SubElement(svg, "polyline", {"class": kind, "points": places})
