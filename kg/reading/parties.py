"""What can be the name of a party: how names of bodies and places end, and what only sentences hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.folding import fold, marks
from kg.reading.characters import is_han, outside_brackets
from kg.reading.collectives import MOST_KEPT, begins_reference, group_row
from kg.resources import per_lexicon, table


@dataclass(frozen=True, slots=True)
class _Forms:
    endings: re.Pattern[str]
    places: re.Pattern[str]
    towns: tuple[str, ...]
    prose: re.Pattern[str]
    never: re.Pattern[str]
    person: re.Pattern[str]
    longest: int
    short: int
    bodies: dict[str, bool] = field(default_factory=dict)
    parties: dict[str, bool] = field(default_factory=dict)
    persons: dict[str, int | None] = field(default_factory=dict)
    """Answers that were given already."""


def any_of(words: Sequence[str]) -> str:
    """A pattern of words, longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _person(words: dict[str, Any]) -> re.Pattern[str]:
    pattern: str = words["pattern"]
    for name, part in (("{offices}", any_of(words["offices"])), ("{common}", words["common"]), ("{most}", words["most"])):
        pattern = pattern.replace(name, part)
    return re.compile(pattern)


@per_lexicon
def _forms() -> _Forms:
    names = table("lexicon/names.toml")
    inner = rf"(?:[{re.escape(marks('open'))}].*[{re.escape(marks('close'))}])?"
    return _Forms(
        re.compile(rf".+(?:{any_of(names['endings']['words'])}){inner}", re.S),
        re.compile(rf".+(?:{any_of(names['place_names']['words'])}){inner}", re.S),
        tuple(names["place_names"]["towns"]),
        re.compile("|".join(names["prose"]["words"])),
        re.compile("|".join(names["prose"]["never"])),
        _person(names["surnames"]),
        names["prose"]["longest"],
        names["prose"]["short"],
    )


_BLANK = re.compile(r"\s")


def forget() -> None:
    """Forget the names that were met, so that the next are looked at as the first."""
    _forms().bodies.clear()
    _forms().parties.clear()
    _forms().persons.clear()


def _kept(known: dict[str, bool], folded: str, answer: bool) -> bool:
    # Names come again and again; what was asked once is kept, in bounds.
    if len(known) > MOST_KEPT:
        known.clear()
    known[folded] = answer
    return answer


def is_body(folded: str) -> bool:
    """Whether a folded text ends as names of bodies do, or is a collective reference.

    >>> is_body("市发改委"), is_body("各县市区政府"), is_body("强化"), is_body("会")
    (True, True, False, False)
    """
    forms = _forms()
    known = forms.bodies.get(folded)
    if known is None:
        known = _kept(forms.bodies, folded, bool(forms.endings.fullmatch(folded)) or group_row(folded) is not None)
    return known


def is_body_or_town(folded: str) -> bool:
    """Whether a folded text ends as names of bodies do, or as those of towns.

    >>> is_body_or_town("东山镇"), is_body_or_town("荆州市")
    (True, False)
    """
    return is_body(folded) or folded.endswith(_forms().towns)


def is_party(folded: str) -> bool:
    """Whether a folded text can be one party of a clause: a body, a place, or a collective reference, and no sentence.

    >>> is_party("荆州开发区"), is_party("不符合条件的由原单位")
    (True, False)
    """
    forms = _forms()
    known = forms.parties.get(folded)
    return known if known is not None else _kept(forms.parties, folded, _is_party(folded))


def _is_party(folded: str) -> bool:
    if (row := group_row(folded)) is not None:
        return row.prose or begins_reference(folded) or not is_prose(folded)
    outside = "".join(folded[at] for at in outside_brackets(folded))
    forms = _forms()
    named = is_body(folded) or bool(forms.places.fullmatch(folded))
    if len(outside) <= forms.short and named:
        return forms.never.search(outside) is None
    return named and len(outside) <= forms.longest and not is_prose(outside)


def is_person(folded: str) -> bool:
    """Whether a folded text looks like the name of a person: two or three characters with a surname, and no ending of a body or place.

    >>> is_person("王建国"), is_person("张某某副市长"), is_person("黄石港"), is_person("高新区"), is_person("华为")
    (True, True, False, False, False)
    """
    return _forms().person.fullmatch(folded) is not None and not is_party(folded)


def person_in(printed: str) -> int | None:
    """Where the name of a person begins in a printed name: at 0, or behind the name of a body (市发改委 王建国, 市财政局（李明）).

    The position is that behind the body; blanks and a bracket may follow. None without a person.

    >>> person_in("王建国"), person_in("市发改委王建国"), person_in("市财政局（李明）"), person_in("市财政局国库处")
    (0, 4, 4, None)
    """
    persons = _forms().persons
    if printed not in persons:
        if len(persons) > MOST_KEPT:
            persons.clear()
        persons[printed] = _person_in(fold(printed))
    return persons[printed]


def _person_in(folded: str) -> int | None:
    if is_person(folded):
        return 0
    bare = folded[:-1] if folded[-1:] in marks("close") else folded
    for length in (2, 3, 4):
        start = len(bare) - length
        name, before = bare[start:].strip(), bare[:start].rstrip().rstrip(marks("open")).rstrip()
        if len(before) > 3 and is_person(name) and is_body(before) and not before.endswith(name):
            return len(before)
    return None


def is_vouched(folded: str) -> bool:
    """Whether a folded text is a party where a label says that one stands there: short and no sentence, or with a usual ending.

    >>> is_vouched("上城资本"), is_vouched("向警予同志纪念馆"), is_vouched("不符合条件的除外")
    (True, True, False)
    """
    forms = _forms()
    if is_party(folded) or (2 * len(folded) <= forms.longest and not is_prose(folded) and forms.never.search(folded) is None):
        return True
    return is_body(folded) and len(folded) <= forms.longest and forms.never.search(folded) is None


def is_prose(folded: str) -> bool:
    """Whether a folded text holds a word that names of bodies do not hold.

    >>> is_prose("市应急管理局"), is_prose("不符合条件的")
    (False, True)
    """
    return _forms().prose.search(folded) is not None


def without_blanks(name: str) -> str:
    """A name without the blanks and line ends between Chinese characters: these belong to the page.

    >>> without_blanks("市发展 改革委"), without_blanks("AI Lab")
    ('市发展改革委', 'AI Lab')
    """
    if _BLANK.search(name) is None:
        return name
    kept = [
        character
        for at, character in enumerate(name)
        if not character.isspace() or not (is_han(name[at - 1]) or is_han(name[at + 1 : at + 2] or "x") or name[at - 1].isspace())
    ]
    return "".join(kept)
