"""Web pages → frozen texts: the notice without menus, a line for each block, a grid for each table of data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.errors import EmptySourceError, KgError
from kg.folding import fold
from kg.reading.characters import is_han
from kg.reading.source import SourceText, TextBuilder
from kg.reading.webtree import BREAK, Node, Page, decode_page, front_matter, parse_page
from kg.resources import per_lexicon, table

LONGEST_SPAN = 1000
"""Columns that one cell may cover, as in browsers; rows are bounded by those that the table has."""
MOST_PLACES = 200_000
"""Places of one table. A larger one is read as lines: no notice has it, and each place costs memory."""
LONGEST_MENU = 200
"""Characters of the longest line that is compared with the patterns of menus."""
SHARE_OF_MAIN = 0.85
"""The block of the notice is the innermost that holds this share of the sentences of a page."""
LEAST_OF_MAIN = 120
"""Characters of sentences below which a page has no such block: all that is no menu is kept."""
_ASIDE = frozenset(("nav", "footer", "aside", "form"))
_ASIDE_ROLES = frozenset(("navigation", "contentinfo", "search", "complementary", "menu", "menubar", "toolbar"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_INNERMOST = frozenset(("p", "li", "pre", "dt", "dd", *_HEADINGS))
_UNMARKED = re.compile(r"list-style[^;]*:\s*[^;]*\bnone\b", re.I)
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_ENDS = " \t\n\r\f\v\xa0\u200b\ufeff"


class PageEmptyError(KgError):
    """A web page without a text of its own: only menus, or drawn by a script. Fields: path."""

    code = "web-empty"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a page, or a table of data with its cells as in ``TextBuilder.table``."""

    text: str
    rows: tuple[tuple[tuple[str, int], ...], ...] = ()
    side: int = 0
    """-1 before the block of the notice, 0 in it, 1 behind it."""
    heading: bool = False
    labelled: bool = False
    """A line of the table of metadata above a notice."""


def read_web(content: bytes, path: str) -> SourceText:
    """The frozen text of a web page: title, lines above the notice, its paragraphs and tables.

    Menus, link lists, buttons, footers, scripts and what is hidden are left out: by their tags, by the share of links in
    them, and by ``lexicon/pages.toml``. Around the block with most of the sentences only headings, dates, document
    numbers, tables and whole sentences are kept.

    Raises:
        NotTextError: it is binary, or in no encoding that is known.
        EmptySourceError, PageEmptyError: there is nothing in it, or nothing but menus.
        PageBrokenError: nothing in it can be read as HTML.
    """
    text, encoding = decode_page(content, path)
    title, text = front_matter(text)
    if not text.strip():
        raise EmptySourceError(path)
    page = parse_page(text, path)
    blocks = page_blocks(page.root)
    if not blocks:
        raise PageEmptyError(path)
    out = TextBuilder()
    put_blocks(out, with_title(blocks, _titles(title, page, blocks)))
    return out.source(path, encoding)


def put_blocks(out: TextBuilder, blocks: Sequence[Block]) -> None:
    """Add blocks to a text, paragraphs and tables numbered from 1."""
    paragraphs = tables = 0
    for block in blocks:
        if block.rows:
            tables += 1
            out.table(block.rows, table=tables)
        else:
            paragraphs += 1
            out.paragraph(block.text, paragraph=paragraphs)


def page_blocks(root: Node) -> list[Block]:
    """The paragraphs and tables of a page that belong to its notice, in order."""
    around = _around_notice(root)
    walked = list(_walk(root, around))
    foot = _foot(walked)
    blocks = [_without_bar(block) for at, block in enumerate(walked) if at not in foot and (block.rows or not _is_menu(block.text))]
    return [block for at, block in enumerate(blocks) if block.side == 0 or _is_kept(blocks, at)]


def _around_notice(root: Node) -> list[Node]:
    # From the page down to the block of the notice: the innermost that holds most of the sentences.
    found = [root]
    while True:
        children = [part for part in found[-1].parts if isinstance(part, Node) and part.tag not in _INNERMOST]
        heaviest = max(children, key=lambda child: child.weight, default=None)
        if (
            heaviest is None
            or heaviest.weight < max(LEAST_OF_MAIN, SHARE_OF_MAIN * root.weight)
            or (heaviest.tag == "table" and _is_data(heaviest, root))
        ):
            return found
        found.append(heaviest)


