"""Drawings as inline SVG: no script, text that can be selected, colours by class from the style sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element, SubElement, tostring

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

WIDTH = 760
_NAMES = 176  # right edge of the names
_PLOT = (186, 512)  # left and right edge of the bars
_FIGURES = (568, 646, 756)  # right edges of the three columns of figures
_TOP = 44
_ROW = 23
_BAR = 13
_PAIR_ROW = 36


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a ranking: relations from leading and from sharing, the interval, and the figures printed beside it."""

    label: str
    lead: int
    share: int
    interval: tuple[int, int, int]
    figures: tuple[str, str, str]


def ranked_bars(bars: Sequence[Bar], *, name: str, title: str, description: str, heads: Sequence[str], average: tuple[float, str]) -> str:
    """A ranking as horizontal bars, split into what comes from leading and from sharing, with the interval as a thin line.

    Args:
        bars: in the order in which they are drawn.
        name: ASCII name that makes the ids of title and description unique in a page.
        title: short text for those who do not see the drawing.
        description: what the drawing shows, in a sentence.
        heads: what stands above the three columns of figures.
        average: where the dashed line stands, and its words.

    Returns:
        One ``svg`` element; also well-formed as a file of its own.
    """
    svg = canvas(name, title, description, _TOP + _ROW * len(bars) + 30)
    bottom = _TOP + _ROW * len(bars)
    greatest = max((max(bar.interval) for bar in bars), default=0)
    scale = (_PLOT[1] - _PLOT[0]) / max(greatest, 1)
    _grid(svg, greatest, scale, bottom)
    for head, x in zip(heads, _FIGURES, strict=True):
        put_text(svg, "head", x, _TOP - 16, head, "end")
    for position, bar in enumerate(bars):
        _draw_bar(svg, bar, _TOP + _ROW * position, scale)
    mean = _PLOT[0] + average[0] * scale
    put_line(svg, "mean", mean, _TOP - 10, mean, bottom)
    put_text(svg, "mean-label", mean, _TOP - 16, average[1], "middle")
    return tostring(svg, encoding="unicode")


