"""A list of parties → names, each with its place and its completed form."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from kg.folding import marks
from kg.model import Role, Span
from kg.reading.characters import Line, cuts_outside, split_outside, trim
from kg.reading.collectives import MOST_KEPT, collective_end, group_row
from kg.reading.members import Piece, is_bare_word, joined_reference, pieces_of
from kg.reading.parties import without_blanks
from kg.reading.suffixes import share_suffix, suffixes
from kg.resources import per_lexicon


@dataclass(frozen=True, slots=True)
class Name:
    """One party of a list as printed, before it is given a role."""

    printed: str
    span: Span
    name: str
    """``printed`` without blanks, with a shared suffix given back."""
    at: int
    """Where it begins in its line."""
    example_of: str | None = None
    group_kind: str | None = None
    """What sort of collective reference it is, None for a unit."""
    marked: bool = False
    """Whether an asterisk beside it says that it leads."""
    role: Role | None = None
    """The role printed behind it in a bracket: 市发改委(牵头)."""


def read_names(line: Line, start: int, end: int) -> list[Name]:
    """The parties of ``line.text[start:end]``, in printed order.

    A comma divides the text into lists; a suffix is shared within one list only.
    """
    found: list[Name] = []
    for left, right in split_outside(line.folded, _list_ends(), start, end):
        found += _read_list(line, left, right)
    return found


@per_lexicon
def _list_ends() -> str:
    return marks("list_break") + marks("sentence_end")


def _read_list(line: Line, start: int, end: int) -> list[Name]:
    found: list[Name] = []
    positions = line.positions
    for piece, added in _listed(line.folded[start:end]):
        at, stop = start + piece.start, start + piece.end
        printed, group = line.text[at:stop], piece.group
        if group is not None and piece.closes_examples:
            found = [before if before.group_kind else replace(before, example_of=printed) for before in found]
        name = without_blanks(printed + added)
        span = Span(positions[at], positions[stop - 1] + 1)
        found.append(Name(printed, span, name, at, None, group.kind if group else None, piece.marked, piece.role))
    return found


Listed = tuple[tuple[Piece, str], ...]
"""The parties of a list, their positions counted from its start, each with the suffix that it shares."""


@per_lexicon
def _known() -> dict[str, Listed]:
    return {}


def forget() -> None:
    """Forget the lists that were met, so that the next is read as the first."""
    _known().clear()


def _listed(folded: str) -> Listed:
    # The same list comes again and again in one notice; it is taken apart once.
    known = _known()
    found = known.get(folded)
    if found is None:
        if len(known) > MOST_KEPT:
            known.clear()
        found = known[folded] = _taken_apart(folded)
    return found


def _taken_apart(folded: str) -> Listed:
    pieces = [piece for left, right in _members(folded, 0, len(folded)) for piece in _pieces(folded, left, right)]
    added: list[str] = []
    for is_group, run in groupby(pieces, lambda piece: piece.group is not None):
        # A reference to many ends what shares a suffix.
        units = [folded[piece.start : piece.end] for piece in run]
        added += (
            [""] * len(units)
            if is_group
            else [name[len(unit) :] for unit, name in zip(units, share_suffix(units, suffixes()), strict=True)]
        )
    return tuple(zip(pieces, added, strict=True))


def _pieces(folded: str, left: int, right: int) -> list[Piece]:
    mark = marks("enumeration")
    followed = folded[right : right + 1] == mark
    listed = followed or folded[max(0, left - 1) : left] == mark
    return pieces_of(folded[left:right], left, listed=listed, followed=followed)


def _members(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    # References to many places first: their inner 、 divides nothing.
    cuts = [*cuts_outside(folded, marks("enumeration"), start, end), end]
    at = start
    while at < end:
        following = cuts[bisect_left(cuts, at) :]
        stop, behind = collective_end(folded, at, following), 0
        if stop is None and (reference := joined_reference(folded, at, following)):
            stop, behind = reference
        if stop is None:
            stop = _with_bare_word(folded, at, following[:2])
        left, right = trim(folded, at, stop)
        if left < right:
            yield left, right
        at = behind or stop + 1


def _with_bare_word(folded: str, start: int, cuts: Sequence[int]) -> int:
    # 各有关部门、单位: the word behind is no party by itself.
    if len(cuts) < 2 or not is_bare_word(folded[cuts[0] + 1 : cuts[1]].strip()):
        return cuts[0]
    return cuts[1] if group_row(without_blanks(folded[start : cuts[0]].strip())) is not None else cuts[0]
