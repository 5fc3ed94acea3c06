"""Why an answer is empty, or less than whoever asked expects: words that no graph has, texts without their language, blank columns.

SPARQL gives no answer where a word is misspelt, and says nothing. So where nothing was found, the words of the query are looked up
in the graph, each by a question of its own that an index answers. What is said is checked in the graph; nothing is guessed from
the query alone but that a word of our own namespace is not in our ontology.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

import pyoxigraph

from kg.errors import KgError
from kg.graph.asked import Graph, solutions
from kg.graph.iris import CODE, KG, PREFIXES, curie
from kg.graph.misread import blanked, declared_prefixes, texts_of
from kg.graph.vocabulary import known_terms, near_terms
from kg.messages import say

_MOST = 4
"""Notes that one answer gets."""
_LOOKED_AT = 5_000
"""Values among which near ones are sought."""
_LINE = CODE + "line-"
"""Lines of work are in the graph and in no list."""
_NAME = re.compile(r"(?<![\w?$:@.\-])(?P<prefix>[A-Za-z][\w.-]*|):(?P<local>[\w](?:[\w.%-]*[\w%-])?)")
_ADDRESS = re.compile(r"(?<!BASE )(?<!: )<(?P<iri>[a-z][\w+.-]*:[^<>\"{}|^`\\\s]+)>", re.I)
_BEFORE = re.compile(r"(?P<path>(?:[\w:/^|()*+.-]|<[^<>\s]*>)+)?(?P<between>\s*(?:(?:!=|<=|>=|=|<|>)\s*)?)$")
_TAG = re.compile(r"@[\w-]+|\^\^[^\s;.,)}]+")
_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?%?")
_AS_TEXT = re.compile(
    r"\b(?:STR|LANG|DATATYPE|LCASE|UCASE|SUBSTR|STRBEFORE|STRAFTER|REPLACE|CONCAT)\s*\((?:[^()]|\([^()]*\))*\)\s*=\s*$", re.I
)
_VALUES = re.compile(r"\bVALUES\s*[?$]\w+\s*\{[^{}]*$", re.I)
_STEP = r"[\^(]*(?:[A-Za-z][\w.-]*:[\w.-]+|a|<[^<>\s]*>)[)*+?]*"
_PATH = re.compile(rf"{_STEP}(?:[/|]{_STEP})*[/|]?")
_LABELS = "skos:prefLabel|skos:altLabel"


def notes_on(
    graph: Graph, sparql: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, empty: bool, terms: str = ""
) -> tuple[str, ...]:
    """What whoever asked should know of an answer, one sentence each; none where all is well.

    Args:
        graph: what was asked.
        sparql: a query of one's own that was run.
        columns: the variables of SELECT.
        rows: its rows, or the first of them; None where a variable has no value.
        empty: whether nothing was found: no row, no triple, or the answer no.
        terms: where all terms can be seen, in words; else the command that lists them.
    """
    try:
        found = list(dict.fromkeys(_notes(graph, sparql, columns, rows, empty, terms or say("note.terms-command"))))
    except (KgError, SyntaxError, ValueError, OSError, RuntimeError):
        # A note is an extra: a server that does not answer now, or a query of another dialect, keeps its answer without one.
        return ()
    if empty and not found and not re.search(r"\b(?:LIMIT\s+0|OFFSET|VALUES|HAVING)\b", blanked(sparql), re.I):
        found = [say("note.nothing")]
    return tuple(found[:_MOST])


def _notes(graph: Graph, sparql: str, columns: Sequence[str], rows: Sequence[Sequence[object]], empty: bool, terms: str) -> Iterator[str]:
    # A template makes words of its own.
    bare = re.sub(r"\bCONSTRUCT\s*\{[^{}]*\}", lambda hit: " " * len(hit[0]), blanked(sparql), flags=re.I)
    yield from _unknown_words(graph, sparql, bare, empty, terms)
    if not re.search(r"\bSELECT\s+(?:(?:DISTINCT|REDUCED)\s+)?\*", bare, re.I):
        yield from _unset(bare, columns, rows)
    if empty:
        yield from _texts(graph, sparql)
        if re.search(r"(?<![?$:\w])(?:GRAPH|FROM)\b", bare, re.I):
            yield say("note.named-graph")


def _unknown_words(graph: Graph, sparql: str, bare: str, empty: bool, terms: str) -> Iterator[str]:
    for iri in _iris(sparql, bare):
        short = curie(iri)
        ours = iri.startswith((KG, CODE)) and not iri.startswith(_LINE)
        if ours and short not in known_terms():
            near = say("table.join").join(near_terms(short))
            yield say("note.term-near" if near else "note.term", short, terms, near)
        elif empty and not iri.startswith(PREFIXES["xsd"]) and not _occurs(graph, iri):
            yield say("note.absent-label" if short in {"rdfs:label", "skos:label"} else "note.absent", short)


def _iris(sparql: str, bare: str) -> list[str]:
    known = declared_prefixes(sparql)
    names = [
        known[hit["prefix"]] + hit["local"]
        for hit in _NAME.finditer(bare)
        # A name before a bracket is a function, one behind ^^ a type.
        if hit["prefix"] in known and not bare[: hit.start()].endswith("^^") and not re.match(r"\s*\(", bare[hit.end() :])
    ]
    # In front of the query stand the addresses of prefixes.
    start = re.search(r"\b(?:SELECT|ASK|CONSTRUCT|DESCRIBE)\b|(?=\{)", bare, re.I)
    begin = start.start() if start else 0
    full = [hit["iri"] for hit in _ADDRESS.finditer(sparql, begin) if bare[hit.start()] == "<" and not bare[: hit.start()].endswith("^^")]
    return list(dict.fromkeys([*names, *full]))


def _occurs(graph: Graph, iri: str) -> bool:
    term = pyoxigraph.NamedNode(iri)
    return _holds(graph, f"{{ {term} ?p ?o }} UNION {{ ?s {term} ?o }} UNION {{ ?s ?p {term} }}")


def _holds(graph: Graph, pattern: str) -> bool:
    return bool(graph.query(f"ASK {{ {pattern} }}", prefixes=PREFIXES))


def _unset(bare: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    for at, column in enumerate(columns):
        said = re.findall(rf"[?$]{re.escape(column)}\b", bare)
        made = re.search(rf"\bAS\s+[?$]{re.escape(column)}\b", bare, re.I)
        if len(said) == 1 and not made:
            yield say("note.unset", column)
        elif made and rows and all(row[at] is None for row in rows):
            yield say("note.blank", column)


def _texts(graph: Graph, sparql: str) -> Iterator[str]:
    for start, end, text in texts_of(sparql):
        before = _BEFORE.search(sparql[max(0, start - 500) : start])
        found = _TAG.match(sparql, end)
        tag = found[0] if found else ""
        compared = before["between"].strip() if before else ""
        if not tag and compared in {"<", ">", "<=", ">="}:
            if _NUMBER.fullmatch(text):
                yield say("note.number", text)
            elif _DAY.fullmatch(text):
                yield say("note.date", text)
        elif not tag and (compared == "=" or _VALUES.search(sparql[:start])) and not _AS_TEXT.search(sparql[:start]):
            yield from _compared(graph, text)
        elif before and before["path"] and not compared and _PATH.fullmatch(before["path"]):
            yield from _said(graph, sparql, before["path"], text, tag)


def _compared(graph: Graph, text: str) -> Iterator[str]:
    term = str(pyoxigraph.Literal(text))
    if _holds(graph, f"?s {_LABELS} {term}@zh"):
        yield say("note.tagged", text)


def _said(graph: Graph, sparql: str, path: str, text: str, tag: str) -> Iterator[str]:
    # The path as it stands, with the prefixes that the query declares.
    known = declared_prefixes(sparql)
    term = str(pyoxigraph.Literal(text))
    here = f"?s {path} {term}"

    def holds(pattern: str) -> bool:
        return bool(graph.query(f"ASK {{ {pattern} }}", prefixes=known))

    if holds(here + tag) or (tag and not tag.startswith("@")):
        return
    if not tag and (holds(here + "@zh") or holds(here + "@en")):
        yield say("note.tagged", text)
    elif tag and holds(here):
        yield say("note.plain", text)
    else:
        rows = solutions(graph, f"SELECT ?v {{ ?s {path} ?v }} LIMIT {_LOOKED_AT}", known)
        values = sorted({row["v"] for row in rows})
        if values:
            near = (
                values
                if len(values) <= 8
                else [value for value in values if text in value][:5] or difflib.get_close_matches(text, values, 5, 0.4)
            )
            yield say("note.value-near" if near else "note.value", path, text, say("table.join").join(value[:40] for value in near))
