"""Printed numbers of parts, items and sub-items: 一、 （一） 1. （1） ① 一是."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.resources import per_lexicon, table

INSIDE = 7
"""The level of numbers that stand inside a sentence (一是)."""


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A number at the start of a paragraph: as printed, where it ends, and which level of parts it counts."""

    printed: str
    level: int
    end: int
    value: int | None


@per_lexicon
def _levels() -> tuple[tuple[int, re.Pattern[str]], ...]:
    return tuple((row["level"], re.compile(row["pattern"])) for row in table("lexicon/outline.toml")["level"])


@per_lexicon
def _glued() -> re.Pattern[str]:
    return re.compile(table("lexicon/outline.toml")["glued"]["pattern"])


@per_lexicon
def _firsts() -> frozenset[str]:
    numerals = table("lexicon/outline.toml")["numerals"]
    return frozenset("(0123456789" + "".join(numerals[name] for name in ("digits", "ten", "circled", "ordinal")))


def read_ordinal(folded: str, start: int = 0, after: int | None = None) -> Ordinal | None:
    """The number with which a folded line goes on at ``start``.

    Args:
        after: the value of the item before, so that a number that runs into a figure can be told (11.121人才).

    >>> read_ordinal("(二)强化供给")
    Ordinal(printed='(二)', level=2, end=3, value=2)
    >>> read_ordinal("5.5%") is None
    True
    """
    if start >= len(folded) or folded[start] not in _firsts():
        return None
    for level, pattern in _levels():
        if hit := pattern.match(folded, start):
            return Ordinal(hit["number"], level, hit.end(), ordinal_value(hit["number"]))
    if after is not None and (hit := _glued().match(folded, start)) and int(hit["number"]) == after + 1:
        return Ordinal(hit["number"], table("lexicon/outline.toml")["glued"]["level"], hit.end(), after + 1)
    return None


def begins_item(folded: str) -> bool:
    """Whether a line begins with the number of a part, so that it cannot go on the line before."""
    found = read_ordinal(folded)
    return found is not None and found.level < INSIDE


def ordinal_value(printed: str) -> int | None:
    """The value of a printed number, its brackets and words left out; None where it has none.

    >>> ordinal_value("第十一章"), ordinal_value("(3)"), ordinal_value("②"), ordinal_value("4.1")
    (11, 3, 2, 1)
    """
    numerals = table("lexicon/outline.toml")["numerals"]
    if printed in numerals["circled"]:
        return int(numerals["circled"].index(printed)) + 1
    figures = "".join(character for character in printed.rpartition(".")[2] if character.isdecimal() and character.isascii())
    if figures:
        return int(figures)
    known = numerals["digits"] + numerals["zeros"] + numerals["ten"]
    han = "".join(character for character in printed if character in known)
    return han_number(han) if han else None


def han_number(numeral: str) -> int:
    """The value of a Chinese numeral below one hundred, or of digits in a row.

    >>> han_number("二〇二〇"), han_number("二十一"), han_number("十")
    (2020, 21, 10)
    """
    rows = table("lexicon/outline.toml")["numerals"]
    digits, ten = rows["digits"], rows["ten"]
    numeral = numeral.translate(str.maketrans(dict.fromkeys(rows["zeros"], digits[0])))
    if ten not in numeral:
        return int("".join(str(digits.index(character)) for character in numeral if character in digits) or "0")
    tens, ones = ([digits.index(digit) for digit in part if digit in digits] for part in numeral.split(ten, 1))
    return (tens[-1] if tens else 1) * 10 + (ones[0] if ones else 0)
