"""A stretch of a clause → its parties with their roles, its time limits, its persons: verbs behind parties, what vouches for a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from kg.folding import fold, marks
from kg.model import Person, Role, Span
from kg.reading.characters import Line, cuts_outside, split_outside, trim
from kg.reading.deadlines import deadline_parts
from kg.reading.grammar import ROLES, Label, find_labels, find_verbs, without
from kg.reading.names import Name, read_names
from kg.reading.parties import is_body, is_party, is_prose, is_vouched, person_in, without_blanks
from kg.resources import per_lexicon, table

SHORT = 8
"""Characters of a name without a usual ending that is taken for one beside others: 中国人保."""


@dataclass(frozen=True, slots=True)
class Party:
    """One party with the role that the words of its clause give it."""

    name: Name
    role: Role
    by_word: bool
    """Whether a word of the role itself says so, which outranks a rule printed once."""
    labelled: bool = False
    """Whether a label or the head of a column says so, not a verb."""
    behind_comma: bool = False
    """Whether it stands behind the first comma between the parties of its clause."""


@dataclass(slots=True)
class Draft:
    """What is collected while a clause is read."""

    parties: list[Party] = field(default_factory=list)
    deadlines: list[tuple[int, int]] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    unread: list[Span] = field(default_factory=list)
    suspects: list[Span] = field(default_factory=list)
    verbs: int = 0


def read_list(line: Line, role: Role) -> tuple[list[Party], list[Person]]:
    """The parties of a list whose place says their role, as a cell under its head, and persons in it; words inside it win."""
    labels = find_labels(line.folded, 0, len(line.folded))
    draft = drafted(line, 0, len(line.folded), labels, role)
    return divided_by_comma(draft.parties, line.folded, len(line.folded)), draft.persons


def drafted(line: Line, start: int, end: int, labels: Sequence[Label], role: Role | None) -> Draft:
    """What a stretch says: before the first label with the role of its place, if any; then label by label."""
    edges = [*(label.start for label in labels), end]
    draft = Draft()
    _segment(line, start, edges[0], role, draft)
    for label, stop in zip(labels, edges[1:], strict=True):
        _labelled(line, label, stop, draft)
    return draft


def divided_by_comma(parties: Sequence[Party], folded: str, end: int) -> list[Party]:
    """Parties of one line, each with whether it stands behind the first comma among them; commas in brackets divide nothing."""
    cuts = cuts_outside(folded, marks("list_break")[0], parties[0].name.at, end) if parties else []
    if not cuts:
        return list(parties)
    return [Party(p.name, p.role, p.by_word, p.labelled, p.name.at > cuts[0]) for p in parties]


def _labelled(line: Line, label: Label, end: int, draft: Draft) -> None:
    while end > label.end and (line.folded[end - 1].isspace() or line.folded[end - 1] in marks("stop")):
        end -= 1
    if label.end >= end:
        return
    if label.kind == "deadline":
        _deadline_value(line, label.end, end, draft)
    elif label.kind in ("person", "contact"):
        draft.persons += read_persons(line, label.end, end, label.words)
    elif label.kind in ROLES:
        _segment(line, label.end, end, Role(label.kind), draft)
    elif label.kind == "unknown":
        draft.unread.append(line.span(label.start, end))


def _deadline_value(line: Line, start: int, end: int, draft: Draft) -> None:
    # All of it is the time limit, but not a body behind a comma: 2024年6月,市体育局.
    runs = split_outside(line.folded, marks("list_break"), start, end)
    bodies = [run for run in runs[1:] if is_body(line.folded[slice(*trim(line.folded, *run))])]
    stop = bodies[0][0] - 1 if bodies else end
    draft.deadlines.append((start, stop))
    if bodies:
        draft.unread.append(line.span(bodies[0][0], end))


def read_persons(line: Line, start: int, end: int, office: str) -> list[Person]:
    """The persons of a list, with the words that say what they are to the task."""
    runs = [trim(line.folded, *run) for run in split_outside(line.folded, marks("enumeration") + marks("stop"), start, end)]
    nobody = table("lexicon/names.toml")["nobody"]["words"]
    return [Person(line.text[a:b], line.span(a, b), office) for a, b in runs if a < b and line.folded[a:b] not in nobody]


def _segment(line: Line, start: int, end: int, role: Role | None, draft: Draft) -> None:
    # Parties, then the verb that says what they do; what stands behind the last verb has the role of the label, or shares.
    if not line.folded[start:end].strip():
        return
    times = deadline_parts(line.folded, start, end)
    draft.deadlines += times
    rest = without(line, times)
    at, mode, last = start, "", ""
    for verb in find_verbs(rest.folded, start, end):
        draft.verbs += 1
        names = _names(rest, at, verb.start, _Trust.LABEL if role is not None else _Trust.VERB, draft)
        kind = verb.kind if verb.kind != "with" else "lead"
        if kind == "responsible" and (mode == "with" or role is not None):
            # 甲会同乙负责; 牵头单位:甲、乙按职责分工负责.
            kind = "cooperating" if mode == "with" else str(role)
        draft.parties += [Party(name, name.role or Role(kind), kind != "responsible" or name.role is not None) for name in names]
        mode, last, at = verb.kind, kind, verb.end
    behind = "cooperating" if mode == "with" else "responsible" if last in ("lead", "responsible") else last
    given = Role(behind) if behind else role
    # Behind a verb of a labelled list the sentence may go on: 甲局,负责修路.
    trust = _Trust.NONE if role is not None and last else _Trust.LABEL if role is not None else _Trust.VERB
    names = _names(rest, at, end, trust, draft)
    if given is not None:
        by_word = role is not Role.RESPONSIBLE or behind == "cooperating"
        draft.parties += [Party(name, name.role or given, by_word or name.role is not None, role is not None) for name in names]
    else:
        draft.unread += [name.span for name in names]


class _Trust(Enum):
    # What vouches for a name that does not end as names do.
    LABEL = "label"
    VERB = "verb"
    NONE = "none"


def _names(line: Line, start: int, end: int, trust: _Trust, draft: Draft) -> list[Name]:
    start = _behind_opening(line.folded, start, end)
    kept: list[Name] = []
    names, persons = parted_names(read_names(line, start, end))
    draft.persons += persons
    draft.suspects += [person.span for person in persons]
    for name in names:
        folded = line.folded[name.at : name.at + len(name.printed)] if name.name == name.printed else fold(name.name)
        if not (is_party(folded) or (trust is _Trust.LABEL and is_vouched(folded)) or (trust is _Trust.VERB and _is_short(folded))):
            draft.unread.append(name.span)
        else:
            kept.append(name)
    return kept


def parted_names(names: Sequence[Name]) -> tuple[list[Name], list[Person]]:
    """The parties among some names, and the persons who stand where a party should, also behind one (市发改委 王建国)."""
    parties: list[Name] = []
    persons: list[Person] = []
    for name in names:
        cut = person_in(name.printed) if name.group_kind is None else None
        # A name that a line end divides, or that shares a suffix, is left as it is.
        if cut is None or name.span.end - name.span.start != len(name.printed) or name.name != without_blanks(name.printed):
            parties.append(name)
            continue
        if cut:
            parties.append(
                replace(name, printed=name.printed[:cut], span=Span(name.span.start, name.span.start + cut), name=name.printed[:cut])
            )
        persons.append(_person(name, cut))
    return parties, persons


def _person(name: Name, cut: int) -> Person:
    folded = fold(name.printed)
    start = next(at for at in range(cut, len(folded)) if folded[at] not in marks("open") and not folded[at].isspace())
    stop = len(folded) - (folded[-1] in marks("close"))
    return Person(name.printed[start:stop], Span(name.span.start + start, name.span.start + stop), "")


def _behind_opening(folded: str, start: int, end: int) -> int:
    hit = _opening().match(folded, start, end)
    return hit.end() if hit else start


@per_lexicon
def _opening() -> re.Pattern[str]:
    # The first of the words that fits, as they stand in the table.
    words = "|".join(map(re.escape, table("lexicon/roles.toml")["before_parties"]["words"]))
    return re.compile(rf"[\s{re.escape(marks('stop') + marks('enumeration'))}]*+(?:{words})")


def _is_short(folded: str) -> bool:
    # Without a label, a name that has no usual ending counts only beside others that have one (_plausible).
    return len(folded) <= SHORT and not is_prose(folded) and folded.isalnum()
