"""Rules about how tasks are numbered and put under headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.analysis.rules_words import Hit, limit, pattern, words
from kg.folding import fold, marks
from kg.model import Notice, Section, Span


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered place: a task that prints its number, or a numbered line in which no task was read."""

    style: str
    """The number with its numeral replaced, as ``(h)`` for （三）."""
    value: int
    span: Span
    task: int | None
    section: int | None


LONGEST_NUMERAL = 9
"""Digits of the longest number of a task; a longer one is a telephone or a damaged file, and counts nothing."""


def style_and_value(number: str) -> tuple[str, int] | None:
    """How a number is written and what it counts; None where it holds no numeral, or one that counts nothing.

    >>> style_and_value("（十二）"), style_and_value("3"), style_and_value("2.1"), style_and_value("第二十条")
    (('(h)', 12), ('d', 3), ('2.d', 1), ('第h条', 20))
    """
    runs = list(re.finditer(rf"\d+|[{words('numbers')['numerals']}]+|[\u2460-\u2473]", fold(number)))
    if not runs:
        return None
    run = runs[-1]
    if len(run[0]) > LONGEST_NUMERAL:
        return None
    kind = "d" if run[0].isascii() else "h" if not unicodedata.category(run[0][0]).startswith("No") else "o"
    return run.string[: run.start()] + kind + run.string[run.end() :], _value(run[0])


def _value(numeral: str) -> int:
    if numeral.isdecimal():
        return int(numeral)
    total, digit = 0, 0
    for character in numeral:
        value = int(unicodedata.numeric(character))
        if value == 10 and len(numeral) > 1:
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = value
    return total + digit


def number_gap(notice: Notice) -> Iterator[Hit]:
    """A number that is missing, and printed nowhere between its neighbours."""
    for before, after, _ in _steps(notice):
        missing = range(before.value + 1, after.value)
        if after.task and 0 < len(missing) <= limit("largest_gap") and not _printed(notice, before, after) & set(missing):
            said = str(missing[0]) if len(missing) == 1 else f"{missing[0]}–{missing[-1]}"
            yield Hit(after.span, after.task, (("before", str(before.value)), ("number", str(after.value)), ("missing", said)))


def number_repeats(notice: Notice) -> Iterator[Hit]:
    """A number that the item before it has already."""
    for before, after, between in _steps(notice):
        if after.task and after.value == before.value and not _divided(notice, before, after, between):
            yield Hit(after.span, after.task, (("number", str(after.value)),))


def number_restarts(notice: Notice) -> Iterator[Hit]:
    """Numbers that go back although no new part begins."""
    for before, after, between in _steps(notice):
        if after.task and after.value < before.value and not _divided(notice, before, after, between):
            yield Hit(after.span, after.task, (("before", str(before.value)), ("number", str(after.value))))


def _divided(notice: Notice, before: Item, after: Item, between: list[Item]) -> bool:
    # A new section, or a number of another level between two items, begins a new run; so do words of no task before a 1,
    # as the heading of a second table.
    if before.section != after.section or any(item.style != after.style for item in between):
        return True
    end = max((task.span.end for task in notice.tasks if task.span.start < after.span.start), default=0)
    return after.value == 1 and any(map(str.isalnum, notice.text[end : after.span.start]))


def item_without_clause(notice: Notice) -> Iterator[Hit]:
    """A numbered item without a clause of its own, in a row of items of its kind that have one, also as the first or the last."""
    items = _items(notice)
    ends = {task.i: task.span.end for task in notice.tasks}
    for at, item in enumerate(items):
        before, after = items[at - 1] if at else None, items[at + 1] if at + 1 < len(items) else None
        if item.task is not None or not (_leads_to(before, item) if before else item.value == 1):
            continue
        goes_on = _leads_to(item, after) if after else bool(before)
        behind = before is None or before.task is None or item.span.start >= ends[before.task]
        if goes_on and behind and any(one and one.task for one in (before, after)):
            yield Hit(item.span, None, (("number", str(item.value)),))


def _leads_to(item: Item | None, following: Item | None) -> bool:
    return bool(
        item and following and item.style == following.style and item.value + 1 == following.value and item.section == following.section
    )


