"""Why a query did not parse, in words for whoever wrote it: the usual slips by name, the engine's own place for all others.

The engine tells the signs that it would have taken, a hundred at times; nobody finds a full-width bracket or a prefix that is not
declared in them. So the text is looked through for what people get wrong before the engine's words are used.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass

from kg.graph.iris import PREFIXES
from kg.messages import say

_ASIDE = re.compile(
    r"""(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)|(?P<comment>\#[^\n\r]*)"""
    r'''|"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*\'''',
    re.S,
)
_PLACE = re.compile(r"error at (?P<line>\d+):(?P<column>\d+): (?P<expected>.*)", re.S)
_SIGN = re.compile(r'"(?:[^"\\]|\\.)*"|\b[A-Z][A-Z ]{2,}\b')
_SIGNS = 12
"""Signs that a message names."""
_NEWER = ("{|", "|}", "~", "<<", "<<(", ">>", ")>>", "VERSION", "LATERAL", "SERVICE", "IF", "TZ")
"""Signs that help nobody who mistyped a query: those of SPARQL 1.2, and what is not allowed here."""
_UPDATE = re.compile(r"\s*(?:(?:BASE|PREFIX\s*[\w.-]*:)\s*<\s*>\s*)*(?:INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b", re.I)
_WIDE = {
    "\u3000": " ",
    "\u3001": ",",
    "\u3002": ".",
    "\u300a": "<",
    "\u300b": ">",
    "\u3010": "[",
    "\u3011": "]",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
}
"""Signs of a Chinese keyboard for which Unicode names no plain one; those of full width it knows itself."""
_HAN_WORD = re.compile(r"(?<![\w:?$@.-])[\u4e00-\u9fff][\w\u4e00-\u9fff]*")
_PREFIX = re.compile(r"(?<![\w?$:@.\-])(?P<name>[A-Za-z][\w.-]*):(?P<address>//)?")
_DECLARED = re.compile(r"\bPREFIX\s+(?P<name>[\w.-]*)\s*:", re.I)
_LISTED = re.compile(r"\bSELECT\s+(?:(?:DISTINCT|REDUCED)\s+)?(?:[?$]\w+\s+)*", re.I)


_KEYWORDS = frozenset(
    re.split(
        r"\s+",
        "SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK FROM NAMED WHERE ORDER BY ASC DESC LIMIT OFFSET GROUP HAVING VALUES UNDEF"
        " OPTIONAL GRAPH SERVICE SILENT BIND AS MINUS UNION FILTER NOT EXISTS IN TRUE FALSE SEPARATOR COUNT",
    )
)
"""The words of SPARQL that no bracket follows."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a query went wrong and why: line and column from 1, both 0 where the whole query is meant; the text may be empty."""

    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return say("misread.at", self.line, self.column, self.text) if self.line else self.text


def blanked(query: str) -> str:
    """A query in which texts, comments and what stands in IRIs are blanks, so that every place is where it was.

    >>> blanked('SELECT * { ?s <urn:x> "{" } # {')
    'SELECT * { ?s <     >     }    '
    """
    return _ASIDE.sub(lambda hit: "<" + " " * (len(hit[0]) - 2) + ">" if hit["iri"] else re.sub(r"[^\n\r]", " ", hit[0]), query)


def texts_of(query: str) -> list[tuple[int, int, str]]:
    """Where the texts of a query begin and end, with what stands between their quotation marks.

    >>> texts_of("ASK { ?s ?p 'x' } # 'y'")
    [(12, 15, 'x')]
    """
    hits = [hit for hit in _ASIDE.finditer(query) if not hit["iri"] and not hit["comment"]]
    return [(hit.start(), hit.end(), hit[0].strip(hit[0][0])) for hit in hits]


def declared_prefixes(query: str) -> dict[str, str]:
    """Every prefix that a query may use: those of the graph, and those that it declares itself.

    >>> declared_prefixes("PREFIX ex: <urn:ex#> ASK {}")["ex"]
    'urn:ex#'
    """
    own = re.findall(r"\bPREFIX\s+([\w.-]*)\s*:\s*<([^<>\s]*)>", query, re.I)
    return PREFIXES | dict(own)


def fault_of(query: str, message: str) -> Fault:
    """What is wrong with a query that did not parse.

    Args:
        query: the query.
        message: what the engine said.

    >>> str(fault_of("ASK { ?t foo:x ?u }", ""))[:9]
    '第 1 行第 10'
    """
    bare = blanked(query)
    if not bare.strip():
        return Fault(0, 0, say("misread.empty"))
    if _UPDATE.match(bare):
        return Fault(0, 0, say("misread.update"))
    for slip in (_wide, _unclosed_text, _undeclared, _unmarked, _unbalanced, _unbracketed, _foreign_sign, _bare_word):
        found = slip(query, bare)
        if found is not None:
            return _at(query, *found)
    return _engine_words(message)


