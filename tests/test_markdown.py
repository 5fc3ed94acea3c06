"""Markdown: marks go, words and numbers stay, tables become grids, and a notice that was only named .md is read as it stands."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import EmptySourceError, KgError
from kg.reading.markdown import read_markdown, without_hidden
from kg.reading.source import SourceText
from kg.reading.web import MOST_PLACES


def read(text: str) -> SourceText:
    return read_markdown(text, "a.md")


def cells(text: SourceText, grid: int = 0) -> list[list[str]]:
    return [[text.text[span.start : span.end] for span in row] for row in text.grids[grid].rows]


NOTICE = """关于印发2026年重点工作责任分工的通知

各县（市、区）人民政府，市政府各部门：

一、加快工业强市建设
（一）推进项目建设。新开工亿元以上项目100个。
1.抓好春耕备耕。（牵头单位：市农业农村局；责任单位：市水利局）
2.完成技改投资100亿元。（牵头单位：市经信局）
（二）优化营商环境
牵头单位：市发改委
责任单位：市财政局、市税务局，
各县市区人民政府
完成时限：2026年12月底

二、保障措施
第一条 加强领导。
① 按月调度。
"""

ROWS = {
    "headings": (
        "# 通知\n## 一、任务 ##\n###（一）修路\n#\n#标签\n#hash\n####### 七",
        ["通知", "一、任务", "（一）修路", "标签", "#hash", "####### 七"],
        "one to six marks; without a blank only before Chinese; a mark alone is an empty heading",
    ),
    "heading-underlined": ("通知\n===\n一、任务\n---\n修路", ["通知", "一、任务", "修路"], "the line below is no text"),
    "heading-in-html": ('# <p align="center">通知</p>', ["通知"], "tags in a heading leave no empty line"),
    "label-in-bold": (
        "**牵头单位：**市发改委\n**责任单位**：市财政局\n__完成时限：__ 年底",
        ["牵头单位：市发改委", "责任单位：市财政局", "完成时限： 年底"],
        "the commonest shape; a mark between punctuation and a letter closes nothing in CommonMark",
    ),
    "label-in-bold-with-blanks": ("** 牵头单位：** 市发改委", ["牵头单位： 市发改委"], "a common slip"),
    "labels-in-a-list": (
        "- **牵头单位：**市发改委\n- **责任单位：**市财政局\n  - 市税务局",
        ["牵头单位：市发改委", "责任单位：市财政局", "市税务局"],
        "bullets go",
    ),
    "items-in-bold": ("**一、修路**\n**（一）桥**\n**1.** 洞", ["一、修路", "（一）桥", "1. 洞"], "an item in bold begins a line too"),
    "bold-over-lines": ("**修路；\n牵头单位：市发改委**", ["修路；", "牵头单位：市发改委"], "marks in two lines"),
    "both-marks": ("***牵头***单位 **重*点*工作** ~~作废~~", ["牵头单位 重点工作 作废"], "marks inside marks"),
    "blanks-to-fill-in": ("签字：____年__月__日 ____", ["签字：____年__月__日 ____"], "underscores between characters are no marks"),
    "asterisk-of-a-lead": ("责任单位：*市教育局、市人社局；*市财政局", ["责任单位：*市教育局、市人社局；*市财政局"], "it marks the lead"),
    "no-marks": ("a_b_c，5 < 6 > 4，3**2，#1", ["a_b_c，5 < 6 > 4，3**2，#1"], "no marks"),
    "escaped": (
        "1\\. 修路 \\*市教育局\\* \\[一\\] \\# \\\\ \\甲",
        ["1. 修路 *市教育局* [一] # \\ \\甲"],
        "an escaped mark is printed; a backslash before a letter too",
    ),
    "escaped-list": ("\\- 修路\n\n2026\\. 年", ["- 修路", "2026. 年"], "no list"),
    "code": ("`市发改委` ```x```", ["市发改委 x"], "code is its text"),
    "entities": ("&lt;附件&gt; &amp; &#20108;&nbsp;三 &unknown;", ["<附件> & 二\xa0三 &unknown;"], "named and numbered"),
    "links": (
        '见[附件1](http://a.cn/a_(1).doc "清单")、[网站][w]、<http://b.cn>、![图](c.png)[注]\n\n[w]: http://b.cn\n[d]: files/a.pdf "x"',
        ["见附件1、网站、http://b.cn、[注]"],
        "links are their text; where they lead is no text",
    ),
    "label-in-brackets": (
        "[责任单位]: 市教育局\n\n[时限]: 2026.12\n\n[1]: 附注",
        ["[责任单位]: 市教育局", "[时限]: 2026.12", "[1]: 附注"],
        "no link: nothing that names a unit may be dropped",
    ),
    "footnotes": (
        "市教育局[^1]、市财政局[^注]牵头\n\n[^1]: 会同市人社局",
        ["市教育局、市财政局牵头", "会同市人社局"],
        "a mark is no part of a name",
    ),
    "numbered-list": ("1. 修路\n2. 种树\n\n3) 治水\n10. 通电", ["1. 修路", "2. 种树", "3) 治水", "10. 通电"], "as printed"),
    "all-ones": ("1. 修路\n1. 种树\n\n1. 治水", ["1. 修路", "2. 种树", "3. 治水"], "counted as a renderer does"),
    "all-threes": ("3. 修路\n3. 种树", ["3. 修路", "4. 种树"], "from the first number"),
    "numbers-that-begin-again": (
        "1. 修路\n2. 种树\n1. 治水\n1. 通电",
        ["1. 修路", "2. 种树", "1. 治水", "1. 通电"],
        "an author who counts means what is printed; what is odd is for others to report",
    ),
    "a-heading-between": ("1. 修路\n\n## 二\n\n1. 种树", ["1. 修路", "二", "1. 种树"], "each section begins anew"),
    "an-item-between": ("1. 修路\n二、绿化\n1. 种树", ["1. 修路", "二、绿化", "1. 种树"], "also where the heading has no mark"),
    "nested-lists": (
        "1. 修路\n   1. 桥\n   1. 洞\n2. 种树\n   1. 松\n- 甲\n  1. 乙\n- 丙\n  1. 丁",
        ["1. 修路", "1. 桥", "2. 洞", "2. 种树", "1. 松", "甲", "1. 乙", "丙", "1. 丁"],
        "a lower list begins anew below each entry",
    ),
    "list-entry-of-paragraphs": (
        "1. 修路\n\n   （牵头单位：市交通局）\n\n2. 种树",
        ["1. 修路", "（牵头单位：市交通局）", "2. 种树"],
        "indented below",
    ),
    "task-list": ("- [ ] 修路\n- [x] 种树\n+ [甲] 乙", ["修路", "种树", "[甲] 乙"], "boxes go"),
    "no-lists": ("-10%\n\n3.5万亩\n\n2026.年", ["-10%", "3.5万亩", "2026.年"], "a blank makes the list"),
    "wrapped": (
        "加快工业强市建设，新开工亿元以上项\n目100个。（牵头单位：市农业\n农村局；责任单位：市财政局）",
        ["加快工业强市建设，新开工亿元以上项目100个。（牵头单位：市农业农村局；责任单位：市财政局）"],
        "no blank between two Chinese characters; an open bracket goes on",
    ),
    "wrapped-names": (
        "责任单位：市财政局、\n市税务局，\n各县市区人民政府",
        ["责任单位：市财政局、市税务局，各县市区人民政府"],
        "a comma goes on",
    ),
    "hard-breaks": ("修路，  \n种树，\\\n治水<br/>通电<BR>通水", ["修路，", "种树，", "治水", "通电", "通水"], "the author ended the line"),
    "indented": ("　　一、任务\n\n    （一）修路", ["一、任务", "（一）修路"], "Chinese paragraphs are indented; that makes no code"),
    "quote": ("> 引文一，\n> 引文二\n>> # 深\n\n>1. 甲", ["引文一，引文二", "深", "1. 甲"], "marks go"),
    "fence": (
        "```text\n一、*任务*\n\n| a |\n```\n后\n~~~\n未完",
        ["一、*任务*", "| a |", "后", "未完"],
        "as it stands, also where it never ends",
    ),
    "fence-in-a-quote": ("> ```\n> 甲\n> ```\n> **乙**", ["甲", "乙"], "the marks of the quote go first"),
    "html-blocks": (
        '<div align="center"><p>通知</p><p>一、<b>任务</b></p></div>\n<ul><li>甲</li><li>乙</li></ul>\n<details><summary>附件</summary>清单</details>',
        ["通知", "一、任务", "甲", "乙", "附件", "清单"],
        "a block ends a line, a look does not",
    ),
    "scripts": (
        "前<script>\nvar a = '一、**假**';\n\n// x\n</script >\n<STYLE>p { color: red }\n\n</STYLE>\n后",
        ["前", "后"],
        "no text, also over blank lines",
    ),
    "comments": ("甲<!-- 一、\n\n| a |\n|---|\n -->\n\n乙<!-- 丙", ["甲", "乙<!-- 丙"], "hidden; one that never closes is text"),
    "front-matter": (
        "---\ntitle: '关于工作分工的通知'\ntags:\n  - 工作\n# x\n\n---\n一、任务",
        ["关于工作分工的通知", "一、任务"],
        "its title is kept",
    ),
    "front-matter-without-title": ("---\nlayout: page\n---\n一、任务", ["一、任务"], "nothing to keep"),
    "rules-around-text": (
        "---\n一、任务\n牵头单位：市经信局\n---\n二、保障",
        ["一、任务", "牵头单位：市经信局", "二、保障"],
        "two rules are no front matter: nothing may be lost",
    ),
    "line-ends": ("一、任务\r\n\r\n- 修路\r- 种树\r\n", ["一、任务", "修路", "种树"], "of Windows and of old Macs"),
    "notice": (NOTICE, [line for line in NOTICE.replace("税务局，\n", "税务局，").splitlines() if line], "a text file that was named .md"),
}


@pytest.mark.parametrize("text, expected, why", ROWS.values(), ids=ROWS)
def test_marks_go_and_words_stay(text: str, expected: list[str], why: str) -> None:
    assert read(text).text.splitlines() == expected, why


GRIDS = {
    "plain": ("| 任务 | 单位 |\n|---|:-:|\n| 修路 | 市交通局 |", [["任务", "单位"], ["修路", "市交通局"]], "as GitHub writes it"),
    "bare": (
        "任务|单位\n-|-\n修路|市交通局\n后",
        [["任务", "单位"], ["修路", "市交通局"]],
        "without outer bars; a line without bars is behind it",
    ),
    "behind-text": ("一、分工如下：\n|任务|\n|--|\n|修路|", [["任务"], ["修路"]], "no blank line before it"),
    "marks-in-cells": (
        "|**任务**|单位|\n|-|-|\n|[修路](a)<br>1. 桥|*市交通局*、`x`|",
        [["任务", "单位"], ["修路\n1. 桥", "市交通局、x"]],
        "marks go, breaks stay",
    ),
    "escaped-bar": ("|a|\n|-|\n|修路\\|架桥 \\* |", [["a"], ["修路|架桥 *"]], "no end of a cell"),
    "uneven": (
        "|a|b|\n|-|-|\n|1|\n|1|2|3|\n||",
        [["a", "b", ""], ["1", "", ""], ["1", "2", "3"], ["", "", ""]],
        "filled up; nothing is cut off",
    ),
    "empty-cells": ("|a|b|\n|-|-|\n| |2|\n|1||", [["a", "b"], ["", "2"], ["1", ""]], "merged cells are mostly written so"),
    "in-a-quote": ("> |a|b|\n> |-|-|\n> |1|2|", [["a", "b"], ["1", "2"]], "the marks of the quote go first"),
    "indented": ("1. 修路\n\n   |a|b|\n   |-|-|\n   |1|2|", [["a", "b"], ["1", "2"]], "below an entry of a list"),
    "html": (
        "前\n<table><tr><th rowspan=2>甲</th><th>乙</th></tr>\n<tr><td>丙<br>丁</td></tr></table>",
        [["甲", "乙"], ["甲", "丙\n丁"]],
        "merged cells",
    ),
    "html-in-a-block": (
        '<div class="x">\n<center><table>\n\n<tr><td>甲</td><td>乙</td></tr>\n\n<tr><td>丙</td><td>丁</td></tr></table></center>\n</div>',
        [["甲", "乙"], ["丙", "丁"]],
        "blank lines between the rows",
    ),
}


@pytest.mark.parametrize("text, expected, why", GRIDS.values(), ids=GRIDS)
def test_tables_are_grids(text: str, expected: list[list[str]], why: str) -> None:
    found = read(text)
    assert len(found.grids) == 1
    assert cells(found) == expected, why


def test_bars_in_a_line_are_no_table() -> None:
    assert not read("网站 | 公开\n\n牵头|市交通局\n修路").grids
    assert read("甲|乙\n---").text == "甲|乙\n"


def test_a_table_of_too_many_places_is_read_as_lines() -> None:
    wide = "|甲" * (MOST_PLACES // 3)
    found = read(f"{wide}\n|-|\n" + "|乙|丙|\n" * 3)
    assert not found.grids
    assert found.text.splitlines()[-3:] == ["乙\t丙"] * 3


def test_two_tables_and_the_places_of_their_cells() -> None:
    found = read("一、任务\n\n|a|\n|-|\n|1|\n\n二、保障\n\n|b|\n|-|\n|2|\n")
    assert (cells(found), cells(found, 1)) == ([["a"], ["1"]], [["b"], ["2"]])
    assert [(place.paragraph, place.table, place.row) for place in found.places] == [
        (1, None, None),
        (None, 1, 1),
        (None, 1, 2),
        (2, None, None),
        (None, 2, 1),
        (None, 2, 2),
    ]


def test_nothing_but_marks_is_an_error() -> None:
    for text in (
        "",
        "\ufeff",
        " \n\t",
        "---\n***\n",
        "<!-- 甲 -->",
        "<script>x</script>",
        "#\n##  ##",
        "[a]: http://b.cn",
        "![图](a.png)",
        "---\na: b\n---\n",
    ):
        with pytest.raises(EmptySourceError):
            read(text)


PIECES = [
    "**",
    "*",
    "_",
    "`",
    "```\n",
    "~~~",
    "|",
    "|-|-|\n",
    "- ",
    "1. ",
    "# ",
    "> ",
    "[",
    "](",
    ")",
    "]: ",
    "[^",
    "\\",
    "<!--",
    "-->",
    "<table>",
]
PIECES += [
    "</table>",
    "<td>",
    "<script>",
    "<br>",
    "<",
    ">",
    "&#0;",
    "&",
    "---\n",
    "\n",
    "\n\n",
    "  \n",
    "\t",
    " ",
    "　",
    "一、",
    "（",
    "）",
    "市发改委",
    "a",
    ":",
]
PIECES += ["\x00", "\ud800", "\U000f0041", "\u2028"]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read(text)
    except KgError:
        return
    assert found.text.strip()
    for grid in found.grids:
        assert len({len(row) for row in grid.rows}) == 1
        assert all(0 <= span.start <= span.end <= len(found.text) for row in grid.rows for span in row)


WORDS = st.text("市发改委牵头、；（）：。1a甲", min_size=1, max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=8), st.sampled_from(["\n", "\n\n", "\n- ", "\n> ", "\n# "]))
def test_no_character_of_a_text_is_lost(lines: list[str], between: str) -> None:
    assert "".join(read(between.join(lines)).text.split()) == "".join(lines)


@given(
    st.lists(
        st.lists(st.text("市局、*1a", max_size=5).filter(lambda text: "*" not in text), min_size=2, max_size=4), min_size=2, max_size=5
    )
)
def test_cells_are_what_was_put(rows: list[list[str]]) -> None:
    width = max(map(len, rows))
    head, *rest = ["|" + "|".join(row) + "|" for row in rows]
    found = read("\n".join(["前", head, "|-|-|", *rest]))
    assert cells(found) == [row + [""] * (width - len(row)) for row in rows]


@pytest.mark.parametrize(
    "piece",
    ["[", "<", "**", "*a ", "`", "<!--", "<table", "<table>", "|", "> ", "_a", "![](", "\\", "1. a\n", "|a\n|-\n", "<script>", "( "],
)
def test_long_runs_of_marks_take_no_time(piece: str) -> None:
    began = time.monotonic()
    with suppress(KgError):
        read("甲\n" + piece * (60_000 // len(piece)))
    assert time.monotonic() - began < 5


def test_scripts_and_comments_go() -> None:
    assert without_hidden("甲<script a>1</script>乙<!--2-->丙<style>3</style>丁<scripted>") == "甲乙丙丁<scripted>"