def section_empty(notice: Notice) -> Iterator[Hit]:
    """A heading between headings with tasks that has none; one that only heads other headings is none of these."""
    filled = {task.section for task in notice.tasks}
    placed = [at for at, section in enumerate(notice.sections) if section.index in filled]
    for at, section in enumerate(notice.sections):
        if section.index not in filled and placed and placed[0] < at < placed[-1] and _same_level(section, notice.sections[at + 1]):
            yield Hit(section.span, None, (("title", section.title or section.number or ""),))


def _same_level(section: Section, following: Section) -> bool:
    first, second = style_and_value(section.number or ""), style_and_value(following.number or "")
    return first is not None and second is not None and first[0] == second[0]


def _items(notice: Notice) -> list[Item]:
    """All numbered places in the order of the text, tasks that print their number at their start among them."""
    folded = fold(notice.text)
    found: dict[int, Item] = {}
    for task in notice.tasks:
        known = style_and_value(task.number) if task.number else None
        at = folded.find(fold(task.number or ""), task.span.start, task.span.start + len(task.number or "") + 2) if known else -1
        if known and at >= 0 and at not in found:
            found[at] = Item(*known, Span(at, at + len(task.number or "")), task.i, task.section)
    if not found:
        return []
    first, last = min(found), max(found)
    spans = [(task.span.start, task.clause.span.start if task.clause else task.span.end) for task in notice.tasks]
    for hit in _numbers_in(folded):
        start = hit.start("head")
        if start in found or any(left <= start < right for left, right in spans):
            continue
        known = style_and_value(hit["head"] + hit["n"] + hit["tail"])
        if known and (first < start < last or _is_beside(found, start, known)):
            found[start] = Item(*known, Span(start, hit.end("tail")), None, _section_at(notice, start))
    return [found[at] for at in sorted(found)]


def _is_beside(found: Mapping[int, Item], start: int, known: tuple[str, int]) -> bool:
    # Right before the first item, or behind the last: only a number that goes on with theirs.
    # A few items may be followed by rules of their own kind (附则), which need no clause.
    first, last = found[min(found)], found[max(found)]
    if sum(item.style == known[0] for item in found.values()) < limit("few_tasks"):
        return False
    if start > last.span.start:
        return known == (last.style, last.value + 1)
    return known == (first.style, first.value - 1) and known[1] == 1


def _numbers_in(folded: str) -> Iterator[re.Match[str]]:
    # At the start of a line, or of a sentence: a notice may stand in one line. A bare numeral is a number only with a mark
    # behind it; 2025年 and 5.5% are none.
    starts = re.compile(rf"(?:^|(?<=[{re.escape(marks('sentence_end') + marks('close'))};\u3015]))[^\S\n]*(?=\S)", re.MULTILINE)
    for begin in starts.finditer(folded):
        hit = pattern("numbers").match(folded, begin.end())
        if hit and (hit["mark"] or hit["tail"]) and not (hit["mark"] and folded[hit.end() : hit.end() + 1].isdecimal()):
            yield hit


def _section_at(notice: Notice, at: int) -> int | None:
    return max((section.index for section in notice.sections if section.span.start <= at), default=None)


def _steps(notice: Notice) -> Iterator[tuple[Item, Item, list[Item]]]:
    """Each item with the one before it of the same style, and what is numbered otherwise between them."""
    items = _items(notice)
    last: dict[str, int] = {}
    for at, item in enumerate(items):
        if item.style in last:
            before = last[item.style]
            yield items[before], item, items[before + 1 : at]
        last[item.style] = at


def _printed(notice: Notice, before: Item, after: Item) -> set[int]:
    # Values of this style printed anywhere between two items: an item in the middle of a line is not missing.
    between = fold(notice.text[before.span.end : after.span.start])
    head, _, tail = after.style.partition("d" if "d" in after.style else "h" if "h" in after.style else "o")
    numeral = rf"(?<!\d)\d{{1,3}}(?!\d)|[{words('numbers')['numerals']}]{{1,3}}|[\u2460-\u2473]"
    behind = re.escape(tail) if tail else rf"[{re.escape(str(words('numbers')['marks']))}\s]"
    return {_value(hit[1]) for hit in re.finditer(rf"{re.escape(head)}({numeral}){behind}", between)}