def _walk(top: Node, around: Sequence[Node] = (), *, in_cell: bool = False) -> Iterator[Block]:
    # Depth first, with a stack of its own: pages are nested deeper than Python calls.
    path = {id(node) for node in around}
    main = around[-1] if around else top
    side = 0 if main is top else -1
    stack = [(top, iter(top.parts))]
    counted: Counter[int] = Counter()
    run: list[str] = []
    number = ""
    while stack:
        node, parts = stack[-1]
        part = next(parts, None)
        if isinstance(part, str):
            run.append(part)
            continue
        if text := _collapsed("".join(run), joined=node.tag in _HEADINGS):
            yield Block(_numbered(number, text), side=side, heading=node.tag in ("h1", "h2"))
            number = ""
        run.clear()
        if part is None:
            stack.pop()
            number = "" if node.tag == "li" else number
            side = 1 if node is main and stack else side
        elif id(part) in path or not _is_aside(part, around[0] if around else top, inside=side == 0):
            if part.tag == "table" and id(part) not in path and not in_cell and (blocks := _table(part, around[0], side)) is not None:
                yield from blocks
                continue
            if part.tag == "li":
                number = _list_number(node, part, counted)
            side = 0 if part is main else side
            stack.append((part, iter(part.parts)))


def _is_aside(node: Node, page: Node, *, inside: bool) -> bool:
    # A form or a frame around the whole page is none; a single link in the text, as of an annex, is no menu.
    if node.tag in _ASIDE or node.attributes.get("role", "") in _ASIDE_ROLES:
        return 2 * node.weight <= page.weight
    if node.links > 2:
        return node.linked >= 0.6 * node.characters
    return bool(node.links) and not inside and node.linked >= 0.8 * node.characters


def _collapsed(text: str, *, joined: bool = False) -> str:
    # As a browser shows it: blanks and line ends of the source are one blank, none between two Chinese characters.
    lines = (_BLANKS.sub(_one_blank, line).strip(_ENDS) for line in text.split(BREAK))
    return ("" if joined else "\n").join(filter(None, lines))


def _one_blank(hit: re.Match[str]) -> str:
    before, behind = hit.string[: hit.start()][-1:], hit.string[hit.end() : hit.end() + 1]
    return "" if "\n" in hit[0] and before and behind and is_han(before) and is_han(behind) else " "


def _list_number(parent: Node, entry: Node, counted: Counter[int]) -> str:
    if parent.tag != "ol" or _UNMARKED.search(parent.attributes.get("style", "")):
        return ""
    if id(parent) not in counted:
        counted[id(parent)] = _whole(parent.attributes.get("start"), 1) - 1
    counted[id(parent)] = _whole(entry.attributes.get("value"), counted[id(parent)] + 1)
    return f"{counted[id(parent)]}. "


def _numbered(number: str, text: str) -> str:
    # Authors who print numbers themselves hide those of the list in a style sheet, which is not read.
    return text if any(pattern.match(fold(text)) for pattern in item_patterns()) else number + text


@per_lexicon
def item_patterns() -> tuple[re.Pattern[str], ...]:
    """What a numbered paragraph begins with, on a folded line."""
    return tuple(re.compile(row["pattern"]) for row in table("lexicon/pages.toml")["item"])


def _whole(printed: str | None, otherwise: int) -> int:
    printed = (printed or "").strip()
    return int(printed) if re.fullmatch(r"\d{1,20}", printed, re.A) else otherwise


def _table(node: Node, page: Node, side: int) -> list[Block] | None:
    # The lines of a table of metadata, a table of data as one block, or None: a table that only lays the page out.
    rows = _rows(node)
    texts = {id(cell): _cell_text(cell) for row in rows for cell in row} if not node.tables else {}
    labelled = _label_lines([[texts[id(cell)] for cell in row] for row in rows]) if texts else None
    if labelled is not None:
        return [Block(line, side=side, labelled=True) for line in labelled]
    if not texts or not _is_data(node, page):
        return None
    placed = _placed(rows) or []
    cells = tuple(tuple((texts.get(key, ""), key) for key in row) for row in placed if any(texts.get(key) for key in row))
    strays = [block for stray in _strays(node) for block in _walk(stray)]
    return [*(replace(block, side=side) for block in strays), Block("", cells, side=side)]


