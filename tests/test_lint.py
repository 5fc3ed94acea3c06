"""The linter for drafters: every rule with a notice where it fires and one where it must not, baselines, places, the page."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser

from kg.analysis.baseline import baseline_text, fingerprint, new_findings, read_baseline
from kg.analysis.lint import at_least, lint_notice
from kg.analysis.rules import RULES
from kg.errors import SourceMissingError, TableError
from kg.messages import LANGUAGES, catalogue, use_language
from kg.model import (
    Assignment,
    Clause,
    Closure,
    Comparator,
    Deadline,
    Finding,
    Group,
    Kind,
    Notice,
    Person,
    Place,
    Role,
    Rules,
    Section,
    Severity,
    Span,
    Target,
    Task,
    Unit,
)
from kg.views.findings import findings_json, findings_text
from kg.views.findings_page import findings_html
from kg.views.places import place_words

# Hand-built notices: the reader is not asked.

LABELS = {"牵头单位": Role.LEAD, "责任单位": Role.RESPONSIBLE, "责任部门": Role.RESPONSIBLE, "配合单位": Role.COOPERATING}
ALIASES = {"市发展改革委": "市发改委", "市应急局": "市应急管理局"}
COUNTIES = ("甲县政府", "乙县政府")


@dataclass
class T:
    """One task to print: its wording, its clause, its number at the start, and what the reader would add to it."""

    text: str = "修好路。"
    clause: str = "（牵头单位：市交通局；责任单位：市财政局）"
    number: str | None = None
    section: int | None = None
    deadline: tuple[str, date | None] | None = None
    person: str | None = None
    before: str = ""
    extra: dict[str, object] = field(default_factory=dict)


def kind_of(name: str) -> Kind:
    endings = {"公司": Kind.ENTERPRISE, "集团": Kind.ENTERPRISE, "管委会": Kind.ZONE, "县政府": Kind.TERRITORY}
    return next((kind for ending, kind in endings.items() if name.endswith(ending)), Kind.DEPARTMENT)


def group_kind(name: str) -> str | None:
    if re.fullmatch("各.*政府", name):
        return "allCounties"
    return "allDepartments" if name.endswith("各部门") else "departmentsConcerned" if "有关" in name else None


def assignments(clause: str, at: int) -> list[Assignment]:
    found, role = [], Role.RESPONSIBLE
    for run in re.finditer(r"[^；;，,、（）()。:：]+", clause):
        if run[0].strip() in LABELS and clause[run.end() : run.end() + 1] in (":", "："):
            role = LABELS[run[0].strip()]
        elif name := re.sub("^等|等$", "", run[0].strip()):
            start = at + run.start() + run[0].index(name)
            kind = group_kind(name)
            label = ALIASES.get(name, name)
            unit = f"group:{name}" if kind else f"unit:{label}"
            found.append(Assignment(role, name, Span(start, start + len(name)), name, unit, kind is not None, group_kind=kind))
    return found


def draft(*tasks: T, head: str = "关于分解任务的通知\n", tail: str = "", **fields: object) -> Notice:
    """A notice whose frozen text is the head and one line a task; spans fit."""
    text, made = head, []
    for i, row in enumerate(tasks, 1):
        text += row.before
        start = len(text)
        number = f"{row.number}{'' if row.number and not row.number[-1].isalnum() else '、'}" if row.number else ""
        text += number + row.text
        at = len(text)
        text += row.clause
        deadline = None
        if row.deadline:
            where = text.index(row.deadline[0], start)
            deadline = Deadline(row.deadline[0], Span(where, where + len(row.deadline[0])), row.deadline[1])
        persons = ()
        if row.person:
            where = text.index(row.person, at)
            persons = (Person(row.person, Span(where, where + len(row.person)), "市长"),)
        parties = () if row.person else tuple(assignments(row.clause, at))
        clause = Clause(row.clause, Span(at, len(text)), "test") if row.clause else None
        task = Task(i, row.number, row.section, row.text, Span(start, len(text)), clause, parties, (), deadline, persons)
        made.append(replace(task, **row.extra))
        text += "\n"
    named = {a.unit: a for task in made for a in task.assignments}
    units = tuple(
        Unit(
            key,
            key.removeprefix("unit:"),
            kind_of(a.name),
            "division:x",
            aliases=tuple(k for k, v in ALIASES.items() if f"unit:{v}" == key),
        )
        for key, a in named.items()
        if key and not a.collective
    )
    members = tuple(f"unit:{name}" for name in COUNTIES)
    groups = tuple(
        Group(
            key,
            a.name,
            a.group_kind or "",
            Closure.LISTED if a.group_kind == "allCounties" else Closure.EXTERNAL,
            "division:x",
            members if a.group_kind == "allCounties" else (),
        )
        for key, a in named.items()
        if key and a.collective
    )
    notice = Notice(
        "n",
        "关于分解任务的通知",
        None,
        None,
        date(2020, 1, 7),
        2020,
        None,
        "草稿 1.txt",
        "0" * 64,
        text + tail,
        tasks=tuple(made),
        units=units,
        groups=groups,
    )
    return replace(notice, **fields)


WORDINGS = [
    "修好城里所有的路。",
    "治理江河湖泊水质。",
    "办好每一所学校。",
    "建设新的图书馆。",
    "推进放管服改革。",
    "加强安全生产检查。",
    "发展特色乡村旅游。",
    "扶持中小微企业。",
    "完善社会救助制度。",
    "保护历史文化街区。",
    "推广绿色建筑材料。",
    "培育新型职业农民。",
]


def many(*odd: T, clause: str = "（牵头单位：市交通局；责任单位：市财政局）", count: int = 12) -> Notice:
    """A dozen regular tasks, then the odd ones."""
    return draft(*(T(text, clause) for text in WORDINGS[:count]), *odd)


def timed(text: str, printed: str, due: date | None) -> T:
    return T(text, f"（牵头单位：市交通局；责任单位：市财政局。完成时限：{printed}）", deadline=(printed, due), extra={"assignments": ()})


def timed_many(*odd: T) -> Notice:
    return draft(*(timed(text, "2020年10月", date(2020, 10, 31)) for text in WORDINGS[:8]), *odd)


ZONES = "（牵头单位：市交通局；责任单位：各县市区政府，东管委会、西管委会）"
NEW = "另外做好一件事情。"
ADDRESSED = "市交通局、市财政局、市教育局、市水利局、市应急管理局：\n"
FIVE = "（牵头单位：市交通局；责任单位：市财政局、市教育局、市水利局、市应急管理局）"
SECTIONS = "一、甲\n二、乙\n三、丙\n"


def sections(filled: Iterable[int]) -> Notice:
    heads = tuple(Section(i, number, title, Span(4 * i - 4, 4 * i - 1)) for i, (number, title) in enumerate(["一甲", "二乙", "三丙"], 1))
    return draft(*(T(WORDINGS[i], section=i) for i in filled), head=SECTIONS, sections=heads)


def with_targets(notice: Notice) -> Notice:
    target = Target("1个", Span(0, 2), Decimal(1), "个", Comparator.EXACTLY, "路")
    return replace(notice, tasks=tuple(replace(task, targets=(target,)) for task in notice.tasks))


LONG = "持续推进城市更新行动，改造老旧小区和背街小巷，完善停车、充电、养老、托幼等设施，"

ROWS: dict[str, tuple[Notice, list[int | None], Notice]] = {
    # code: where it fires, at which tasks, and where it must not
    "group-leads": (
        draft(T(clause="（牵头单位：各县市区政府；责任单位：市财政局）")),
        [1],
        draft(T(clause="（牵头单位：市交通局、各县市区政府；责任单位：市财政局）")),
    ),
    "enterprise-leads": (
        draft(T(clause="（牵头单位：市城投集团；责任单位：市财政局）")),
        [1],
        draft(T(clause="（牵头单位：市交通局；责任单位：市城投集团）")),
    ),
    "enterprise-alone": (draft(T(clause="（责任单位：市公交公司）")), [1], draft(T(clause="（责任单位：市交通局、市公交公司）"))),
    "text-lead": (
        draft(T("由市财政局牵头修好路。", "（牵头单位：市交通局；责任单位：市财政局）")),
        [1],
        draft(T("由市交通局牵头修好路，由各方共同牵头。")),
    ),
    "sole-lead": (many(T(NEW, "（牵头单位：市交通局）")), [13], draft(T(clause="（牵头单位：市交通局）"))),
    "lead-not-first": (
        many(
            *(T(f"{NEW}{i}", "（牵头单位：市交通局；责任单位：市财政局）") for i in range(12)),
            T(NEW, "（责任单位：市财政局；牵头单位：市交通局）"),
        ),
        [25],
        draft(T(clause="（责任单位：市财政局；牵头单位：市交通局）")),
    ),
    "no-party": (draft(T(clause="（）")), [1], draft(T(clause="（责任人：王某）", person="王某"))),
    "person-alone": (draft(T(clause="（责任人：王某）", person="王某")), [1], draft(T())),
    "open-list": (
        draft(T(clause="（责任单位：市交通局、市财政局等）")),
        [1],
        draft(T(clause="（责任单位：市交通局、市财政局等有关部门）")),
    ),
    "too-many-parties": (
        draft(T(clause="（责任单位：" + "、".join(f"市第{i}局" for i in range(16)) + "）")),
        [1],
        draft(T(clause="（责任单位：" + "、".join(f"市第{i}局" for i in range(15)) + "）")),
    ),
    "unit-twice": (draft(T(clause="（责任单位：市交通局、市财政局、市交通局）")), [1], draft(T(), T(NEW))),
    "unit-two-roles": (
        draft(T(clause="（牵头单位：市交通局；责任单位：市财政局；配合单位：市财政局）")),
        [1],
        draft(T(clause="（牵头单位：市交通局；责任单位：市财政局；配合单位：市教育局）")),
    ),
    "unit-in-group": (
        draft(T(clause="（责任单位：各县市区政府、甲县政府）")),
        [1],
        draft(T(clause="（牵头单位：甲县政府；责任单位：各县市区政府、丙县政府）")),
    ),
    "list-broken": (
        many(T(NEW, "（责任单位：各县市区政府，东管委会）"), T("再做一件。", "（责任单位：各县市区政府）"), clause=ZONES),
        [13, 14],
        many(T(NEW, "（责任单位：甲县政府，东管委会）"), T("再做一件。", "（责任单位：东管委会）"), clause=ZONES),
    ),
    "not-addressed": (
        draft(*(T(text, FIVE) for text in WORDINGS[:5]), T(NEW, "（责任单位：市文旅局）"), head=ADDRESSED),
        [6],
        draft(*(T(text, FIVE) for text in WORDINGS[:5]), T(NEW, "（责任单位：市文旅局）"), head="各县市区政府，市政府各部门：\n"),
    ),
    "alias-twice": (
        draft(T(clause="（责任单位：市发改委、市发展改革委）")),
        [1],
        draft(T(clause="（责任单位：市发改委、市财政局）"), T(NEW, "（责任单位：市发展改革委）")),
    ),
    "blank-in-name": (draft(T(clause="（责任单位：市 交通局）")), [1], draft(T(clause="（责任单位： 市交通局 、市5G 办）"))),
    "empty-role": (
        draft(T(clause="（牵头单位：；责任单位：市财政局）")),
        [1],
        draft(T(clause="（牵头单位：\n市交通局；责任单位：市财政局）")),
    ),
    "list-separator": (
        many(T(NEW, "（责任单位：市财政局，市教育局）"), clause="（责任单位：市交通局、市财政局、市教育局）"),
        [13],
        many(T(NEW, "（责任单位：市财政局，甲县政府）"), clause="（责任单位：市交通局、市财政局、市教育局）"),
    ),
    "trailing-separator": (
        draft(T(clause="（牵头单位：市交通局、；责任单位：市财政局、）")),
        [1, 1],
        draft(T(clause="（牵头单位：市交通局，责任单位：市财政局、市教育局）")),
    ),
    "doubled-separator": (
        draft(T(clause="（责任单位：市交通局、、市财政局）")),
        [1],
        draft(T(clause="（责任单位：市交通局；市财政局，市教育局）")),
    ),
    "width-mixed": (
        draft(T(clause="（牵头单位：市交通局；责任单位:市财政局)")),
        [1, 1],
        draft(T(clause="(牵头单位:市交通局;责任单位:市财政局)"), T(NEW, "【责任单位：市委〔办〕】")),
    ),
    "bracket-irregular": (many(T(NEW, "(责任单位：市财政局）")), [13], many(T(NEW, "〔责任单位：市委（办）〕"))),
    "label-varies": (many(T(NEW, "（牵头单位：市交通局；责任部门：市财政局）")), [13], draft(T(), T(NEW, "（责任部门：市财政局）"))),
    "number-gap": (
        draft(T(number="1"), T(WORDINGS[0], number="2"), T(NEW, number="4")),
        [3],
        draft(
            T(number="1"),
            T(NEW, number="4", before="2、总则。\n3、附则。\n"),
            T(WORDINGS[1], number="（一）"),
            T(WORDINGS[2], number="（二）"),
        ),
    ),
    "number-repeats": (
        draft(T(number="1"), T(NEW, number="1")),
        [2],
        draft(T(number="（一）"), T(NEW, number="（一）", before="二、保障\n")),
    ),
    "number-restarts": (
        draft(T(number="1"), T(WORDINGS[0], number="2"), T(NEW, number="1")),
        [3],
        draft(T(number="1", section=1), T(WORDINGS[0], number="2", section=1), T(NEW, number="1", section=2)),
    ),
    "item-without-clause": (
        draft(T(number="1"), T(NEW, number="3", before="2、治好水。\n")),
        [None],
        draft(T(number="1"), T(NEW, number="2"), tail="3、附则。\n"),
    ),
    "section-empty": (sections([1, 3]), [None], sections([1, 2])),
    "no-deadline": (timed_many(T(NEW)), [9], timed_many(T("在年底前做好。"))),
    "deadline-before-issue": (
        draft(timed("修路。", "2019年10月", date(2019, 10, 31)), T("在2018年底前修好。")),
        [1, 2],
        draft(timed("修路。", "2020年1月", date(2020, 1, 31)), T("2019年前三季度已修好，2020年底前修完，2018年底前建成的路都要修。")),
    ),
    "deadline-after-plan-year": (
        timed_many(timed(NEW, "2021年6月", date(2021, 6, 30))),
        [9],
        draft(*(timed(text, "2022年底", date(2022, 12, 31)) for text in WORDINGS)),
    ),
    "deadline-before-plan-year": (
        replace(timed_many(timed(NEW, "2019年6月", date(2019, 6, 30))), date=None),
        [9],
        replace(timed_many(timed(NEW, "2020年6月", date(2020, 6, 30))), date=None),
    ),
    "deadline-impossible": (
        draft(timed(NEW, "2020年2月30日前", None), timed("修路。", "13月底", None), T("2020年6月31日前办好学校。")),
        [1, 2, 3],
        draft(timed(NEW, "2020年2月29日前", date(2020, 2, 29)), timed("修路。", "12月底", date(2020, 12, 31))),
    ),
    "deadline-year-far": (draft(timed(NEW, "2202年10月", date(2202, 10, 31))), [1], draft(timed(NEW, "2025年底", date(2025, 12, 31)))),
    "deadline-without-date": (
        draft(timed(NEW, "尽快完成", None)),
        [1],
        draft(timed(NEW, "持续推进", None), timed("修路。", "第三季度", None)),
    ),
    "nothing-measurable": (many(), [None], with_targets(many())),
    "placeholder": (
        draft(
            T("修好路。", "（牵头单位：XX局；责任单位：市财政局）"),
            T("办好学校。", "（牵头单位：市教育局；责任单位：待定）"),
            T("完成甲乡×村道路。", "（牵头单位：市交通局）"),
            T("责任到____。", "（牵头单位：市财政局）"),
        ),
        [1, 2, 3, 4],
        draft(T("修建3×3米涵洞，待定标后开工。", "（牵头单位：市交通局）"), T("推广XXL型收割机，办好AXX展会。", "（牵头单位：市农业局）")),
    ),
    "no-wording": (draft(T("")), [1], draft(T())),
    "long-task": (draft(T(LONG * 13)), [1], draft(T(LONG * 12))),
    "wording-no-stop": (
        many(*(T(f"{text}好。") for text in WORDINGS), T("再做一件")),
        [25],
        draft(*(T(text.rstrip("。")) for text in WORDINGS), T(NEW)),
    ),
    "duplicate-task": (
        draft(T("修好城里 所有的路。"), T(NEW), T("修好城里所有的路。", "（责任单位：市教育局）")),
        [3],
        draft(T("修路。"), T("修路。"), T(WORDINGS[1], number="3"), T(WORDINGS[1], number="3")),
    ),
    "near-duplicate": (
        draft(T(LONG + "确保完成全年目标。"), T(NEW), T(LONG + "确保完成年度目标。")),
        [3],
        draft(T(LONG), T(LONG), T("治理江河湖泊水质，" + LONG[:20])),
    ),
}

CHECKED = [rule for rule in RULES if rule.check]


def tasks_with(notice: Notice, code: str) -> list[int | None]:
    return [finding.task for finding in lint_notice(notice) if finding.code == code]


@pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.code)
def test_a_rule_fires_where_it_should_and_nowhere_else(rule) -> None:
    fires, tasks, quiet = ROWS[rule.code]
    assert tasks_with(fires, rule.code) == tasks
    assert tasks_with(quiet, rule.code) == []
    for finding in lint_notice(fires):
        assert 0 <= finding.span.start <= finding.span.end <= len(fires.text)
        if finding.code == rule.code:
            assert finding.severity is rule.severity
            assert finding.span.start < finding.span.end, "a finding stands on words"


def test_the_table_of_rules_is_whole() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes)) >= 28
    assert ROWS.keys() == {rule.code for rule in CHECKED}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_says_what_why_and_how_to_mend(rule, lang: str) -> None:
    for key in (f"finding.{rule.code}", f"lint.why.{rule.code}", f"lint.mend.{rule.code}"):
        said = catalogue(lang)[key]
        assert said.strip() and "\n" not in said


@pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.code)
def test_a_message_has_all_that_fills_it(rule) -> None:
    fires, _, _ = ROWS[rule.code]
    found = [(fires, lint_notice(fires))]
    try:
        for lang in LANGUAGES:
            use_language(lang)
            assert f"[{rule.code}]" in findings_text(found)
    finally:
        use_language(None)


def test_a_regular_draft_has_no_findings() -> None:
    assert lint_notice(with_targets(many())) == []


def test_findings_stand_in_the_order_of_the_text_and_the_notice_stays() -> None:
    notice = draft(T(clause="（责任单位：市 交通局、、市公交公司）"), T("", "（牵头单位：；责任单位：市财政局等）"))
    before = repr(notice)
    found = lint_notice(notice)
    assert found == sorted(found, key=lambda finding: (finding.span, finding.code)) == lint_notice(notice)
    assert repr(notice) == before


def test_what_the_reader_said_is_passed_on_once() -> None:
    notice = draft(T(clause="（责任单位：市交通局、、市财政局）"))
    known = next(finding for finding in lint_notice(notice) if finding.code == "doubled-separator")
    assert lint_notice(replace(notice, findings=(known,))).count(known) == 1
    own = Finding("no-lead", Severity.WARNING, Span(0, 1), 1)
    assert own in lint_notice(replace(notice, findings=(own,)))


def test_lead_that_shares_is_told_by_the_reader_alone() -> None:
    notice = draft(T(clause="（牵头单位：市交通局；责任单位：市交通局、市财政局）"))
    share = notice.tasks[0].assignments[1]
    read = replace(notice, findings=(Finding("lead-also-shares", Severity.WARNING, share.span, 1, (("unit", share.name),)),))
    assert tasks_with(read, "unit-two-roles") == []


def test_rows_of_a_merged_cell_are_no_duplicates() -> None:
    notice = draft(T(WORDINGS[0]), T(NEW))
    first = notice.tasks[0]
    twice = replace(notice, tasks=(first, replace(first, i=2)))
    assert tasks_with(twice, "duplicate-task") == []


def test_a_second_table_may_number_anew() -> None:
    first, second = T(number="1"), T(NEW, number="1", before="附件2 保障措施分工\n")
    assert not {"number-repeats", "number-restarts"} & {f.code for f in lint_notice(draft(first, T(WORDINGS[0], number="2"), second))}
    assert not {"number-repeats", "number-restarts"} & {f.code for f in lint_notice(draft(first, second))}


def test_where_most_limits_are_odd_the_date_or_year_was_misread() -> None:
    old = draft(*(timed(text, "2010年10月", date(2010, 10, 31)) for text in WORDINGS))
    assert not {"deadline-before-issue", "deadline-year-far"} & {finding.code for finding in lint_notice(old)}


def test_a_sole_unit_is_no_slip_where_the_first_is_the_lead() -> None:
    fires = ROWS["sole-lead"][0]
    assert tasks_with(replace(fires, rules=Rules(first_is_lead=True)), "sole-lead") == []


def test_figures_are_written_in_half_width() -> None:
    assert tasks_with(draft(T(clause="（责任单位：市交通局，市1,000工程办9:30组）")), "width-mixed") == []


def test_a_constant_list_without_a_group_may_be_broken_too() -> None:
    whole = "（牵头单位：市交通局；责任单位：甲县政府、乙县政府、东管委会）"
    assert tasks_with(many(T(NEW, "（责任单位：甲县政府、乙县政府）"), clause=whole), "list-broken") == [13]
    assert tasks_with(many(T(NEW, "（责任单位：甲县政府）"), clause=whole), "list-broken") == []


@pytest.mark.parametrize(
    ("level", "severity", "expected"),
    [("info", Severity.INFO, True), ("warning", Severity.INFO, False), ("error", Severity.ERROR, True), ("never", Severity.ERROR, False)],
)
def test_severities_are_ordered(level: str, severity: Severity, expected: bool) -> None:
    assert at_least(Finding("x", severity, Span(0, 1)), level) is expected


# Jingzhou 2020: what a reader of the print finds, and no more.

JINGZHOU = {
    "no-lead": [60, 63, 64, 66, 80, 113],
    "several-leads": [22, 62, 102],
    "separator-irregular": [20],
    "alias-varies": [111],
    "open-reference": [23, 44, 53, 56, 58, 66, 67, 72, 90],
    "everyone": [62, *range(107, 115)],
    "members-undefined": [1, 7],
    "list-broken": [1, 3, 66],
    "enterprise-leads": [59],
    "enterprise-alone": [60],
    "too-many-parties": [8],
    "nothing-measurable": [None],
}


def test_jingzhou_has_exactly_these_findings(jingzhou: Notice) -> None:
    found: dict[str, list[int | None]] = {}
    for finding in lint_notice(jingzhou):
        found.setdefault(finding.code, []).append(finding.task)
    assert found == JINGZHOU


def test_jingzhou_is_checked_in_half_a_second(jingzhou: Notice) -> None:
    lint_notice(jingzhou)
    began = time.process_time()
    lint_notice(jingzhou)
    assert time.process_time() - began < 0.5


def test_two_thousand_tasks_are_compared_without_comparing_all() -> None:
    texts = [
        f"{LONG[:24]}第{i}号工程位于{chr(0x4E00 + 7 * i)}{chr(0x5000 + 3 * i)}，年内完成{i * 37 % 991}米管网改造。" for i in range(2000)
    ]
    notice = draft(*(T(text, "") for text in texts))
    began = time.process_time()
    lint_notice(notice)
    assert time.process_time() - began < 10


# Places, texts and pages.


def placed() -> Notice:
    notice = draft(T(clause="（责任单位：市公交公司）"), T(NEW, "（责任单位：市公交公司）"))
    at = notice.tasks[1].span.start
    return replace(notice, places=(Place(0, page=3, paragraph=2), Place(at, table=1, row=4, column=2)))


def test_a_finding_says_its_page_paragraph_or_cell() -> None:
    notice = placed()
    first, second = (task.clause.span.start for task in notice.tasks)
    assert (place_words(notice, first, lang="zh"), place_words(notice, second, lang="zh")) == ("第3页第2段", "表1第4行第2列")
    assert place_words(notice, second, lang="en") == "table 1, row 4, column 2"
    assert place_words(draft(T()), 3) == ""
    assert place_words(replace(notice, places=(Place(9, page=1),)), 3) == ""
    assert "（表1第4行第2列）" in findings_text([(notice, lint_notice(notice))])


def test_text_and_json_say_why_and_how_to_mend() -> None:
    notice = draft(T(clause="（责任单位：市公交公司）"), T(NEW, "（责任单位：市公交公司）"))
    found = [(notice, lint_notice(notice))]
    text = findings_text(found)
    assert text.count("[enterprise-alone]") == 3, "two findings and one explanation"
    assert catalogue("zh")["lint.mend.enterprise-alone"] in text
    entry = json.loads(findings_json(found))[0]["findings"][0]
    assert entry["why"] == catalogue("zh")["lint.why.enterprise-alone"]
    assert entry["mend"] and entry["fingerprint"] and entry["place"] is None
    assert (entry["line"], notice.text[entry["start"] : entry["end"]]) == (2, entry["printed"])
    assert findings_text([(notice, [])]).count("\n") == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_text_and_findings_and_loads_nothing(lang: str) -> None:
    notice = replace(placed(), title="<script>alert(1)</script>&")
    page = findings_html([(notice, lint_notice(notice)), (draft(T()), [])], lang=lang)
    tree = html.document_fromstring(page)
    assert "<script" not in page and not re.search(r"(?:src|href)=[\"'](?!#)|url\(|@import|https?://", page)
    assert "default-src 'none'" in tree.xpath("string(//meta[@http-equiv]/@content)")
    shown = "".join(tree.xpath("//p[@class='text']//text()[not(parent::a)]"))
    assert "".join(shown.split()) == "".join((notice.text + draft(T()).text).split())
    targets = {anchor.get("href")[1:] for anchor in tree.xpath("//a[@href]")}
    ids = tree.xpath("//@id")
    assert targets <= set(ids) and len(ids) == len(set(ids))
    for number in range(1, len(lint_notice(notice)) + 1):
        assert {f"n{number}", f"t{number}"} <= set(ids)
    assert catalogue(lang)["lint.why.enterprise-alone"] in page
    assert {box.get("id") for box in tree.xpath("//input[@type='checkbox'][@checked]")} == {"show-error", "show-warning", "show-info"}


def test_the_page_marks_the_words_of_a_finding() -> None:
    notice = draft(T(clause="（责任单位：市公交公司）"))
    tree = html.document_fromstring(findings_html([(notice, lint_notice(notice))], lang="zh"))
    assert tree.xpath("//mark[contains(@class, 'warning')]/text()") == ["市公交公司"]
    assert "".join(tree.xpath("//*[contains(@class, 'clause')]//text()")) == "（责任单位：市公交公司）"


def test_a_finding_on_nothing_and_a_text_of_nothing_have_a_page() -> None:
    repeated = Finding("duplicate-notice", Severity.INFO, Span(0, 0), None, (("source", "b.txt"),))
    assert 'id="n1"' in findings_html([(draft(T(), head="\n\n题\n"), [repeated])])
    assert findings_html([(replace(draft(), text=""), [repeated])])
    assert findings_html([])


@pytest.mark.browser
def test_the_page_filters_by_severity_without_a_script(chrome: Browser, tmp_path: Path) -> None:
    from .browser import visiting

    notice = draft(T(clause="（牵头单位：市城投集团；责任单位：市财政局）"), T(NEW, "（责任单位：市公交公司）"))
    path = tmp_path / "检 查.html"
    path.write_text(findings_html([(notice, lint_notice(notice))], lang="zh"), encoding="utf-8")
    for width, scheme in ((1300, "light"), (390, "dark")):
        with visiting(path, width=width, scheme=scheme, browser=chrome) as visit:
            seen = "() => [...document.querySelectorAll('.note')].filter(note => note.offsetParent).map(note => note.className)"
            assert visit.page.evaluate(seen) == ["note info", "note warning"]
            visit.page.click("label[for=show-info]")
            assert visit.page.evaluate(seen) == ["note warning"]
            assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert (visit.talk, len(visit.requests)) == ([], 1)


# Baselines.


def found_in(notice: Notice) -> list[tuple[Notice, list[Finding]]]:
    return [(notice, lint_notice(notice))]


def first_of(notice: Notice, code: str) -> str:
    return fingerprint(notice, next(finding for finding in lint_notice(notice) if finding.code == code))


ALONE = T("办好公交。", "（责任单位：市公交公司）", number="2")


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda: draft(T(number="1"), ALONE, head="另一个\n很长的\n标题\n"), True),
        (lambda: draft(T("改写别的任务。", number="1"), ALONE), True),
        (lambda: draft(T(number="1"), T(NEW, number="2"), replace(ALONE, number="3")), True),
        (lambda: draft(T(number="1"), replace(ALONE, text="办 好公交。")), True),
        (lambda: draft(T(number="1"), replace(ALONE, text="办好地铁。")), False),
        (lambda: draft(T(number="1"), replace(ALONE, clause="（责任单位：市地铁公司）")), False),
    ],
    ids=["another-head", "another-task-changed", "a-task-put-in-before", "a-blank", "its-wording-changed", "its-words-changed"],
)
def test_a_fingerprint_follows_its_task(change: Callable[[], Notice], same: bool) -> None:
    known = first_of(draft(T(number="1"), ALONE), "enterprise-alone")
    assert (first_of(change(), "enterprise-alone") == known) is same


def test_two_tasks_of_one_wording_are_told_apart_by_number() -> None:
    notice = draft(ALONE, replace(ALONE, number="3"))
    assert len({fingerprint(notice, finding) for finding in lint_notice(notice) if finding.code == "enterprise-alone"}) == 2


def test_a_baseline_hides_what_it_holds_and_counts(tmp_path: Path) -> None:
    once = draft(T(clause="（责任单位：市交通局、、市财政局）"))
    twice = draft(T(clause="（责任单位：市交通局、、市财政局、、市教育局）"))
    path = tmp_path / "基线.json"
    path.write_text(baseline_text(found_in(once)), encoding="utf-8")
    known = read_baseline(path)
    assert [findings for _, findings in new_findings(found_in(once), known)] == [[]]
    ((_, new),) = new_findings(found_in(twice), known)
    assert [finding.code for finding in new] == ["doubled-separator"]
    assert new_findings(found_in(once), {}) == found_in(once)


def test_a_baseline_is_sorted_readable_and_the_same_each_time() -> None:
    notice = draft(T(clause="（牵头单位：；责任单位：市公交公司、、市财政局等）"), T("", "（责任单位：市公交公司）"))
    text = baseline_text(found_in(notice))
    content = json.loads(text)
    codes = [entry["code"] for entry in content["findings"]]
    assert codes == sorted(codes) and content["schema"] == 1
    assert sum(entry["count"] for entry in content["findings"]) == len(lint_notice(notice))
    assert text == baseline_text(found_in(notice)) and "市公交公司" in text
    assert json.loads(baseline_text([])) == {"schema": 1, "findings": []}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"schema": 2, "findings": []}',
        '{"schema": 1}',
        '{"schema": 1, "findings": [1]}',
        '{"schema": 1, "findings": [{"fingerprint": "a", "count": 0}]}',
    ],
)
def test_a_file_that_is_no_baseline_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(TableError):
        read_baseline(path)


def test_a_missing_baseline_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceMissingError):
        read_baseline(tmp_path / "none.json")
