"""A responsibility clause → who has which role, and the characters that say so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.model import Assignment, Role, Span
from kg.reading.characters import Line, marks
from kg.reading.names import read_names
from kg.resources import per_lexicon, table


@dataclass(frozen=True, slots=True)
class ClauseRun:
    """Where a clause stands in its line, bracket included; ``closed`` is False where the bracket never closes."""

    start: int
    end: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A role word with its colon: where it starts, where its list begins, and the mark printed before it."""

    role: Role
    start: int
    end: int
    separator: str


@per_lexicon
def _label_pattern() -> tuple[re.Pattern[str], dict[str, Role]]:
    roles = {word: Role(row["role"]) for row in table("lexicon/roles.toml")["label"] for word in row["words"]}
    words = "|".join(sorted(map(re.escape, roles), key=len, reverse=True))
    before = re.escape(table("lexicon/roles.toml")["separator"]["marks"])
    return re.compile(rf"(?P<separator>[{before}]?)\s*(?P<label>{words})\s*{marks('colon')}"), roles


def find_clauses(line: Line, start: int = 0) -> list[ClauseRun]:
    """The bracketed clauses of a line from ``start`` on, in order.

    A bracket is a clause where a role word with a colon follows its opening; an inner bracket never ends it.
    """
    pattern, _ = _label_pattern()
    found: list[ClauseRun] = []
    at = line.folded.find(marks("open"), start)
    while at >= 0:
        if pattern.match(line.folded, at + 1):
            run = _bracket(line.folded, at)
            found.append(run)
            at = run.end
        else:
            at += 1
        at = line.folded.find(marks("open"), at)
    return found


def unread_labels(line: Line) -> list[Span]:
    """Role words with a colon that stand in no clause of the line: responsibility that no rule reads."""
    pattern, _ = _label_pattern()
    hits = list(pattern.finditer(line.folded))
    runs = find_clauses(line) if hits else []
    return [line.span(hit.start("label"), hit.end()) for hit in hits if not any(run.start < hit.end() <= run.end for run in runs)]


def _bracket(folded: str, start: int) -> ClauseRun:
    depth = 0
    opening, closing = marks("open"), marks("close")
    for at in range(start, len(folded)):
        depth += (folded[at] == opening) - (folded[at] == closing)
        if depth == 0:
            return ClauseRun(start, at + 1, True)
    return ClauseRun(start, len(folded), False)


def read_labels(line: Line, run: ClauseRun) -> list[Label]:
    """The role words of a clause, in order; words in an inner bracket are none."""
    pattern, roles = _label_pattern()
    inner_end = run.end - 1 if run.closed else run.end
    found: list[Label] = []
    depth, at = 0, run.start + 1
    opening, closing = marks("open"), marks("close")
    while at < inner_end:
        depth += (line.folded[at] == opening) - (line.folded[at] == closing)
        hit = pattern.match(line.folded, at, inner_end) if depth == 0 else None
        if hit and (not found or hit["separator"]):
            found.append(Label(roles[hit["label"]], hit.start("label"), hit.end(), hit["separator"]))
            at = hit.end()
        else:
            at += 1
    return found


def read_clause(line: Line, run: ClauseRun) -> list[Assignment]:
    """The assignments of a labelled clause, in printed order.

    Source: 荆政办发〔2020〕1号, all tasks.
    """
    labels = read_labels(line, run)
    inner_end = run.end - 1 if run.closed else run.end
    # A label begins behind the separator before it: what stands between is the list of the label before.
    ends = [label.start for label in labels[1:]] + [inner_end]
    return [
        Assignment(
            label.role, name.printed, name.span, name.name, None, name.group_kind is not None, False, name.example_of, name.group_kind
        )
        for label, end in zip(labels, ends, strict=True)
        for name in read_names(line, label.end, end)
    ]


def role_separators(line: Line, run: ClauseRun) -> list[tuple[str, Span]]:
    """The marks printed between the roles of a clause, with their spans."""
    return [
        (label.separator, line.span(at, at + 1))
        for label in read_labels(line, run)[1:]
        if (at := line.folded.rfind(label.separator, run.start, label.start)) >= 0
    ]
