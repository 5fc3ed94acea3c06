"""A frozen text → its paragraphs: wrapped lines joined, page numbers left out, tables of bars told from prose."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kg.folding import fold, marks
from kg.model import Span
from kg.reading.characters import Line, depths, lines_of, split_outside
from kg.reading.grammar import label_pattern
from kg.reading.ordinals import begins_item
from kg.reading.parties import is_party
from kg.reading.source import Grid, SourceText
from kg.resources import per_lexicon, table

_MOST_WRAPS = 6
"""Line ends inside one list or bracket."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    page_line: re.Pattern[str]
    page_marked: re.Pattern[str]
    page_inside: re.Pattern[str]
    footer_licence: re.Pattern[str]
    footer_mark: re.Pattern[str]
    footer_runs: re.Pattern[str]
    heading: re.Pattern[str]
    cut: re.Pattern[str]
    number: re.Pattern[str]


def _words(name: str) -> dict[str, Any]:
    found: dict[str, Any] = table("lexicon/layout.toml")[name]
    return found


@per_lexicon
def _patterns() -> _Patterns:
    page, run_on = _words("page_number"), _words("run_on")
    after = rf"(?<=[{re.escape(run_on['after'])}\s])"
    heading, item, longest = run_on["heading"], run_on["item"], run_on["longest_heading"]
    return _Patterns(
        re.compile(page["line"]),
        re.compile(page["marked"]),
        re.compile(page["inside"]),
        re.compile(_words("footer")["licence"]),
        re.compile(_words("footer")["mark"]),
        re.compile(_words("footer")["runs"]),
        re.compile(rf"{after}(?={heading})"),
        re.compile(rf"{after}(?={heading}|{item})|(?<={marks('enumeration')})(?P<title>[^{marks('stop')}()]{{2,{longest}}})(?={item})"),
        re.compile(rf"{after}{run_on['number']}"),
    )


def paragraphs_of(source: SourceText) -> list[Line]:
    """The paragraphs of a text, in order.

    A text whose format does not say where paragraphs end is joined where its lines are hard-wrapped; a document on one
    line is cut before its headings. Page numbers are left out, also inside a sentence.
    """
    patterns = _patterns()
    lines = _without_footer(list(lines_of(source.text)))
    pages = [bool(patterns.page_marked.fullmatch(line.folded)) for line in lines]
    if not source.whole_paragraphs and (widest := _wrap_width(lines)):
        pages = [page or bool(patterns.page_line.fullmatch(line.folded)) for page, line in zip(pages, lines, strict=True)]
        kept = _without_running_heads(lines, pages)
        joined = list(_unwrapped(kept, source.text, widest))
    else:
        joined = list(_closed([line for line, page in zip(lines, pages, strict=True) if not page]))
    return [part for line in joined for part in _cut(_without_pages(line))]


def _without_footer(lines: list[Line]) -> list[Line]:
    # From the last lines, what says who runs the site, in one line with its counters or beside its licence.
    patterns, first = _patterns(), max(0, len(lines) - _words("footer")["lines"])
    licensed = [at for at in range(first, len(lines)) if patterns.footer_licence.search(lines[at].folded)]
    near = {at + step for at in licensed for step in (-2, -1, 0, 1, 2)}

    def is_foot(at: int) -> bool:
        folded = lines[at].folded
        if at in near and patterns.footer_runs.match(folded):
            return True
        return bool(patterns.footer_runs.search(folded) and (patterns.footer_mark.search(folded) or patterns.footer_licence.search(folded)))

    return [*lines[:first], *(lines[at] for at in range(first, len(lines)) if not is_foot(at))]


def _columns(text: str) -> int:
    # In this encoding a Chinese character takes two bytes, as it takes two columns.
    return len(text.encode("gb18030", "replace"))


def _wrap_width(lines: Sequence[Line]) -> int | None:
    # The width at which lines are wrapped, None where they are not.
    words = _words("wrap")
    if len(lines) < words["lines"]:
        return None
    widths = sorted(_columns(line.text) for line in lines)
    widest = widths[int(len(widths) * 0.9)]
    if not words["narrowest"] <= widest <= words["widest"] or widths[-1] > widest * 1.25 + words["tolerance"]:
        return None
    full = [line for line in lines if _columns(line.text) >= widest - words["tolerance"]]
    stopped = sum(line.folded[-1] in words["stopped"] for line in full)
    return widest if len(full) >= words["lines"] // 2 and stopped <= len(full) * (1 - words["share"]) else None


