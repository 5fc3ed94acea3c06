"""Rules about the wording of tasks: missing, too long, printed twice or nearly twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from math import ceil

from kg.analysis.rules_words import Hit, limit, pattern, share
from kg.folding import fold, marks
from kg.model import Notice, Span, Task

_RUN = 2
"""Characters of one shingle."""


def no_wording(notice: Notice) -> Iterator[Hit]:
    """A clause that closes no words."""
    yield from (Hit(task.span, task.i) for task in notice.tasks if not any(map(str.isalpha, task.text)))


def placeholder(notice: Notice) -> Iterator[Hit]:
    """A blank of the draft that was never filled in: XX局, 待定, ____."""
    for task in notice.tasks:
        folded = fold(notice.text[task.span.start : task.span.end])
        for hit in pattern("placeholder").finditer(folded):
            span = Span(task.span.start + hit.start(), task.span.start + hit.end())
            yield Hit(span, task.i, (("printed", notice.text[span.start : span.end]),))


def long_task(notice: Notice) -> Iterator[Hit]:
    """A task too long to be one task."""
    for task in notice.tasks:
        if len(task.text) > limit("longest_task"):
            yield Hit(_wording(task), task.i, (("count", str(len(task.text))),))


def wording_no_stop(notice: Notice) -> Iterator[Hit]:
    """A wording without a mark at its end, in a notice that ends nearly all with one."""
    worded = [(task, fold(task.text).rstrip()) for task in notice.tasks if task.text.strip() and task.clause]
    ends = marks("sentence_end") + ";" + marks("quotes_close") + marks("close")
    ended = sum(text.endswith(tuple(ends)) for _, text in worded)
    if len(worded) >= limit("many_tasks") and share(ended, len(worded)) >= limit("nearly_all"):
        for task, text in worded:
            if not text.endswith(tuple(ends)):
                yield Hit(_last(notice, task), task.i)


def _wording(task: Task) -> Span:
    return Span(task.span.start, task.clause.span.start if task.clause and task.clause.span.start > task.span.start else task.span.end)


def _last(notice: Notice, task: Task) -> Span:
    # The last words of the wording, so that the finding stands where the mark is missing.
    span = _wording(task)
    end = span.start + len(notice.text[span.start : span.end].rstrip())
    return Span(max(span.start, end - 6), end)


def duplicate_task(notice: Notice) -> Iterator[Hit]:
    """The wording of an earlier task, once more."""
    first: dict[str, Task] = {}
    for task in notice.tasks:
        essence = _essence(task.text)
        known = first.setdefault(essence, task)
        if known is not task and len(essence) >= limit("shortest_duplicate") and not _same_item(known, task):
            yield Hit(_wording(task), task.i, (("other", str(known.i)),))


def near_duplicate(notice: Notice) -> Iterator[Hit]:
    """A wording that is nearly that of an earlier task."""
    first: dict[str, Task] = {}
    for task in notice.tasks:
        first.setdefault(_essence(task.text), task)
    runs = {task.i: _runs(text) for text, task in first.items() if len(text) >= limit("shortest_near")}
    tasks = {task.i: task for task in first.values()}
    for i, (other, likeness) in _likest(runs).items():
        if runs[i] != runs[other] and not _same_item(tasks[other], tasks[i]):
            yield Hit(_wording(tasks[i]), i, (("other", str(other)), ("share", str(int(100 * likeness)))))


def _essence(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def _same_item(first: Task, second: Task) -> bool:
    # Rows of one merged cell, and several clauses of one numbered item, are one wording.
    overlap = first.span.start < second.span.end and second.span.start < first.span.end
    return overlap or (first.number is not None and first.number == second.number and second.i - first.i == 1)


def _runs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + _RUN] for at in range(len(text) - _RUN + 1))


def _likest(runs: Mapping[int, frozenset[str]]) -> dict[int, tuple[int, float]]:
    """For each text its most similar earlier one, if that shares enough runs: (which, the Dice share of runs in both).

    Two sets with Dice ≥ t have at least t/(2−t) of each in common, so they share one of the rarest |s| − ⌈t/(2−t)·|s|⌉ + 1 runs
    of each: an index over these finds every pair and compares few.
    """
    least = limit("near_duplicate") / 100
    weights = Counter(run for members in runs.values() for run in members)
    index: dict[str, list[int]] = defaultdict(list)
    found: dict[int, tuple[int, float]] = {}
    for i, members in runs.items():
        size = len(members)
        rare = sorted(members, key=lambda run: (weights[run], run))[: size - ceil(least / (2 - least) * size) + 1]
        likely = {other for run in rare for other in index[run]}
        scored = [(2 * len(members & runs[other]) / (size + len(runs[other])), -other) for other in likely]
        if scored and max(scored)[0] >= least:
            likeness, other = max(scored)
            found[i] = (-other, likeness)
        for run in rare:
            index[run].append(i)
    return found
