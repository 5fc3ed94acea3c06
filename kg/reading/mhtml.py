"""Pages that a browser saved as one file with all their parts (MHTML) → frozen texts."""

from __future__ import annotations

import email
from email.message import Message

from kg.errors import KgError
from kg.reading.companions import with_frames
from kg.reading.source import SourceText
from kg.reading.web import read_web

_PAGE_TYPES = ("text/html", "application/xhtml+xml")


class MhtmlEmptyError(KgError):
    """A file that is called a saved page (MHTML) and holds no page. Fields: path."""

    code = "mhtml-empty"


def read_mhtml(content: bytes, path: str) -> SourceText:
    """The frozen text of a page that a browser saved as one file (MHTML: .mhtml, .mht), its frames included.

    Raises:
        MhtmlEmptyError: it holds no web page.
        KgError: as ``read_web``.
    """
    try:
        pages = [part for part in email.message_from_bytes(content).walk() if part.get_content_type() in _PAGE_TYPES]
    except RecursionError:
        # Parts in parts without end.
        raise MhtmlEmptyError(path) from None
    if not pages:
        raise MhtmlEmptyError(path)
    placed: dict[str, bytes] = {}
    for part in reversed(pages[1:]):
        for name in ("Content-Location", "Content-ID"):
            if printed := str(part.get(name, "")).strip():
                placed[f"cid:{printed[1:-1]}" if printed.startswith("<") else printed] = _bytes_of(part)
    return read_web(with_frames(_bytes_of(pages[0]), placed.get), path)


def _bytes_of(part: Message) -> bytes:
    # Without its transfer encoding; in UTF-8 where the head of the part names another character set, as the page may not.
    content = part.get_payload(decode=True)
    content = content if isinstance(content, bytes) else b""
    said = part.get_content_charset() or ""
    try:
        return b"\xef\xbb\xbf" + content.decode("gb18030" if said.startswith("gb") else said).encode() if said else content
    except (LookupError, ValueError):
        return content