def _without_running_heads(lines: Sequence[Line], pages: Sequence[bool]) -> list[Line]:
    # A line that stands beside page numbers again and again is the head or foot of the page. The last words of a clause
    # that a page divided (管委会)) come often, too, but they close a bracket.
    beside = [any(0 <= other < len(lines) and pages[other] for other in (at - 1, at + 1)) for at in range(len(lines))]
    often = {text for text, times in Counter(line.folded for line, near in zip(lines, beside, strict=True) if near).items() if times >= 3}
    return [
        line
        for line, page, near in zip(lines, pages, beside, strict=True)
        if not page and not (near and line.folded in often and not _closes_more(line.folded))
    ]


def _closes_more(folded: str) -> bool:
    return sum(folded.count(mark) for mark in marks("close")) > sum(folded.count(mark) for mark in marks("open"))


def _unwrapped(lines: Sequence[Line], text: str, widest: int) -> Iterator[Line]:
    tolerance = _words("wrap")["tolerance"]
    indents = [_indent(line, text) for line in lines]
    indented = sum(indent >= 2 for indent in indents)
    uses_indents = 0.05 * len(lines) <= indented <= 0.7 * len(lines)
    group: list[Line] = []
    for line, indent in zip(lines, indents, strict=True):
        if group:
            last = group[-1]
            width = _columns(last.text) + (_indent(last, text) if uses_indents else 0)
            open_bracket = _open_at_end("".join(part.folded for part in group[-4:]))
            begins = begins_item(line.folded) or (uses_indents and indent >= 2 and not open_bracket)
            if begins or not (width >= widest - tolerance or open_bracket):
                yield _joined(group)
                group = []
        group.append(line)
    if group:
        yield _joined(group)


def _indent(line: Line, text: str) -> int:
    begin = text.rfind("\n", 0, line.start) + 1
    return _columns(text[begin : line.start])


def _open_at_end(folded: str) -> bool:
    inside = depths(folded)
    return bool(inside) and inside[-1] > 0 and folded[-1] not in marks("close")


def _closed(lines: Sequence[Line]) -> Iterator[Line]:
    # A line end inside a short bracket is a wrap, too: a name of a clause broken in two. So is one inside a list of parties.
    group: list[Line] = []
    for at, line in enumerate(lines):
        if group and (begins_item(line.folded) or len(group) > _MOST_WRAPS or not _is_open(group, lines[at : at + _MOST_WRAPS])):
            yield _joined(group)
            group = []
        group.append(line)
    if group:
        yield _joined(group)


def _is_open(group: Sequence[Line], behind: Sequence[Line]) -> bool:
    before = "".join(part.folded for part in group)
    return (_open_clause(before) and _closes_soon(behind)) or _open_list(before, behind[0].folded)


def _closes_soon(lines: Sequence[Line]) -> bool:
    # A bracket that no line behind it closes was forgotten: what follows is no part of the clause.
    for line in lines:
        if begins_item(line.folded):
            return False
        if any(mark in line.folded for mark in marks("close")):
            return True
    return False


def _open_list(before: str, behind: str) -> bool:
    # Behind a label of its own line: nothing yet, or a list that ends in 、 or goes on in a line of nothing but parties.
    label = label_pattern().match(before)
    if label is None or label.lastgroup == "unknown" or label_pattern().match(behind):
        return False
    if label.end() >= len(before.rstrip()):
        return not set(behind) & set(marks("sentence_end"))
    if before[-1] in marks("enumeration"):
        return True
    parts = [behind[left:right] for left, right in split_outside(behind, marks("enumeration") + marks("list_break"))]
    return len(parts) > 1 and before[-1] not in marks("stop") and all(map(is_party, parts))


