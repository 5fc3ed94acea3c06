"""Comments put into a copy of a Word file, each at the words that it is about.

python-docx writes the comments: it keeps the part, its relationship and the ids. Where in the file a position of the frozen
text stands, the reader of Word files says.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from kg.errors import ExtraError, KgError
from kg.model import Place, Span
from kg.reading.convert import to_open_xml, true_suffix
from kg.reading.files import SourceFile, content_of
from kg.reading.numbering import W
from kg.reading.word import elements_of

AUTHOR = "govresp"
_WORD = frozenset({".docx", ".docm"})
_GONE = frozenset({f"{W}del", f"{W}moveFrom"})
_SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class NotWordError(KgError):
    """A file that cannot carry comments, as it is none of Word. Fields: path, suffix."""

    code = "comments-not-word"


class CommentsError(KgError):
    """A Word file into which no comments can be put, although it can be read. Fields: path, why."""

    code = "comments-refused"


@dataclass(frozen=True, slots=True)
class Comment:
    """What is said about a span of the frozen text; lines of the text become paragraphs."""

    span: Span
    text: str


def word_file(file: SourceFile) -> bytes:
    """The bytes of a Word file as DOCX; one of an older format is converted.

    Raises:
        NotWordError: it is of another kind.
        KgError: as ``content_of`` and ``to_open_xml``.
    """
    content = content_of(file)
    suffix = true_suffix(content, (file.member and "." + file.member.rpartition(".")[2] or file.path.suffix).lower())
    if suffix in {".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt"}:
        return to_open_xml(content, file.name, suffix)
    if suffix not in _WORD:
        raise NotWordError(file.name, suffix)
    return content


def with_comments(content: bytes, path: str, text: str, places: Sequence[Place], comments: Sequence[Comment]) -> bytes:
    """A copy of a Word file with comments; nothing else in it is changed.

    Args:
        content: the file, DOCX.
        path: its name in messages.
        text: its frozen text, with the places of its parts.
        comments: what is said; one whose words cannot be found in its paragraph stands at the whole paragraph.

    Raises:
        ExtraError: python-docx is not installed.
        CommentsError: python-docx does not open this file.
    """
    try:
        import docx
    except ImportError as error:
        raise ExtraError("Word", "office") from error
    try:
        document = docx.Document(io.BytesIO(content))
        elements = elements_of(io.BytesIO(content), path, document.element.body)
        # From the end, so that a run that is divided was not yet pointed to.
        for comment in sorted(comments, key=lambda one: one.span, reverse=True):
            _put(document, _holder(elements, places, comment.span.start), *_within(text, places, comment.span), comment.text)
        out = io.BytesIO()
        document.save(out)
    except (KeyError, ValueError, AttributeError, IndexError) as error:
        # What python-docx raises on files that Word opens, such as with a picture that is gone.
        raise CommentsError(path, error) from error
    return out.getvalue()


def _holder(elements: dict[Place, Any], places: Sequence[Place], at: int) -> Any:
    place = max((place for place in places if place.start <= at), key=lambda place: place.start)
    return elements[replace(place, start=0)]


def _within(text: str, places: Sequence[Place], span: Span) -> tuple[str, int]:
    # The words of a span up to the end of its line or cell, and how many times they stand before in the same place.
    start = max(place.start for place in places if place.start <= span.start)
    end = min((place.start for place in places if place.start > span.start), default=len(text))
    words = text[span.start : min(span.end, end)].split("\n")[0].split("\t")[0].strip()
    return words, text.count(words, start, span.start) if words else 0


def _put(document: Any, holder: Any, words: str, before: int, said: str) -> None:
    from docx.text.run import Run

    runs = list(_runs(holder))
    if not runs:
        paragraph = holder if holder.tag == f"{W}p" else holder.find(f".//{W}p")
        runs = [etree.SubElement(paragraph, f"{W}r")]
    printed = "".join(map(_printed, runs))
    at = -1
    for _ in range(before + 1 if words else 0):
        at = printed.find(words, at + len(words) if at >= 0 else 0)
        if at < 0:
            break
    first, last = (runs[0], runs[-1]) if at < 0 else _cut(runs, at, at + len(words))
    comment = document.add_comment([Run(first, document), Run(last, document)], said, AUTHOR, "G")
    # The clock has no place in a file that is to be the same each time.
    comment._comment_elm.attrib.pop(f"{W}date", None)


def _runs(holder: Any) -> Iterator[Any]:
    # The runs that are printed, in order.
    for node in holder:
        if node.tag == f"{W}r":
            yield node
        elif node.tag not in _GONE:
            yield from _runs(node)


def _printed(run: Any) -> str:
    return "".join((child.text or "") if child.tag == f"{W}t" else _SIGNS.get(child.tag, "") for child in run)


def _cut(runs: Sequence[Any], start: int, end: int) -> tuple[Any, Any]:
    # The first and the last run of a stretch of the printed text; a run that reaches beyond it is divided.
    inside: list[Any] = []
    at = 0
    for run in runs:
        length = len(_printed(run))
        if length and at < end and start < at + length:
            inside.append(_middle(run, max(start - at, 0), min(end - at, length)))
        at += length
    return inside[0], inside[-1]


def _middle(run: Any, start: int, end: int) -> Any:
    # The part of a run between two of its characters, as a run of its own; a run of more than one text stays whole.
    texts = [child for child in run if child.tag != f"{W}rPr"]
    whole = _printed(run)
    if len(texts) != 1 or texts[0].tag != f"{W}t":
        return run
    parts = [(0, start), (start, end), (end, len(whole))]
    made = []
    for left, right in parts:
        if left < right:
            part = deepcopy(run)
            text = part.find(f"{W}t")
            text.text = whole[left:right]
            text.set(_SPACE, "preserve")
            run.addprevious(part)
            made.append(((left, right), part))
    run.getparent().remove(run)
    return next(part for bounds, part in made if bounds == (start, end))
