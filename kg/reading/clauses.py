"""A responsibility clause → who has which role, until when, and the characters that say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from kg.folding import fold, marks
from kg.model import Deadline, Person, Role, Span
from kg.reading.characters import Line, cuts_of, split_outside, trim
from kg.reading.deadlines import deadline_parts, read_deadline
from kg.reading.grammar import ROLES, Label, Printed, blanked, find_labels, find_rules, find_verbs, has_keyword
from kg.reading.names import Name, read_names
from kg.reading.ordinals import read_ordinal
from kg.reading.parties import is_body, is_party, is_person, is_prose, is_vouched, person_behind, without_blanks
from kg.resources import table

LONGEST = 2000
"""Characters of the longest clause; the longest one met has some 400. What is longer is text with a bracket left open."""


SHORT = 8
"""Characters of a name without a usual ending that is taken for one beside others: 中国人保."""


@dataclass(frozen=True, slots=True)
class ClauseRun:
    """Where a clause stands in its line, bracket included, and by which rule it was taken for one.

    ``closed`` is False where its bracket never closes.
    """

    start: int
    end: int
    closed: bool
    rule: str = "bracket-labelled"

    def inner(self) -> tuple[int, int]:
        """What stands inside the bracket."""
        if not self.rule.startswith("bracket"):
            return self.start, self.end
        return self.start + 1, self.end - 1 if self.closed else self.end


@dataclass(frozen=True, slots=True)
class Party:
    """One party with the role that the words of its clause give it."""

    name: Name
    role: Role
    by_word: bool
    """Whether a word of the role itself says so, which outranks a rule printed once."""
    labelled: bool = False
    """Whether a label or the head of a column says so, not a verb."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one clause says."""

    run: ClauseRun
    parties: tuple[Party, ...] = ()
    deadline: Deadline | None = None
    persons: tuple[Person, ...] = ()
    rules: tuple[Printed, ...] = ()
    separators: tuple[tuple[str, Span], ...] = ()
    unread: tuple[Span, ...] = ()
    suspects: tuple[Span, ...] = ()
    """Persons that stand where a party should."""
    first_comma: int | None = None
    """Where in the line the first comma between parties stands."""


@dataclass(slots=True)
class _Draft:
    # What is collected while a clause is read.
    parties: list[Party] = field(default_factory=list)
    deadlines: list[tuple[int, int]] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    unread: list[Span] = field(default_factory=list)
    suspects: list[Span] = field(default_factory=list)
    verbs: int = 0


def find_clauses(line: Line, bare: int = 0) -> list[Reading]:
    """The clauses of a line, read, in order: in brackets, behind a label of their own line, behind a label in the line.

    Args:
        bare: how many parties a bracket of nothing but parties must hold to be a clause, too; 0 where none is. The layout of
            the whole notice decides.
    """
    found: list[Reading] = []
    if has_keyword(line.folded):
        found = _placed(line, [reading for run in _brackets(line) if (reading := _bracket_clause(line, run))])
        found += [reading for run in _open_runs(line, [r.run for r in found]) if (reading := _label_clause(line, run))]
    if bare and not found:
        found = [reading for reading in bare_brackets(line, anywhere=bare == 1) if len(reading.parties) >= bare]
    return sorted(found, key=lambda reading: reading.run.start)


def _placed(line: Line, readings: list[Reading]) -> list[Reading]:
    # A single bracket with a verb in the middle of a sentence says what a body is (某办公室(甲局牵头),…), not who has a task.
    verbs = [reading for reading in readings if reading.run.rule == "bracket-verb"]
    if len(verbs) != 1 or len(readings) > 1 or _between_sentences(line.folded, verbs[0].run):
        return readings
    return []


def _between_sentences(folded: str, run: ClauseRun) -> bool:
    before, behind = folded[: run.start].rstrip(), folded[run.end :].lstrip()
    ends = marks("sentence_end") + marks("list_break")[1:]
    if not before or before[-1] in ends or not behind or behind[0] in ends:
        return True
    return read_ordinal(behind) is not None and before[-1] not in marks("list_break")


def bare_brackets(line: Line, *, anywhere: bool = False) -> Iterator[Reading]:
    """The brackets of a line that hold nothing but parties, behind a mark.

    Args:
        anywhere: also those in the middle of the line; else only one at its end, behind the end of a sentence.
    """
    folded = line.folded.rstrip(marks("sentence_end") + " ")
    ends = marks("stop") if anywhere else marks("sentence_end")
    behind = 0
    for start, end in _pairs(line.folded).items():
        if end is None or start < behind:
            continue
        behind = end
        run = ClauseRun(start, end + 1, True, "bracket-bare")
        placed = start and (anywhere or run.end == len(folded)) and folded[:start].rstrip()[-1:] in tuple(ends)
        if placed and run.end - start <= LONGEST and (reading := _bare(line, run)):
            yield reading


