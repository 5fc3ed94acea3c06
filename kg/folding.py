"""Characters that mean the same, made one, code point by code point, so that positions stay; and the marks that divide a text."""

from __future__ import annotations

import unicodedata

from kg.resources import per_lexicon, table

_COMPATIBILITY = (range(0x2E80, 0x2FE0), range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))
"""Blocks of radicals and compatibility ideographs, which some fonts of PDF files put in place of plain characters."""


@per_lexicon
def fold_table() -> dict[int, str]:
    """What ``fold`` puts in place of which code points."""
    rows = table("lexicon/characters.toml")
    plain = {code: unicodedata.normalize("NFKC", chr(code)) for block in _COMPATIBILITY for code in block}
    found = {code: character for code, character in plain.items() if len(character) == 1 and character != chr(code)}
    traditional = "".join(rows["traditional"]["printed"]), "".join(rows["traditional"]["simplified"])
    found |= {ord(printed): plain for printed, plain in zip(*traditional, strict=True)}
    return found | {ord(printed): plain for printed, plain in (*rows["radicals"].items(), *rows["fold"].items())}


@per_lexicon
def _marks() -> dict[str, str]:
    found: dict[str, str] = table("lexicon/characters.toml")["marks"]
    return found


def marks(name: str) -> str:
    """The characters of one kind of mark, as ``list_break`` or ``enumeration``, in folded form."""
    return _marks()[name]


def fold(text: str) -> str:
    """The text with full-width marks and digits made half-width, radicals and traditional characters made plain, code point
    by code point.

    >>> fold("（牵头单位：市发改委；１）")
    '(牵头单位:市发改委;1)'
    """
    return text.translate(fold_table())
