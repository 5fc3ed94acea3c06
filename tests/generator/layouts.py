"""How a notice is printed: one function for each layout, from the plan to the bytes of a file and its answers.

The layouts are those of real notices: brackets with role words, own lines below a task, a rule that is printed once,
sentences with verbs, several clauses in a paragraph, outlines of several depths, hard wraps, tables of every format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from .answers import Answers, Generated, Limit, Party, TaskAnswer
from .formats import csv_bytes, docx_bytes, gbk_bytes, html_bytes, markdown_bytes, pdf_bytes, text_bytes, wrapped_bytes, xlsx_bytes
from .plan import Plan, PlannedTask

LEAD, SHARE, HELP = "lead", "responsible", "cooperating"
TEN = "一二三四五六七八九十"
HALF = str.maketrans("，；：（）", ",;:()")
FIRST_LEADS = "列第一位的为牵头单位，下同"
COMMA_DIVIDES = "任务后括号内，第一个逗号前为牵头单位。"
HEADS = {"lead": "牵头单位", SHARE: "责任单位", HELP: "配合单位"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A printed clause, who it gives the task to, and its time limit."""

    text: str
    parties: tuple[Party, ...]
    limit: Limit | None = None


@dataclass(slots=True)
class Written:
    """What a layout has printed so far."""

    lines: list[str] = field(default_factory=list)
    tasks: list[TaskAnswer] = field(default_factory=list)
    count: int = 0

    def add(self, number: str | None, section: str | None, task: PlannedTask, clause: Clause, wording: str | None = None) -> None:
        """Keep the answer of a task."""
        self.tasks.append(TaskAnswer(number, section, wording or task.wording, clause.parties, clause.limit, task.quantities))


def _names(parties: Sequence[Party]) -> str:
    return "、".join([party.printed for party in parties])


def _as(role: str, parties: Sequence[Party]) -> list[Party]:
    return [Party(role, party.printed, party.name, party.body, party.collective) for party in parties]


def _shares(task: PlannedTask) -> str:
    # Departments, then behind a comma places, zones and collective references.
    return "，".join([_names(group) for group in (task.others, task.together) if group])


def _labelled(task: PlannedTask, other: str) -> Clause:
    """（牵头单位：A；责任单位：B、C，各县市区政府）."""
    shares = _shares(task)
    text = f"牵头单位：{_names(task.leads)}" + (f"；{HEADS[other]}：{shares}" if shares else "")
    return Clause(f"（{text}）", (*_as(LEAD, task.leads), *_as(other, task.others), *_as(other, task.together)))


def _jingzhou(task: PlannedTask) -> Clause:
    return _labelled(task, SHARE)


def _with_help(task: PlannedTask) -> Clause:
    return _labelled(task, HELP)


def _verbs(task: PlannedTask) -> Clause:
    """（A牵头，B、C配合，2024年10月底前完成）."""
    parties = _as(LEAD, task.leads)
    text, others = f"{_names(task.leads)}牵头", [*task.others, *(party for party in task.together if not party.collective)]
    if others:
        text += f"，{_names(others)}配合"
        parties += _as(HELP, others)
    if not task.limit:
        return Clause(f"（{text}）", tuple(parties))
    printed = task.limit.printed + ("完成" if task.limit.due else "")
    return Clause(f"（{text}，{printed}）", tuple(parties), Limit(printed, task.limit.due))


def _responsible(task: PlannedTask) -> Clause:
    """（责任单位：A、B，各县市区政府）: nobody leads."""
    both = [*task.leads, *task.others]
    shares = "，".join([_names(group) for group in (both, task.together) if group])
    return Clause(f"（责任单位：{shares}）", tuple(_as(SHARE, [*both, *task.together])))


def _first_leads(task: PlannedTask) -> Clause:
    """（责任单位：A、B）, where a rule says that the first one leads."""
    clause = _responsible(task)
    return Clause(clause.text, (clause.parties[0]._replace(role=LEAD), *clause.parties[1:]))


