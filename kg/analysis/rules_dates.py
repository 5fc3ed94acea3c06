"""Rules about time limits, and about what can be measured at all."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from kg.analysis.rules_words import Hit, limit, pattern, share, words
from kg.folding import fold
from kg.model import Deadline, Notice, Span, Task


def no_deadline(notice: Notice) -> Iterator[Hit]:
    """A task without a time limit, in a notice that prints one for most others."""
    timed = [task for task in notice.tasks if task.deadline]
    if len(timed) < limit("few_tasks") or share(len(timed), len(notice.tasks)) < limit("with_deadline"):
        return
    for task in notice.tasks:
        if not task.deadline and not re.search(str(words("deadline")["said"]), fold(task.text)):
            yield Hit(task.clause.span if task.clause else task.span, task.i, (("share", str(share(len(timed), len(notice.tasks)))),))


def deadline_before_issue(notice: Notice) -> Iterator[Hit]:
    """A time limit that had passed when the notice was issued; where most had, the date is hardly that of issue."""
    issued = notice.date
    if issued is None:
        return
    days = [day for _, _, day in _due(notice)]
    if 2 * sum(day < issued for day in days) > max(len(days), limit("few_tasks")):
        return
    for task in notice.tasks:
        if task.deadline and task.deadline.due and task.deadline.due < issued and not _far(notice, task.deadline.due):
            yield Hit(task.deadline.span, task.i, _dated(task.deadline.printed, issued))
        for span, due in _worded(notice, task):
            if due < issued:
                yield Hit(span, task.i, _dated(notice.text[span.start : span.end], issued))


def _dated(printed: str, issued: date) -> tuple[tuple[str, str], ...]:
    return (("printed", printed), ("issued", issued.isoformat()))


def _worded(notice: Notice, task: Task) -> Iterator[tuple[Span, date]]:
    for hit, span in _worded_hits(notice, task):
        year, month = int(hit["year"]), int(hit["month"] or 12)
        last = monthrange(year, month)[1]
        yield span, date(year, month, min(int(hit["day"] or last) or last, last))


def _worded_hits(notice: Notice, task: Task) -> Iterator[tuple[re.Match[str], Span]]:
    # Limits that the wording prints as 2023年10月底前; one that the deadline of the task covers is told there.
    end = task.clause.span.start if task.clause else task.span.end
    past = re.compile(str(words("deadline")["past"]))
    for hit in pattern("deadline").finditer(fold(notice.text[task.span.start : end])):
        if past.match(hit.string, hit.end()):
            continue
        span = Span(task.span.start + hit.start(), task.span.start + hit.end())
        if task.deadline is None or not (task.deadline.span.start < span.end and span.start < task.deadline.span.end):
            yield hit, span


def deadline_after_plan_year(notice: Notice) -> Iterator[Hit]:
    """A time limit behind the year of the plan, where most limits are within it."""
    if notice.plan_year is None:
        return
    due = _due(notice)
    late = [(task, deadline, day) for task, deadline, day in due if day.year > notice.plan_year and not _far(notice, day)]
    if share(len(due) - len(late), len(due)) >= limit("most"):
        for task, deadline, _ in late:
            yield Hit(deadline.span, task.i, (("printed", deadline.printed), ("year", str(notice.plan_year))))


def deadline_before_plan_year(notice: Notice) -> Iterator[Hit]:
    """A time limit before the year of the plan begins, where most are not."""
    if notice.plan_year is None:
        return
    due = _due(notice)
    early = [(task, deadline) for task, deadline, day in due if day.year < notice.plan_year and not _far(notice, day)]
    told = {finding.span for finding in notice.findings} | (
        {
            task.deadline.span
            for task in notice.tasks
            if task.deadline and task.deadline.due and notice.date and task.deadline.due < notice.date
        }
    )
    if 2 * len(early) <= max(len(due), limit("few_tasks")):
        for task, deadline in early:
            if deadline.span not in told:
                yield Hit(deadline.span, task.i, (("printed", deadline.printed), ("year", str(notice.plan_year))))
    # A draft has no date yet: what its wording prints is held against the year alone.
    for task in notice.tasks if notice.date is None else ():
        for span, day in _worded(notice, task):
            if day.year < notice.plan_year and not _far(notice, day):
                yield Hit(span, task.i, (("printed", notice.text[span.start : span.end]), ("year", str(notice.plan_year))))


def deadline_impossible(notice: Notice) -> Iterator[Hit]:
    """A time limit with a month or a day that no calendar has: 2月30日, 13月."""
    for task in notice.tasks:
        if task.deadline and any(not _is_day(hit) for hit in pattern("deadline", "day").finditer(fold(task.deadline.printed))):
            yield Hit(task.deadline.span, task.i, (("printed", task.deadline.printed),))
        for hit, span in _worded_hits(notice, task):
            if not _is_day(hit):
                yield Hit(span, task.i, (("printed", notice.text[span.start : span.end]),))


def _is_day(hit: re.Match[str]) -> bool:
    month, day = int(hit["month"] or 12), int(hit["day"] or 1)
    return 1 <= month <= 12 and 1 <= day <= monthrange(int(hit["year"] or 2024), month)[1]


def deadline_year_far(notice: Notice) -> Iterator[Hit]:
    """A time limit in a year so far off that it is a slip of the pen; where most are, the plan is for another year."""
    due = _due(notice)
    far = [(task, deadline) for task, deadline, day in due if _far(notice, day)]
    if 2 * len(far) <= max(len(due), limit("few_tasks")):
        for task, deadline in far:
            yield Hit(deadline.span, task.i, (("printed", deadline.printed), ("year", str(notice.plan_year))))


def _due(notice: Notice) -> list[tuple[Task, Deadline, date]]:
    return [(task, task.deadline, task.deadline.due) for task in notice.tasks if task.deadline and task.deadline.due]


def _far(notice: Notice, due: date) -> bool:
    return notice.plan_year is not None and abs(due.year - notice.plan_year) > limit("years_off")


def deadline_without_date(notice: Notice) -> Iterator[Hit]:
    """A time limit that names no time and does not say that the work goes on."""
    for task in notice.tasks:
        if task.deadline and task.deadline.due is None and not _says_when(task.deadline):
            yield Hit(task.deadline.span, task.i, (("printed", task.deadline.printed),))


def _says_when(deadline: Deadline) -> bool:
    said = rf"{words('deadline')['said']}|{words('deadline')['ongoing']}|[\d{words('numbers')['numerals']}]"
    return re.search(said, fold(deadline.printed)) is not None


def nothing_measurable(notice: Notice) -> Iterator[Hit]:
    """Once a notice: how many tasks print neither a quantity nor a time limit."""
    vague = [task for task in notice.tasks if not task.targets and not task.deadline and next(_worded(notice, task), None) is None]
    if len(notice.tasks) >= limit("few_tasks") and 2 * len(vague) > len(notice.tasks):
        values = (("count", str(len(vague))), ("tasks", str(len(notice.tasks))), ("share", str(share(len(vague), len(notice.tasks)))))
        yield Hit(_title(notice), None, values)


def _title(notice: Notice) -> Span:
    # A title may be broken over lines; where it is not found, the first line that holds words stands for it.
    title = r"\s*".join(map(re.escape, "".join((notice.title or "").split())))
    hit = (re.search(title, notice.text) if title else None) or re.search(r"[^\W\d_].*", notice.text)
    return Span(hit.start(), hit.end()) if hit else Span(0, 0)