def _rows(node: Node) -> list[list[Node]]:
    groups = [part.parts if part.tag in ("thead", "tbody", "tfoot") else [part] for part in node.parts if isinstance(part, Node)]
    found: list[list[Node]] = []
    for part in [part for group in groups for part in group if isinstance(part, Node)]:
        if part.tag == "tr":
            found.append([cell for cell in part.parts if isinstance(cell, Node) and cell.tag in ("td", "th")])
        elif part.tag in ("td", "th"):
            found.append([part])
    return found


def _strays(node: Node) -> Iterator[Node]:
    # The caption, and what stands in a table outside its cells.
    for part in node.parts:
        if isinstance(part, str):
            yield Node("div", parts=[part])
        elif part.tag in ("thead", "tbody", "tfoot", "tr"):
            yield from _strays(part)
        elif part.tag not in ("td", "th"):
            yield part


def _cell_text(cell: Node) -> str:
    return "\n".join(block.text for block in _walk(cell, in_cell=True))


def _is_data(node: Node, page: Node) -> bool:
    # Two rows and two columns of text, no other table inside, and no cell that holds the notice itself.
    rows = _rows(node)
    filled = [cell for row in rows for cell in row if cell.characters]
    if node.tables or node.attributes.get("role") == "presentation" or len(filled) < 3 or sum(map(bool, rows)) < 2:
        return False
    largest = max(filled, key=lambda cell: cell.weight)
    has_head = any(cell.tag == "th" for cell in filled)
    if not has_head and 2 * largest.weight > page.weight and sum(isinstance(part, Node) for part in largest.parts) > 3:
        return False
    placed = _placed(rows)
    if placed is None:
        return False
    texts = {id(cell) for cell in filled}
    return sum(any(row[column] in texts for row in placed) for column in range(len(placed[0]))) > 1


def _placed(rows: Sequence[Sequence[Node]]) -> list[list[int]] | None:
    # The id of the cell that covers each place; a column or a row in which no cell begins is left out. None where a table
    # has too many places.
    places: list[dict[int, int]] = [{} for _ in rows]
    begun: set[int] = set()
    taken = 0
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            while column in places[at]:
                column += 1
            width = max(1, min(_whole(cell.attributes.get("colspan"), 1), LONGEST_SPAN))
            height = min(_whole(cell.attributes.get("rowspan"), 1) or len(rows), len(rows) - at)
            taken += width * height
            if taken > MOST_PLACES:
                return None
            begun.add(column)
            for below in places[at : at + height]:
                below.update({right: id(cell) for right in range(column, column + width) if right not in below})
            column += width
    kept = sorted(begun)
    if len(kept) * len(rows) > MOST_PLACES:
        return None
    return [[below.get(column, -1 - at * len(kept) - column) for column in kept] for at, below in enumerate(places) if rows[at]]


def _label_lines(rows: Sequence[Sequence[str]]) -> list[str] | None:
    # "label: value" lines of a table that alternates them; None where a cell is neither.
    labels = table("lexicon/pages.toml")["labels"]
    found: list[str] = []
    seen = False
    for row in rows:
        cells = [text.replace("\n", "") for text in row]
        at = 0
        while at < len(cells):
            label = _label(cells[at])
            if label:
                value = cells[at + 1] if at + 1 < len(cells) and not _label(cells[at + 1]) else ""
                found += [label + labels["colon"] + value] if value else []
                at += bool(value)
                seen = True
            elif _printed_label(cells[at]):
                found.append(cells[at])
                seen = True
            elif cells[at]:
                return None
            at += 1
    return found if seen else None


def _label(text: str) -> str:
    # The label that a cell consists of, without its blanks and colon: known, or with a colon at its end.
    labels = table("lexicon/pages.toml")["labels"]
    bare = "".join(text.split())
    name = bare.rstrip(labels["colon"] + ":")
    return name if name in labels["words"] or (name != bare and 0 < len(name) <= labels["longest"]) else ""


def _printed_label(text: str) -> str:
    # The known label that a line begins with.
    hit = re.match(r"([^:]{1,24}):", fold(text))
    label = _label(text[: hit.end()]) if hit else ""
    return label if label in table("lexicon/pages.toml")["labels"]["words"] else ""


@per_lexicon
def _menus() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row['pattern']})" for row in table("lexicon/pages.toml")["menu"]))


