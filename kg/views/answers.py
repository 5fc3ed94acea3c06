"""Answers of queries and of the validator, for people and programs."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from kg.errors import QueryError
from kg.messages import catalogue, language, say
from kg.views.tables import csv_text
from kg.views.text import text_table

if TYPE_CHECKING:
    from kg.graph.queries import Answer, Question
    from kg.graph.shacl import Result
    from kg.graph.vocabulary import Word

_UNCUT = 10_000
"""A width at which no cell is cut."""


def answer_text(answer: Answer, form: str, title: str = "") -> str:
    """An answer as table, csv, tsv, json or triples; ASK gives yes or no, CONSTRUCT its triples as they are.

    A table is for people: it has the title above it, and heads, codes and levels in words; the others keep names and codes.
    The places of units stand in a last column of it only where one name is that of units in several places.

    Raises:
        QueryError: triples were asked for and the query gives rows.
    """
    if answer.yes is not None:
        return json.dumps(answer.yes) if form == "json" else say("query.yes" if answer.yes else "query.no")
    if answer.triples is not None:
        return answer.triples
    if form in {"ttl", "nt"}:
        raise QueryError(say("query.no-triples"))
    if form == "csv":
        return csv_text(answer.columns, answer.rows)
    if form == "tsv":
        return "".join("\t".join(_flat(cell) for cell in row) + "\n" for row in (answer.columns, *answer.rows))
    if form == "json":
        return json.dumps([dict(zip(answer.columns, row, strict=True)) for row in answer.rows], ensure_ascii=False, indent=1)
    columns = answer.columns[:-1] if title and not _is_place_needed(answer) else answer.columns
    heads = [_worded(f"column.{column}", column.replace("_", " ")) for column in columns]
    rows = [[_shown(column, cell) for column, cell in zip(columns, row, strict=False)] for row in answer.rows]
    return (f"{title}\n\n" if title else "") + text_table(heads, rows) + "\n" + say("query.rows", count=len(answer.rows))


def _is_place_needed(answer: Answer) -> bool:
    if answer.columns[-1:] != ("place",) or "unit" not in answer.columns:
        return True
    at = answer.columns.index("unit")
    places: dict[object, set[object]] = {}
    for row in answer.rows:
        places.setdefault(row[at], set()).add(row[-1])
    return any(len(found) > 1 for found in places.values())


def _worded(key: str, otherwise: str) -> str:
    return say(key) if key in catalogue(language()) else otherwise


def _shown(column: str, cell: object) -> object:
    # For people only: codes and short forms in words; files keep them as they are.
    if isinstance(cell, str) and cell.startswith(("kgv:", "kg:")):
        return _worded(f"code.{cell.partition(':')[2]}", cell)
    return _worded(f"word.{column}.{cell}", cell) if isinstance(cell, str) else cell


def _flat(cell: object) -> str:
    # Nothing in a cell may look like the end of it.
    return "" if cell is None else re.sub(r"[\t\r\n]+", " ", str(cell))


def question_list(questions: Sequence[Question]) -> str:
    """The canned questions with their parameters and titles; nothing is cut, whatever the width of the terminal."""
    rows = [
        [
            question.name,
            " ".join(f"{p.name}={p.default or '…'}" for p in question.parameters if p.kind != "language"),
            question.title,
        ]
        for question in questions
    ]
    heads = [say("query.name"), say("query.parameters"), say("query.title")]
    return say("query.list") + "\n" + text_table(heads, rows, widest=_UNCUT)


def word_list(words: Sequence[Word], prefixes: Mapping[str, str], borrowed: Sequence[str]) -> str:
    """The prefixes and terms that a query can use, by kind, with what they mean; nothing is cut."""
    parts = [say("terms.prefixes"), *(f"  {name}: <{address}>" for name, address in prefixes.items())]
    for kind, group in groupby(words, key=lambda word: word.kind):
        heads = [say("terms.term"), say("terms.label"), say("terms.kind" if kind == "code" else "terms.meaning")]
        table = text_table(heads, [[word.curie, word.label, word.meaning] for word in group], widest=_UNCUT)
        parts += ["", say(f"terms.{kind}"), table]
    return "\n".join([*parts, "", say("terms.borrowed"), *(f"  {name}" for name in borrowed)])


def validation_text(results: Sequence[Result], form: str) -> str:
    """The results of a validation, and whether the graph conforms."""
    if form == "json":
        fields = ("severity", "shape", "focus", "path", "value", "message_zh", "message_en")
        return json.dumps([{name: getattr(result, name) for name in fields} for result in results], ensure_ascii=False, indent=1)
    counts = Counter(result.severity for result in results)
    lines = [f"{say(f'validate.{r.severity}')} {r.focus}: {r.message_zh if language() == 'zh' else r.message_en}" for r in results]
    verdict = "validate.violates" if counts["Violation"] else "validate.conforms"
    return "\n".join([*lines, say(verdict, violations=counts["Violation"], warnings=counts["Warning"], infos=counts["Info"])])