def _bare(line: Line, run: ClauseRun) -> Reading | None:
    rules = tuple(find_rules(line.folded, *run.inner()))
    rest = Line(line.text, blanked(line.folded, [(rule.start, rule.end) for rule in rules]), line.positions)
    names = read_names(rest, *run.inner())
    folded = [fold(name.name) for name in names]
    if not any(map(is_body, folded)) or not all(map(is_party, folded)):
        return None
    commas = split_outside(rest.folded, marks("list_break")[0], names[0].at, run.inner()[1])
    parties = tuple(Party(name, name.role or Role.RESPONSIBLE, name.role is not None) for name in names)
    return Reading(run, parties, rules=rules, first_comma=commas[0][1] if len(commas) > 1 else None)


def _pairs(folded: str) -> dict[int, int | None]:
    """Where each bracket that opens is closed; None where it never is."""
    pairs: dict[int, int | None] = {}
    stack: list[int] = []
    for at in cuts_of(folded, marks("open") + marks("close")):
        if folded[at] in marks("open"):
            stack.append(at)
            pairs[at] = None
        elif stack:
            pairs[stack.pop()] = at
    return pairs


def _brackets(line: Line) -> Iterator[ClauseRun]:
    # Outer brackets first; where the outer is no clause, the inner may be.
    for at, end in _pairs(line.folded).items():
        run = ClauseRun(at, len(line.folded) if end is None else end + 1, end is not None)
        if run.end - run.start <= LONGEST and has_keyword(line.folded, *run.inner()):
            yield run


def _bracket_clause(line: Line, run: ClauseRun) -> Reading | None:
    start, end = run.inner()
    reading, draft, labels = _read(line, run, start, end)
    roles = [label for label in labels if label.kind in (*ROLES, "person")]
    if roles:
        first = line.folded[start : roles[0].start].strip()
        if not run.closed and trim(line.folded, start, end)[0] != roles[0].start:
            return None
        named = not first or bool(reading.parties) or bool(reading.rules)
        return replace(reading, run=replace(run, rule="bracket-labelled")) if named else None
    if not run.closed and line.folded[start:end].count(marks("sentence_end")[0]) > 1:
        return None
    plausible = draft.verbs and reading.parties and not draft.unread and _plausible(reading)
    return replace(reading, run=replace(run, rule="bracket-verb")) if plausible else None


def _plausible(reading: Reading) -> bool:
    # Most of the names end as names do.
    good = sum(is_party(fold(party.name.name)) for party in reading.parties)
    return 3 * good >= 2 * len(reading.parties)


def _open_runs(line: Line, taken: list[ClauseRun]) -> Iterator[ClauseRun]:
    # Labels outside of brackets: at the start of the line, or behind the end of a sentence.
    rest = blanked(line.folded, [(run.start, run.end) for run in taken])
    if marks("colon") not in rest:
        return
    labels = [label for label in find_labels(line.folded, 0, len(line.folded)) if label.kind in (*ROLES, "person", "deadline")]
    labels = [label for label in labels if not any(run.start <= label.start < run.end for run in taken)]
    if not any(label.kind in ROLES for label in labels):
        whole = labels and not line.folded[: labels[0].start].strip(_bullets())
        if whole:
            yield ClauseRun(labels[0].start, len(line.folded), True, "line-labelled")
        return
    own_line = not line.folded[: labels[0].start].strip(_bullets())
    first = next((label for label in labels if own_line or label.kind in ROLES), None)
    if first is None or not (own_line or _begins_part(line.folded, first.start)):
        return
    end = min(_end_of_open(line, [label.start for label in labels], first.end), first.start + LONGEST)
    yield ClauseRun(first.start, end, True, "line-labelled" if own_line else "inline-labelled")


def _bullets() -> str:
    return marks("bullets")


def _begins_part(folded: str, at: int) -> bool:
    before = folded[:at].rstrip()
    return not before or before[-1] in marks("sentence_end") + marks("close") or at - len(before) >= 2


def _end_of_open(line: Line, starts: list[int], at: int) -> int:
    # The clause goes on to the end of the sentence, and over it where a label or a printed rule follows.
    folded = line.folded
    rules = [(rule.start, rule.end) for rule in find_rules(folded, at)]
    for cut in (k for k in range(at, len(folded)) if folded[k] in marks("sentence_end")):
        follows = trim(folded, cut + 1, len(folded))[0]
        if any(start < cut < end or start == follows for start, end in rules) or follows in starts:
            continue
        return cut if follows < len(folded) else len(folded)
    return len(folded)