def _comma_divides(task: PlannedTask) -> Clause:
    """（责任单位：A、B，C、D）, where a rule says that those before the first comma lead."""
    others = [*task.others, *task.together]
    text = f"责任单位：{_names(task.leads)}" + (f"，{_names(others)}" if others else "")
    return Clause(f"（{text}）", (*_as(LEAD, task.leads), *_as(SHARE, others)))


def _by_duty(task: PlannedTask) -> Clause:
    """（A、B等按职责分工负责）."""
    both = [*task.leads, *task.others]
    return Clause(f"（{_names(both)}{'按职责分工' if len(both) > 1 else ''}负责）", tuple(_as(SHARE, both)))


# From the plan to lines.

Printer = Callable[[Plan], Written]


def _opening(plan: Plan) -> list[str]:
    """Title, number, addressees, what a notice says before its list, signature and date."""
    about = plan.place.name
    return [
        title_of(plan),
        plan.number,
        "各有关单位：",
        f"为做好{plan.year}年各项重点工作，现将《{about}{plan.year}年重点工作任务分解》印发给你们，请认真贯彻执行。",
        plan.issuer,
        f"{plan.year}年{plan.day.month}月{plan.day.day}日",
        f"{about}{plan.year}年重点工作任务分解",
    ]


def title_of(plan: Plan) -> str:
    """The title of a notice."""
    return f"{plan.issuer}关于印发{plan.year}年重点工作任务分解的通知"


def _titled(plan: Plan) -> Iterator[tuple[str, str, tuple[PlannedTask, ...]]]:
    for at, part in enumerate(plan.parts):
        yield f"{_han(at + 1)}、", part.title.replace(",", "，"), part.tasks


def _han(number: int) -> str:
    # One to ninety-nine.
    if number <= 10:
        return TEN[number - 1]
    tens, ones = divmod(number, 10)
    return (TEN[tens - 1] if tens > 1 else "") + "十" + (TEN[ones - 1] if ones else "")


def in_brackets(clause_of: Callable[[PlannedTask], Clause], *, half: bool = False, before: str = "") -> Printer:
    """One task a paragraph, numbered through, its clause in brackets at the end; half-width marks as in Jingzhou."""

    def printed(plan: Plan) -> Written:
        held = Written(_opening(plan))
        if before:
            held.lines.append(before)
        for number, title, tasks in _titled(plan):
            held.lines.append(number + title)
            for task in tasks:
                held.count += 1
                clause = clause_of(task)
                wording = task.wording if half else task.wording.replace(",", "，")
                held.lines.append(f"{held.count}.{wording}{clause.text}")
                held.add(str(held.count), title, task, clause, wording)
        if half:
            held.lines = [line.translate(HALF) for line in held.lines]
            held.tasks = [task._replace(section=task.section and task.section.translate(HALF), parties=_half(task)) for task in held.tasks]
        return held

    return printed


def _half(task: TaskAnswer) -> tuple[Party, ...]:
    return tuple([
        party._replace(printed=party.printed.translate(HALF), name=party.name.translate(HALF)) if "（" in party.printed else party
        for party in task.parties
    ])  # fmt: skip


def rule_in_first_clause(plan: Plan) -> Written:
    """Brackets with 责任单位 alone, and in the first of them the rule that the first one leads."""
    held = in_brackets(_first_leads)(plan)
    at = next(at for at, line in enumerate(held.lines) if line.endswith("）") and line.startswith("1."))
    held.lines[at] = held.lines[at][:-1] + f"，{FIRST_LEADS}）"
    return held


