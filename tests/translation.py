"""What may stand in English in a Chinese text, and in Chinese in an English one: every row with its reason; the rest is untranslated."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from lxml import etree, html
from rdflib import Graph
from rdflib.namespace import RDFS, SKOS

from kg.cli import cli
from kg.graph.queries import questions
from kg.messages import catalogue
from kg.model import Ties
from kg.resources import ontology_file

HAN = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]")
PROSE = re.compile(r"(?:\b[a-z]{2,}\b +){2}\b[a-z]{2,}\b", re.ASCII)
"""Three small words in a row are a sentence, whatever each of them is."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays in its own language."""

    what: str
    """A regular expression for patterns; words with blanks between for lists."""
    why: str


PATTERNS = (
    Kept(r"\bYYYY-MM-DD\b", "the form of a day"),
    Kept(r"https?://[^\s，。；、）”]+|\btcp://[^\s，。；、）”]+|file:///\S+|\bs3://", "an address"),
    Kept(r"\bkg (?:[ -~]|…)+", "a command as it is typed"),
    Kept(r"\bpip install [ -~]+|\bdask (?:scheduler|worker)", "a command of another program as it is typed"),
    Kept(r"(?<![\w-])--?[a-z][a-z-]*(?:[ =][A-Z|.a-z-]+(?![a-z]))?", "an option, and what stands for its value"),
    Kept(
        r"[\w./*~-]+\.(?:txt|html?|docx?|pdf|xlsx?|csv|md|json|jsonl|toml|ttl|nt|nq|trig|jsonld|rdf|svg|png|parquet|sqlite|zip|sarif|bashrc)\b",
        "a file",
    ),
    Kept(r"(?<![\w.])\.[a-z]{2,7}\b", "the ending of a file's name"),
    Kept(r"(?<![\w/])(?:/[\w.-]+)+/?", "a path, or an address on this server"),
    Kept(r"\b[a-z][\w-]*:[A-Za-z0-9][\w./*-]*", "a prefixed name of the graph"),
    Kept(r"<[a-z]+:[^<>\s]+>", "an IRI"),
    Kept(r"\]\([^()]*\)", "where a link of Markdown leads"),
    Kept(r"\?[A-Za-z]\w*", "a variable of SPARQL"),
    Kept(r"\b[A-Z]+(?:_[A-Z]+)+\b|…_?[A-Z]+\b|_[A-Z]+\b", "an environment variable"),
    Kept(r"\b[A-Z]{3,}(?:\|[A-Z]+)*(?:\.\.\.)?(?![A-Za-z])", "an abbreviation, a word of SPARQL, or what stands for an argument"),
    Kept(r"\b[a-z-]+=\S*", "a value given by name"),
    Kept(r"\[\[?[a-z-]+(?:\|[a-z-]+)*\]\]?", "the code of a rule, the choices of an option, a table of TOML"),
    Kept(r"\b[0-9a-f]{12,}\b|sha256-\S+", "a hash"),
    Kept(r"\bapplication/[\w+.-]+", "a media type"),
    Kept(
        r"\b(?:UTF-\d+|SHA-?256?|SHA|GB/T|GB|BY|LD|MB|KB|GB18030|Ctrl-C|Ctrl|Esc|Enter|UCLA|ID|id)\b", "a norm, a unit of measure or a key"
    ),
)
WORDS = (
    Kept("JSON JSON-LD CSV TSV XML HTML SVG PNG PDF TOML Turtle N-Triples Parquet GraphML GEXF SARIF", "formats"),
    Kept(
        "Excel Word WPS LibreOffice README Dask DuckDB Spark Virtuoso Gephi pandas Linux Docker OpenAPI OCR fsspec lxml openpyxl pdfplumber pyshacl",
        "programs",
    ),
    Kept("govresp kg", "this program"),
    Kept("RDF IRI SPARQL SHACL Link Accept POST GET HTTP Content-Type", "norms of the web"),
    Kept("AS", "a word of SPARQL"),
    Kept("curl", "a program, as it is typed"),
    Kept("Borgatti Everett Burt Fernandez Gould Newman Louvain Holm PageRank Poisson Gamma minP", "methods are called by their authors"),
    Kept("bash zsh fish shell", "shells"),
    Kept("zh en English", "the languages, each in its own words"),
    Kept(
        "json csv html md text table sarif svg gexf graphml jsonld nq nt trig ttl parquet page xlsx docx pdf txt doc wps xls zip mhtml out",
        "typed after --format, or read",
    ),
    Kept(
        "do merge split move role add drop dissolve from into to title task tasks sections notice unit units names staff",
        "a scenario and a staff table",
    ),
    Kept("info warning error never", "weights of findings, typed after --fail-on"),
    Kept("verdict same different unsure by when why kind CN", "a decisions file"),
    Kept("query question format timeout list default-graph-uri named-graph-uri", "parameters of the server"),
    Kept("http https ResultSetMaxRows", "as addresses and other programs spell them"),
    Kept("sfgw", "initials that can be typed in a search"),
    Kept("division label railway", "fields of a register, and an id in it"),
    Kept("graph example org", "an invented host"),
    Kept("sqlite store", "names of what lies in a build folder"),
)
WANTED = re.compile("|".join(f"(?:{kept.what})" for kept in PATTERNS), re.ASCII)
TYPED = frozenset({*cli.commands, *(name for one in questions() for name in (one.name, *one.columns, *(p.name for p in one.parameters)))})
"""Names of commands, questions, their parameters and columns, the same in both languages."""
CODES_OF_FINDINGS = frozenset(key.removeprefix("finding.") for key in catalogue("zh") if key.startswith("finding."))
KNOWN = frozenset(word for kept in WORDS for word in kept.what.split()) | TYPED | CODES_OF_FINDINGS


