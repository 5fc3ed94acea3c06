"""A responsibility clause → who has which role, until when, and the characters that say so."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.folding import fold, marks
from kg.model import Deadline, Person, Role, Span
from kg.reading.characters import Line, cuts_of, trim
from kg.reading.deadlines import read_deadline
from kg.reading.grammar import (
    ROLES,
    Label,
    Printed,
    blanked,
    find_labels,
    find_rules,
    find_verbs,
    has_keyword,
    may_be_clause,
    role_words_before,
    without,
)
from kg.reading.names import read_names
from kg.reading.ordinals import read_ordinal
from kg.reading.parties import is_body, is_party, is_prose
from kg.reading.segments import SHORT, Draft, Party, divided_by_comma, drafted

LONGEST = 2000
"""Characters of the longest clause; the longest one met has some 400. What is longer is text with a bracket left open."""
DEEPEST = 12
"""Brackets around one another that are tried as clauses; the deepest clause met stands in three."""


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
    rest = without(line, [(rule.start, rule.end) for rule in rules])
    names = read_names(rest, *run.inner())
    folded = [fold(name.name) for name in names]
    if not any(map(is_body, folded)) or not all(map(is_party, folded)):
        return None
    parties = [Party(name, name.role or Role.RESPONSIBLE, name.role is not None) for name in names]
    return Reading(run, tuple(divided_by_comma(parties, rest.folded, run.inner()[1])), rules=rules)


def _pairs(folded: str) -> dict[int, int | None]:
    """Where each bracket that opens is closed; None where it never is."""
    pairs: dict[int, int | None] = {}
    stack: list[int] = []
    opening = marks("open")
    for at in cuts_of(folded, opening + marks("close")):
        if folded[at] in opening:
            stack.append(at)
            pairs[at] = None
        elif stack:
            pairs[stack.pop()] = at
    return pairs


def _brackets(line: Line) -> Iterator[ClauseRun]:
    # Outer brackets first; where the outer is no clause, the inner may be. Not the inner ones of a thousand: each is read.
    around: list[int] = []
    for at, end in _pairs(line.folded).items():
        run = ClauseRun(at, len(line.folded) if end is None else end + 1, end is not None)
        if run.end - run.start > LONGEST:
            continue
        around = [stop for stop in around if stop > at]
        if len(around) < DEEPEST and has_keyword(line.folded, *run.inner()):
            around.append(run.end)
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


def _read(line: Line, run: ClauseRun, start: int, end: int) -> tuple[Reading, Draft, list[Label]]:
    rules = tuple(find_rules(line.folded, start, end))
    rest = without(line, [(rule.start, rule.end) for rule in rules])
    labels = find_labels(rest.folded, start, end)
    draft = drafted(rest, start, end, labels, None)
    draft.unread += [line.span(rule.start, rule.end) for rule in rules if rule.kind == "denied"]
    deadline = _deadline(line, draft.deadlines)
    reading = Reading(
        run,
        tuple(divided_by_comma(draft.parties, rest.folded, end)),
        deadline,
        tuple(draft.persons),
        rules,
        tuple(_separators(rest, run, labels)),
        tuple(draft.unread),
        tuple(draft.suspects),
    )
    return reading, draft, labels


def unread_runs(line: Line, taken: Sequence[Span]) -> list[Span]:
    """What looks like responsibility and stands in none of the clauses: labels, role words before a body, brackets with a verb.

    Args:
        taken: the clauses near the line, in printed order.
    """
    folded = line.folded
    if not may_be_clause(_outside(line, taken)):
        return []
    starts = [clause.start for clause in taken]

    def is_free(start: int, end: int) -> bool:
        span = line.span(start, end)
        at = bisect_right(starts, span.start) - 1
        return at < 0 or span.start >= taken[at].end

    found = [run for run in role_words_before(folded) if is_free(*run) and is_body(_behind_word(folded, run[1]))]
    if any(is_free(at, at + 1) for at in cuts_of(folded, marks("colon"))):
        labels = [label for label in find_labels(folded, 0, len(folded)) if label.kind in ROLES]
        found += [(label.start, label.end) for label in labels if is_free(label.start, label.end)]
    for run in _brackets(line):
        if is_free(run.start, run.end) and find_verbs(folded, *run.inner()) and _looks_like_clause(line, run):
            found.append((run.start, run.end))
    return [line.span(*run) for run in sorted(set(found))]


def _outside(line: Line, taken: Sequence[Span]) -> str:
    # What a line prints beside its clauses; of a line that ends with its only clause, and a mark, what stands before it.
    if len(taken) == 1 and line.start < taken[0].start:
        behind = line.folded[bisect_left(line.positions, taken[0].end) :] if taken[0].end < line.end else ""
        if not behind.strip(marks("sentence_end") + " "):
            return line.folded[: bisect_left(line.positions, taken[0].start)]
    return line.folded


def _looks_like_clause(line: Line, run: ClauseRun) -> bool:
    reading, draft, _ = _read(line, run, *run.inner())
    named = any(is_body(fold(party.name.name)) for party in reading.parties)
    return bool(draft.verbs) and (named or (_between_sentences(line.folded, run) and bool(reading.parties or reading.suspects)))


def _behind_word(folded: str, at: int) -> str:
    # What stands behind a role word up to the next mark, if it can be a name at all.
    stop = next(
        iter(cuts_of(folded[at : at + SHORT * 3], marks("stop") + marks("enumeration") + marks("open") + marks("close"))), SHORT * 3
    )
    name = folded[at : at + stop].strip()
    return name if not is_prose(name) else ""


def joined_readings(first: Reading, second: Reading) -> Reading | None:
    """Two clauses without wording between them, as labels on lines of their own, read as one; None where both say who leads."""
    if all(any(party.role is Role.LEAD for party in reading.parties) for reading in (first, second)):
        return None
    return replace(
        first,
        parties=first.parties + tuple(replace(party, behind_comma=bool(first.parties)) for party in second.parties),
        deadline=first.deadline or second.deadline,
        persons=first.persons + second.persons,
        rules=first.rules + second.rules,
        separators=first.separators + second.separators,
        unread=first.unread + second.unread,
        suspects=first.suspects + second.suspects,
    )


def _separators(line: Line, run: ClauseRun, labels: list[Label]) -> Iterator[tuple[str, Span]]:
    roles = [label for label in labels if label.kind in ROLES]
    for label in roles[1:]:
        at = line.folded.rfind(label.separator, run.start, label.start) if label.separator else -1
        if at >= 0:
            yield label.separator, line.span(at, at + 1)


def _deadline(line: Line, parts: list[tuple[int, int]]) -> Deadline | None:
    # Two stages stand side by side: one time limit, from the first to the last.
    if not parts:
        return None
    start, stop = min(parts)
    for left, right in sorted(parts)[1:]:
        # A party between two limits: each has its own, and the first is the one that is kept.
        if any(not (character.isspace() or character in marks("stop")) for character in line.folded[stop:left]):
            break
        stop = right
    return read_deadline(line, start, stop)
