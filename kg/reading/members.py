"""One member of a list, between two 、 → the parties in it: open lists, words between names, asterisks, roles in brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.folding import marks
from kg.model import Role
from kg.reading.characters import depths, trim
from kg.reading.collectives import GroupRow, collective_end, finishes_places, group_row
from kg.reading.parties import any_of, is_body, is_body_or_town, is_party, without_blanks
from kg.resources import per_lexicon, table

MOST_JOINED = 40
"""Words between names in one member; one with more is no list."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One party of a member."""

    start: int
    end: int
    group: GroupRow | None
    """What sort of collective reference it is, None for a unit."""
    marked: bool
    """Whether an asterisk beside it says that it leads."""
    role: Role | None
    """The role printed behind it in a bracket: 市发改委(牵头)."""
    closes_examples: bool
    """Whether it stands behind 等, so that the parties before it are its examples."""


@dataclass(frozen=True, slots=True)
class _Words:
    joining: re.Pattern[str]
    dividing: re.Pattern[str]
    """What a member of several parties holds."""
    before: re.Pattern[str]
    urging: re.Pattern[str]
    bare: frozenset[str]
    nobody: frozenset[str]
    heads: frozenset[str]
    """Short bodies with which longer names begin: 市委 of 市委组织部."""
    example: str
    tails: tuple[str, ...]
    mark: str
    edges: str
    enumeration: str
    closing: str
    opening: str
    roles: dict[str, Role]
    remarks: frozenset[str]
    longest_bare: int


@per_lexicon
def _words() -> _Words:
    names = table("lexicon/names.toml")
    mark = table("lexicon/roles.toml")["mark_of_lead"]["mark"]
    return _Words(
        re.compile(any_of(names["joining"]["words"])),
        re.compile(any_of([*names["joining"]["words"], names["examples"]["word"]]) + r"|\s"),
        re.compile(any_of(names["joining"]["before"])),
        re.compile(any_of(names["joining"]["urging"])),
        frozenset(names["joining"]["bare"]),
        frozenset(names["nobody"]["words"]),
        frozenset(names["joining"]["heads"]),
        names["examples"]["word"],
        tuple(names["tails"]["words"]),
        mark,
        marks("stop") + marks("enumeration") + marks("edges") + mark,
        marks("enumeration"),
        marks("close"),
        marks("open"),
        {word: role for role in Role for word in names["role_bracket"][role.value]},
        frozenset(names["role_bracket"]["remark"]),
        names["places"]["longest"],
    )


def is_bare_word(folded: str) -> bool:
    """Whether a word is no party by itself, as the last one of 各有关部门、单位."""
    return folded in _words().bare


def joined_reference(folded: str, start: int, cuts: Sequence[int]) -> tuple[int, int] | None:
    """Where a member ends before a word that joins it to a reference of several parts, and where that begins; None without one.

    >>> text = "甲公司和各州、市人民政府"
    >>> joined_reference(text, 0, [6, 12])
    (3, 4)
    """
    if len(cuts) < 2:
        return None
    for hit in _words().joining.finditer(folded, start + 1, cuts[0]):
        if is_body(without_blanks(folded[start : hit.start()].strip())) and collective_end(folded, hit.end(), cuts) is not None:
            return hit.span()
    return None


def pieces_of(member: str, at: int = 0, *, listed: bool = False, followed: bool = False) -> list[Piece]:
    """The parties of a member of a list, in printed order.

    Args:
        member: folded, without blanks at its ends.
        at: where it begins in its list; positions of the parties count from the start of the list.
        listed: whether 、 stands on either side of it.
        followed: whether 、 stands behind it.

    >>> text = "市公安局等市政府有关部门"
    >>> [text[piece.start : piece.end] for piece in pieces_of(text)]
    ['市公安局', '市政府有关部门']
    """
    if _words().dividing.search(member) is None:
        runs = [(0, len(member))]
    else:
        runs = [part for run in _open_list(member, followed) for part in _joined(member, *run, listed, followed)]
    return [piece for run in runs if (piece := _piece(member, *run, at))]


def _open_list(member: str, followed: bool) -> list[tuple[int, int]]:
    # 甲等有关部门, 甲等和各地区, 甲等: what stands before 等 and what behind it.
    words, end = _words(), len(member)
    at = member.find(words.example, 1)
    while at > 0:
        left, right = trim(member, at + len(words.example), end)
        if hit := words.joining.match(member, left, right):
            left = hit.end()
        if left >= right:
            return [(0, at)]
        first = _joined(member, left, right, True, followed)[0]
        if group_row(without_blanks(member[slice(*first)])) is not None:
            return [(0, at), (left, right)]
        at = member.find(words.example, at + 1)
    return [(0, end)]


