"""Whole notices in every layout that is met: text in, tasks and roles out. Each row says what the reader must not get wrong."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from kg.model import Notice, Role
from kg.reading.files import READERS
from kg.reading.notice import notice_of_text

LETTERS = {Role.LEAD: "L", Role.RESPONSIBLE: "R", Role.COOPERATING: "C"}


def of_text(text: str, suffix: str = ".txt") -> Notice:
    return notice_of_text(READERS[suffix](text.encode("utf-8"), f"notice{suffix}"))


def short(notice: Notice) -> list[str]:
    """Each task as «number wording: roles»."""
    return [
        f"{task.number or '-'} {''.join(task.text.split())}: "
        + " ".join(f"{LETTERS[a.role]}{'*' if a.standing else ''}={a.name}" for a in task.assignments)
        for task in notice.tasks
    ]


@dataclass(frozen=True)
class Row:
    why: str
    text: str
    tasks: list[str]


ROWS = {
    "rule-in-the-first-clause": Row(
        "the rule holds from the clause that prints it on, also for a sole unit; the rule is no unit",
        "1.修路。（责任单位：甲局、乙局，列第一位的为牵头单位，下同）\n2.架桥。（责任单位：丙局）\n3.种树。（责任单位：各县政府、丁局）",
        ["1 修路。: L=甲局 R=乙局", "2 架桥。: L=丙局", "3 种树。: R=各县政府 R=丁局"],
    ),
    "rule-in-an-inner-bracket": Row(
        "the rule may stand in a bracket of its own inside the clause",
        "1.修路。（责任单位：甲局、乙局〔列第一位的为牵头单位，下同〕）\n2.架桥。（责任单位：丙局、甲局）",
        ["1 修路。: L=甲局 R=乙局", "2 架桥。: L=丙局 R=甲局"],
    ),
    "rule-does-not-reach-back": Row(
        "a clause before the rule keeps its roles",
        "1.修路。（责任单位：甲局、乙局）\n2.架桥。（责任单位：丙局、甲局，排在首位的为牵头单位，下同）",
        ["1 修路。: R=甲局 R=乙局", "2 架桥。: L=丙局 R=甲局"],
    ),
    "rule-in-a-note-at-the-end": Row(
        "a note behind the last clause holds for all",
        "1.修路。（责任单位：甲局、乙局）\n2.架桥。（责任单位：丙局）\n注：责任单位中列第一位的为牵头单位。",
        ["1 修路。: L=甲局 R=乙局", "2 架桥。: L=丙局"],
    ),
    "a-word-outranks-the-rule": Row(
        "牵头 by word wins over first-is-lead",
        "1.修路。（甲局、乙局牵头，丙局负责，列第一位的为牵头单位，下同）\n2.架桥。（丙局、甲局负责）",
        ["1 修路。: L=甲局 L=乙局 R=丙局", "2 架桥。: L=丙局 R=甲局"],
    ),
    "first-comma": Row(
        "all before the first comma lead; without a comma all lead",
        "任务后括号内，第一个逗号前为牵头单位。\n1.修路。（责任单位：甲局、乙局，丙局）\n2.架桥。（责任单位：丁局）",
        ["1 修路。: L=甲局 L=乙局 R=丙局", "2 架桥。: L=丁局"],
    ),
    "asterisk": Row(
        "the asterisk marks the lead and is no part of the name",
        "1.修路。（责任单位：*甲局、乙局）\n2.架桥。（责任单位：甲局、＊乙局）",
        ["1 修路。: L=甲局 R=乙局", "2 架桥。: R=甲局 L=乙局"],
    ),
    "standing-units": Row(
        "units of a standing rule join every later task, marked",
        "1.修路。（牵头单位：甲局。以下任务均需各县（市、区）政府落实，不再列出）\n2.架桥。（牵头单位：乙局）",
        ["1 修路。: L=甲局", "2 架桥。: L=乙局 R*=各县（市、区）政府"],
    ),
    "standing-units-for-the-tasks-above": Row(
        "以上 speaks of the tasks above it, 以下 of those below",
        "1.修路。（甲局负责）\n2.架桥。（乙局负责，以上任务均需各镇政府落实，不再列出）\n3.种树。（丁局负责）",
        ["1 修路。: R=甲局 R*=各镇政府", "2 架桥。: R=乙局 R*=各镇政府", "3 种树。: R=丁局"],
    ),
    "a-rule-that-is-taken-back": Row(
        "a rule that is denied, or has exceptions, is not applied",
        "不再列第一位的为牵头单位。\n1.修路。（责任单位：甲局、乙局）\n2.架桥。（责任单位：丙局、乙局，列第一位的为牵头单位，第3项除外）",
        ["1 修路。: R=甲局 R=乙局", "2 架桥。: R=丙局 R=乙局"],
    ),
    "a-comma-in-a-bracket-divides-no-list": Row(
        "the first comma is one between parties",
        "任务后括号内，第一个逗号前为牵头单位。\n1.修路。（责任单位：甲委（一科，二科）、乙局，丙局）",
        ["1 修路。: L=甲委（一科，二科） L=乙局 R=丙局"],
    ),
    "the-comma-of-one-line-divides-no-other": Row(
        "labels on two lines: only the first list is divided",
        "任务后第一个逗号前为牵头单位。\n1.修路。\n责任单位：甲局，乙局\n落实单位：丙局、丁局",
        ["1 修路。: L=甲局 R=乙局 R=丙局 R=丁局"],
    ),
    "bullets-before-labels": Row(
        "a bullet before a label is no part of it",
        "1.修路。\n●牵头单位：甲局\n◆责任单位：乙局",
        ["1 修路。: L=甲局 R=乙局"],
    ),
    "a-body-behind-a-deadline": Row(
        "a body behind the comma of a time limit is no part of it",
        "1.修路。（责任单位：甲局；完成时限：2024年6月，乙局）",
        ["1 修路。: R=甲局"],
    ),
    "persons-where-units-should-be": Row(
        "a person is no unit, also behind one",
        "1.修路。（牵头单位：市发改委 王建国；责任单位：张三、市财政局（李明）、市水利局）",
        ["1 修路。: L=市发改委 R=市财政局 R=市水利局"],
    ),
    "a-bracket-that-never-closes": Row(
        "it ends with its line, and swallows no signature",
        "1.修路。（牵头单位：甲局；责任单位：乙局\n甲市人民政府办公室\n2024年1月1日",
        ["1 修路。: L=甲局 R=乙局"],
    ),
    "ditto": Row(
        "同上 means what stands above",
        "| 序号 | 工作任务 | 牵头单位 | 配合单位 |\n|---|---|---|---|\n| 1 | 修路 | 甲局 | 乙局 |\n| 2 | 架桥 | 同上 | 丙局 |",
        ["1 修路: L=甲局 C=乙局", "2 架桥: L=甲局 C=丙局"],
    ),
    "own-lines": Row(
        "labels on lines of their own make one clause with the wording above",
        "一、重点工作\n1.修路。\n牵头单位：甲局\n责任单位：乙局、丙局\n完成时限：2024年6月\n2.架桥。\n还要栽树。\n牵头单位：丁局\n配合单位：乙局",
        ["1 修路。: L=甲局 R=乙局 R=丙局", "2 架桥。还要栽树。: L=丁局 C=乙局"],
    ),
    "own-lines-with-leaders": Row(
        "leaders are persons",
        "（一）修路。\n分管领导：张某某\n牵头单位：甲局\n（二）架桥。\n分管领导：李某某\n牵头单位：乙局",
        ["（一） 修路。: L=甲局", "（二） 架桥。: L=乙局"],
    ),
    "label-and-list-on-two-lines": Row(
        "a label whose list stands on the next line",
        "1.修路。\n牵头单位：\n甲局\n责任单位：\n乙局、丙局",
        ["1 修路。: L=甲局 R=乙局 R=丙局"],
    ),
    "list-over-two-lines": Row(
        "a list that goes on in the next line, also inside a name",
        "1.修路。\n责任单位：甲局、乙局、\n丙集团\n有限公司、各镇\n2.架桥。\n责任单位：丁局",
        ["1 修路。: R=甲局 R=乙局 R=丙集团有限公司 R=各镇", "2 架桥。: R=丁局"],
    ),
    "responsible-beside-cooperating": Row(
        "责任单位 beside 配合单位 is who leads; with 牵头单位 it is the others",
        "1.修路。（责任单位：甲局；配合单位：乙局）\n2.架桥。（牵头单位：丙局；责任单位：甲局；配合单位：乙局）",
        ["1 修路。: L=甲局 C=乙局", "2 架桥。: L=丙局 R=甲局 C=乙局"],
    ),
    "several-clauses-a-paragraph": Row(
        "a clause closes what was printed since the one before it",
        "（一）改革。一是修路。（甲局负责）二是架桥。（乙局负责）",
        ["（一） 改革。一是修路。: R=甲局", "二 架桥。: R=乙局"],
    ),
    "sub-items-of-one-sentence": Row(
        "one clause at the end of the last sub-item holds for the whole item",
        "1.改善道路：\n（1）修路；\n（2）架桥。（牵头单位：甲局）\n2.种树。（牵头单位：乙局）",
        ["1 改善道路：（1）修路；（2）架桥。: L=甲局", "2 种树。: L=乙局"],
    ),
    "sub-items-with-clauses-of-their-own": Row(
        "each sub-item with its own clause is a task",
        "1.改善道路\n（1）修路。（牵头单位：甲局）\n（2）架桥。（牵头单位：乙局）",
        ["（1） 修路。: L=甲局", "（2） 架桥。: L=乙局"],
    ),
    "one-line-below-several-measures": Row(
        "measures that are printed one by one, and one line of parties below them all, are one task",
        "（一）改善道路，畅通城乡。\n1.修路。\n2.架桥。\n责任单位：甲局\n（二）保护环境，美化城乡。\n1.种树。\n责任单位：乙局\n2.治水。\n责任单位：丙局",
        ["（一） 改善道路，畅通城乡。1.修路。2.架桥。: R=甲局", "（二） 保护环境，美化城乡。1.种树。: R=乙局", "2 治水。: R=丙局"],
    ),
    "numbers-of-two-parts": Row(
        "1.1 with a blank is a number, 1.5亿元 is a figure",
        "1.1 修路。\n牵头单位：甲局\n1.2 架桥。\n投资1.5亿元。\n牵头单位：乙局",
        ["1.1 修路。: L=甲局", "1.2 架桥。投资1.5亿元。: L=乙局"],
    ),
    "bare-brackets-in-mid-sentence": Row(
        "where brackets of nothing but units are the layout, they may close a part of a sentence",
        "任务后括号内第一个逗号前为牵头单位。\n1.外贸。一是出口，（甲局，乙局）二是进口。（丙局、丁委）\n2.外资。（甲局）\n3.通道。（乙局、丙局，丁委）\n4.法治。（丁委）",
        [
            "1 外贸。一是出口，: L=甲局 R=乙局",
            "二 进口。: L=丙局 L=丁委",
            "2 外资。: L=甲局",
            "3 通道。: L=乙局 L=丙局 R=丁委",
            "4 法治。: L=丁委",
        ],
    ),
    "table-of-responsible-and-cooperating": Row(
        "in a table of 责任单位 and 配合单位 the former leads, in rows without the latter too",
        "| 序号 | 工作任务 | 责任单位 | 配合单位 |\n|---|---|---|---|\n| 1 | 修路 | 甲局 | 乙局 |\n| 2 | 架桥 | 丙局 | 无 |",
        ["1 修路: L=甲局 C=乙局", "2 架桥: L=丙局"],
    ),
    "a-name-without-a-usual-ending": Row(
        "beside names that end as names do, a short one that does not is one",
        "1.融资。（甲局牵头，乙银行、丙银行和中国人保参与）",
        ["1 融资。: L=甲局 C=乙银行 C=丙银行 C=中国人保"],
    ),
    "clause-on-the-next-line": Row(
        "a clause on a line of its own closes the wording above it",
        "1.修路。\n（牵头单位：甲局）\n2.架桥。\n（牵头单位：乙局）",
        ["1 修路。: L=甲局", "2 架桥。: L=乙局"],
    ),
    "two-brackets-one-clause": Row(
        "brackets side by side are read together",
        "1.修路。（牵头单位：甲局）（配合单位：乙局）",
        ["1 修路。: L=甲局 C=乙局"],
    ),
    "bare-brackets": Row(
        "brackets of nothing but units, where the notice is written so",
        "第一个逗号前为牵头单位。\n1.修路。（甲局，乙局）\n2.架桥。（乙局、丙委）\n3.种树。（丁局，各乡镇政府）",
        ["1 修路。: L=甲局 R=乙局", "2 架桥。: L=乙局 L=丙委", "3 种树。: L=丁局 R=各乡镇政府"],
    ),
    "number-glued-to-a-figure": Row(
        "11.121人才 is item 11, 12.5% is no item",
        "10.修路。（甲局负责）\n11.121人才工程。（乙局负责）\n12.5%以上的村通路。（丙局负责）",
        ["10 修路。: R=甲局", "11 121人才工程。: R=乙局", "- 12.5%以上的村通路。: R=丙局"],
    ),
    "page-number-inside-a-clause": Row(
        "a page number that a converter left inside a name is no part of it",
        "1.修路。（责任单位：省级—2—主管部门、甲局）",
        ["1 修路。: R=省级主管部门 R=甲局"],
    ),
    "radicals": Row(
        "radical code points that a font of a PDF left behind",
        "1.修路。（责任单位：⺠政局、⾦融办，列第⼀位的为牵头单位，下同）",
        ["1 修路。: L=⺠政局 R=⾦融办"],
    ),
    "pipe-table": Row(
        "a table drawn with bars; a cell of / is nobody",
        "| 序号 | 工作任务 | 牵头单位 | 配合单位 | 完成时限 |\n|---|---|---|---|---|\n| 1 | 修路 | 甲局 | 乙局、丙局 | 6月底 |\n| 2 | 架桥 | 丁局 | / | 全年 |",
        ["1 修路: L=甲局 C=乙局 C=丙局", "2 架桥: L=丁局"],
    ),
    "one-line-document": Row(
        "a whole document on one line is cut before its headings and numbers",
        "甲市关于分解工作的通知 "
        + "各单位要高度重视，认真落实，确保完成全年目标任务。" * 18
        + " 一、道路建设 1、修路十里，改造旧桥。 责任单位：甲局、乙局 2、架桥三座。 责任单位：丙局 二、环境保护 3、种树百亩。 责任单位：丁局",
        ["1 修路十里，改造旧桥。: R=甲局 R=乙局", "2 架桥三座。: R=丙局", "3 种树百亩。: R=丁局"],
    ),
    "what-a-page-prints-above-the-title": Row(
        "the department that answers for a document has no task in it",
        "索引号：000/2024\n责任部门：市政府办公室\n甲市人民政府关于分解任务的通知\n1.修路。（牵头单位：甲局）",
        ["1 修路。: L=甲局"],
    ),
    "who-runs-the-site": Row(
        "the foot of a web page has no task",
        "1.修路。（牵头单位：甲局）\n主办：甲市人民政府　承办：甲市大数据局　ICP备00000000号　网站标识码：0000000000",
        ["1 修路。: L=甲局"],
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_layout_is_read(row: Row) -> None:
    notice = of_text(row.text)
    assert short(notice) == row.tasks, row.why
    for task in notice.tasks:
        for part in (*task.assignments, *task.persons, *((task.deadline,) if task.deadline else ())):
            assert row.text[part.span.start : part.span.end] == part.printed


def test_persons_and_deadlines_of_own_lines() -> None:
    first, second = of_text(
        "某市2024年重点工作\n1.修路。\n分管领导：张某某\n牵头单位：甲局\n完成时限：6月底前\n2.架桥。\n牵头单位：乙局\n完成时限：2025年3月"
    ).tasks
    assert [(p.office, p.printed) for p in first.persons] == [("分管领导", "张某某")]
    assert [(t.deadline.printed, t.deadline.due.isoformat()) for t in (first, second) if t.deadline and t.deadline.due] == [
        ("6月底前", "2024-06-30"),
        ("2025年3月", "2025-03-31"),
    ]


def test_leads_of_two_columns_are_one_finding_with_a_span_that_holds_both() -> None:
    # Found by reading damaged notices: a standing merged cell may hold a lead that is printed further up.
    text = "| 工作任务 | 配合单位 | 牵头单位 |\n|---|---|---|\n| 修路 | 乙局牵头 | 甲局 |"
    (finding,) = [finding for finding in of_text(text).findings if finding.code == "several-leads"]
    assert text[finding.span.start : finding.span.end] == "乙局牵头 | 甲局"


def test_the_rule_that_read_a_task_is_named() -> None:
    notice = of_text("1.修路。（责任单位：甲局、乙局，列第一位的为牵头单位，下同）\n2.架桥。（乙局牵头）\n3.种树。\n牵头单位：丙局")
    assert [task.clause.rule for task in notice.tasks if task.clause] == ["bracket-labelled+first-is-lead", "bracket-verb", "line-labelled"]


WRAPPED = """甲县2024年重点工作任务分解
    一、道路建设。按照县委经济工作会议精神，扎实做好下列各项工
