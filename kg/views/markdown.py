"""The load report as Markdown: the same sentences and numbers, figures left to their tables."""

from __future__ import annotations

import re
from functools import partial

from kg.messages import language, say
from kg.model import Ties
from kg.views.document import Document, Sentence
from kg.views.report import block_kind, report_document, templates

_MEANS_SOMETHING = re.compile(r"[\\`*_\[\]<>|#~&!$]")


def report_markdown(ties: Ties, *, lang: str | None = None) -> str:
    """The report as Markdown with tables (GitHub's dialect); links lead to the table that holds a figure.

    Args:
        ties: the ties of one or more notices.
        lang: zh or en; the language in use where None.
    """
    return document_markdown(report_document(ties, lang or language()))


def document_markdown(document: Document) -> str:
    """A document as Markdown with tables; figures are left to their tables."""
    template = templates().get_template("report.md.j2")
    text = template.render(
        report=document,
        kind_of=block_kind,
        md=markdown_text,
        md_sentence=markdown_sentence,
        say=partial(say, lang=document.lang),
    )
    return re.sub(r"\n{3,}", "\n\n", text)


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