def _label_clause(line: Line, run: ClauseRun) -> Reading | None:
    reading, _, labels = _read(line, run, run.start, run.end)
    said = reading.parties or reading.persons or reading.deadline or any(label.kind in ROLES for label in labels)
    return reading if said and labels else None


def _read(line: Line, run: ClauseRun, start: int, end: int) -> tuple[Reading, _Draft, list[Label]]:
    rules = tuple(find_rules(line.folded, start, end))
    rest = Line(line.text, blanked(line.folded, [(rule.start, rule.end) for rule in rules]), line.positions)
    labels = find_labels(rest.folded, start, end)
    draft = _drafted(rest, start, end, labels, None)
    deadline = _deadline(line, draft.deadlines)
    names = [party.name for party in draft.parties]
    commas = split_outside(rest.folded, marks("list_break")[0], names[0].at, end) if names else []
    reading = Reading(
        run,
        tuple(draft.parties),
        deadline,
        tuple(draft.persons),
        rules,
        tuple(_separators(rest, run, labels)),
        tuple(draft.unread),
        tuple(draft.suspects),
        commas[0][1] if len(commas) > 1 else None,
    )
    return reading, draft, labels


def unread_runs(line: Line, taken: Sequence[Span]) -> list[Span]:
    """Labels of roles, and brackets with a verb of responsibility behind a name, that stand in none of the clauses."""
    folded = line.folded
    if not has_keyword(folded):
        return []
    colons = cuts_of(folded, marks("colon"))
    free = any(not _inside(line.span(at, at + 1), taken) for at in colons)
    labels = [(label.start, label.end) for label in find_labels(folded, 0, len(folded)) if label.kind in ROLES] if free else []
    runs = [run for run in _brackets(line) if not _inside(line.span(run.start, run.end), taken)]
    readings = [(run, *_read(line, run, *run.inner())) for run in runs]
    verbs = [
        (run.start, run.end)
        for run, reading, draft, _ in readings
        if draft.verbs and any(is_body(fold(party.name.name)) for party in reading.parties)
    ]
    return [span for run in (*labels, *verbs) if not _inside(span := line.span(*run), taken)]


def _inside(span: Span, taken: Sequence[Span]) -> bool:
    return any(clause.start <= span.start < clause.end for clause in taken)


def joined_readings(first: Reading, second: Reading) -> Reading | None:
    """Two clauses without wording between them, as labels on lines of their own, read as one; None where both say who leads."""
    if all(any(party.role is Role.LEAD for party in reading.parties) for reading in (first, second)):
        return None
    return replace(
        first,
        parties=first.parties + second.parties,
        deadline=first.deadline or second.deadline,
        persons=first.persons + second.persons,
        rules=first.rules + second.rules,
        separators=first.separators + second.separators,
        unread=first.unread + second.unread,
        suspects=first.suspects + second.suspects,
        first_comma=first.first_comma if first.parties else second.first_comma,
    )


def read_list(line: Line, role: Role) -> tuple[list[Party], list[Person]]:
    """The parties of a list whose place says their role, as a cell under its head, and persons in it; words inside it win."""
    labels = find_labels(line.folded, 0, len(line.folded))
    draft = _drafted(line, 0, len(line.folded), labels, role)
    return draft.parties, draft.persons


def _drafted(line: Line, start: int, end: int, labels: Sequence[Label], role: Role | None) -> _Draft:
    # What stands before the first label has the role of its place, if any; then label by label.
    edges = [*(label.start for label in labels), end]
    draft = _Draft()
    _segment(line, start, edges[0], role, draft)
    for label, stop in zip(labels, edges[1:], strict=True):
        _labelled(line, label, stop, draft)
    return draft


def _separators(line: Line, run: ClauseRun, labels: list[Label]) -> Iterator[tuple[str, Span]]:
    roles = [label for label in labels if label.kind in ROLES]
    for label in roles[1:]:
        at = line.folded.rfind(label.separator, run.start, label.start) if label.separator else -1
        if at >= 0:
            yield label.separator, line.span(at, at + 1)


def _deadline(line: Line, parts: list[tuple[int, int]]) -> Deadline | None:
    # Two stages stand side by side: one time limit, from the first to the last.
    return read_deadline(line, min(a for a, _ in parts), max(b for _, b in parts)) if parts else None


