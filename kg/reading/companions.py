"""Pages as browsers save them: a folder of their parts beside them, the notice perhaps in a frame."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
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
_FRAME = re.compile(rb"""<i?frame\b[^>]{0,2000}?\bsrc\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s>"']{1,2000}))""", re.I)
_OUTER = re.compile(r"<!doctype[^>]*>|</?(?:html|body)\b[^>]*>|<head\b.*?</head\s*>", re.I | re.S)

Part = Callable[[str], bytes | None]
"""From the address of a frame as a page prints it to its page, None where that is not at hand."""


def is_companion(folder: str, beside: Iterable[str]) -> bool:
    """Whether a folder holds only the parts of a page that was saved beside it.

    Args:
        folder: its name.
        beside: the names of the files beside it.

    >>> is_companion("通知_files", ["通知.html"]), is_companion("通知_files", ["通知.docx"])
    (True, False)
    """
    stem = next((folder.removesuffix(ending) for ending in _COMPANIONS if folder.endswith(ending)), "")
    pages = (PurePosixPath(name) for name in beside)
    return bool(stem) and any(page.stem == stem and page.suffix.lower() in PAGES for page in pages)


def companion_part(path: PurePosixPath | Path, address: str) -> str | None:
    """Where the frame of a saved page lies: a path beside the page, None where the address leads out of its own folder.

    >>> companion_part(PurePosixPath("a/通知.html"), "./%E9%80%9A%E7%9F%A5_files/saved_resource.html")
    '通知_files/saved_resource.html'
    >>> companion_part(PurePosixPath("a/通知.html"), "../通知.html") is None
    True
    """
    parts = PurePosixPath(unquote(address).partition("?")[0].partition("#")[0]).parts
    named = len(parts) == 2 and parts[0] in {path.stem + ending for ending in _COMPANIONS} and parts[1] != ".."
    return "/".join(parts) if named else None


def with_frames(page: bytes, part: Part) -> bytes:
    """The page with what its frames show put in front of them, for what stands in a frame is read as a part of the page.

    >>> with_frames(b'<p>a</p><iframe src="x.htm"></iframe>', {"x.htm": b"<html><body>b</body></html>"}.get)
    b'<p>a</p><div>b</div><iframe src="x.htm"></iframe>'
    """
    found: list[bytes] = []
    behind = 0
    for hit in list(_FRAME.finditer(page))[:MOST_FRAMES]:
        address = next(group for group in hit.groups() if group)
        shown = part(address.decode("utf-8", "replace"))
        if shown is None:
            continue
        # As references of characters it fits into a page of any encoding.
        inner = _OUTER.sub("", _decoded(shown)).encode("ascii", "xmlcharrefreplace")
        found += [page[behind : hit.start()], b"<div>", inner, b"</div>"]
        behind = hit.start()
    return b"".join([*found, page[behind:]])


def _decoded(content: bytes) -> str:
    try:
        return decode_page(content, "")[0]
    except KgError:
        return ""