CODES = {
    "parquet": Kept(
        "lead responsible cooperating open listed external merge split rename succession register decision reform division through group "
        "info warning error duckdb count unit task notice",
        "what stands in the cells of the tables, and SQL that reads them",
    ),
}
"""Words that the messages of one area name, because they stand in data."""
PHRASES = (
    "牵头单位：…；责任单位：…",
    "(牵头, 负责, 配合, 会同 …)",
    "ends with 等 (and others)",
    "delete 等,",
    "such as 牵头单位：…",
    "as 责任人：…",
    "write 持续推进",
)
"""English messages that quote what is looked for in the print, or what should be printed; each whole, so that no label hides in them."""
QUOTED = (
    Kept("有关部门 各部门 各县市区政府 各成员单位", "collective names as notices print them, beside their translation"),
    Kept("市发改委 襄阳市发改委 市财政局 泰安市人民政府 荆州市人民政府 襄阳市人民政府 荆州市 襄阳市 甲 乙", "names in examples"),
    Kept("事项", "a unit of counting that a notice prints, and the program uses too"),
    Kept("万", "the sign for ten thousand"),
    Kept("中文", "the language, in its own word"),
)
"""Chinese names that stand in English messages."""
QUOTED_RUNS = frozenset(run for kept in QUOTED for run in HAN.findall(kept.what))


def english_in(text: str, known: Container[str] = ()) -> list[str]:
    """The English words of a Chinese text that no row allows, in their order.

    >>> english_in("没有选项 --foo。"), english_in("打不开（No such file）。")
    ([], ['No', 'such', 'file'])
    """
    bare = WANTED.sub("\u00a0", text)
    return [word for word in WORD.findall(bare) if word not in KNOWN and word not in known] or PROSE.findall(bare)