def standing(plan: Plan) -> Written:
    """Brackets whose first one says that the counties join in every later task."""
    everyone = "各县（市、区）政府"
    held = Written(_opening(plan))
    for number, title, tasks in _titled(plan):
        held.lines.append(number + title)
        for task in tasks:
            held.count += 1
            task.together = []
            clause, wording = _jingzhou(task), task.wording.replace(",", "，")
            if held.count == 1:
                clause = Clause(f"{clause.text[:-1]}。以下任务均需{everyone}落实，不再列出）", clause.parties)
            else:
                clause = Clause(clause.text, (*clause.parties, Party(SHARE, everyone, everyone, "counties", True, True)))
            held.lines.append(f"{held.count}.{wording}{clause.text}")
            held.add(str(held.count), title, task, clause, wording)
    return held


def own_lines(plan: Plan) -> Written:
    """Role words on lines of their own below the task, with a time limit."""
    held = Written(_opening(plan))
    for number, title, tasks in _titled(plan):
        held.lines.append(number + title)
        for task in tasks:
            held.count += 1
            wording, shares = task.wording.replace(",", "，"), _shares(task)
            held.lines += [f"{held.count}．{wording}", f"牵头单位：{_names(task.leads)}"]
            if shares:
                held.lines.append(f"责任单位：{shares}")
            if task.limit:
                held.lines.append(f"完成时限：{task.limit.printed}")
            parties = (*_as(LEAD, task.leads), *_as(SHARE, task.others), *_as(SHARE, task.together))
            held.add(str(held.count), title, task, Clause("", parties, task.limit), wording)
    return held


def outline(plan: Plan) -> Written:
    """一、 with （一） below it and 1. below that; the numbers begin again in every part."""
    held = Written(_opening(plan))
    for number, title, tasks in _titled(plan):
        held.lines.append(number + title)
        for group, start in enumerate(range(0, len(tasks), 6)):
            inner = f"（{_han(group + 1)}）"
            held.lines.append(f"{inner}抓好第{_han(group + 1)}批重点事项")
            for at, task in enumerate(tasks[start : start + 6], 1):
                clause, wording = _verbs(task), task.wording.replace(",", "，")
                held.lines.append(f"{at}.{wording}{clause.text}")
                held.add(str(at), title, task, clause, wording)
    return held


def run_on(plan: Plan) -> Written:
    """Items （一） that run through, each with several sentences and a clause behind every one."""
    held = Written(_opening(plan))
    for number, title, tasks in _titled(plan):
        held.lines.append(number + title)
        for start in range(0, len(tasks), 3):
            held.count += 1
            line = item = f"（{_han(held.count)}）"
            for at, task in enumerate(tasks[start : start + 3]):
                clause, wording = _by_duty(task), task.wording.replace(",", "，")
                line += f"{TEN[at]}是{wording}{clause.text}"
                held.add(item if not at else TEN[at], title, task, clause, wording if at else f"一是{wording}")
            held.lines.append(line)
    return held