def squeezed(text: str) -> str:
    """The folded text without its blanks."""
    return "".join(fold(text).split())


def _is_menu(text: str) -> bool:
    return len(text) <= LONGEST_MENU and _menus().fullmatch(squeezed(text)) is not None


def _foot(blocks: Sequence[Block]) -> frozenset[int]:
    # Places of the lines at the end of a page that say who runs the site: his 主办 and 承办 would be read as a task.
    words = table("lexicon/pages.toml")["foot"]
    at = len(blocks)
    while at and not blocks[at - 1].rows and _is_foot(blocks[at - 1].text, words["line"]):
        at -= 1
    sure = any(re.search(words["sure"], squeezed(block.text)) for block in blocks[at:])
    return frozenset(range(at, len(blocks))) if sure else frozenset()


def _is_foot(text: str, pattern: str) -> bool:
    return len(text) <= 2 * LONGEST_MENU and (_is_menu(text) or re.fullmatch(pattern, squeezed(text)) is not None)


def _without_bar(block: Block) -> Block:
    hit = re.fullmatch(table("lexicon/pages.toml")["bar"]["pattern"], block.text) if len(block.text) <= LONGEST_MENU else None
    return replace(block, text=hit[1]) if hit else block


def _is_kept(blocks: Sequence[Block], at: int) -> bool:
    # Outside the block of the notice: what could be a part of one.
    block, words = blocks[at], table("lexicon/pages.toml")["outside"]
    if block.rows:
        return sum(len(text) for row in block.rows for text, _ in row) >= LONGEST_MENU
    if block.labelled or _printed_label(block.text) or _is_date(block.text):
        return True
    if re.search(words["kept"], fold(block.text)) or any(pattern.match(fold(block.text)) for pattern in item_patterns()):
        return True
    head = table("lexicon/head.toml")
    if re.search(head["number"]["pattern"], fold(block.text)) or (block.heading and block.side < 0 and _could_be_title(block.text)):
        return True
    if len(block.text) >= words["shortest"]:
        return any(mark in block.text for mark in words["sentence"])
    signed = at + 1 < len(blocks) and _is_date(blocks[at + 1].text)
    return signed and block.text.endswith(tuple(head["issuer"]["endings"]))


def _is_date(text: str) -> bool:
    return re.fullmatch(table("lexicon/pages.toml")["outside"]["date"], squeezed(text)) is not None


def _could_be_title(text: str) -> bool:
    words = table("lexicon/head.toml")["title"]
    return words["about"] in text or squeezed(text).endswith(tuple(words["endings"]))


def _titles(front: str | None, page: Page, blocks: Sequence[Block]) -> list[str]:
    # What the page gives as its title, best first.
    words = table("lexicon/pages.toml")
    parts = [_collapsed(part) for part in re.split(words["titles"]["divide"], page.title.strip())]
    said = [
        front,
        *(page.meta.get(name.lower()) for name in words["titles"]["meta"]),
        *sorted(parts, key=_could_be_title, reverse=True)[:1],
    ]
    said += [
        block.text.split(words["labels"]["colon"], 1)[1]
        for block in blocks
        if block.labelled and _printed_label(block.text) in words["labels"]["title"]
    ]
    limits = words["titles"]
    return [title for title in map(_collapsed, filter(None, said)) if limits["shortest"] <= len(title) <= limits["longest"]]


def with_title(blocks: Sequence[Block], titles: Sequence[str]) -> list[Block]:
    """The blocks with the title of the page in one piece: its lines in the text joined, or else put before them all."""
    known = {squeezed(title): title for title in reversed(titles)}
    found: list[Block] = []
    at = 0
    while at < len(blocks):
        taken = next((more for more in range(1, 5) if _said(blocks[at : at + more]) in known), 0)
        found.append(
            replace(blocks[at], text=_collapsed(BREAK.join(block.text for block in blocks[at : at + taken]), joined=True))
            if taken
            else blocks[at]
        )
        at += max(1, taken)
    text = "".join(squeezed(block.text) for block in blocks if not block.labelled)
    if titles and not any(title in text for title in known):
        found.insert(0, Block(titles[0], heading=True))
    return found


def _said(blocks: Sequence[Block]) -> str:
    return "".join(squeezed(block.text) for block in blocks) if not any(block.rows or block.labelled for block in blocks) else ""