def _joined(member: str, start: int, end: int, listed: bool, followed: bool) -> list[tuple[int, int]]:
    # 甲局和乙局, 甲局 乙局: two names where both sides are names; 发展和改革委员会 is one, and so is 有关部门和单位.
    # From the last word between names to the first: what stands behind each is known when the one before it is looked at.
    inside = depths(member, start, end)
    hits = [hit.span() for hit in _words().joining.finditer(member, start + 1, end) if inside[hit.start() - start] == 0]
    if len(hits) > MOST_JOINED:
        return [(start, end)]
    tails: dict[int, list[tuple[int, int]]] = {}
    for at in [*reversed(range(len(hits))), -1]:
        left = hits[at][1] if at >= 0 else start
        tails[at] = _from(member, left, end, hits[at + 1 :], [tails[k] for k in range(at + 1, len(hits))], followed)
        if tails[at] == [trim(member, left, end)]:
            tails[at] = _at_blanks(member, *trim(member, left, end), listed)
    return tails[-1]


def _from(
    member: str, start: int, end: int, hits: Sequence[tuple[int, int]], tails: Sequence[list[tuple[int, int]]], followed: bool
) -> list[tuple[int, int]]:
    words = _words()
    for (stop, _), tail in zip(hits, tails, strict=True):
        left = trim(member, start, stop)
        if left[1] - left[0] < 2 or not tail or tail[0][0] >= tail[0][1]:
            continue
        first = without_blanks(member[slice(*tail[0])])
        # 住建局及五星、新闸街道: a bare name that the next member of the list gives its kind.
        unfinished = followed and tail[0][1] == len(member) and len(first) <= words.longest_bare
        if first not in words.bare and is_body(without_blanks(member[slice(*left)])) and (is_party(first) or unfinished):
            return [left, *tail]
    return [trim(member, start, end)]


def _at_blanks(member: str, start: int, end: int, listed: bool) -> list[tuple[int, int]]:
    inside = depths(member, start, end)
    cuts = [start + at for at, depth in enumerate(inside) if depth == 0 and member[start + at].isspace()]
    edges = [start - 1, *cuts, end]
    runs = [(left + 1, right) for left, right in zip(edges, edges[1:], strict=False) if left + 1 < right]
    mark = _words().enumeration
    if len(runs) < 2 or any(mark in (member[left], member[right - 1]) for left, right in runs):
        return [(start, end)]
    # Where blanks are all that divides the list, places and references count as names, too; 各市 县人民政府 is one.
    is_name = is_body_or_town if listed else is_party
    long = all(right - left > 2 or (is_body(member[left:right]) and member[left:right] not in _words().heads) for left, right in runs)
    if long and all(is_name(member[left:right]) and not finishes_places(member[left:right]) for left, right in runs):
        return runs
    return (_rows(member, runs) if "\n" in member[start:end] else []) or [(start, end)]


def _rows(member: str, runs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    # Lines of a cell: a name may go on in the next line (市自然资源和 | 规划局 | 市教育局). A new one begins as the first does.
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(runs):
        start = runs[at][0]
        ends = [stop for stop in range(at, len(runs)) if is_body(without_blanks(member[start : runs[stop][1]]))]
        good = [stop for stop in ends if stop + 1 == len(runs) or member[runs[stop + 1][0]] == member[runs[0][0]]]
        if not good:
            return []
        found.append((start, runs[good[0]][1]))
        at = good[0] + 1
    return found if len(found) > 1 else []


def _piece(member: str, start: int, end: int, at: int) -> Piece | None:
    words = _words()
    example = start > 0 and words.example in member[start - len(words.example) - 1 : start]
    marked = False
    while start < end and (member[start].isspace() or member[start] in words.edges):
        marked, start = marked or member[start] == words.mark, start + 1
    while start < end and (member[end - 1].isspace() or member[end - 1] in words.edges):
        marked, end = marked or member[end - 1] == words.mark, end - 1
    start = _behind_joining(member, start, end)
    for word in words.tails:
        if end - start > len(word) and member.endswith(word, start, end):
            end -= len(word)
    end, role = _role_bracket(member, start, end)
    if start >= end or member[start:end] in words.nobody:
        return None
    return Piece(at + start, at + end, group_row(without_blanks(member[start:end])), marked, role, example)


def _behind_joining(member: str, start: int, end: int) -> int:
    # 以及国务院相关部门, 和各地区: the word before belongs to no name; 和田地区 begins with its own.
    words = _words()
    if hit := words.before.match(member, start, end):
        rest = without_blanks(member[hit.end() : end])
        return trim(member, hit.end(), end)[0] if len(rest) > 2 and is_party(rest) else start
    hit = words.urging.match(member, start, end) or words.joining.match(member, start, end)
    if hit is None or group_row(without_blanks(member[hit.end() : end])) is None:
        return start
    return trim(member, hit.end(), end)[0]


def _role_bracket(member: str, start: int, end: int) -> tuple[int, Role | None]:
    words = _words()
    if end > start and member[end - 1] in words.closing:
        at = max(member.rfind(mark, start, end) for mark in words.opening)
        inner = member[at + 1 : end - 1].strip() if at > start else ""
        if inner in words.roles or inner in words.remarks:
            return at, words.roles.get(inner)
    return end, None
