"""A folded copy of a text, of the same length, on which rules are matched; the frozen text itself never changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.model import Span
from kg.resources import per_lexicon, table


@per_lexicon
def _fold_table() -> dict[int, str]:
    return str.maketrans(table("lexicon/characters.toml")["fold"])


def marks(name: str) -> str:
    """The characters of one kind of mark, as ``list_break`` or ``enumeration``, in folded form."""
    found: str = table("lexicon/characters.toml")["marks"][name]
    return found


def fold(text: str) -> str:
    """The text with full-width marks and digits made half-width, code point by code point.

    >>> fold("（牵头单位：市发改委；１）")
    '(牵头单位:市发改委;1)'
    """
    return text.translate(_fold_table())


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text without its blanks at both ends; ``folded`` has the length of ``text``."""

    text: str
    folded: str
    start: int

    @property
    def end(self) -> int:
        """Position behind the last character."""
        return self.start + len(self.text)

    def span(self, start: int, end: int) -> Span:
        """The span of ``text[start:end]`` in the whole text."""
        return Span(self.start + start, self.start + end)


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a text that hold something, in order."""
    folded = fold(text)
    at = 0
    for raw in text.splitlines(keepends=True):
        body = raw.strip()
        if body:
            start = at + raw.index(body)
            yield Line(body, folded[start : start + len(body)], start)
        at += len(raw)


def outside_brackets(folded: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Positions of a folded text that stand in no bracket, from ``start`` to ``end``.

    >>> "".join("a(b)c"[i] for i in outside_brackets("a(b)c"))
    'ac'
    """
    depth = 0
    opening, closing = marks("open"), marks("close")
    for at in range(start, len(folded) if end is None else end):
        if folded[at] == opening:
            depth += 1
        elif folded[at] == closing:
            depth = max(0, depth - 1)
        elif depth == 0:
            yield at


def split_outside(folded: str, separators: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Runs between separators that stand in no bracket, as (start, end); empty runs are left out.

    >>> split_outside("甲、乙(丙、丁)、戊", "、")
    [(0, 1), (2, 8), (9, 10)]
    """
    stop = len(folded) if end is None else end
    cuts = [at for at in outside_brackets(folded, start, stop) if folded[at] in separators]
    edges = [start - 1, *cuts, stop]
    return [(left + 1, right) for left, right in zip(edges, edges[1:], strict=False) if right > left + 1]


def trim(folded: str, start: int, end: int) -> tuple[int, int]:
    """The same run without blanks at both ends."""
    while start < end and folded[start].isspace():
        start += 1
    while end > start and folded[end - 1].isspace():
        end -= 1
    return start, end
