"""Rules that a notice prints once, and what they make of the roles that a clause's own words give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.model import Assignment, Role
from kg.reading.clauses import Reading
from kg.reading.names import Name
from kg.reading.segments import Party

MOST_STANDING = 20
"""Standing rules of one notice that are applied; none met prints more than three."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Units that a printed rule adds to every task behind it."""

    at: int
    """Position in the frozen text behind which it holds, or before which."""
    names: tuple[Name, ...]
    above: bool = False
    """Whether it speaks of the tasks above it: 以上各项均需…落实."""


@dataclass(frozen=True, slots=True)
class PrintedRule:
    """One rule as printed: its kind (``lexicon/roles.toml``), where it stands, and the units that it names."""

    kind: str
    at: int
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The printed rules of a notice, each with the position from which it holds; None where it is not printed."""

    first_is_lead: int | None = None
    comma_divides_lead: int | None = None
    sole_is_lead: int | None = None
    standing: tuple[Standing, ...] = ()


def rule_book(printed: Sequence[PrintedRule], last_clause: int) -> RuleBook:
    """The rules of a notice.

    Args:
        printed: its rules in printed order.
        last_clause: where the last clause ends: a rule in a note behind it holds for all clauses.
    """
    first: dict[str, int] = {}
    for rule in printed:
        first.setdefault(rule.kind, 0 if rule.at >= last_clause else rule.at)
    kinds = {"standing": False, "standing_above": True}
    standing = tuple(Standing(rule.at, rule.names, kinds[rule.kind]) for rule in printed if rule.kind in kinds and rule.names)[
        :MOST_STANDING
    ]
    return RuleBook(first.get("first_is_lead"), first.get("comma_divides_lead"), first.get("sole_is_lead"), standing)


def assignments_of(reading: Reading, end: int, book: RuleBook) -> tuple[tuple[Assignment, ...], list[str]]:
    """The assignments of a clause that ends at position ``end``, with the rules that hold there; and which rule gave the lead.

    A lead that the clause names by word outranks a rule; a collective reference never leads by a rule.
    """
    parties, by_rule = list(reading.parties), ""
    led = any(party.role is Role.LEAD for party in parties)
    if not led and any(party.name.marked for party in parties):
        parties = [_led(party) if party.name.marked else party for party in parties]
        by_rule = "marked-is-lead"
    elif not led:
        parties, by_rule = _by_rule(parties, reading, end, book)
    return tuple(_assignment(party) for party in parties), [by_rule] if by_rule else []


def _holds(since: int | None, end: int) -> bool:
    return since is not None and since < end


def _by_rule(parties: list[Party], reading: Reading, end: int, book: RuleBook) -> tuple[list[Party], str]:
    if _holds(book.comma_divides_lead, end):
        first = [_shares(party) and not party.behind_comma for party in parties]
        return [_led(party) if leads else party for party, leads in zip(parties, first, strict=True)], "comma-divides-lead"
    if _holds(book.first_is_lead, end) and parties and _shares(parties[0]):
        return [_led(parties[0]), *parties[1:]], "first-is-lead"
    if _holds(book.sole_is_lead, end):
        return [_led(party) if _shares(party) else party for party in parties], "sole-is-lead"
    labelled = {party.role for party in parties if party.labelled}
    if {Role.RESPONSIBLE, Role.COOPERATING} <= labelled:
        # 责任单位 beside 配合单位 is who leads.
        return [_led(party) if _shares(party) and party.labelled else party for party in parties], "responsible-leads"
    return parties, ""


def _shares(party: Party) -> bool:
    return party.role is Role.RESPONSIBLE and party.name.group_kind is None


def _led(party: Party) -> Party:
    return Party(party.name, Role.LEAD, True)


def _assignment(party: Party, *, standing: bool = False) -> Assignment:
    name = party.name
    collective = name.group_kind is not None
    return Assignment(party.role, name.printed, name.span, name.name, None, collective, standing, name.example_of, name.group_kind)


def standing_assignments(start: int, given: Sequence[Assignment], book: RuleBook) -> tuple[Assignment, ...]:
    """What the standing rules that hold at position ``start`` add to a task that does not name those units itself."""
    named = {assignment.name for assignment in given}
    added: dict[str, Name] = {}
    for rule in book.standing:
        if (start < rule.at) if rule.above else (rule.at <= start):
            added |= {name.name: name for name in rule.names if name.name not in named}
    return tuple(_assignment(Party(name, Role.RESPONSIBLE, False), standing=True) for name in added.values())
