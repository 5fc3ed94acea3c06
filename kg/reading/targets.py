"""Quantities in the wording of a task: value, unit of measure, direction, and what is measured."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kg.folding import marks
from kg.model import Comparator, Target
from kg.reading.characters import Line
from kg.resources import per_lexicon, table

LONGEST_NUMBER = 20
"""Digits of the longest quantity: 亿 times a trillion and a few behind the point. A longer one is no quantity."""


@dataclass(frozen=True, slots=True)
class _Quantity:
    start: int
    end: int
    value: Decimal
    unit: str
    comparator: Comparator
    attribute: bool


@dataclass(frozen=True, slots=True)
class _Words:
    number: re.Pattern[str]
    units: re.Pattern[str]
    after: tuple[tuple[str, Comparator], ...]
    before: tuple[tuple[str, Comparator], ...]
    fraction: re.Pattern[str]


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@per_lexicon
def _words() -> _Words:
    measures: dict[str, Any] = table("lexicon/measures.toml")
    not_before = _longest_first(measures["units"]["not_before"])
    fraction = measures["fraction"]
    return _Words(
        re.compile(measures["number"]["pattern"]),
        re.compile(rf"({_longest_first(measures['units']['words'])})(?!{not_before})"),
        _directions(measures["after"]),
        _directions(measures["before"]),
        re.compile(
            rf"(?:{_longest_first(fraction['verbs'])})(?:{_longest_first(fraction['between'])})?(?P<printed>{_longest_first(fraction['words'])})"
        ),
    )


def _directions(rows: dict[str, Any]) -> tuple[tuple[str, Comparator], ...]:
    pairs = [(word, Comparator(name)) for name in Comparator if name in rows for word in rows[name]]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def read_targets(line: Line) -> list[Target]:
    """The quantities that a wording promises, in printed order.

    Left out: plan names and years, terms in quotation marks that hold the whole quantity, amounts that only say of
    which size a project is (50亿元以上项目).

    >>> from kg.reading.characters import lines_of
    >>> (line,) = lines_of("新建高标准农田40万亩以上。")
    >>> [(t.printed, str(t.value), t.unit, t.indicator) for t in read_targets(line)]
    [('40万亩以上', '400000', '亩', '新建高标准农田')]
    """
    text, folded = line.text, line.folded
    quantities = _quantities(folded)
    indicators = [_indicator(text, folded, quantities, at) for at in range(len(quantities))]
    return [
        Target(text[q.start : q.end], line.span(q.start, q.end), q.value, q.unit, q.comparator, indicator)
        for q, indicator in zip(quantities, indicators, strict=True)
        if not q.attribute
    ]


def _quantities(folded: str) -> list[_Quantity]:
    words = _words()
    numbers = list(words.number.finditer(folded))
    quoted = _quoted(folded) if numbers and any(mark in folded for mark in marks("quotes_open")) else None
    found = [q for hit in numbers if not (quoted and quoted[hit.start()]) and (q := _quantity(folded, hit))]
    fraction = table("lexicon/measures.toml")["fraction"]
    for hit in words.fraction.finditer(folded):
        value = Decimal(fraction["words"][hit["printed"]])
        found.append(_Quantity(hit.start("printed"), hit.end(), value, fraction["unit"], Comparator.EXACTLY, False))
    return sorted(found, key=lambda q: q.start)


def _quoted(folded: str) -> list[bool]:
    depth, inside = 0, []
    opening, closing = marks("quotes_open"), marks("quotes_close")
    for character in folded:
        depth += character in opening
        inside.append(depth > 0)
        depth = max(0, depth - (character in closing))
    return inside


def _quantity(folded: str, hit: re.Match[str]) -> _Quantity | None:
    words, measures = _words(), table("lexicon/measures.toml")
    unit = words.units.match(folded, hit.end())
    if not unit:
        return None
    digits = hit["low"] or hit["digits"].replace(",", "")
    if len(digits) > LONGEST_NUMBER:
        return None
    value = Decimal(digits) * (measures["number"]["power"] if hit["power"] or hit["low_power"] else 1)
    end, comparator = unit.end(), Comparator.AT_LEAST if hit["low"] else Comparator.EXACTLY
    for word, direction in words.after:
        if folded.startswith(word, end):
            end, comparator = end + len(word), direction
            break
    attribute = not hit["low"] and comparator is not Comparator.EXACTLY and unit[1] in measures["money"]["words"] and _goes_on(folded, end)
    if comparator is Comparator.EXACTLY:
        comparator = next((direction for word, direction in words.before if folded.endswith(word, 0, hit.start())), comparator)
    return _Quantity(hit.start(), end, value.normalize() + 0, unit[1], comparator, attribute)


def _goes_on(folded: str, end: int) -> bool:
    return end < len(folded) and folded[end] not in marks("stop") + marks("enumeration") + marks("close") + marks("open")


def _indicator(text: str, folded: str, quantities: list[_Quantity], at: int) -> str:
    # What stands before the quantity in its part of the sentence; where nothing does, what stands behind it.
    here = quantities[at]
    left = max((folded.rfind(mark, 0, here.start) for mark in marks("stop")), default=-1) + 1
    if at and quantities[at - 1].end > left:
        left = quantities[at - 1].end
    before = _bare(text[left : here.start])
    if before and not (_goes_on(folded, here.end) and before in table("lexicon/measures.toml")["indicator"]["verbs"]):
        return before
    start = here.end
    for one, other in pairwise(quantities[at:]):
        if one.end != other.start:
            break
        start = other.end
    ends = [stop for mark in marks("stop") if (stop := folded.find(mark, start)) >= 0]
    return _bare(text[start : min(ends, default=len(text))])


def _bare(words: str) -> str:
    edges = table("lexicon/measures.toml")["indicator"]
    words = words.strip()
    changed = True
    while changed:
        changed = False
        for opener in edges["openers"]:
            if words.startswith(opener):
                words, changed = words.removeprefix(opener), True
        for closer in edges["closers"]:
            if words.endswith(closer):
                words, changed = words.removesuffix(closer), True
    return words.strip()
