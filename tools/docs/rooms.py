"""The picture of the rooms, from what they import."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.test_architecture import BASE, MAY, rooms_imported
from tools.docs import drawing
from tools.docs.drawing import Box

ROOT = Path(__file__).resolve().parents[2]
_WIDTH, _GAP, _HEIGHT, _TOP = 128, 34, 62, 150
_WORDS = {
    "reading": ("读", "files → text, tasks, clauses", "文件 → 定稿文本、任务、条款"),
    "naming": ("认", "printed names → units, groups, places", "原文名称 → 单位、集体称谓、地方"),
    "graph": ("存", "triples in a store, ties table, questions", "三元组、关系表、问题"),
    "analysis": ("算", "load, tests, network, comparison, lint, what-if", "负荷、检验、网络、比较、检查、推演"),
    "views": ("看", "pages, reports, workbooks, exports", "网页、报告、台账、导出"),
    "serve": ("答", "web pages and a SPARQL endpoint", "网页和 SPARQL 服务"),
}
"""One sign for the picture, and what the room does, in English and Chinese; a new room needs a row."""


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
    """The drawing as text: rooms in a row, arcs to the rooms that each imports, the base below, commands and API above."""
    rooms = list(MAY)
    step = _WIDTH + _GAP
    width = step * len(rooms) + _GAP
    canvas = drawing.canvas(width, _TOP + 190, "kg/")
    boxes = {room: Box(_GAP + _WIDTH / 2 + at * step, _TOP, _WIDTH, _HEIGHT) for at, room in enumerate(rooms)}
    drawing.put_box(canvas, Box(width / 2, 36, width - 2 * _GAP, 40), "commands · Python API (kg/*.py)")
    for room, box in boxes.items():
        drawing.put_box(canvas, box, f"{_WORDS[room][0]} kg/{room}", f"{_modules(room)} modules")
    for room, others in imports().items():
        for other in others:
            one, two = boxes[room], boxes[other]
            deep = 26 + 22 * (rooms.index(room) - rooms.index(other))
            y = _TOP + _HEIGHT / 2
            shift = 10 * (rooms.index(room) - rooms.index(other))
            drawing.put_arrow(canvas, f"M{one.x - shift:g} {y:g} C{one.x - shift:g} {y + deep:g} {two.x + shift:g} {y + deep:g} {two.x + shift:g} {y + 1:g}")
    drawing.put_text(canvas, width / 2, 92, "→ notices → units → triples → figures → pages →", "soft")
    bottom = _TOP + 160
    drawing.put_box(canvas, Box(width / 2, bottom, width - 2 * _GAP, 40), " · ".join(sorted(BASE)) + " (kg/*)")
    return drawing.text_of(canvas)


def _modules(room: str) -> int:
    return sum(path.name != "__init__.py" for path in (ROOT / "kg" / room).rglob("*.py"))


def table(lang: str) -> str:
    """The rooms as a table: what each does, and what it imports."""
    at = 1 if lang == "en" else 2
    head = {"en": "| room | what it does | imports |", "zh": "| 房间 | 做什么 | 引用 |"}[lang]
    rows = [f"| `kg/{room}` | {_WORDS[room][at]} | {', '.join(f'`{one}`' for one in others) or '–'} |" for room, others in imports().items()]
    return "\n".join([head, "|---|---|---|", *rows, ""])
