"""Suggested single moves as one HTML file, as Markdown and as a short text, each with the clause it would change."""

from __future__ import annotations

from collections.abc import Sequence

from kg.analysis.suggest import Move
from kg.analysis.whatif import whole_of
from kg.messages import language
from kg.model import Ties
from kg.views.compare_facts import signed
from kg.views.document import (
    Block,
    Chapter,
    Document,
    Number,
    Paragraph,
    Piece,
    Points,
    Row,
    Table,
    Terms,
    as_sentence,
    listed,
    plain,
    sentence,
)
from kg.views.facts import whole
from kg.views.markdown import document_markdown
from kg.views.report import document_html, headed_chapters, numbered_blocks
from kg.views.text import text_table
from kg.views.whatif_chapters import cells, columns
from kg.views.whatif_facts import GINI_DIGITS, Words, gini_text, words_of

_NAMED = 3
_RULES = ("tried", "never", "each")


def suggestions_html(ties: Ties, moves: Sequence[Move], *, lang: str | None = None) -> str:
    """The moves as one HTML file that loads nothing, runs nothing and prints on A4.

    Args:
        ties: the ties that they would change.
        moves: what ``kg.analysis.suggest.suggest`` gives.
        lang: zh or en; the language in use where None.
    """
    return document_html(suggestions_document(ties, moves, lang or language()))


def suggestions_markdown(ties: Ties, moves: Sequence[Move], *, lang: str | None = None) -> str:
    """The moves as Markdown with tables (GitHub's dialect).

    Args:
        ties: the ties that they would change.
        moves: what ``kg.analysis.suggest.suggest`` gives.
        lang: zh or en; the language in use where None.
    """
    return document_markdown(suggestions_document(ties, moves, lang or language()))


def suggestions_document(ties: Ties, moves: Sequence[Move], lang: str) -> Document:
    """What the moves are, in one language, before they are HTML or Markdown."""
    words = words_of(ties, lang)
    before = gini_text(whole_of(ties).overview.gini)
    best = gini_text(moves[0].gini_after) if moves else before
    anchor = "moves" if moves else "moves-part"
    numbers = (
        Number(words.say("suggest.number.gini"), Piece(before, anchor), words.say("suggest.number.gini-aside")),
        Number(words.say("suggest.number.best"), Piece(best, anchor), words.say("suggest.number.best-aside")),
        Number(words.say("suggest.number.moves"), Piece(str(len(moves)), anchor), words.say("suggest.number.moves-aside")),
    )
    text = Points(tuple(as_sentence(words.say(f"suggest.rule.{rule}")) for rule in _RULES))
    method = Chapter("method-part", words.say("method.title"), (text,))
    return Document(
        lang=lang,
        title=words.say("suggest.title", count=len(moves), before=before, best=best)
        if moves
        else words.say("suggest.title-none", before=before),
        name=words.say("suggest.name"),
        subject=words.say("subject", notices=plain(listed([row.title or row.id for row in ties.notices[:_NAMED]], lang=lang))),
        standfirst=words.say("suggest.standfirst"),
        numbers=numbers,
        findings=(
            *(
                sentence("whatif.suggest.finding", lang=lang, step=words.step(move.step), gini=_gini(words, move))
                for move in moves[:_NAMED]
            ),
            as_sentence(words.say("caveat")),
        ),
        chapters=tuple(numbered_blocks(headed_chapters([_moves_chapter(words, moves), method], lang), lang)),
    )


def _gini(words: Words, move: Move) -> str:
    return words.arrow(gini_text(move.gini_before), gini_text(move.gini_after))


def _moves_chapter(words: Words, moves: Sequence[Move]) -> Chapter:
    names = ("row:what", "gini/before", "gini/after", "gini/difference", "relations")
    rows = []
    for at, move in enumerate(moves, 1):
        ginis = gini_text(move.gini_before), gini_text(move.gini_after), signed(move.gini_after - move.gini_before, GINI_DIGITS)
        relations = words.arrow(*map(whole, move.relations))
        rows.append(Row(str(at), cells(words, words.step(move.step), *ginis, relations)))
    blocks: list[Block] = [Paragraph(as_sentence(words.say("suggest.text" if moves else "suggest.none")))]
    table = Table("moves", words.say("suggest.caption"), columns(words, *names), tuple(rows), words.say("caveat"))
    clauses = {words.task(move.task): as_sentence(words.tasks[move.task].clause or words.say("none-cell")) for move in moves}
    blocks += [table, Paragraph(as_sentence(words.say("suggest.clauses"))), Terms(tuple(clauses.items()))] if moves else []
    return Chapter("moves-part", words.say("suggest.chapter"), tuple(blocks))


def suggestions_text(ties: Ties, moves: Sequence[Move], *, lang: str | None = None) -> str:
    """The moves for a terminal, one a line, with the caveat.

    Args:
        ties: the ties that they would change.
        moves: what ``kg.analysis.suggest.suggest`` gives.
        lang: zh or en; the language in use where None.
    """
    words = words_of(ties, lang or language())
    if not moves:
        return words.say("suggest.none") + "\n"
    rows = [
        (at, words.step(move.step), _gini(words, move), signed(move.gini_after - move.gini_before, GINI_DIGITS))
        for at, move in enumerate(moves, 1)
    ]
    heads = [words.say(f"column.{name}") for name in ("rank", "what", "gini", "difference")]
    return "\n".join([words.say("suggest.caption"), text_table(heads, rows), "", words.say("caveat"), words.say("suggest.text-more"), ""])