def _wide(query: str, bare: str) -> tuple[int, str] | None:
    for at, sign in enumerate(bare):
        plain = _WIDE.get(sign) or unicodedata.normalize("NFKC", sign)
        if plain != sign and len(plain) == 1 and plain.isascii() and unicodedata.category(sign)[0] in "PSZ":
            return at, say("misread.blank" if plain == " " else "misread.wide", sign, plain)
    return None


def _unclosed_text(query: str, bare: str) -> tuple[int, str] | None:
    at = re.search(r"[\"']", bare)
    return (at.start(), say("misread.text", at[0])) if at else None


def _undeclared(query: str, bare: str) -> tuple[int, str] | None:
    known = set(PREFIXES) | set(_DECLARED.findall(bare))
    for hit in _PREFIX.finditer(bare):
        if hit["address"]:
            return hit.start(), say("misread.address")
        if hit["name"] not in known:
            near = difflib.get_close_matches(hit["name"].lower(), sorted(PREFIXES), 1, 0.6)
            listed = say("table.join").join(PREFIXES)
            key = "misread.prefix-near" if near else "misread.prefix"
            return hit.start(), say(key, name=hit["name"], near="".join(near), known=listed)
    return None


def _unmarked(query: str, bare: str) -> tuple[int, str] | None:
    hit = _HAN_WORD.search(bare)
    return (hit.start(), say("misread.unmarked", hit[0])) if hit else None


def _unbalanced(query: str, bare: str) -> tuple[int, str] | None:
    waiting: list[tuple[int, str]] = []
    for at, sign in enumerate(bare):
        if sign in "{(":
            waiting.append((at, sign))
        elif sign in "})" and (not waiting or waiting.pop()[1] != {"}": "{", ")": "("}[sign]):
            return at, say("misread.unopened", sign)
    return (waiting[-1][0], say("misread.unclosed", waiting[-1][1])) if waiting else None


def _unbracketed(query: str, bare: str) -> tuple[int, str] | None:
    listed = _LISTED.search(bare)
    if listed is None:
        return None
    if re.match(r"[A-Za-z_]+\s*\(", bare[listed.end() :]):
        return listed.end(), say("misread.unbracketed")
    comma = re.compile(r"\s*(?:[?$]\w+\s*)?,").match(bare, listed.end())
    return (comma.end() - 1, say("misread.comma")) if comma else None


def _foreign_sign(query: str, bare: str) -> tuple[int, str] | None:
    for sign, plain in (("==", "="), ("<>", "!=")):
        # An empty IRI is blanked to the same two signs and stands where a term does, after a blank and before one.
        if sign in bare and (sign == "==" or re.search(r"[?$]\w+\s*<>\s*[\d?$\"']", query)):
            return bare.index(sign), say("misread.sign", sign, plain)
    word = re.search(r"(?<![\w?$:])(?P<word>AND|OR)(?![\w:])", bare, re.I)
    return (word.start(), say("misread.sign", word[0], {"and": "&&", "or": "||"}[word[0].lower()])) if word else None


def _bare_word(query: str, bare: str) -> tuple[int, str] | None:
    for hit in re.finditer(r"(?<![\w?$:@.<-])[A-Za-z]\w*(?![\w:]|\s*\()", bare[(start := bare.find("{") + 1) :] if "{" in bare else ""):
        if hit[0] != "a" and hit[0].upper() not in _KEYWORDS:
            return start + hit.start(), say("misread.word", hit[0])
    return None


def _engine_words(message: str) -> Fault:
    # Without its classes of characters, which tell nobody anything.
    place = _PLACE.search(message.strip())
    if place is None:
        return Fault(0, 0, " ".join(message.split())[:500])
    line, column = int(place["line"]), int(place["column"])
    for words, key in _SENTENCES.items():
        if words in place["expected"]:
            return Fault(line, column, say(key))
    expected = re.sub(r"\[[^\]]*\]", "", place["expected"])
    signs = [sign.strip('"') for sign in _SIGN.findall(expected)]
    signs = [sign for sign in signs if sign not in _NEWER][:_SIGNS]
    return Fault(line, column, say("misread.expected", " ".join(signs)) if signs else say("misread.here"))


_SENTENCES = {
    "The SELECT contains a variable that is unbound": "misread.ungrouped",
    "The SELECT overrides an existing variable": "misread.renamed",
    "IRI parsing failed": "misread.iri",
}
"""What the engine says in words, among the signs that it expected."""


def _at(query: str, offset: int, text: str) -> Fault:
    before = query[:offset]
    return Fault(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1, text)
