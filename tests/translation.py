"""What may stand in English in a Chinese text, and in Chinese in an English one: every row with its reason; the rest is untranslated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import html

from kg.model import Ties

HAN = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]")
PROSE = re.compile(r"(?:\b[a-z]{2,}\b[ ,]+){2}\b[a-z]{2,}\b")
"""Three small words in a row are a sentence, whatever each of them is."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays in its own language."""

    what: str
    """A regular expression for patterns; words with blanks between for lists."""
    why: str


PATTERNS = (
    Kept(r"https?://[^\s，。；、）”]+|\btcp://[^\s，。；、）”]+|file:///\S+|\bs3://", "an address"),
    Kept(r"\bkg (?:[ -~]|…)+", "a command as it is typed"),
    Kept(r"\bpip install [ -~]+|\bdask (?:scheduler|worker)", "a command of another program as it is typed"),
    Kept(r"(?<![\w-])--?[a-z][a-z-]*(?:[ =][A-Z|.a-z]+(?![a-z]))?", "an option, and what stands for its value"),
    Kept(r"[\w./*~-]+\.(?:txt|html?|docx?|pdf|xlsx?|csv|md|json|jsonl|toml|ttl|nt|nq|trig|jsonld|rdf|svg|png|parquet|sqlite|zip|sarif|bashrc)\b", "a file"),
    Kept(r"(?<![\w.])\.[a-z]{2,7}\b", "the ending of a file's name"),
    Kept(r"(?<![\w/])(?:/[\w.-]+)+/?", "a path, or an address on this server"),
    Kept(r"\b[a-z][\w-]*:[A-Za-z0-9][\w./*-]*", "a prefixed name of the graph"),
    Kept(r"<[a-z]+:[^<>\s]+>", "an IRI"),
    Kept(r"\?[A-Za-z]\w*", "a variable of SPARQL"),
    Kept(r"\b[A-Z]+(?:_[A-Z]+)+\b", "an environment variable"),
    Kept(r"\b[A-Z]{3,}(?:\|[A-Z]+)*(?:\.\.\.)?(?![A-Za-z])", "an abbreviation, a word of SPARQL, or what stands for an argument"),
    Kept(r"\b[a-z-]+=\S*", "a value given by name"),
    Kept(r"\[\[?[a-z-]+(?:\|[a-z-]+)*\]\]?", "the code of a rule, the choices of an option, a table of TOML"),
    Kept(r"\b[0-9a-f]{12,}\b|sha256-\S+", "a hash"),
    Kept(r"\bapplication/[\w+.-]+", "a media type"),
    Kept(r"\b(?:UTF-\d+|SHA-?256|GB/?T?|MB|KB|GB18030|Ctrl-C|Ctrl|Esc|Enter|UCLA|ID|id)\b", "a norm, a unit of measure or a key"),
)
WORDS = (
    Kept("JSON JSON-LD CSV TSV XML HTML SVG PNG PDF TOML Turtle N-Triples Parquet GraphML GEXF SARIF", "formats"),
    Kept("Excel Word WPS LibreOffice README Dask DuckDB Spark Virtuoso Linux Docker OpenAPI OCR fsspec lxml openpyxl pdfplumber pyshacl", "programs"),
    Kept("govresp kg", "this program"),
    Kept("RDF IRI SPARQL SHACL Link Accept POST GET HTTP", "norms of the web"),
    Kept("Borgatti Everett Burt Fernandez Gould Newman Louvain Holm PageRank Poisson Gamma minP NaP PaP", "methods are called by their authors"),
    Kept("bash zsh fish shell", "shells"),
    Kept("zh en English", "the languages, each in its own words"),
)
WANTED = re.compile("|".join(f"(?:{kept.what})" for kept in PATTERNS))
KNOWN = frozenset(word for kept in WORDS for word in kept.what.split())


def english_in(text: str, known: Iterable[str] = ()) -> list[str]:
    """The English words of a Chinese text that no row allows, in their order.

    >>> english_in("没有选项 --foo。"), english_in("打不开（No such file）。")
    ([], ['No', 'such', 'file'])
    """
    bare = WANTED.sub("\u00a0", text)
    allowed = KNOWN | set(known)
    return [word for word in WORD.findall(bare) if word not in allowed] or PROSE.findall(bare)


def chinese_in(text: str, data: Iterable[str] = ()) -> list[str]:
    """The Chinese of an English text that is neither printed in a notice nor allowed, in its order.

    Args:
        text: what is shown.
        data: what notices print, and names of units, each whole.
    """
    for words in sorted((*data, *QUOTED), key=len, reverse=True):
        text = text.replace(words, "")
    return HAN.findall(text)


QUOTED = ()
