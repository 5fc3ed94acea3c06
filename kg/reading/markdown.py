"""Markdown → frozen texts: the text without its marks, pipe tables as grids."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from kg.errors import EmptySourceError
from kg.folding import fold, marks
from kg.reading.characters import is_han
from kg.reading.source import SourceText, TextBuilder
from kg.reading.web import MOST_PLACES, Block, item_patterns, page_blocks, put_blocks, with_title
from kg.reading.webtree import front_matter, parse_page

WRAPPED = 2 / 3
"""A line of at least this share of the widest of its paragraph was wrapped there; a shorter one was ended by its author."""
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s+|$|(?=[^\x00-\x7f]))")
_CLOSING = re.compile(r"(?:^|(?<=\s))#+$")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|=+)$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_BULLET = re.compile(r"(\s*)[-*+][ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")
_NUMBER = re.compile(r"(\s*)(\d{1,9})([.)])[ \t]+(?=\S)")
_QUOTE = re.compile(r"^ {0,3}(?:>[ \t]?)+")
_DELIMITER = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_DEFINITION = re.compile(r" {0,3}\[[^\]^][^\]]{0,200}\]:\s*<?(?:\w+:/|mailto:|www\.|\.{0,2}/|#|[\w/%-]+\.[a-z]{2,4}\b)\S*")
"""Where a link leads. A label in brackets with text behind it is no such thing."""
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,50}\](:(?=\s))?")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_SHIFT = 0xF0000
"""Escaped marks wait in a private plane until the others are off."""
_LINK = re.compile(
    r"(!?)\[([^\[\]]{0,500})\](?:\([^()\s]{0,500}(?:\([^()\s]{0,200}\)[^()\s]{0,300})?(?:\s+\"[^\"]{0,200}\")?\)|\[[^\]]{0,200}\])"
)
_STRONG = re.compile(r"(\*\*|~~)(.{1,500}?)\1|(?<!\w)__(?![\s_])(.{1,500}?)(?<![\s_])__(?!\w)", re.S)
"""Blanks inside the marks are allowed: they are a common slip, after which every reader shows the marks."""
_EMPHASIS = re.compile(r"\*(?![*\s])([^*]{1,300}?)(?<!\s)\*(?!\*)|(?<!\w)_(?![_\s])([^_]{1,300}?)(?<!\s)_(?!\w)")
_CODE = re.compile(r"(`+)([^`]{1,500})\1(?!`)")
_BR = re.compile(r"<(?:br|/?(?:p|div|center|section|details|summary|[uo]l|li|d[ltd]|h[1-6]|hr|blockquote))(?=[\s/>])[^<>]{0,300}>", re.I)
_TABLE = re.compile(r"\s*(?:<[^<>|]{1,300}>\s*){0,9}?<table\b", re.I)
_HIDDEN = tuple(
    (re.compile(opening, re.I), re.compile(closing, re.I))
    for opening, closing in (("<!--", "-->"), (r"<script\b", r"</script\s*>"), (r"<style\b", r"</style\s*>"))
)
_YAML = re.compile(r"\s|#|-\s|[\"']?[A-Za-z_][\w .-]*[\"']?\s*:(?:\s|$)|$")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]{1,500})>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")


def read_markdown(text: str, path: str) -> SourceText:
    """The frozen text of a Markdown file.

    Headings, emphasis, links and quotes lose their marks, lists keep their numbers, comments, scripts and front matter go
    (but a title of the front matter that the text does not print is put first), pipe tables and HTML tables become grids.
    Lines that were wrapped are joined; a line that its author ended, as a label of its own, stays.

    Raises:
        EmptySourceError: nothing is left.
        PageBrokenError: an HTML table in it cannot be read.

    >>> read_markdown("# 一、任务\\n\\n**修路**，\\n见[附件](a.doc)。", "a.md").text.splitlines()
    ['一、任务', '修路，见附件。']
    """
    text = text.removeprefix("\ufeff")
    title, rest = front_matter(text)
    if not all(_YAML.match(line) for line in text[: len(text) - len(rest)].splitlines() if not line.startswith("---")):
        title, rest = None, text  # two rules with text between them
    lines = [_QUOTE.sub("", line.expandtabs(4)) for line in without_hidden(rest).splitlines()]
    blocks = list(_blocks(lines, path))
    blocks = with_title(blocks, [title] if title else [])
    if not blocks:
        raise EmptySourceError(path)
    out = TextBuilder()
    put_blocks(out, blocks)
    return out.source(path, "utf-8")


def without_hidden(text: str) -> str:
    """The text without HTML comments, scripts and styles; one that is never closed stays.

    >>> without_hidden("甲<!-- 乙 -->丙<!--")
    '甲丙<!--'
    """
    for opening, closing in _HIDDEN:
        kept: list[str] = []
        at = 0
        while (start := opening.search(text, at)) and (end := closing.search(text, start.end())):
            kept.append(text[at : start.start()])
            at = end.end()
        text = "".join([*kept, text[at:]])
    return text


def _blocks(lines: Sequence[str], path: str) -> Iterator[Block]:
    open_lines: list[str] = []
    counts: dict[int, tuple[int, int]] = {}
    at = 0
    while at < len(lines):
        line = lines[at]
        if special := _special(lines, at, path):
            at, found = special
            yield from _paragraph(open_lines)
            open_lines = []
            counts = {} if found else counts
            yield from found
            continue
        if hit := _BULLET.match(line) or _NUMBER.match(line):
            yield from _paragraph(open_lines)
            counts = {level: count for level, count in counts.items() if level <= len(hit[1])}
            open_lines = [(_counted(hit, counts) if hit.re is _NUMBER else "") + line[hit.end() :]]
        else:
            counts = counts if (open_lines and not _begins_line(line.strip())) or line[:1].isspace() else {}
            open_lines.append(line)
        at += 1
    yield from _paragraph(open_lines)


def _special(lines: Sequence[str], at: int, path: str) -> tuple[int, list[Block]] | None:
    # What ends a paragraph, and the line behind it: a blank line, heading, rule, fence, definition or table.
    line = lines[at]
    if not line.strip() or _RULE.match(line.rstrip()) or _DEFINITION.match(line):
        return at + 1, []
    if hit := _HEADING.match(line):
        heading = _plain(_CLOSING.sub("", line[hit.end() :].rstrip()))
        return at + 1, [Block(heading, heading=True)] if heading else []
    if hit := _FENCE.match(line):
        end = next((end for end in range(at + 1, len(lines)) if lines[end].strip().startswith(hit[1])), len(lines))
        return end + 1, [Block(inner) for inner in lines[at + 1 : end] if inner.strip()]
    if _TABLE.match(line):
        end = _table_end(lines, at)
        return end, page_blocks(parse_page("\n".join(lines[at:end]), path).root)
    if "|" in line and at + 1 < len(lines) and "|" in lines[at + 1] and _DELIMITER.match(lines[at + 1].strip()):
        end = next((end for end in range(at + 2, len(lines)) if "|" not in lines[end]), len(lines))
        return end, _grid([line, *lines[at + 2 : end]])
    return None


def _table_end(lines: Sequence[str], at: int) -> int:
    # Behind the line in which the tag closes; the tables in its cells close before.
    depth = 0
    for end in range(at, len(lines)):
        line = lines[end].lower()
        depth += line.count("<table") - line.count("</table")
        if depth <= 0:
            return end + 1
    return len(lines)


def _counted(hit: re.Match[str], counts: dict[int, tuple[int, int]]) -> str:
    # As printed; where every entry of a list is printed with the same number, they are counted as a renderer does.
    level, printed = len(hit[1]), int(hit[2])
    first, count = counts.get(level, (printed, 0))
    counts[level] = (first, count + 1) if printed == first else (-1, 0)
    return f"{printed + counts[level][1] - 1 if counts[level][1] else printed}{hit[3]} "


def _grid(lines: Sequence[str]) -> list[Block]:
    rows = [[_plain(cell) for cell in _cells(line)] for line in lines]
    if max(map(len, rows)) * len(rows) > MOST_PLACES:
        return [Block(line) for line in ("\t".join(row).strip() for row in rows) if line]
    keys = iter(range(sum(map(len, rows))))
    return [Block("", tuple(tuple((text, next(keys)) for text in row) for row in rows))]


def _cells(line: str) -> list[str]:
    line = _ESCAPED.sub(lambda hit: chr(_SHIFT + ord(hit[1])), line.strip())
    return line.removeprefix("|").removesuffix("|").split("|")


def _paragraph(lines: Sequence[str]) -> Iterator[Block]:
    # Wrapped lines joined, without a blank between two Chinese characters.
    widest = max((len(line.strip()) for line in lines), default=0)
    pieces: list[str] = []
    before, depth, ended = "", 0, False
    for line in lines:
        bare = line.rstrip().removesuffix("\\").strip()
        if before:
            goes_on = len(before) >= WRAPPED * widest or fold(before[-1]) in marks("enumeration") + ","
            wrapped = depth > 0 or (goes_on and not _begins_line(bare))
            pieces.append("\n" if ended or not wrapped else "" if is_han(before[-1]) and is_han(bare[:1] or " ") else " ")
        pieces.append(bare)
        folded = fold(bare)
        depth = max(0, depth + sum((mark in marks("open")) - (mark in marks("close")) for mark in folded))
        before, ended = bare, line.endswith(("  ", "\\"))
    for text in _plain("".join(pieces)).splitlines():
        if text.strip():
            yield Block(text)


def _begins_line(text: str) -> bool:
    folded = fold(text).lstrip("*_ ")
    return re.match(r"[^\s:,.;()]{2,10}:", folded) is not None or any(pattern.match(folded) for pattern in item_patterns())


def _plain(text: str) -> str:
    # The text of a line without its marks.
    text = _ESCAPED.sub(lambda hit: chr(_SHIFT + ord(hit[1])), text)
    text = _LINK.sub(lambda hit: "" if hit[1] else hit[2], _FOOTNOTE.sub("", text))
    text = _BR.sub("\n", _AUTOLINK.sub(r"\1", text))
    text = _TAG.sub("", text)
    text = _CODE.sub(r"\2", _STRONG.sub(_within, _STRONG.sub(_within, text)))
    text = _EMPHASIS.sub(_unmarked, text)
    return html.unescape(re.sub("[\U000f0000-\U000f007f]", lambda hit: chr(ord(hit[0]) - _SHIFT), text)).strip()


def _within(hit: re.Match[str]) -> str:
    return hit[2] or hit[3]


def _unmarked(hit: re.Match[str]) -> str:
    # The rule of CommonMark for a mark next to punctuation; without it the asterisk before a lead (*市教育局；*市财政局) is lost.
    before, behind = hit.string[hit.start() - 1 : hit.start()], hit.string[hit.end() : hit.end() + 1]
    within = hit[1] or hit[2]
    opens = within[0].isalnum() or not before.isalnum()
    closes = within[-1].isalnum() or not behind.isalnum()
    return within if opens and closes else hit[0]
