"""Rules about lists of parties and the marks in a clause: what is missing from a list, and what divides it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from kg.analysis.rules_words import Hit, joined, key, limit, listed, printed_parties, share, words
from kg.folding import fold, fold_table, marks
from kg.model import LOCAL_BODIES, TERRITORIAL, Assignment, Notice, Role, Span, Task


def list_broken(notice: Notice) -> Iterator[Hit]:
    """A party missing beside a group, or among its like, that stands there nearly everywhere else."""
    anchors = {key(a) for task in notice.tasks for a in task.assignments if a.group_kind in listed("groups", "territories")}
    broken: dict[int, Hit] = {}
    for anchor in sorted(anchors):
        for hit in _broken_beside(notice, anchor):
            broken.setdefault(hit.task or 0, hit)
    if not anchors:
        for hit in _broken_among(notice):
            broken.setdefault(hit.task or 0, hit)
    yield from broken.values()


def _broken_beside(notice: Notice, anchor: str) -> Iterator[Hit]:
    # Companions of a group: who stands in most of the tasks that print it.
    tasks = [task for task in notice.tasks if any(key(a) == anchor for a in printed_parties(task))]
    if len(tasks) < limit("few_tasks"):
        return
    territorial = {unit.id for unit in notice.units if unit.kind in TERRITORIAL}
    counts: dict[str, int] = {}
    for task in tasks:
        for one in {key(a) for a in printed_parties(task)} & territorial:
            counts[one] = counts.get(one, 0) + 1
    companions = {one for one, count in counts.items() if share(count, len(tasks)) >= limit("most")}
    whole = sum(companions <= {key(a) for a in task.assignments} for task in tasks)
    if companions and share(whole, len(tasks)) >= limit("most"):
        yield from _incomplete(notice, tasks, companions | {anchor}, whole)


def _broken_among(notice: Notice) -> Iterator[Hit]:
    # Without a group: territories of which a task with any nearly always prints all.
    territorial = {unit.id for unit in notice.units if unit.kind in TERRITORIAL}
    tasks = [task for task in notice.tasks if any(key(a) in territorial for a in printed_parties(task))]
    if len(tasks) < limit("few_tasks"):
        return
    printed = {task.i: {key(a) for a in printed_parties(task)} & territorial for task in tasks}
    members = {one for one in territorial if share(sum(one in names for names in printed.values()), len(tasks)) >= limit("most")}
    whole = sum(members <= names for names in printed.values())
    if len(members) >= 3 and share(whole, len(tasks)) >= limit("most"):
        near = [task for task in tasks if len(printed[task.i] & members) >= len(members) - 1 and printed[task.i] <= members]
        yield from _incomplete(notice, near, members, whole)


def _incomplete(notice: Notice, tasks: list[Task], members: set[str], whole: int) -> Iterator[Hit]:
    labels = {unit.id: unit.label for unit in notice.units} | {group.id: group.label for group in notice.groups}
    usual = next(([key(a) for a in t.assignments] for t in notice.tasks if members <= {key(a) for a in t.assignments}), sorted(members))
    for task in tasks:
        there = [a for a in printed_parties(task) if key(a) in members]
        missing = sorted(members - {key(a) for a in task.assignments}, key=usual.index)
        if missing and there:
            span = Span(min(a.span.start for a in there), max(a.span.end for a in there))
            yield Hit(span, task.i, (("missing", joined([labels.get(one, one) for one in missing])), ("whole", str(whole))))


def list_separator(notice: Notice) -> Iterator[Hit]:
    """A comma between two local bodies of one role, in a notice that divides such bodies by 、 nearly everywhere."""
    local = {unit.id for unit in notice.units if unit.kind in LOCAL_BODIES}
    printed = [
        (fold(notice.text[a.span.end : b.span.start]).strip(), Span(a.span.end, b.span.start), task.i)
        for task in notice.tasks
        for a, b in _neighbours(task)
        if a.unit in local and b.unit in local
    ]
    counts = Counter(between for between, _, _ in printed if between in (marks("enumeration"), *marks("list_break")))
    usual = counts[marks("enumeration")]
    for between, span, task in printed:
        if between in tuple(marks("list_break")) and usual >= limit("many_tasks") * counts[between]:
            yield Hit(span, task, (("printed", between), ("usual", marks("enumeration"))))


def _neighbours(task: Task) -> list[tuple[Assignment, Assignment]]:
    parties = sorted(printed_parties(task), key=lambda a: a.span)
    return [(a, b) for a, b in zip(parties, parties[1:], strict=False) if a.role is b.role and a.span.end <= b.span.start]


def open_list(notice: Notice) -> Iterator[Hit]:
    """A list that ends with 等 and names no group that it stands for."""
    word = str(words("open")["word"])
    after = (*str(words("open")["closes"]), *listed("open", "verbs"))
    for task in notice.tasks:
        begins = {a.span.start for a in task.assignments}
        for a in printed_parties(task):
            at = a.span.end - len(word) if a.printed.endswith(word) else a.span.end
            behind = fold(notice.text[at + len(word) : at + len(word) + 2])
            if notice.text.startswith(word, at) and at + len(word) not in begins and (not behind or behind.startswith(after)):
                yield Hit(Span(a.span.start, at + len(word)), task.i, (("unit", a.name.removesuffix(word)),))


def _clauses(notice: Notice) -> Iterator[tuple[Task, int, str]]:
    # Each clause once, with its start and its folded text; the rows of one merged cell share a clause.
    seen: set[Span] = set()
    for task in notice.tasks:
        if task.clause and task.clause.printed and task.clause.span not in seen:
            seen.add(task.clause.span)
            yield task, task.clause.span.start, fold(notice.text[task.clause.span.start : task.clause.span.end])


def _in_clauses(notice: Notice, found: re.Pattern[str]) -> Iterator[Hit]:
    for task, start, clause in _clauses(notice):
        for hit in found.finditer(clause):
            span = Span(start + hit.start(), start + hit.end())
            yield Hit(span, task.i, (("printed", notice.text[span.start : span.end].strip()),))


def empty_role(notice: Notice) -> Iterator[Hit]:
    """A role word or a label with nothing behind its colon."""
    yield from _in_clauses(notice, re.compile(rf"(?:{words('labels')['pattern']})\s*{marks('colon')}\s*(?=[;,.)\u3002\u3015]|$)"))


def trailing_separator(notice: Notice) -> Iterator[Hit]:
    """A list that ends with a separator, as if a name were missing."""
    yield from _in_clauses(notice, re.compile(rf"{marks('enumeration')}\s*(?=[;,)\u3002\u3015])|[,;]\s*(?=[)\u3015])"))


def doubled_separator(notice: Notice) -> Iterator[Hit]:
    """Two separators in a row."""
    yield from _in_clauses(notice, re.compile(rf"[{marks('enumeration')},;][^\S\n]*[{marks('enumeration')},;]+"))


def width_mixed(notice: Notice) -> Iterator[Hit]:
    """Brackets of one clause, or its colons or separators, in full and in half width."""
    folded = fold_table()
    for task, start, clause in _clauses(notice):
        raw = notice.text[start : start + len(clause)]
        for kind in ("()", marks("colon"), ";", ","):
            wide = [at for at, character in enumerate(raw) if ord(character) in folded and folded[ord(character)] in kind]
            narrow = [at for at, character in enumerate(raw) if character in kind and not _in_figure(raw, at)]
            if wide and narrow:
                rarer = min(wide, narrow, key=len)
                printed = "".join(dict.fromkeys(raw[at] for at in sorted(wide + narrow)))
                yield Hit(Span(start + rarer[0], start + rarer[0] + 1), task.i, (("printed", printed),))


def _in_figure(raw: str, at: int) -> bool:
    # 1,000 and 9:30 are written in half width.
    return raw[at - 1 : at].isdecimal() and raw[at + 1 : at + 2].isdecimal()


def bracket_irregular(notice: Notice) -> Iterator[Hit]:
    """A clause in another bracket than nearly all others; an outer bracket of another kind around an inner one is right."""
    opened = [(notice.text[start], clause, Span(start, start + 1), task.i) for task, start, clause in _clauses(notice)]
    counts = Counter(printed for printed, _, _, _ in opened if fold(printed) in marks("open"))
    usual, times = max(counts.items(), key=lambda entry: (entry[1], entry[0]), default=("", 0))
    for printed, clause, span, i in opened:
        nested = any(fold(character) in marks("open") for character in clause[1:])
        if printed in counts and printed != usual and times >= limit("many_tasks") * counts[printed] and not nested:
            yield Hit(span, i, (("printed", printed), ("usual", usual)))


def label_varies(notice: Notice) -> Iterator[Hit]:
    """A role word that is not the one that the notice prints nearly everywhere for this role."""
    label = re.compile(rf"(?:{words('labels')['pattern']})(?=\s*{marks('colon')}\s*$)")
    found: dict[Role, list[tuple[str, Span, int]]] = {}
    folded = fold(notice.text)
    for task in notice.tasks:
        for a in printed_parties(task):
            if hit := label.search(folded, max(task.span.start, a.span.start - 12), a.span.start):
                found.setdefault(a.role, []).append((hit[0], Span(hit.start(), hit.end()), task.i))
    for printed in found.values():
        counts = Counter(word for word, _, _ in printed)
        usual, times = counts.most_common(1)[0]
        for word, span, task_i in printed:
            if word != usual and times >= limit("many_tasks") * counts[word]:
                yield Hit(span, task_i, (("printed", word), ("usual", usual)))
