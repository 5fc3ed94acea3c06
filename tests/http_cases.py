"""Hostile requests, made from whole ones: what is asked of every route, and how request and protocol are damaged; all from a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from kg.graph.queries import questions
from kg.serve.pages import KINDS

from .fuzzing import TOKENS, broken, damaged, targets
from .sites import JINGZHOU

MARK = "kgx"
"""The name of the element, attribute and header that hostile text tries to bring into an answer."""
KEYS = {
    "notice": (JINGZHOU,),
    "section": (f"{JINGZHOU}.s1", f"{JINGZHOU}.s6"),
    "task": (f"{JINGZHOU}.1", f"{JINGZHOU}.60", f"{JINGZHOU}.114"),
    "unit": ("421000-finance", "421003-government", "421000-zone-jinan"),
    "group": ("421000-counties-1998",),
}
_SMALL = (
    "/",
    "/sparql",
    "/ask",
    "/ask?question=load",
    "/openapi.json",
    "/static/site.css",
    "/static/icon.svg",
    "/search?q=%E8%B4%A2%E6%94%BF",
)
_FILES = (
    *("/picture", "/picture.zh", "/picture.en", "/picture-42.zh", "/picture-1-2.en", "/picture-.en", "/picture.fr"),
    *(f"/unit/{KEYS['unit'][0]}/sheet", f"/unit/{KEYS['unit'][1]}/sheet.docx", f"/notice/{JINGZHOU}/text"),
    *("/report", "/report/brief", "/workbook.xlsx"),
)
ACCEPTS = (
    *("*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json", "text/csv", "text/turtle", "application/rdf+xml", "image/png"),
    *("application/sparql-results+json", "application/sparql-results+xml", "text/tab-separated-values", "application/n-triples", ""),
    *("text/html;q=0", "text/html;q=9e99", "a/b;q=0.5, " * 400, ";;;,,,", "*", "text/", '"', "\xe8\xb4\xa2", "text/html;charset=\x07", "q=1;" * 999),
)  # fmt: skip
LANGUAGES = ("zh", "en")
HOSTILE = (
    *(f"<{MARK}>", f'"><{MARK} x="', f"' {MARK}='1", f"</script><{MARK}>", f"</textarea><{MARK}>", f"--><{MARK}>", f"&lt;{MARK}&gt;", f"{{{{{MARK}}}}}"),
    *(f"\r\nX-{MARK}: 1", f"\r\n\r\n<{MARK}>", "\n", "\r", "\x00", "\x1b[31m", "\u202e", "\ufeff", "\u2028", "\ud800", "𠀀", "%", "%s%s%n", "{0}{1.__class__}"),
    *("../" * 12 + "etc/passwd", "..%2f..%2f", "file:///etc/passwd", "//example.org/", "javascript:1", "C:\\x", "~", ".", "..", "/", "\\", ";", "?", "#"),
    *("1" * 5000, "-1", "0", "1e999", "nan", "٣", "²", "True", "None", "[]", "{}", "x" * 9000, "财政局", "' OR 1=1 --", "> <urn:x> . } #", "{{7*7}}"),
)  # fmt: skip
_NAMES = ("q", "lang", "page", "list", "kind", "line", "level", "order", "notice", "rule", "lead", "severity", "code", "question", "format")
_SPARQL_TOKENS = (
    *("SELECT", "*", "?x", "$y", "{", "}", "(", ")", "[", "]", ".", ";", ",", "a", "WHERE", "FILTER", "OPTIONAL", "UNION", "MINUS", "GRAPH", "BIND", "AS"),
    *("VALUES", "UNDEF", "GROUP BY", "HAVING", "ORDER BY", "DESC", "LIMIT 0", "LIMIT -1", "OFFSET 99999999999999999999", "DISTINCT", "REDUCED", "COUNT(*)"),
    *("SERVICE <http://127.0.0.1:1/>", "FROM <file:///etc/passwd>", "LOAD <file:///etc/passwd>", "INSERT DATA {", "DROP ALL", "BASE <x>", "PREFIX : <x#>"),
    *("REGEX(?x, '(a+)+$')", "REPLACE(?x, '', '$9')", "STRDT('x', <y>)", "IRI('<')", "IF(1/0, 1, 2)", "CONCAT(?x, ?x)", "EXISTS {", "NOT EXISTS", "STRLANG"),
    *("/", "|", "^", "+", "?", "!(a|^a)", "*" * 40, "^" * 40, "(a/b)*", "{1,3}", "<", ">", "<<", ">>", "{|", "<urn:\\u0000>", "_:b", "'\\uD800'", "'''", '"'),
    *("1e99999", "9" * 400, "-", "- -", "+1", "true", "'x'^^xsd:integer", "'x'@zh-" + "a" * 99, "\\u0053ELECT", "\x00", "\ufeff", "#", "\n", "\r", "# }\n", "𠀀"),
    *(f"'<{MARK}>'", f'"\\"><{MARK}>"', f"<urn:{MARK}>", "RAND()", "NOW()", "UUID()", "BNODE()", "SHA512(?x)", "SUBSTR('x', -9, 1e9)", "xsd:dateTime('x')"),
)  # fmt: skip
_WORD = re.compile(r"""<[^<>\s]*>|"[^"\n]*"|'[^'\n]*'|[?$]?[\w:.-]+|\s+|.""", re.S)
_WIRE_TOKENS = (
    *("\r\n", "\n", "\r", "\r\n\r\n", "\n\n", " ", "\t", "\x00", ":", "\x0b", "\x0c", "\x7f", "\xff", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "GET"),
    *("Content-Length: 5\r\n", "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "Host: localhost\r\n", "%0d%0a", "0\r\n\r\n"),
    *TOKENS[-40:],
)  # fmt: skip
_LINES = (
    *("Content-Length: 0", "Content-Length: 7", "Content-Length: 7, 7", "Content-Length: -1", "Content-Length: +3", "Content-Length: 0x9", "Content-Length: ٣"),
    *("Content-Length: " + "9" * 30, "Content-Length: 1048577", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: x"),
    *("Transfer-Encoding: chunked, identity", "Transfer-Encoding : chunked", "Transfer-Encoding:\x0bchunked", "Expect: 100-continue", "Expect: x"),
    *("Host: evil.example", "Host: localhost", "Host: localhost:99999999", "Host: [::1", "Host: ]", "Host: a@localhost", "Host: localhost:8/<kgx>", "Host:"),
    *("Host: localhost:\xb2", "Host: localhost\\x", "Host: localhost#?", "Host: " + "a" * 3000, "X-Forwarded-Host: evil.example", "Forwarded: host=evil"),
    *("Connection: close", "Connection: keep-alive, close", "Connection: Upgrade\r\nUpgrade: websocket", "Upgrade: h2c", "HTTP2-Settings: x", "Trailer: X"),
    *(" folded", "\tfolded", "X: a\r\n b", "X : y", ": y", "X", "X: \x00", "X: a\rb", "X\x00: y", "X: " + "y" * 60_000, "\xff: \xfe", "X: \xe8\xb4\xa2"),
    *("\r\n".join(f"X-{at}: y" for at in range(700)), "Accept: text/html\r\n" * 90 + "Accept: text/csv", "Cookie: " + "a=b; " * 2000),
    *("If-None-Match: *", "If-Modified-Since: x", "Range: bytes=0-", "Authorization: Basic %%%", "Content-Encoding: gzip", "TE: trailers", "Via: " + "x," * 99),
)  # fmt: skip
_METHODS = (
    "POST",
    "PUT",
    "DELETE",
    "HEAD",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PATCH",
    "get",
    "G\x00T",
    "",
    "M" * 3000,
    "PROPFIND",
    "PRI",
    "<kgx>",
)
_VERSIONS = (
    "HTTP/1.0",
    "HTTP/0.9",
    "HTTP/1.2",
    "HTTP/2.0",
    "HTTP/9",
    "http/1.1",
    "HTTP/1.1 x",
    "HTTP/1.1\x00",
    "",
    "HTTPS/1.1",
    "HTTP/1.١",
)
_TARGETS = (
    "*",
    "http://localhost/units",
    "http://evil.example/",
    "https://localhost:1/",
    "localhost:80",
    "//",
    "",
    "/ x",
    "?",
    "/\xff",
    "http://",
    "http://[::1",
    "/#x",
    "\\",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes over one connection, part after part with a pause between; ``whole`` is whether it must be answered."""

    parts: tuple[bytes, ...]
    whole: bool = True
    pause: float = 0.0
    hangs_up: bool = False
    """Whether the client goes away without waiting."""
    lang: str = ""
    """The language that the answer must be in, where the request says so beyond doubt."""
    patience: float = 30.0
    """Seconds in which an answer must be there: a query is stopped after one or two, and machines that run tests are busy."""

    @property
    def bytes(self) -> bytes:
        """All of it."""
        return b"".join(self.parts)


@dataclass(frozen=True, slots=True)
class Request:
    """A request before it is written: the target and the lines of its head are bytes as they are sent."""

    target: str
    method: str = "GET"
    lines: tuple[str, ...] = ()
    body: bytes = b""
    lang: str = ""

    def written(self) -> bytes:
        """The bytes of a request after which the server closes."""
        length = (f"Content-Length: {len(self.body)}",) if self.body or self.method == "POST" else ()
        lang = (f"Accept-Language: {self.lang}",) if self.lang else ()
        head = "\r\n".join(
            (f"{self.method} {self.target} HTTP/1.1", "Host: localhost", "Connection: close", *lang, *length, *self.lines, "", "")
        )
        return head.encode("latin-1", "replace") + self.body


@cache
def paths() -> tuple[str, ...]:
    """Every address that there is, of things with pages a few."""
    found = list(_SMALL)
    for kind in KINDS:
        for path in [kind.path.replace("{key}", quote(key)) for key in KEYS.get(kind.name, ("",))]:
            found += [path, *(f"{path}.{form}" for form in kind.forms)]
            if kind.keyed:
                found += ["/id" + path, "/id/" + path[1:].replace("/", ":", 1)]
    return tuple(found)


@cache
def _queries() -> tuple[str, ...]:
    return tuple(one.sparql for one in questions() if not one.parameters)


def escaped(text: str, chance: random.Random) -> str:
    """A text for an address: rightly escaped, or twice, or half, or byte after byte, or with what is no UTF-8."""
    raw = text.encode("utf-8", "surrogatepass")
    match chance.randrange(8):
        case 0:
            return "".join(f"%{byte:02x}" for byte in raw)
        case 1:
            return quote(quote(raw, safe=""), safe="")
        case 2:
            return quote(raw, safe="") + chance.choice(("%", "%f", "%gg", "%ff%fe", "%c0%af", "%00", "%u8d22", "+", "%2B"))
        case 3:
            return quote(raw, safe="/?&=;:@!$'()*,~<>\"{}|\\^`").replace(" ", "+")
        case _:
            return quote(raw, safe="")


def _hostile(chance: random.Random) -> str:
    text = chance.choice(HOSTILE)
    return text if chance.random() < 0.6 else text + chance.choice(HOSTILE)


def _language(chance: random.Random) -> str:
    return chance.choice(LANGUAGES)


def _accept(chance: random.Random) -> tuple[str, ...]:
    return (f"Accept: {chance.choice(ACCEPTS[:11])}",) if chance.random() < 0.8 else ()


def of_paths(chance: random.Random) -> Sent:
    """Paths and query strings: parts changed, parameters repeated, emptied, made up, long."""
    path, _, query = chance.choice(paths()).partition("?")
    parts = path.split("/")
    if chance.random() < 0.6:
        at = chance.randrange(len(parts))
        change = chance.choice(
            (lambda old: escaped(_hostile(chance), chance), lambda old: old + escaped(_hostile(chance), chance), lambda old: old[:-1])
        )
        parts[at] = change(parts[at])
    pairs = [query] if query else []
    for _ in range(int(chance.expovariate(0.6))):
        value = chance.choice(("", "1", "2", "zh", "en", "csv", JINGZHOU, escaped(_hostile(chance), chance)))
        name = chance.choice(_NAMES) if chance.random() < 0.8 else escaped(_hostile(chance), chance)
        pairs += [f"{name}={value}"] * chance.choice((1, 1, 1, 2, 150))
    target = "/".join(parts) + ("?" + "&".join(pairs) if pairs or chance.random() < 0.1 else "")
    lang = "" if "lang" in target else _language(chance)
    target = target.replace(" ", "+").encode("ascii", "replace").decode("ascii")
    whole = target.startswith("/") and len(target) < 200_000 and " " not in target and target.isprintable()
    return Sent((Request(target, chance.choice(("GET", "GET", "GET", "HEAD")), _accept(chance), lang=lang).written(),), whole, lang=lang)


def of_headers(chance: random.Random) -> Sent:
    """Headers that routes read: negotiation, languages, caches, ranges, and what only looks like them."""
    values = (
        *(f"Accept: {one}" for one in ACCEPTS),
        *(f"Accept-Language: {one}" for one in ("zh", "en", "de", "zh-Hant;q=0.1, en;q=0", "*", "x" * 9000, ";q=", "en;q=1e9", "\xff")),
        *(f"If-None-Match: {one}" for one in ("*", '"x"', 'W/"x"', '"' * 3000, "," * 5000, "\xff")),
        *(
            f"If-Modified-Since: {one}"
            for one in ("Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:60 +9999", "x", "0", "1" * 4000, "Mon, 1 Jan 0000")
        ),
        *(f"Range: {one}" for one in ("bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=" + "0-1," * 900, "x")),
        *(f"Last-Event-ID: {escaped(one, chance)}" for one in HOSTILE[:8]),
        *(f"Origin: {one}" for one in ("null", "http://evil.example", "https://example.org", "\xff")),
        *(
            "Access-Control-Request-Method: PUT",
            "Access-Control-Request-Headers: x",
            "Content-Type: text/html",
            "Cookie: a=b",
            "Forwarded: for=x",
        ),
    )
    lines = tuple(chance.choice(values) for _ in range(1 + int(chance.expovariate(0.5))))
    spoken = any(line.lower().startswith("accept-language") for line in lines)
    lang = "" if spoken else _language(chance)
    method = chance.choice(("GET", "GET", "GET", "HEAD", "OPTIONS"))
    return Sent((Request(chance.choice(paths()), method, lines, lang=lang).written(),), lang=lang)


def of_sparql(chance: random.Random) -> Sent:
    """Questions with their words changed, and shapes that grow without end."""
    query = _shape(chance) if chance.random() < 0.15 else _reworded(chance)
    accept, lang, raw = _accept(chance), _language(chance), query.encode("utf-8", "surrogatepass")
    if chance.random() < 0.3 and len(raw) < 9000:
        return Sent((Request(f"/sparql?query={quote(raw, safe='')}", lines=accept, lang=lang).written(),), lang=lang)
    if chance.random() < 0.5:
        body = b"query=" + quote(raw, safe="").encode()
        return Sent(
            (Request("/sparql", "POST", (*accept, "Content-Type: application/x-www-form-urlencoded"), body, lang).written(),), lang=lang
        )
    return Sent((Request("/sparql", "POST", (*accept, "Content-Type: application/sparql-query"), raw, lang).written(),), lang=lang)


def _reworded(chance: random.Random) -> str:
    words = _WORD.findall(chance.choice(_queries()))
    others = _WORD.findall(chance.choice(_queries()))
    for _ in range(1 + int(chance.expovariate(0.5))):
        at = chance.randrange(len(words) + 1)
        match chance.randrange(6):
            case 0:
                del words[at : at + chance.randint(1, 3)]
            case 1:
                words[at:at] = [" ", chance.choice(_SPARQL_TOKENS), " "]
            case 2:
                words[at : at + 1] = [chance.choice(_SPARQL_TOKENS)]
            case 3:
                words[at:at] = words[at : at + chance.randint(1, 9)] * chance.choice((1, 2, 30))
            case 4:
                start = chance.randrange(len(others) + 1)
                words[at:at] = others[start : start + chance.randint(1, 12)]
            case _:
                del words[at:]
    return "".join(words)


def _shape(chance: random.Random) -> str:
    many = chance.choice((2, 40, 40, 300, 900, 20_000))
    ids = " ".join(f"<urn:{at}>" for at in range(min(many, 5000)))
    return chance.choice(
        (
            "ASK { FILTER(" + "(" * many + "1" + ")" * chance.choice((many, many - 1)) + ") }",
            "ASK {" + "{" * many + "}" * many + "}",
            "ASK { FILTER(" + chance.choice(("!", "-", "+", "- ")) * many + "1) }",
            "SELECT*{" * (many // 4) + "?s ?p ?o" + "}" * (many // 4),
            "SELECT * { ?s ?p ?o FILTER(?s IN (" + ", ".join(ids.split()) + ")) } LIMIT 3",
            "SELECT * { VALUES ?s { " + ids + " } ?s ?p ?o }",
            "ASK { ?s (" + "/".join(["kg:ledBy"] * min(many, 4000)) + ") ?o }",
            "ASK { ?s " + "(" * many + "a" + ")*" * many + " ?o }",
            "SELECT * { ?s (a|!a)* ?o . ?o (a|!a)+ ?s }",
            "SELECT * { " + " ".join(f"OPTIONAL {{ ?s ?p{at} ?o{at} }}" for at in range(min(many, 200))) + " } LIMIT 1",
            "SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * min(many, 3000)) + " } LIMIT 1",
            "SELECT (" + "CONCAT(" * min(many, 900) + "'x'" + ", 'x')" * min(many, 900) + " AS ?x) {}",
            "SELECT * { BIND('" + f"<{MARK}>" * min(many, 900) + "' AS ?x) }",
            "SELECT ?x { ?x ?y ?z } ORDER BY " + "?x " * min(many, 3000),
            'CONSTRUCT { ?s ?p "' + "x" * many + '" } { ?s ?p ?o }',
            "DESCRIBE " + ids,
            "ASK { ?s ?p " + "[ ?p " * (many // 2) + "1" + " ]" * (many // 2) + " }",
            "ASK { ?s ?p " + "( " * (many // 2) + ") " * (many // 2) + " }",
            "ASK { ?s ?p " + "<<( ?s ?p " * (many // 4) + "?o" + " )>>" * (many // 4) + " }",
            "ASK { FILTER(" + "EXISTS { FILTER(" * (many // 4) + "1" + ")}" * (many // 4) + ") }",
            "SELECT (SUM(?x) AS ?n) (GROUP_CONCAT(?y; separator='" + "x" * many + "') AS ?m) { ?x ?p ?y }",
            "#" * many + "\nASK {}",
            "PREFIX x: <urn:x>\n" * min(many, 5000) + "ASK {}",
            "SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), '" + "(a+)*" * min(many, 60) + "$')) } LIMIT 2",
            "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?i",
        )
    )


def of_bodies(chance: random.Random) -> Sent:
    """Bodies: forms, JSON, parts, damaged office files and archives, under any type, to any address."""
    name = chance.choice((".docx", ".xlsx", ".pdf", "zip", ".html", ".csv", ".txt"))
    wholes = targets()[name].wholes
    form = b"query=ASK+%7B%7D&format=json&lang=zh"
    kinds: tuple[tuple[str, Callable[[], bytes]], ...] = (
        ("application/x-www-form-urlencoded", lambda: broken(form, [form], chance, HOSTILE)),
        ("application/x-www-form-urlencoded", lambda: b"&".join([b"query=ASK%7B%7D"] * chance.choice((2, 99, 20_000)))),
        ("application/x-www-form-urlencoded", lambda: b"query=" + escaped(_hostile(chance), chance).encode("utf-8", "surrogatepass")),
        ("application/json", lambda: broken(b'{"query": "ASK {}"}', [b"[" * 5000], chance, TOKENS)),
        ("multipart/form-data; boundary=x", lambda: _multipart(damaged(chance.choice(wholes), wholes, chance), chance)),
        ("multipart/form-data", lambda: b"--\r\n" * 999),
        ("application/octet-stream", lambda: damaged(chance.choice(wholes), wholes, chance)),
        ("application/sparql-query", lambda: damaged(chance.choice(wholes), wholes, chance)),
        ("application/sparql-query; charset=" + chance.choice(("utf-16", "\xff", '"', "gbk", "x" * 999)), lambda: b"ASK {}"),
        ("application/sparql-update", lambda: b"CLEAR ALL"),
        (chance.choice(("", ";", "text", "a/b/c", "\xe8/\xb4", "application/sparql-query;;=", '"' * 99)), lambda: b"ASK {}"),
    )
    kind, make = chance.choice(kinds)
    target = "/sparql" if chance.random() < 0.6 else chance.choice(("/ask", *paths()))
    more = ("Content-Encoding: " + chance.choice(("gzip", "identity", "br", "\xff")),) if chance.random() < 0.1 else ()
    lang = "" if "lang" in target else _language(chance)
    body = make()
    if kind.startswith("application/x-www") and b"lang" in body:
        lang = ""
    method = chance.choice(("POST", "POST", "POST", "PUT", "PATCH", "DELETE", "GET"))
    return Sent((Request(target, method, (*_accept(chance), f"Content-Type: {kind}", *more), body, lang).written(),), lang=lang)


def _multipart(content: bytes, chance: random.Random) -> bytes:
    name = escaped(_hostile(chance), chance)
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/zip\r\n\r\n'
    return head.encode() + content + chance.choice((b"\r\n--x--\r\n", b"", b"\r\n--x\r\n", b"--x--"))


def of_files(chance: random.Random) -> Sent:
    """The large files, which are made once: with parameters and headers that are none of theirs."""
    path = chance.choice(_FILES)
    if chance.random() < 0.4:
        path = re.sub(
            r"[^/.]+(?=[^/]*$)", lambda hit: escaped(_hostile(chance), chance) if chance.random() < 0.5 else hit[0] + "x", path, count=1
        )
    query = chance.choice(
        ("", "", "?lang=zh", "?lang=en", "?lang=fr", "?x=1", "?lang=zh&lang=en", "?lang=" + escaped(_hostile(chance), chance))
    )
    lang = "" if query or path.endswith((".zh", ".en", ".fr")) or "/text" in path else _language(chance)
    target = (path + query).replace(" ", "+").encode("ascii", "replace").decode("ascii")
    lines = (chance.choice(("If-None-Match: *", "Range: bytes=0-9", "If-Modified-Since: x")),) if chance.random() < 0.3 else ()
    request = Request(target, chance.choice(("GET", "HEAD")), (*_accept(chance), *lines), lang=lang)
    # They are made one after another, and take seconds of all the processor there is.
    return Sent((request.written(),), target.isprintable(), lang=lang, patience=180.0)


def of_wire(chance: random.Random) -> Sent:
    """The protocol itself: lines, lengths, chunks, pieces; most of it must be refused, none of it may do harm."""
    base = chance.choice((of_paths, of_headers, of_sparql, of_bodies))(chance).bytes
    if chance.random() < 0.5:
        base = Request("/units.json?page=1", lines=("Accept: application/json",)).written()
    head, gap, body = base.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    for _ in range(1 + int(chance.expovariate(1.0))):
        match chance.randrange(10):
            case 0:
                first = _raw(chance.choice(_METHODS)) + b" " + first.partition(b" ")[2]
            case 1:
                first = first.rpartition(b" ")[0] + b" " + _raw(chance.choice(_VERSIONS))
            case 2:
                first = b" ".join((b"GET", _raw(chance.choice(_TARGETS)), b"HTTP/1.1"))
            case 3 | 4 | 5:
                lines.insert(chance.randrange(len(lines) + 1), _raw(chance.choice(_LINES)))
            case 6:
                lines = [line for line in lines if chance.random() < 0.7]
            case 7:
                body = _chunked(body or b"ASK {}", chance)
                lines.append(b"Transfer-Encoding: chunked")
            case 8:
                first, *lines = broken(b"\r\n".join([first, *lines]), [base], chance, _WIRE_TOKENS).split(b"\r\n")
            case _:
                gap = _raw(chance.choice(("\r\n", "\n\n", "\r\n\r\n\r\n", "\r\r", "\r\n\r\n", "")))
    return _pieces(b"\r\n".join([first, *lines]) + gap + body, chance)


def _raw(text: str) -> bytes:
    return text.encode("latin-1", "replace")


def _chunked(body: bytes, chance: random.Random) -> bytes:
    size = chance.choice((b"%x" % len(body), b"0x%x" % len(body), b"-1", b"f" * 40, b"%x;a=b" % len(body), b"", b"%X" % (len(body) + 1)))
    return (
        size
        + chance.choice((b"\r\n", b"\n"))
        + body
        + chance.choice((b"\r\n0\r\n\r\n", b"\r\n0\r\nX-Trailer: y\r\n\r\n", b"\r\n", b"", b"\r\n0\r\n"))
    )


def _pieces(sent: bytes, chance: random.Random) -> Sent:
    match chance.randrange(10):
        case 0:
            return Sent((sent[: chance.randrange(len(sent) + 1)],), whole=False, hangs_up=chance.random() < 0.7)
        case 1:
            return Sent((sent,), whole=False, hangs_up=True)
        case 2:
            kept = sent.replace(b"Connection: close\r\n", b"")
            return Sent((kept * chance.choice((2, 5, 30)) + sent,), whole=False)
        case 3:
            step = max(1, len(sent) // 20)
            return Sent(tuple(sent[at : at + step] for at in range(0, len(sent), step)), whole=False, pause=0.002)
        case _:
            return Sent((sent,), whole=False)


MAKERS: dict[str, Callable[[random.Random], Sent]] = {
    "wire": of_wire,
    "paths": of_paths,
    "headers": of_headers,
    "sparql": of_sparql,
    "bodies": of_bodies,
    "files": of_files,
}


def case(target: str, seed: int, number: int) -> Sent:
    """One case of a target."""
    return MAKERS[target](random.Random(f"http {target} {seed} {number}"))


def cases_of(target: str, seed: int, numbers: Sequence[int]) -> list[Sent]:
    """Some cases of a target."""
    return [case(target, seed, number) for number in numbers]