def _labelled(line: Line, label: Label, end: int, draft: _Draft) -> None:
    while end > label.end and (line.folded[end - 1].isspace() or line.folded[end - 1] in marks("stop")):
        end -= 1
    if label.end >= end:
        return
    if label.kind == "deadline":
        draft.deadlines.append((label.end, end))
    elif label.kind in ("person", "contact"):
        draft.persons += read_persons(line, label.end, end, label.words)
    elif label.kind in ROLES:
        _segment(line, label.end, end, Role(label.kind), draft)
    elif label.kind == "unknown":
        draft.unread.append(line.span(label.start, end))


def read_persons(line: Line, start: int, end: int, office: str) -> list[Person]:
    """The persons of a list, with the words that say what they are to the task."""
    runs = [trim(line.folded, *run) for run in split_outside(line.folded, marks("enumeration") + marks("stop"), start, end)]
    nobody = table("lexicon/names.toml")["nobody"]["words"]
    return [Person(line.text[a:b], line.span(a, b), office) for a, b in runs if a < b and line.folded[a:b] not in nobody]


def _segment(line: Line, start: int, end: int, role: Role | None, draft: _Draft) -> None:
    # Parties, then the verb that says what they do; what stands behind the last verb has the role of the label, or shares.
    if not line.folded[start:end].strip():
        return
    times = deadline_parts(line.folded, start, end)
    draft.deadlines += times
    rest = Line(line.text, blanked(line.folded, times), line.positions)
    at, mode, last = start, "", ""
    for verb in find_verbs(rest.folded, start, end):
        draft.verbs += 1
        names = _names(rest, at, verb.start, role is not None, draft)
        kind = verb.kind if verb.kind != "with" else "lead"
        if kind == "responsible" and (mode == "with" or role is not None):
            # 甲会同乙负责; 牵头单位:甲、乙按职责分工负责.
            kind = "cooperating" if mode == "with" else str(role)
        draft.parties += [Party(name, name.role or Role(kind), kind != "responsible" or name.role is not None) for name in names]
        mode, last, at = verb.kind, kind, verb.end
    behind = "cooperating" if mode == "with" else "responsible" if last in ("lead", "responsible") else last
    given = Role(behind) if behind else role
    names = _names(rest, at, end, role is not None, draft)
    if given is not None:
        by_word = role is not Role.RESPONSIBLE or behind == "cooperating"
        draft.parties += [Party(name, name.role or given, by_word or name.role is not None, role is not None) for name in names]
    else:
        draft.unread += [name.span for name in names]


def _names(line: Line, start: int, end: int, labelled: bool, draft: _Draft) -> list[Name]:
    start = _behind_opening(line.folded, start, end)
    kept: list[Name] = []
    names, persons = parted_names(read_names(line, start, end))
    draft.persons += persons
    draft.suspects += [person.span for person in persons]
    for name in names:
        folded = line.folded[name.at : name.at + len(name.printed)] if name.name == name.printed else fold(name.name)
        if not (is_vouched(folded) if labelled else is_party(folded) or _is_short(folded)):
            draft.unread.append(name.span)
        else:
            kept.append(name)
    return kept


def parted_names(names: Sequence[Name]) -> tuple[list[Name], list[Person]]:
    """The parties among some names, and the persons who stand where a party should, also behind one (市发改委 王建国)."""
    parties: list[Name] = []
    persons: list[Person] = []
    for name in names:
        folded = fold(name.printed)
        if name.group_kind is None and name.name == name.printed and is_person(folded):
            persons.append(Person(name.printed, name.span, ""))
        elif name.group_kind is None and (cut := person_behind(folded)) is not None:
            start = cut + next(
                at for at, character in enumerate(folded[cut:]) if character not in marks("open") and not character.isspace()
            )
            stop = len(folded) - (folded[-1] in marks("close"))
            # One line of the frozen text, else the name is left as it is.
            if name.span.end - name.span.start == len(folded):
                span = Span(name.span.start, name.span.start + cut)
                parties.append(replace(name, printed=name.printed[:cut], span=span, name=without_blanks(name.printed[:cut])))
                persons.append(Person(name.printed[start:stop], Span(name.span.start + start, name.span.start + stop), ""))
            else:
                parties.append(name)
        else:
            parties.append(name)
    return parties, persons


def _behind_opening(folded: str, start: int, end: int) -> int:
    at = trim(folded, start, end)[0]
    while at < end and (folded[at].isspace() or folded[at] in marks("stop") + marks("enumeration")):
        at += 1
    for word in table("lexicon/roles.toml")["before_parties"]["words"]:
        if folded.startswith(word, at, end):
            return at + len(word)
    return start


def _is_short(folded: str) -> bool:
    # Without a label, a name that has no usual ending counts only beside others that have one (_plausible).
    return len(folded) <= SHORT and not is_prose(folded) and folded.isalnum()
