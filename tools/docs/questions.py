"""The page of the canned questions, from the heads of the ``.rq`` files."""

from __future__ import annotations

from kg.graph.queries import Question, questions

_HEAD = {
    "zh": """# 现成的问题

本页由 `ontology/queries/` 各文件的开头生成。用法：`kg query 名称 -p 参数=值`；`kg query --list` 在终端列出。
带默认值的参数可以不写；单位写任何一个名称都行。
""",
    "en": """# Canned questions

This page is made of the heads of the files in `ontology/queries/`. Use: `kg query NAME -p PARAMETER=VALUE`; `kg query --list`
shows them in a terminal. A parameter with a value shown may be left out; a unit goes by any of its names.
""",
}
_COLUMNS = {"zh": ("名称", "问什么", "参数", "各列"), "en": ("name", "what it asks", "parameters", "columns")}


def page(lang: str) -> str:
    """The page in one language: a table of all questions, then the SPARQL of each."""
    heads = _COLUMNS[lang]
    rows = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *(_row(one, lang) for one in questions())]
    bodies = [f"## {one.name}\n\n{_title(one, lang)}\n\n```sparql\n{_sparql(one)}\n```\n" for one in questions()]
    return "\n".join([_HEAD[lang], "\n".join(rows), "", *bodies])


def _title(question: Question, lang: str) -> str:
    return question.title_zh if lang == "zh" else question.title_en


def _row(question: Question, lang: str) -> str:
    given = ", ".join(f"`{one.name}`" + (f" = {one.default}" if one.default else "") for one in question.parameters)
    cells = (f"[`{question.name}`](#{question.name})", _title(question, lang), given, " ".join(f"`{name}`" for name in question.columns))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _sparql(question: Question) -> str:
    lines = question.sparql.strip().splitlines()
    return "\n".join(line for line in lines if not line.startswith("# "))