# From lines to files.


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout: the suffix of its files and how a plan becomes one."""

    suffix: str
    write: Callable[[Plan], tuple[bytes, Written]]
    head: bool = True
    """Whether number, issuer and date are printed."""
    title: Callable[[Plan], str] = title_of


def _prose(suffix: str, printer: Printer, encode: Callable[[Plan, list[str]], bytes]) -> Layout:
    def write(plan: Plan) -> tuple[bytes, Written]:
        held = printer(plan)
        return encode(plan, held.lines), held

    return Layout(suffix, write)


def _text(_plan: Plan, lines: list[str]) -> bytes:
    return text_bytes(lines)


def _gbk(_plan: Plan, lines: list[str]) -> bytes:
    return gbk_bytes(lines)


def _wrapped(_plan: Plan, lines: list[str]) -> bytes:
    return wrapped_bytes(lines)


def _pdf(_plan: Plan, lines: list[str]) -> bytes:
    return pdf_bytes(wrapped_bytes(lines, page=10**6).decode().splitlines())


def _html(_plan: Plan, lines: list[str]) -> bytes:
    return html_bytes(lines[0], lines)


def _word(_plan: Plan, lines: list[str]) -> bytes:
    return docx_bytes(lines)


def _markdown(_plan: Plan, lines: list[str]) -> bytes:
    return markdown_bytes(lines[0], lines[1:])


def _table_title(plan: Plan) -> str:
    return f"{plan.place.full}{plan.year}年重点工作任务分解表"


def _rows(plan: Plan, held: Written, *, merged: bool) -> list[list[str]]:
    """The table; with ``merged`` sections stand in a first column, printed once each, and are part of the wording of all their rows."""
    rows = [[*["类别"][: int(merged)], "序号", "工作任务", "牵头单位", "配合单位", "完成时限"]]
    for part in plan.parts:
        for at, task in enumerate(part.tasks):
            held.count += 1
            wording, others = task.wording.replace(",", "，"), [*task.others, *task.together]
            limit = task.limit.printed if task.limit else ""
            row = [str(held.count), wording, _names(task.leads), _names(others) or "/", limit]
            if merged:
                section = part.title.replace(",", "，")
                row.insert(0, section if not at else "")
                wording = section + wording
            rows.append(row)
            held.add(str(held.count), None, task, Clause("", (*_as(LEAD, task.leads), *_as(HELP, others)), task.limit), wording)
    return rows


def _table(suffix: str, encode: Callable[[Plan, list[list[str]]], bytes], *, head: bool, merged: bool) -> Layout:
    def write(plan: Plan) -> tuple[bytes, Written]:
        held = Written()
        return encode(plan, _rows(plan, held, merged=merged)), held

    return Layout(suffix, write, head, title_of if head else _table_title)


LAYOUTS: dict[str, Layout] = {
    "bracket": _prose(".txt", in_brackets(_jingzhou, half=True), _text),
    "bracket-help": _prose(".txt", in_brackets(_with_help), _gbk),
    "bracket-page": _prose(".html", in_brackets(_jingzhou), _html),
    "bracket-wrapped": _prose(".txt", in_brackets(_with_help), _wrapped),
    "responsible": _prose(".docx", in_brackets(_responsible), _word),
    "first-leads": _prose(".txt", rule_in_first_clause, _text),
    "comma-divides": _prose(".txt", in_brackets(_comma_divides, before=COMMA_DIVIDES), _text),
    "standing": _prose(".html", standing, _html),
    "own-lines": _prose(".docx", own_lines, _word),
    "own-lines-text": _prose(".txt", own_lines, _text),
    "verbs": _prose(".md", in_brackets(_verbs), _markdown),
    "outline": _prose(".html", outline, _html),
    "run-on": _prose(".txt", run_on, _text),
    "table-page": _table(".html", lambda plan, rows: html_bytes(title_of(plan), _opening(plan), rows), head=True, merged=True),
    "table-word": _table(".docx", lambda plan, rows: docx_bytes(_opening(plan), rows), head=True, merged=True),
    "table-markdown": _table(".md", lambda plan, rows: markdown_bytes(title_of(plan), _opening(plan)[1:], rows), head=True, merged=False),
    "table-sheet": _table(".xlsx", lambda plan, rows: xlsx_bytes(_table_title(plan), rows), head=False, merged=True),
    "table-csv": _table(".csv", lambda plan, rows: csv_bytes(_table_title(plan), rows), head=False, merged=False),
    "printed": _prose(".pdf", in_brackets(_jingzhou), _pdf),
}
"""The layouts by name."""
USUAL = tuple(sorted(set(LAYOUTS) - {"printed"}))
"""Those that are drawn where none is asked for: PDF takes twenty times as long to read, and would be all that a benchmark tells."""


def printed(plan: Plan, layout: str) -> Generated:
    """A plan in a layout."""
    how = LAYOUTS[layout]
    content, held = how.write(plan)
    name = f"{plan.place.code}-{plan.year}{how.suffix}"
    head = (plan.number, plan.issuer, plan.day) if how.head else (None, None, None)
    return Generated(name, content, Answers(name, layout, plan.place.code, plan.year, how.title(plan), *head, tuple(held.tasks)))