作任务，确保年内见到成效。
    1.修建县道二百公里，改造危桥三十座，完善农村客运网络，方便群
众出行，全面提升公路养护水平。（责任单位：县交通运输局、县发展改
革局、县财政局）
                              — 1 —
    2.推进城区老旧小区改造，完善配套设施，惠及居民五千户，切实改
善居民居住条件。（责任单位：县住房城乡建设局、县自然资源和规划
局，各乡镇人民政府）
    3.加强生态环境保护，持续打好蓝天、碧水、净土保卫战，空气质量
优良天数比率达到百分之九十。（责任单位：县生态环境分局）
"""


def test_hard_wraps_are_undone_and_positions_stay() -> None:
    notice = of_text(WRAPPED)
    assert [[a.name for a in task.assignments] for task in notice.tasks] == [
        ["县交通运输局", "县发展改革局", "县财政局"],
        ["县住房城乡建设局", "县自然资源和规划局", "各乡镇人民政府"],
        ["县生态环境分局"],
    ]
    broken = notice.tasks[0].assignments[1]
    assert broken.printed == "县发展改\n革局" == WRAPPED[broken.span.start : broken.span.end]
    assert notice.tasks[1].text.startswith("推进城区老旧小区改造，完善配套设施，惠及居民五千户，切实改善居民居住条件")


def test_the_end_of_a_clause_beside_page_numbers_is_no_running_head() -> None:
    # Found by generated notices: 管委会） stood beside three page numbers, and three clauses had lost their ends.
    task = "．推进园区建设，完善产业配套，引进龙头企业，形成一批可复制经验。（\n牵头单位：市发展改革委；责任单位：市财政局、市商务局、甲市开发区\n管委会）\n        — {} —\n"
    text = "甲市2024年重点工作任务分解\n" + "".join(f"    {at}{task.format(at)}" for at in range(1, 6))
    notice = of_text(text)
    assert [task.assignments[-1].name for task in notice.tasks] == ["甲市开发区管委会"] * 5
    assert {finding.code for finding in notice.findings} == set()
    heads = text.replace("管委会）\n", "管委会）\n甲市人民政府公报\n")
    assert "公报" not in "".join(task.text for task in of_text(heads).tasks)


UNREAD = {
    "no-colon": ("1.修路。（甲局负责）\n2.架桥。（牵头单位市发改委，责任单位市财政局）", ["牵头单位", "责任单位"]),
    "is": ("1.修路。（甲局负责）\n2.架桥。责任单位为市发改委和市财政局。", ["责任单位为"]),
    "arrow": ("1.修路。（甲局负责）\n2.架桥。(牵头单位→市发改委)", ["牵头单位→"]),
    "persons-in-a-bracket": ("1.修路。（甲局负责）\n2.架桥。（王建国、李四负责）", ["（王建国、李四负责）"]),
}


@pytest.mark.parametrize(("text", "printed"), UNREAD.values(), ids=UNREAD)
def test_what_looks_like_responsibility_and_is_not_read_is_reported(text: str, printed: list[str]) -> None:
    notice = of_text(text)
    assert [text[f.span.start : f.span.end] for f in notice.findings if f.code == "unread-clause"] == printed


def test_merged_cells_keep_the_print_of_other_rows_out_of_a_clause() -> None:
    page = (
        "<table border='1'><tr><th>序号</th><th>工作任务</th><th>牵头单位</th><th>责任单位</th><th>责任人</th></tr>"
        "<tr><td>1</td><td>修路</td><td rowspan='2'>市发改委</td><td>市财政局</td><td>王建国</td></tr>"
        "<tr><td>2</td><td>架桥</td><td>市城管委</td><td>张伟</td></tr></table>"
    )
    first, second = notice_of_text(READERS[".html"](f"<html><body>{page}</body></html>".encode(), "a.html")).tasks
    assert second.clause is not None
    assert "王建国" not in second.clause.printed
    assert [a.name for a in second.assignments] == ["市发改委", "市城管委"]
    assert [p.printed for p in second.persons] == ["张伟"]


def test_a_letter_prints_its_date_behind_its_tasks() -> None:
    notice = of_text("甲市人民政府关于分解任务的通知\n1.修路。（甲局负责）\n甲市人民政府\n2024年2月20日\n（此件公开发布）")
    assert notice.date is not None
    assert notice.date.isoformat() == "2024-02-20"


READER_CODES = {
    "person-as-party": ("1.修路。（牵头单位：王建国；责任单位：市财政局）", "1.修路。（牵头单位：市发改委；责任单位：市财政局）"),
    "unread-part": ("1.修路。（牵头单位：市发改委；关注要点：安全）", "1.修路。（牵头单位：市发改委；完成时限：6月底）"),
    "no-responsibility": ("甲市关于修路的通知\n要抓好修路。", "甲市关于修路的通知\n1.修路。（牵头单位：市发改委）"),
    "bracket-unbalanced": ("1.修路。（牵头单位：市发改委", "1.修路。（牵头单位：市发改委）"),
}


@pytest.mark.parametrize(("code", "fires", "quiet"), [(code, *texts) for code, texts in READER_CODES.items()], ids=READER_CODES)
def test_what_the_reader_reports_it_reports_there_and_nowhere_else(code: str, fires: str, quiet: str) -> None:
    assert code in {finding.code for finding in of_text(fires).findings}
    assert code not in {finding.code for finding in of_text(quiet).findings}
