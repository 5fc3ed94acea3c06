"""Paragraphs of a text with a folded copy of the same length, on which rules are matched; the frozen text itself never changes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.folding import fold, marks
from kg.model import Span
from kg.resources import per_lexicon


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a text without its blanks at both ends: a line, or the lines that a hard wrap divided.

    ``folded`` has the length of ``text``; ``positions`` has the place in the frozen text of each of their characters.
    """

    text: str
    folded: str
    positions: Sequence[int]

    @property
    def start(self) -> int:
        """Position of the first character."""
        return self.positions[0]

    @property
    def end(self) -> int:
        """Position behind the last character."""
        return self.positions[-1] + 1

    def span(self, start: int, end: int) -> Span:
        """The span of ``text[start:end]`` in the frozen text."""
        if start < end:
            return Span(self.positions[start], self.positions[end - 1] + 1)
        at = self.positions[start] if start < len(self.positions) else self.end
        return Span(at, at)

    def part(self, start: int, end: int) -> Line | None:
        """``text[start:end]`` as a line of its own, without blanks at both ends; None where nothing is left."""
        start, end = trim(self.folded, start, end)
        return Line(self.text[start:end], self.folded[start:end], self.positions[start:end]) if start < end else None


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a text that hold something, in order, each as it stands."""
    folded = fold(text)
    at = 0
    for raw in text.splitlines(keepends=True):
        body = raw.strip()
        if body:
            start = at + raw.index(body)
            yield Line(body, folded[start : start + len(body)], range(start, start + len(body)))
        at += len(raw)


@per_lexicon
def _brackets() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(marks('open') + marks('close') + marks('quotes_open')[0])}]")


def _has_brackets(folded: str, start: int, end: int) -> bool:
    return _brackets().search(folded, start, end) is not None


def depths(folded: str, start: int = 0, end: int | None = None) -> list[int]:
    """How many brackets are open around each character from ``start`` to ``end``; a bracket itself counts as inside.

    Quotation marks count as brackets where each has its counterpart.

    >>> depths("a(b)c")
    [0, 1, 1, 1, 0]
    """
    stop = len(folded) if end is None else end
    if not _has_brackets(folded, start, stop):
        return [0] * (stop - start)
    depth, found = 0, []
    opening, closing = marks("open"), marks("close")
    run = folded[start:stop]
    quotes = marks("quotes_open")[0], marks("quotes_close")[0]
    if 0 < run.count(quotes[0]) == run.count(quotes[1]):
        opening, closing = opening + quotes[0], closing + quotes[1]
    for character in run:
        if character in opening:
            depth += 1
        found.append(depth)
        if character in closing:
            depth = max(0, depth - 1)
    return found


def outside_brackets(folded: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Positions of a folded text that stand in no bracket, from ``start`` to ``end``.

    >>> "".join("a(b)c"[i] for i in outside_brackets("a(b)c"))
    'ac'
    """
    stop = len(folded) if end is None else end
    if not _has_brackets(folded, start, stop):
        return iter(range(start, stop))
    return (start + at for at, depth in enumerate(depths(folded, start, stop)) if depth == 0)


@per_lexicon
def _one_of(separators: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(separators)}]")


def cuts_of(folded: str, characters: str) -> list[int]:
    """Positions of some characters.

    >>> cuts_of("(甲)", "()")
    [0, 2]
    """
    return [hit.start() for hit in _one_of(characters).finditer(folded)]


def cuts_outside(folded: str, separators: str, start: int = 0, end: int | None = None) -> list[int]:
    """Positions of separators that stand in no bracket.

    >>> cuts_outside("甲、乙(丙、丁)、戊", "、")
    [1, 8]
    """
    stop = len(folded) if end is None else end
    cuts = [hit.start() for hit in _one_of(separators).finditer(folded, start, stop)]
    if not cuts or not _has_brackets(folded, start, stop):
        return cuts
    inside = depths(folded, start, stop)
    return [cut for cut in cuts if inside[cut - start] == 0]


def split_outside(folded: str, separators: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Runs between separators that stand in no bracket, as (start, end); empty runs are left out.

    >>> split_outside("甲、乙(丙、丁)、戊", "、")
    [(0, 1), (2, 8), (9, 10)]
    """
    stop = len(folded) if end is None else end
    edges = [start - 1, *cuts_outside(folded, separators, start, stop), stop]
    return [(left + 1, right) for left, right in zip(edges, edges[1:], strict=False) if right > left + 1]


def trim(folded: str, start: int, end: int) -> tuple[int, int]:
    """The same run without blanks at both ends."""
    if start < end and not folded[start].isspace() and not folded[end - 1].isspace():
        return start, end
    while start < end and folded[start].isspace():
        start += 1
    while end > start and folded[end - 1].isspace():
        end -= 1
    return start, end


def is_han(character: str) -> bool:
    """Whether a character is a Chinese one, or a mark that stands among them."""
    return unicodedata.east_asian_width(character) in "WF"