def _draw_bar(svg: Element, bar: Bar, y: float, scale: float) -> None:
    left, middle = _PLOT[0], y + _ROW / 2
    lead, share = bar.lead * scale, bar.share * scale
    put_text(svg, "name", _NAMES, middle + 4.5, shortened(bar.label, 12), "end")
    put_box(svg, "lead", left, middle - _BAR / 2, lead)
    put_box(svg, "share", left + lead, middle - _BAR / 2, share)
    printed, resolved, upper = (left + value * scale for value in bar.interval)
    if upper > printed:
        put_line(svg, "reach", printed, middle, upper, middle)
        put_line(svg, "reach", resolved, middle - 4, resolved, middle + 4)
        put_line(svg, "reach", upper, middle - 2, upper, middle + 2)
    for value, x, kind in zip(bar.figures, _FIGURES, ("strong", "figure", "faint"), strict=True):
        put_text(svg, kind, x, middle + 4.5, value, "end")


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of two bars: what a unit carried before and carries after, and the figures printed beside them."""

    label: str
    before: int
    after: int
    figures: tuple[str, str, str]


def paired_bars(pairs: Sequence[Pair], *, name: str, title: str, description: str, heads: Sequence[str]) -> str:
    """Two horizontal bars for each unit, before above after, with three columns of figures.

    Args:
        pairs: in the order in which they are drawn.
        name: ASCII name that makes the ids of title and description unique in a page.
        title: short text for those who do not see the drawing.
        description: what the drawing shows, in a sentence.
        heads: what stands above the three columns of figures.

    Returns:
        One ``svg`` element; also well-formed as a file of its own.
    """
    bottom = _TOP + _PAIR_ROW * len(pairs)
    svg = canvas(name, title, description, bottom + 30)
    greatest = max((max(pair.before, pair.after) for pair in pairs), default=0)
    scale = (_PLOT[1] - _PLOT[0]) / max(greatest, 1)
    _grid(svg, greatest, scale, bottom)
    for head, x in zip(heads, _FIGURES, strict=True):
        put_text(svg, "head", x, _TOP - 16, head, "end")
    for position, pair in enumerate(pairs):
        middle = _TOP + _PAIR_ROW * (position + 0.5)
        put_text(svg, "name", _NAMES, middle + 4.5, shortened(pair.label, 12), "end")
        put_box(svg, "share", _PLOT[0], middle - _BAR, pair.before * scale)
        put_box(svg, "lead", _PLOT[0], middle, pair.after * scale)
        for value, x, kind in zip(pair.figures, _FIGURES, ("faint", "figure", "strong"), strict=True):
            put_text(svg, kind, x, middle + 4.5, value, "end")
    return tostring(svg, encoding="unicode")


def _grid(svg: Element, greatest: int, scale: float, bottom: float) -> None:
    for value in range(0, greatest + 1, tick_step(greatest)):
        x = _PLOT[0] + value * scale
        put_line(svg, "grid", x, _TOP - 6, x, bottom)
        put_text(svg, "tick", x, bottom + 14, str(value), "middle")


def tick_step(greatest: float, ticks: int = 6) -> int:
    """A round distance between marks of a scale from 0, so that there are at most ``ticks`` of them above it.

    >>> tick_step(163), tick_step(58), tick_step(3), tick_step(0)
    (50, 10, 1, 1)
    """
    unit = 1
    while True:
        for factor in (1, 2, 5):
            if unit * factor * ticks >= greatest:
                return unit * factor
        unit *= 10


_LEAST = 4
"""Characters of a name that are left beside its bracket, else the bracket is cut as well."""


def shortened(text: str, width: float) -> str:
    """A text cut to so many Chinese characters, a Latin letter counting as half of one; a cut shows as ….

    What tells names apart stands in a bracket at their end and stays.

    >>> shortened("市公共资源交易监督管理局", 6), shortened("市发改委", 6)
    ('市公共资源…', '市发改委')
    >>> shortened("市经济和信息化局（襄阳市）", 12)
    '市经济和信息…（襄阳市）'
    """
    if sum(_em(character) for character in text) <= width:
        return text
    hit = re.fullmatch(r"(.+?)([（(][^（()）]+[)）])", text)
    left = width - sum(map(_em, hit[2])) if hit else 0
    return _cut(hit[1], left) + hit[2] if hit and left >= _LEAST else _cut(text, width)


def _cut(text: str, width: float) -> str:
    kept, used = "", 1.0
    for character in text:
        used += _em(character)
        if used > width:
            break
        kept += character
    return f"{kept}…"


def _em(character: str) -> float:
    return 1.0 if east_asian_width(character) in "WFA" else 0.55


def xml_text(text: str) -> str:
    r"""A text without the characters that XML forbids; each becomes U+FFFD, so that the loss shows.

    >>> xml_text("a\x00b")
    'a�b'
    """
    return _NOT_XML.sub("\ufffd", text)


def canvas(name: str, title: str, description: str, height: float) -> Element:
    """An empty drawing of the common width, with the title and description that are read aloud."""
    view = f"0 0 {WIDTH} {svg_number(height)}"
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "class": "chart", "viewBox": view, "role": "img"})
    svg.set("aria-labelledby", f"{name}-title {name}-desc")
    for tag, words in (("title", title), ("desc", description)):
        SubElement(svg, tag, {"id": f"{name}-{tag}"}).text = xml_text(words)
    return svg


def put_text(svg: Element, kind: str, x: float, y: float, words: str, anchor: str, *, turned: int = 0) -> None:
    """Words in a drawing, turned by so many degrees around their point."""
    attributes = {"class": kind, "x": svg_number(x), "y": svg_number(y), "text-anchor": anchor}
    if turned:
        attributes["transform"] = f"rotate({turned} {attributes['x']} {attributes['y']})"
    SubElement(svg, "text", attributes).text = xml_text(words)


def put_line(svg: Element, kind: str, x1: float, y1: float, x2: float, y2: float) -> None:
    """A straight line."""
    SubElement(svg, "line", {"class": kind, "x1": svg_number(x1), "y1": svg_number(y1), "x2": svg_number(x2), "y2": svg_number(y2)})


def put_box(svg: Element, kind: str, x: float, y: float, width: float, height: float = _BAR) -> None:
    """A filled rectangle; nothing where it has no width."""
    if width > 0:
        size = {"width": svg_number(width), "height": svg_number(height)}
        SubElement(svg, "rect", {"class": kind, "x": svg_number(x), "y": svg_number(y), **size})


def svg_number(value: float) -> str:
    """A coordinate with one digit after the point, the same on every machine."""
    return f"{value:.1f}".removesuffix(".0")
