"""The measured tables in Chinese, for ``docs/benchmarks.zh.md``: the same figures under other words."""

from __future__ import annotations

import re

_HEADS = {
    "what": "内容",
    "figure": "数字",
    "budget": "上限",
    "here, s": "本程序，秒",
    "compared with": "对照",
    "there, s": "对照，秒",
    "times faster": "快几倍",
    "asked for": "要求",
    "notices": "通知",
    "tasks": "任务",
    "triples": "三元组",
    "wall s": "用时，秒",
    "ms a notice": "每份，毫秒",
    "peak MB": "内存最高，MB",
    "disk MB": "磁盘，MB",
    "store bytes a triple": "每条三元组，字节",
    "time a notice, growth": "每份用时的增长",
    "disk a notice, growth": "每份磁盘的增长",
    "again, unchanged, s": "没有改动再构建，秒",
    "one changed, s": "改一份再构建，秒",
    "one gone, s": "少一份再构建，秒",
    "store then": "此后每条三元组，字节",
}
_CELLS = {
    "check one notice (kg lint)": "检查一份通知（kg lint）",
    "read and name": "读取并认出单位",
    "triples and store on disk": "三元组和磁盘上的图谱",
    "load, intervals, ranks": "负荷、区间、名次",
    "centralities": "中心性",
    "validate (fast runner)": "校验（快速）",
    "report": "报告",
    "page with layout": "互动图，含布局",
    "kg build, cold, CPU": "kg build，冷启动，CPU",
    "kg build, cold, wall": "kg build，冷启动，用时",
    "kg --help, cold, wall": "kg --help，冷启动，用时",
    "workbook, XLSX": "工作簿，XLSX",
    "a character of 10 MB : of 100 kB": "每个字的用时，10 MB 比 100 kB",
    "a thousand notices in memory": "一千份通知占的内存",
    "page of one notice, KB": "一份通知的互动图，KB",
    "ready, s": "就绪，秒",
    "filter step, median, ms": "筛选一步，中位数，毫秒",
    "filter step, 95 of 100, ms": "筛选一步，百分之九十五在此之内，毫秒",
    "filter step of the matrix, median, ms": "矩阵中筛选一步，中位数，毫秒",
    "ready, 1,000 units and 10,000 links, s": "就绪，1000 个单位、10000 条连线，秒",
    "filter step, 1,000 units, median, ms": "筛选一步，1000 个单位，中位数，毫秒",
    "first picture, s": "第一次画出，秒",
    "first picture of plain pyvis, s": "直接用 pyvis 第一次画出，秒",
    "plain pyvis : ours": "直接用 pyvis 比本程序",
    "triples": "三元组",
    "bytes a triple on disk": "磁盘上每条三元组的字节",
    "the same": "同上",
    "the same, in memory": "同上，放在内存里",
    "the same from records, triples made: onto the disk": "同上，从记录开始，三元组现造，写到磁盘",
    "rdflib: terms made, Graph.add in memory": "rdflib：造出词项，再 Graph.add 到内存",
    "rdflib: Graph.add in memory, terms there already": "rdflib：只做 Graph.add 到内存，词项已造好",
    "the same in one": "一个进程读同样的通知",
    "rdflib: the same query in memory": "rdflib：内存中的同一条查询",
    "rdflib: the same query in memory, stopped by then": "rdflib：内存中的同一条查询，到此为止未完",
    "kglab's way: rdflib's query, rows as N3, stopped by then": "kglab 的做法：rdflib 查询，到此为止未完",
    "kglab: query_as_df": "kglab：query_as_df",
    "kglab's way: rdflib's query, rows as N3": "kglab 的做法：rdflib 查询，各行写成 N3",
    "jieba: cutting the same text": "jieba：给同一篇文本分词",
}
_FORMS = (
    (r"building the graph of (\d+) notices, (\d+) triples: onto the disk", r"\1 份通知、\2 条三元组的图谱：写到磁盘"),
    (r"reading (\d+) notices in two processes", r"用两个进程读 \1 份通知"),
    (r"ranking by SPARQL, (\d+) notices", r"用 SPARQL 排名，\1 份通知"),
    (r"co-assignment by SPARQL, (\d+) notices", r"用 SPARQL 求共同承担，\1 份通知"),
    (r"co-assignment from the ties table, (\d+) notices", r"用关系表求共同承担，\1 份通知"),
    (r"reading a notice of ([\d,]+) characters", r"读一份 \1 字的通知"),
    (r"betweenness of units, (\d+) units, (\d+) ties", r"单位的中介度，\1 个单位、\2 条关系"),
    (r"betweenness, two modes, (\d+) units, (\d+) ties", r"中介度，双模网络，\1 个单位、\2 条关系"),
    (r"betweenness by weight, lead to share, (\d+) units, (\d+) ties", r"加权中介度，牵头到责任，\1 个单位、\2 条关系"),
    (r"PageRank, (\d+) units, (\d+) ties", r"PageRank，\1 个单位、\2 条关系"),
    (r"naming : reading, with a register", "认单位比读取，有登记表"),
    (r"naming : reading, without a register", "认单位比读取，没有登记表"),
    (r"(\d+) task sheets, (DOCX|HTML)", r"\1 份任务清单，\2"),
    (r"(≥ [\d.]+) \(not met\)", r"\1（没有达到）"),
)
_TITLES = {"## One notice": "## 一份通知", "## Ratios": "## 对照", "## End to end": "## 全程"}


def in_chinese(said: str) -> str:
    """A part of what was measured – a heading, a table, the line about the machine – in Chinese; a cell without a translation stays.

    >>> in_chinese("## Ratios\\n\\n| what | here, s |\\n| --- | --- |\\n| ranking by SPARQL, 100 notices | 0.010 |")
    '## 对照\\n\\n| 内容 | 本程序，秒 |\\n| --- | --- |\\n| 用 SPARQL 排名，100 份通知 | 0.010 |'
    >>> in_chinese("2026-12-01, A processor, 2 cores, 8 GB, load 0.1 at the start, Python 3.11.7")
    '2026-12-01，A processor，2 核，8 GB，开始时负载 0.1，Python 3.11.7'
    """
    lines = said.split("\n")
    if not said.startswith("#"):
        line = re.sub(r"(\d+) cores", r"\1 核", re.sub(r"load ([\d.]+) at the start", r"开始时负载 \1", said))
        return line.replace(", ", "，")
    return "\n".join([_TITLES.get(lines[0], lines[0]), *(_row(line, heads=at == 1) for at, line in enumerate(lines[1:]))])


def _row(line: str, *, heads: bool) -> str:
    if not line.startswith("| "):
        return line
    words = _HEADS if heads else _CELLS
    return "| " + " | ".join(words.get(cell, _formed(cell)) for cell in line[2:-2].split(" | ")) + " |"


def _formed(cell: str) -> str:
    for form, chinese in _FORMS:
        if re.fullmatch(form, cell):
            return re.sub(form, chinese, cell)
    return cell
