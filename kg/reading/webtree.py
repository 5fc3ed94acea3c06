"""A web page as a tree of blocks, its characters decoded, its tags parsed.

libxml2 splits the page into tags; the tree is built here, so that its depth has a bound of our own and no text is lost:
the tree of libxml2 stops without a word at 256 open tags, which an old page with unclosed font tags reaches.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from kg.errors import KgError, NotTextError
from kg.resources import table

DEEPEST = 1000
"""Open blocks; what is nested deeper is hung onto the block at this depth. Pages of notices have some 20."""
BREAK = "\u2028"
"""Stands for a line end of the page while blanks of the source are still to be collapsed."""

_BLOCKS = """html body div section article main header center blockquote fieldset figure details ul ol menu dl dir nav footer aside
    form address p pre h1 h2 h3 h4 h5 h6 hgroup hr li dt dd summary legend figcaption table caption thead tbody tfoot tr td th
    marquee dialog"""
_BLOCK_TAGS = frozenset(_BLOCKS.split())
_DROPPED = """script style noscript template iframe frame object embed applet svg canvas select button textarea datalist audio
    video map rt rp"""
_DROPPED_TAGS = frozenset(_DROPPED.split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_AS_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|table|grid|list-item)", re.I)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})|^\s*<\?xml[^>]{0,80}encoding=[\"']([\w-]{2,20})", re.I)
_SUBSET = re.compile(r"<!DOCTYPE[^\[>]{0,400}\[[^\]]*\]\s*>", re.I)
"""The declarations inside a document type, which HTML does not have: its entities are never expanded."""
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_FRONT = re.compile(r"\ufeff?\s*---[ \t]*\r?\n(.*?\r?\n)??---[ \t]*(?:\r?\n|$)", re.S)


class PageBrokenError(KgError):
    """A file that is called a web page and is none. Fields: path."""

    code = "web-broken"


@dataclass(slots=True)
class Node:
    """A block of a page with its text; tags that only change the look of characters leave no node."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    parts: list[Node | str] = field(default_factory=list)
    weight: int = 0
    """Characters outside links; those of pieces without punctuation count a quarter."""
    characters: int = 0
    linked: int = 0
    links: int = 0
    tables: int = 0
    """Tables of several cells inside."""
    cells: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its blocks, the text of its title tag, and its named metadata by lower-case name."""

    root: Node
    title: str
    meta: Mapping[str, str]


class _Tags:
    # The parser of lxml asks its target for these four methods. The tags arrive balanced, also where the page's are not.
    def __init__(self) -> None:
        self._root = Node("html")
        self._open: list[Node] = [self._root]
        self._blocks: list[bool] = []
        self._dropped = 0
        self._links = 0
        self._pre = 0
        self._in_title = False
        self._title: list[str] = []
        self._meta: dict[str, str] = {}
        self._punctuation = frozenset(table("lexicon/pages.toml")["outside"]["punctuation"])

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open a tag."""
        if self._dropped or tag in _DROPPED_TAGS or _is_hidden(tag, attributes):
            self._dropped += 1
            return
        node = self._open[-1]
        self._pre += tag == "pre"
        self._in_title = tag == "title"
        if tag == "a" and "href" in attributes:
            self._links += 1
            node.links += 1
        if tag == "meta" and "content" in attributes:
            self._meta.setdefault((attributes.get("name") or attributes.get("property") or "").lower(), attributes["content"])
        is_block = tag in _BLOCK_TAGS or _AS_BLOCK.search(attributes.get("style", "")) is not None
        if tag == "br" or (is_block and len(self._open) >= DEEPEST):
            node.parts.append(BREAK)
        if is_block := is_block and len(self._open) < DEEPEST:
            child = Node(tag if tag in _BLOCK_TAGS else "div", dict(attributes))
            node.parts.append(child)
            self._open.append(child)
        self._blocks.append(is_block)

    def end(self, tag: str) -> None:
        """Close the tag opened last."""
        if self._dropped:
            self._dropped -= 1
            return
        self._in_title = False
        self._pre -= tag == "pre"
        if tag == "a":
            self._links = max(0, self._links - 1)
        if self._blocks.pop():
            self._shut()

    def data(self, text: str) -> None:
        """Add text to the open block."""
        if self._dropped:
            return
        if self._in_title:
            self._title.append(text)
            return
        node = self._open[-1]
        node.parts.append(text.replace("\n", BREAK) if self._pre else text)
        held = len("".join(text.split()))
        node.characters += held
        if self._links:
            node.linked += held
        else:
            node.weight += held if self._punctuation.intersection(text) else held // 4

    def close(self) -> Page:
        """The page, when all tags are read."""
        while len(self._open) > 1:
            self._shut()
        return Page(self._root, "".join(self._title), self._meta)

    def _shut(self) -> None:
        child = self._open.pop()
        parent = self._open[-1]
        parent.weight += child.weight
        parent.characters += child.characters
        parent.linked += child.linked
        parent.links += child.links
        parent.tables += child.tables + (child.tag == "table" and child.cells > 3)
        if child.tag != "table":
            parent.cells += child.cells + (child.tag in ("td", "th") and child.characters > 0)


