"""The picture of the rooms, from what they import."""

from __future__ import annotations

import ast
from itertools import pairwise
from pathlib import Path

from tests.test_architecture import BASE, MAY, rooms_imported
from tools.docs import drawing
from tools.docs.drawing import Box

ROOT = Path(__file__).resolve().parents[2]
_WIDTH, _GAP, _HEIGHT, _TOP = 124, 78, 58, 140
_WORDS = {
    "reading": ("读", "files → text, tasks, clauses", "文件 → 定稿文本、任务、条款", "Notice"),
    "naming": ("认", "printed names → units, groups, places", "原文名称 → 单位、集体称谓、地方", "units"),
    "graph": ("存", "triples in a store, ties table, questions", "三元组、关系表、问题", "ties"),
    "analysis": ("算", "load, tests, network, comparison, lint, what-if", "负荷、检验、网络、比较、检查、推演", "figures"),
    "views": ("看", "pages, reports, workbooks, exports", "网页、报告、台账、导出", "pages"),
    "building": ("建", "the whole line at any scale, one version at a time", "整条流程，不论规模，一次一个版本", "a build"),
    "serve": ("答", "web pages and a SPARQL endpoint", "网页和 SPARQL 服务", ""),
}
"""One sign for the picture, what the room does in English and Chinese, and what it hands on; a new room needs a row."""


def imports() -> dict[str, list[str]]:
    """For every room the other rooms that its code imports, types aside; the base is left out."""
    found: dict[str, list[str]] = {}
    for room in MAY:
        used: set[str] = set()
        for path in sorted((ROOT / "kg" / room).rglob("*.py")):
            used |= rooms_imported(ast.parse(path.read_text(encoding="utf-8")), types=False)
        found[room] = [other for other in MAY if other in used - BASE - {room}]
    return found


def svg() -> str:
    """The drawing: rooms in a row, what each hands to the next, arcs to the rooms that it imports, base below, commands above."""
    rooms = list(MAY)
    width = (_WIDTH + _GAP) * len(rooms)
    canvas = drawing.canvas(width, _TOP + 170, "kg/")
    boxes = {room: Box((_GAP + _WIDTH) * (at + 0.5), _TOP, _WIDTH, _HEIGHT) for at, room in enumerate(rooms)}
    drawing.put_box(canvas, Box(width / 2, 36, width - _GAP, 40), "commands · Python API (kg/*.py)")
    for room, following in pairwise(rooms):
        left, right = boxes[room].x + _WIDTH / 2, boxes[following].x - _WIDTH / 2
        drawing.put_arrow(canvas, f"M{left:g} {_TOP:g} L{right:g} {_TOP:g}", "flow")
        drawing.put_text(canvas, (left + right) / 2, _TOP - 8, _WORDS[room][3], "soft")
    for room, box in boxes.items():
        drawing.put_box(canvas, box, f"{_WORDS[room][0]} kg/{room}")
    for room, others in imports().items():
        for other in others:
            drawing.put_arrow(canvas, _arc(boxes[room], boxes[other]))
    drawing.put_box(canvas, Box(width / 2, _TOP + 140, width - _GAP, 40), " · ".join(sorted(BASE)) + " (kg/*)")
    return drawing.text_of(canvas)


def _arc(one: Box, other: Box) -> str:
    far = (one.x - other.x) / (_WIDTH + _GAP)
    y, deep, shift = one.y + _HEIGHT / 2, 22 + 20 * far, 9 * far
    return f"M{one.x - shift:g} {y:g} C{one.x - shift:g} {y + deep:g} {other.x + shift:g} {y + deep:g} {other.x + shift:g} {y + 1:g}"


def table(lang: str) -> str:
    """The rooms as a table: what each does, and what it imports."""
    at = 1 if lang == "en" else 2
    head = {"en": "| room | what it does | imports |", "zh": "| 房间 | 做什么 | 引用 |"}[lang]
    rows = [
        f"| `kg/{room}` | {_WORDS[room][at]} | {', '.join(f'`{one}`' for one in others) or '–'} |" for room, others in imports().items()
    ]
    return "\n".join([head, "|---|---|---|", *rows, ""])
