"""A part of a graph as people name it: sections, kinds, lines of work, levels and notices in words, looked up in the ties."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.analysis.selection import chosen_units, select
from kg.errors import ChoiceError
from kg.messages import LANGUAGES, language, say
from kg.model import Kind, Level, NoticeRow, SectionRow, Ties
from kg.resources import table


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for, as typed; all conditions hold together, several values of one are alternatives."""

    notices: tuple[str, ...] = ()
    """Ids, numbers or titles."""
    sections: tuple[str, ...] = ()
    """Printed numbers (一), running numbers (1) or titles, whole or in part."""
    kinds: tuple[str, ...] = ()
    """Ids of the code list or their words."""
    lines: tuple[str, ...] = ()
    """Ids of lines of work or their words."""
    levels: tuple[str, ...] = ()
    """Ids of levels or their words."""
    places: tuple[str, ...] = ()
    """Places of issue: names, with or without 市 and the like, or codes."""
    years: tuple[str, ...] = ()
    """Plan years."""

    def __bool__(self) -> bool:
        return any((self.notices, self.sections, self.kinds, self.lines, self.levels, self.places, self.years))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The tasks chosen, with whole teams; the units whose rows are wanted; and what the part is in words."""

    ties: Ties
    units: frozenset[str] | None
    """None where all are wanted."""
    words: str


def choose(ties: Ties, choice: Choice, *, lang: str | None = None) -> Chosen:
    """The part of the ties that a choice means; an empty choice means all, in no words.

    Notices, places, years and sections choose tasks. Kinds, lines and levels choose whose rows are wanted, and nothing else: teams stay
    whole, so that a unit has the same figures in every part in which it is shown, and no task loses its lead. To count only
    relations among the chosen, as M3d does, use ``selection.select``.

    Raises:
        ChoiceError: something is not there; the message lists every fault, with what there is.
    """
    if not choice:
        return Chosen(ties, None, "")
    lang = lang or language()
    faults: list[str] = []
    notices = _notices(ties, choice, faults)
    sections = _sections(ties, choice.sections, set(notices) if notices else None, faults)
    held = {unit.kind.value for unit in ties.units}
    kinds = _found("kind", choice.kinds, {kind.value: _words(f"report.kind.{kind.value}") for kind in Kind if kind.value in held}, faults)
    lines = _found("line", choice.lines, {line: _in_use_first(names) for line, names in _line_names(ties).items()}, faults)
    there = {unit.level for unit in ties.units}
    named: dict[str, Sequence[str]] = {level.value: _words(f"level.{level.value}") for level in Level if level.value in there}
    levels = _found("level", choice.levels, named, faults)
    if faults:
        raise ChoiceError(len(faults), "\n".join(f"  {fault}" for fault in faults))
    tasks = select(ties, notices=notices, sections=sections if choice.sections else None)
    whom = bool(choice.kinds or choice.lines or choice.levels)
    units = chosen_units(tasks, kinds=kinds or None, lines=lines or None, levels=levels or None) if whom else None
    if not tasks.ties or (units is not None and not units):
        raise ChoiceError(1, f"  {say('choice.nothing')}")
    return Chosen(tasks, units, _in_words(ties, choice, notices, sections, (kinds, lines, levels), lang))


def _notices(ties: Ties, choice: Choice, faults: list[str]) -> list[str] | None:
    """The ids of the notices that are meant by themselves, by place and by year; None where nothing is said of them."""
    rows = ties.notices
    if not (choice.notices or choice.places or choice.years):
        return None
    own = set(_found("notice", choice.notices, {row.id: _notice_names(row) for row in rows}, faults))
    places = set(_found("place", choice.places, {row.jurisdiction: (row.place, row.place[:-1]) for row in rows if row.place}, faults))
    years = set(
        _found("year", choice.years, {str(row.year): () for row in sorted(rows, key=lambda row: row.year or 0) if row.year}, faults)
    )
    return [
        row.id
        for row in rows
        if (not choice.notices or row.id in own)
        and (not choice.places or row.jurisdiction in places)
        and (not choice.years or str(row.year) in years)
    ]


def _found(what: str, asked: Sequence[str], known: Mapping[str, Sequence[str]], faults: list[str]) -> list[str]:
    """The ids that some words mean; every word that means none becomes a fault."""
    found: list[str] = []
    for word in asked:
        wanted = word.strip().casefold()
        own = [one for one, names in known.items() if wanted in {one.casefold(), *(name.casefold() for name in names)}]
        if not own:
            names = [names[0] if names else one for one, names in known.items()]
            near = difflib.get_close_matches(word, dict.fromkeys([*names, *known]), 3, 0.4)
            offered = say("choice.join").join(near or list(dict.fromkeys(names))[:12]) or say("choice.none")
            faults.append(say(f"choice.{what}", word, offered))
        found += [one for one in own if one not in found]
    return found


def _sections(ties: Ties, asked: Sequence[str], notices: set[str] | None, faults: list[str]) -> list[tuple[str, int]]:
    rows = [row for row in ties.sections if notices is None or row.notice in notices]
    found: list[tuple[str, int]] = []
    for word in asked:
        wanted = word.strip()
        own = [row for row in rows if wanted in _section_names(row)] or [row for row in rows if wanted and wanted in row.title]
        if not own:
            offered = say("choice.join").join(dict.fromkeys(_section_words(row) for row in rows[:12])) or say("choice.none")
            faults.append(say("choice.section", word, offered))
        found += [(row.notice, row.index) for row in own if (row.notice, row.index) not in found]
    return found


def _section_names(row: SectionRow) -> set[str]:
    return {row.number, str(row.index), row.title, _section_words(row)} - {""}


def _section_words(row: SectionRow) -> str:
    return say("choice.section-name", number=row.number or row.index, title=row.title) if row.title else row.number or str(row.index)


def _notice_names(row: NoticeRow) -> list[str]:
    return [name for name in (row.number, row.title) if name]


def _words(key: str) -> list[str]:
    return _in_use_first([say(key, lang=lang) for lang in LANGUAGES])


def _in_use_first(names: Sequence[str]) -> list[str]:
    # What is offered is the first name; names in both languages are understood.
    own = LANGUAGES.index(language())
    return [names[own], *(name for at, name in enumerate(names) if at != own)]


def _line_names(ties: Ties) -> dict[str, Sequence[str]]:
    rows = {row["id"]: (row["zh"], row["en"]) for row in table("lexicon/lines.toml")["line"]}
    return {line: rows.get(line, (line, line)) for line in sorted({line for unit in ties.units for line in unit.lines})}


def _in_words(
    ties: Ties,
    choice: Choice,
    notices: Sequence[str] | None,
    sections: Sequence[tuple[str, int]],
    whom: tuple[Sequence[str], Sequence[str], Sequence[str]],
    lang: str,
) -> str:
    at = LANGUAGES.index(lang)
    kinds, lines, levels = whom
    titles = {(row.notice, row.index): _section_words(row) for row in ties.sections}
    names = {row.id: row.number or row.title or row.id for row in ties.notices}
    lists = (
        list(dict.fromkeys(row.place for row in ties.notices if choice.places and row.id in (notices or ()))),
        list(dict.fromkeys(str(row.year) for row in ties.notices if choice.years and row.id in (notices or ()))),
        [names[notice] for notice in notices or () if choice.notices],
        list(dict.fromkeys(titles[section] for section in sections)),
        [say(f"report.kind.{kind}", lang=lang) for kind in kinds],
        [_line_names(ties)[line][at] for line in lines],
        [say(f"level.{level}", lang=lang) for level in levels],
    )
    parts = [
        say(f"choice.words.{key}", lang=lang, names=say("choice.join", lang=lang).join(found))
        for key, found in zip(("places", "years", "notices", "sections", "kinds", "lines", "levels"), lists, strict=True)
        if found
    ]
    return say("choice.words.join", lang=lang).join(parts)