def _is_hidden(tag: str, attributes: Mapping[str, str]) -> bool:
    return tag not in ("html", "body") and (
        "hidden" in attributes or (tag == "dialog" and "open" not in attributes) or bool(_HIDDEN.search(attributes.get("style", "")))
    )


def decode_page(content: bytes, path: str) -> tuple[str, str]:
    """The characters of a page and its encoding: byte order mark, then what the page says, then UTF-8, then GB18030.

    A page that says one encoding and is in another is common; the first that fits every byte is taken. Where none fits, a
    few broken bytes (one in a thousand) are shown as U+FFFD.

    Raises:
        NotTextError: no encoding fits.
    """
    marked = next((name for bom, name in _BOMS if content.startswith(bom)), None)
    if marked is None and b"\x00" in content[:4096]:
        head = content[:4096]
        marked = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    names = [marked] if marked else [*_said(content), "utf-8", "gb18030"]
    for name in names:
        try:
            text = content.decode(name).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if text[:65536].count("\x00"):
            break
        return text, name
    text = content.decode(names[0], "replace")
    if "\x00" in text or text.count("\ufffd") * 1000 > len(text):
        raise NotTextError(path)
    return text, names[0]


def _said(content: bytes) -> Iterator[str]:
    # GB2312 and GBK are subsets of GB18030 and pages overstep them; Latin-1 fits every byte and says nothing.
    if hit := _CHARSET.search(content[:4096]):
        try:
            name = codecs.lookup((hit[1] or hit[2]).decode("ascii")).name
        except LookupError:
            return
        if not name.startswith(("iso8859", "latin", "cp125", "ascii", "utf-16", "utf-32")):
            yield "gb18030" if name.startswith("gb") else name


def front_matter(text: str) -> tuple[str | None, str]:
    """The title of the front matter of Jekyll and its kin (``---`` … ``---``), None where it has none, and the rest.

    >>> front_matter("---\\ntitle: 某县的通知\\n---\\n正文")
    ('某县的通知', '正文')
    """
    hit = _FRONT.match(text)
    if not hit:
        return None, text
    title = re.search(r"^title\s*:[ \t]*(.*?)[ \t]*$", hit[1] or "", re.M)
    return (title[1].strip("\r\"'") or None if title else None), text[hit.end() :]


def parse_page(text: str, path: str) -> Page:
    """The blocks of a page as a tree.

    Raises:
        PageBrokenError: nothing in it can be read as HTML, or a piece of it is larger than the parser reads (10 MB), so that
            it would drop what follows.
    """
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True, remove_comments=True, remove_pis=True, target=_Tags())
    try:
        page: Page = etree.fromstring(_SUBSET.sub("", text, count=1).encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError) as error:
        raise PageBrokenError(path) from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise PageBrokenError(path)
    return page
