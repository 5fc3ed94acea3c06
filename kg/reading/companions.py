"""Pages as browsers save them: a folder of their parts beside them, the notice perhaps in a frame."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from html import unescape
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from kg.errors import KgError
from kg.reading.webtree import decode_page

PAGES = (".html", ".htm", ".shtml", ".xhtml")
"""Suffixes of web pages."""
MOST_FRAMES = 20
"""Frames of one page that are looked into; a page of a notice has one, and some of advertisements."""
_COMPANIONS = ("_files", ".files")
"""What browsers and offices add to the name of a page to name the folder of its parts."""
_FRAME = re.compile(rb"""<i?frame\b[^<>]{0,2000}?\bsrc\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s>"']{1,2000}))""", re.I)
_OUTER = re.compile(r"<!doctype[^<>]*>|</?(?:html|body)\b[^<>]*>", re.I)
_HEAD, _HEAD_END = re.compile(r"<head\b[^<>]*>", re.I), re.compile(r"</head\s{0,100}>", re.I)
_MOST_SHOWN = 160 << 20
"""Bytes to which the frames of one page may grow as a part of it."""

Part = Callable[[str], bytes | None]
"""From the address of a frame as a page prints it to its page, None where that is not at hand."""


def page_stems(names: Iterable[str]) -> frozenset[str]:
    """The names of the web pages among some files, without their endings."""
    pages = (PurePosixPath(name) for name in names)
    return frozenset(page.stem for page in pages if page.suffix.lower() in PAGES)


def is_companion(folder: str, pages: Collection[str]) -> bool:
    """Whether a folder holds only the parts of a page that was saved beside it.

    Args:
        folder: its name.
        pages: the stems of the web pages beside it, as ``page_stems`` gives them.

    >>> is_companion("通知_files", page_stems(["通知.html"])), is_companion("通知_files", page_stems(["通知.docx"]))
    (True, False)
    """
    stem = next((folder.removesuffix(ending) for ending in _COMPANIONS if folder.endswith(ending)), "")
    return bool(stem) and stem in pages


def companion_part(path: PurePosixPath | Path, address: str) -> str | None:
    """Where the frame of a saved page lies: a path beside the page, None where the address leads out of its own folder.

    >>> companion_part(PurePosixPath("a/通知.html"), "./%E9%80%9A%E7%9F%A5_files/saved_resource.html")
    '通知_files/saved_resource.html'
    >>> companion_part(PurePosixPath("a/通知.html"), "../通知.html") is None
    True
    """
    parts = PurePosixPath(unquote(unescape(address).partition("?")[0].partition("#")[0])).parts
    named = len(parts) == 2 and parts[0] in {path.stem + ending for ending in _COMPANIONS} and parts[1] != ".."
    # What Windows takes for a way, and no system for a name.
    named = named and not re.search(r"[\\\x00]", parts[1])
    return "/".join(parts) if named else None


def with_frames(page: bytes, part: Part) -> bytes:
    """The page with what its frames show put in front of them, for what stands in a frame is read as a part of the page.

    >>> with_frames(b'<p>a</p><iframe src="x.htm"></iframe>', {"x.htm": b"<html><body>b</body></html>"}.get)
    b'<p>a</p><div>b</div><iframe src="x.htm"></iframe>'
    """
    found: list[bytes] = []
    behind, room = 0, _MOST_SHOWN
    for hit in list(_FRAME.finditer(page))[:MOST_FRAMES]:
        address = next(group for group in hit.groups() if group)
        shown = part(address.decode("utf-8", "replace"))
        if shown is None:
            continue
        # As references of characters it fits into a page of any encoding, at ten times the size.
        room -= 10 * len(shown)
        if room < 0:
            break
        inner = _OUTER.sub("", _without_head(_decoded(shown))).encode("ascii", "xmlcharrefreplace")
        found += [page[behind : hit.start()], b"<div>", inner, b"</div>"]
        behind = hit.start()
    return b"".join([*found, page[behind:]])


def _without_head(text: str) -> str:
    head = _HEAD.search(text)
    end = _HEAD_END.search(text, head.end()) if head else None
    return text[: head.start()] + text[end.end() :] if head and end else text


def _decoded(content: bytes) -> str:
    try:
        return decode_page(content, "")[0]
    except KgError:
        return ""