def _open_clause(folded: str) -> bool:
    if not _open_at_end(folded):
        return False
    inside = depths(folded)
    begin = len(inside) - next((at for at, depth in enumerate(reversed(inside)) if depth == 0), len(inside))
    return any(folded.startswith(word, begin + 1) for word in table("lexicon/roles.toml")["opening"]["words"])


def _joined(lines: Sequence[Line]) -> Line:
    if len(lines) == 1:
        return lines[0]
    texts: list[str] = []
    positions: list[int] = []
    for line in lines:
        if texts and line.text[0].isascii() and texts[-1][-1:].isascii() and line.text[0].isalnum() and texts[-1][-1:].isalpha():
            texts.append(" ")
            positions.append(positions[-1] + 1)
        texts.append(line.text)
        positions.extend(line.positions)
    text = "".join(texts)
    return Line(text, fold(text), positions)


def _without_pages(line: Line) -> Line:
    hits = list(_patterns().page_inside.finditer(line.folded))
    if not hits:
        return line
    keep = [True] * len(line.text)
    for hit in hits:
        keep[hit.start() : hit.end()] = [False] * (hit.end() - hit.start())
    kept = [at for at, stays in enumerate(keep) if stays]
    if not kept:
        return line
    return Line("".join(line.text[at] for at in kept), "".join(line.folded[at] for at in kept), [line.positions[at] for at in kept])


def _cut(line: Line) -> list[Line]:
    # A document on one line is cut before its headings, and before the numbers that count up.
    words, patterns = _words("run_on"), _patterns()
    if len(line.text) < 10 * words["longest_heading"] or len(patterns.heading.findall(line.folded)) < words["headings"]:
        return [line]
    cuts = sorted({hit.end() for hit in patterns.cut.finditer(line.folded)} | set(_counted(line.folded)))
    edges = [0, *cuts, len(line.text)]
    return [part for left, right in zip(edges, edges[1:], strict=False) if (part := line.part(left, right))]


def _counted(folded: str) -> Iterator[int]:
    value = 0
    for hit in _patterns().number.finditer(folded):
        if int(hit["value"]) in (1, value + 1):
            value = int(hit["value"])
            yield hit.start("value")


def bar_grids(source: SourceText) -> tuple[Grid, ...]:
    """The tables that a text draws with bars (| A | B |): two lines or more in a row, each with as many cells."""
    bar, rule = _words("table")["bar"], re.compile(_words("table")["rule"])
    if source.text.count(bar) < 6:
        return ()
    found: list[list[tuple[Span, ...]]] = [[]]
    last_end = -1
    for line in lines_of(source.text):
        cells = _bar_cells(line, bar)
        between = source.text[last_end : line.start]
        if cells and found[-1] and (len(cells) != len(found[-1][-1]) or between.count("\n") > 2):
            found.append([])
        if cells:
            last_end = line.end
            if not rule.fullmatch(line.folded):
                found[-1].append(cells)
        elif found[-1]:
            found.append([])
    return tuple(Grid(tuple(rows)) for rows in found if len(rows) >= 2)


def _bar_cells(line: Line, bar: str) -> tuple[Span, ...]:
    if line.folded.count(bar) < 2 or line.folded[0] != bar:
        return ()
    cuts = [at for at, character in enumerate(line.folded) if character == bar]
    if cuts[-1] != len(line.folded) - 1:
        cuts.append(len(line.folded))
    cells = []
    for left, right in zip(cuts, cuts[1:], strict=False):
        start, end = left + 1, right
        while start < end and line.folded[start].isspace():
            start += 1
        while end > start and line.folded[end - 1].isspace():
            end -= 1
        cells.append(line.span(start, end) if start < end else Span(line.start + left + 1, line.start + left + 1))
    return tuple(cells)


def outside_of(lines: Sequence[Line], grids: Sequence[Grid]) -> list[Line]:
    """The lines that stand in none of the tables."""
    runs = sorted((min(c.start for row in g.rows for c in row), max(c.end for row in g.rows for c in row)) for g in grids if g.rows)
    starts = [start for start, _ in runs]
    kept = []
    for line in lines:
        at = bisect_right(starts, line.start) - 1
        if at < 0 or line.start >= runs[at][1]:
            kept.append(line)
    return kept
