"""The load report as Markdown: the same sentences and numbers, figures as files beside it or left to their tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import PurePath
from urllib.parse import quote

from kg.messages import language, say
from kg.model import Ties
from kg.views.assessed import Settings
from kg.views.document import Document, Figure, Sentence
from kg.views.report import block_kind, report_document, style, templates

_MEANS_SOMETHING = re.compile(r"[\\`*_\[\]<>|#~&!$]")


def report_markdown(ties: Ties, *, lang: str | None = None, settings: Settings | None = None) -> str:
    """The report as Markdown with tables (GitHub's dialect); links lead to the table that holds a figure.

    Args:
        ties: the ties of one or more notices.
        lang: zh or en; the language in use where None.
        settings: of the tests; the usual ones where None, and then no tests for a great many tasks.
    """
    return document_markdown(report_document(ties, lang or language(), settings))


def document_markdown(document: Document, pictures: Mapping[str, str] | None = None) -> str:
    """A document as Markdown with tables.

    Args:
        document: what it says.
        pictures: the file of each figure by its anchor; a figure without a file is left to its table.
    """
    template = templates().get_template("report.md.j2")
    text = template.render(
        report=document,
        kind_of=block_kind,
        pictures={anchor: quote(file) for anchor, file in (pictures or {}).items()},
        md=markdown_text,
        md_sentence=markdown_sentence,
        say=partial(say, lang=document.lang),
    )
    return re.sub(r"\n{3,}", "\n\n", text)


def markdown_files(document: Document, file: str) -> dict[str, str]:
    """A document as a Markdown file and its figures as SVG files beside it, by file name, the Markdown last.

    Args:
        document: what it says.
        file: name of the Markdown file; beside ``report.md`` stand ``report-ranking.svg`` and so on.
    """
    drawn = [block for chapter in document.chapters for block in chapter.blocks if isinstance(block, Figure)]
    names = {figure.anchor: f"{PurePath(file).stem}-{figure.anchor}.svg" for figure in drawn}
    files = {names[figure.anchor]: standalone(figure.svg) for figure in drawn}
    return files | {file: document_markdown(document, names)}


def standalone(svg: str) -> str:
    """A drawing as a file of its own, light or dark as the reader's screen is, on paper of its own."""
    head, end, body = svg.partition(">")
    return f"{head}{end}<style>{style('palette', 'chart')}svg {{ background: var(--paper); }}</style>{body}\n"


def markdown_text(text: str) -> str:
    r"""A text that Markdown shows as it is: on one line, every character with a meaning of its own escaped.

    >>> markdown_text("a|b\n<img> [x]")
    'a\\|b \\<img\\> \\[x\\]'
    """
    return _MEANS_SOMETHING.sub(lambda match: f"\\{match[0]}", " ".join(text.split()))


def markdown_sentence(parts: Sentence) -> str:
    """A sentence with its links.

    >>> from kg.views.document import Piece
    >>> markdown_sentence((Piece("58", "load", "x"), Piece("条")))
    '[58](#load)条'
    """
    return "".join(f"[{_kept(part.text)}](#{part.table})" if part.table else _kept(part.text) for part in parts)


def _kept(text: str) -> str:
    # Blanks at the ends part a sentence's pieces, and must stay.
    if not text.strip():
        return " " if text else ""
    return " " * text[0].isspace() + markdown_text(text) + " " * text[-1].isspace()