def chinese_in(text: str, printed: str = "") -> list[str]:
    """The Chinese of an English text that is neither printed in a notice nor allowed, in its order.

    Args:
        text: what is shown.
        printed: all that notices print, and names of units. A word of it is none where the program uses it too and has English for it.

    >>> chinese_in("task 3: 市财政局 leads", "3.改革。牵头单位：市财政局"), chinese_in("牵头: 市财政局", "牵头单位：市财政局")
    ([], ['牵头'])
    """
    own = spoken_words()
    for phrase in PHRASES:
        text = text.replace(phrase, "")
    found = []
    for hit in HAN.finditer(text):
        # "(牵头单位:市" is the print; "牵头单位: " at the beginning of a piece is a label, and so is the word alone.
        around = text[max(0, hit.start() - 1) : hit.end() + (1 if hit.start() else 2)]
        quoted = around.strip() == around != hit[0] and _stands(around, printed)
        # A target that is taken out of its sentence: (新增“三品一标”产品); a label would have a colon behind it.
        following = text[hit.start() : hit.end() + 2]
        quoted = quoted or (len(following) == len(hit[0]) + 2 and following[-2] not in ":： " and _stands(following, printed))
        if hit[0] not in QUOTED_RUNS and not (quoted if hit[0] in own else _stands(hit[0], printed)):
            found.append(hit[0])
    return found


@lru_cache(maxsize=1 << 16)
def _stands(piece: str, printed: str) -> bool:
    # Names come again on every page, and what is printed is long.
    return piece in printed


@cache
def spoken_words() -> frozenset[str]:
    """The Chinese words that the program itself uses as labels: short messages, terms of the ontology, lines of work."""
    messages = {text.strip("：。:") for text in catalogue("zh").values()}
    graph = Graph().parse(ontology_file("kg.ttl")).parse(ontology_file("codes.ttl"))
    terms = {
        str(label) for by in (RDFS.label, SKOS.prefLabel) for label in graph.objects(None, by) if getattr(label, "language", "") == "zh"
    }
    return frozenset(messages | terms)


def printed_by(ties: Ties) -> str:
    """All that the notices of some ties print, and the names that were made of it."""
    found: list[str] = []
    for notice in ties.notices:
        found += [notice.title, notice.number, notice.issuer, notice.place]
    found += [f"{section.number} {section.title}" for section in ties.sections]
    found += [f"{task.text} {task.clause}" for task in ties.tasks]
    found += [name for unit in ties.units for name in (unit.label, *unit.aliases)]
    found += [group.label for group in ties.groups]
    found += [value for finding in ties.findings for _, value in finding.values]
    return "\n".join(found)


_TOLD = ("title", "aria-label", "placeholder", "alt", "aria-description", "aria-roledescription", "aria-valuetext", "label")
"""Attributes whose words reach a person."""


def read_html(page: str | bytes, *, leave: str = "") -> Iterator[str]:
    """Each piece of text of a page, and of its attributes that are read out or shown.

    Args:
        page: HTML.
        leave: an XPath of elements that are left out.
    """
    tree = (
        html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
        if isinstance(page, bytes)
        else html.document_fromstring(page)
    )
    for node in tree.xpath("//script|//style|//template" + (f"|{leave}" if leave else "")):
        node.drop_tree()
    for node in tree.iter():
        if isinstance(node.tag, str):
            yield from (str(node.get(name)) for name in _TOLD if node.get(name))
            yield from (text for text in (node.text, *(child.tail for child in node)) if text and text.strip())


def read_package(content: bytes) -> Iterator[str]:
    """Each piece of text of a Word or Excel file, names of worksheets among them."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if re.fullmatch(r"word/(?:document|header\d*|footer\d*)\.xml|xl/sharedStrings\.xml|xl/worksheets/sheet\d+\.xml", name):
                yield from (text for text in etree.fromstring(package.read(name)).itertext() if text.strip())
            if name == "xl/workbook.xml":
                yield from (str(one.get("name")) for one in etree.fromstring(package.read(name)).iter("{*}sheet"))
