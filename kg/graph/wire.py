"""HTTP to a SPARQL endpoint: one query sent, its answer read whole, within a time and a size; who asks is told to nobody else.

The standard library is enough for one request at a time, so asking a server needs no further package. Who asks is said through the
environment alone: ``GOVRESP_SPARQL_USER`` with ``GOVRESP_SPARQL_PASSWORD`` (Basic or Digest, when the server wants to know), or
``GOVRESP_SPARQL_TOKEN`` (Bearer). They are read when needed, never kept, shown, or sent to another host, wherever it redirects.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO

from kg.errors import KgError, QueryError
from kg.graph import endpoint_errors as errors
from kg.messages import say

USER, PASSWORD, TOKEN, TIMEOUT = (f"GOVRESP_SPARQL_{name}" for name in ("USER", "PASSWORD", "TOKEN", "TIMEOUT"))
SECONDS = 60.0
"""What one query may take, the reading of its answer included, unless ``GOVRESP_SPARQL_TIMEOUT`` says otherwise."""
LONGEST_GET = 2000
"""Characters of an address up to which a query goes by GET, which caches understand; longer ones go by POST."""
LARGEST = 512
"""Megabytes of an answer that are read."""
_FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a server: its body, its media type, and the number of rows at which it was cut off (Virtuoso), else empty."""

    body: bytes
    kind: str
    most_rows: str


def is_address(text: str) -> bool:
    """Whether a text is the address of an endpoint, not a path.

    >>> is_address("http://localhost:7878/query"), is_address("out"), is_address("HTTPS://x.cn/sparql"), is_address("ftp://x")
    (True, False, True, False)
    """
    return re.match(r"https?://", text, re.IGNORECASE) is not None


def checked_address(address: str) -> urllib.parse.SplitResult:
    """The parts of an address.

    Raises:
        EndpointAddressError: it names no host, or holds a user or a password, which a list of processes would show.
    """
    try:
        parts = urllib.parse.urlsplit(address)
        fits = is_address(address) and bool(parts.hostname) and parts.port != 0 and address.isprintable() and " " not in address
    except ValueError:
        fits = False
    if not fits:
        raise errors.EndpointAddressError(address.rpartition("@")[2], say("endpoint.no-host"))
    if "@" in parts.netloc:
        shown = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        raise errors.EndpointAddressError(shown, say("endpoint.userinfo", user=USER, password=PASSWORD))
    return parts


def send_query(address: str, query: str, wanted: str) -> Answer:
    """Send a query and read the answer.

    Args:
        address: the endpoint; parameters in it (``?default-graph-uri=…``) are kept.
        query: SPARQL.
        wanted: the value of the Accept header.

    Raises:
        QueryError: the server says that the query is none.
        EndpointError: the server cannot be reached, refuses, is none, or takes too long.
    """
    seconds = _seconds()
    deadline = time.monotonic() + seconds
    try:
        with _opener(address).open(_request(address, query, wanted), timeout=seconds) as response:
            body = _body(response, deadline, address, seconds)
            if "X-SQL-State" in response.headers:  # Virtuoso ran out of time and gives what it has.
                raise errors.EndpointAnswerError(address, cleaned(response.headers.get("X-SQL-Message", "")))
            return Answer(body, response.headers.get_content_type(), response.headers.get("X-SPARQL-MaxRows", ""))
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(address, error) from None
    except (HTTPException, OSError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, TimeoutError):
            raise errors.EndpointTimeoutError(address, f"{seconds:g}") from None
        raise errors.EndpointUnreachableError(address, _why(reason)) from None
    except ValueError:
        # A way of logging in that urllib does not know, or a token that is no header: the latter must not be quoted.
        raise errors.EndpointLoginError(address, 401, _given()) from None


def _seconds() -> float:
    try:
        seconds = float(os.environ.get(TIMEOUT) or SECONDS)
    except ValueError:
        return SECONDS
    return seconds if 0 < seconds < 1e6 else SECONDS


def _request(address: str, query: str, wanted: str) -> urllib.request.Request:
    address = urllib.parse.quote(address.partition("#")[0], safe=":/?&=%@!$'()*+,;[]~")
    pair = urllib.parse.urlencode({"query": query})
    url = f"{address}{'&' if '?' in address else '?'}{pair}"
    headers = {"Accept": wanted, "User-Agent": "govresp"}
    if len(url) <= LONGEST_GET:
        request = urllib.request.Request(url, headers=headers)
    else:
        request = urllib.request.Request(address, data=pair.encode("ascii"), headers=headers | {"Content-Type": _FORM_TYPE}, method="POST")
    token = os.environ.get(TOKEN, "").strip()
    if token:
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    return request


def _opener(address: str) -> urllib.request.OpenerDirector:
    handlers: list[urllib.request.BaseHandler] = [_Redirects()]
    user, password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
    if user and not os.environ.get(TOKEN, "").strip():
        # Answered to a challenge only, so that a server that wants Digest never sees the password.
        known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        parts = urllib.parse.urlsplit(address)
        known.add_password(None, f"{parts.scheme}://{parts.netloc}/", user, password)
        handlers += [_Basic(known), _Digest(known)]
    if urllib.parse.urlsplit(address).hostname in {"localhost", "127.0.0.1", "::1"}:
        handlers.append(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener(*handlers)


class _Basic(urllib.request.HTTPBasicAuthHandler):
    """Basic login that closes the refusal behind it, which urllib leaves open."""

    def http_error_401(self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage) -> HTTPResponse | None:
        """The answer to a second request with a login, None where this way is not asked for."""
        return _closing(fp, lambda: super(_Basic, self).http_error_401(req, fp, code, msg, headers))


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Digest login that closes the refusal behind it."""

    def http_error_401(self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage) -> HTTPResponse | None:
        """The answer to a second request with a login, None where this way is not asked for."""
        return _closing(fp, lambda: super(_Digest, self).http_error_401(req, fp, code, msg, headers))


def _closing(refusal: IO[bytes], ask_again: Callable[[], HTTPResponse | None]) -> HTTPResponse | None:
    try:
        answer = ask_again()
    except (OSError, ValueError, HTTPException):
        refusal.close()
        raise
    if answer is not None:
        refusal.close()
    return answer


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Redirects with the query still in them; who asks is told again only where scheme, host and port are the same."""

    max_redirections = 5

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        """The request to send on, with the query and, to the same host only, the login."""
        if not is_address(newurl):
            raise urllib.error.HTTPError(req.full_url, code, msg, headers, fp)
        kept = {name: value for name, value in req.header_items() if name.lower() in {"accept", "user-agent", "content-type"}}
        fresh = urllib.request.Request(newurl, data=None if code == 303 else req.data, headers=kept)
        login = req.get_header("Authorization")
        if login and _origin(newurl) == _origin(req.full_url):
            fresh.add_unredirected_header("Authorization", login)
        return fresh


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urllib.parse.urlsplit(url)
    return parts.scheme.lower(), parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme.lower())


def _body(response: HTTPResponse, deadline: float, address: str, seconds: float) -> bytes:
    # The time limit of a socket is one for each piece; a server that drips would never end.
    pieces, size = [], 0
    while piece := response.read1(1 << 20):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST << 20:
            raise errors.EndpointSizeError(address, LARGEST)
        if time.monotonic() > deadline:
            raise errors.EndpointTimeoutError(address, f"{seconds:g}")
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and size < int(length):
        raise errors.EndpointAnswerError(address, say("endpoint.broken-off"))
    return b"".join(pieces)


def _refused(address: str, error: urllib.error.HTTPError) -> KgError:
    status = error.code
    if status in {401, 403, 407}:
        return errors.EndpointLoginError(address, status, _given())
    if status in {404, 405, 410}:
        return errors.EndpointMissingError(address, status)
    said = _said(error)
    if status == 400 and said:
        return QueryError(said)
    return errors.EndpointStatusError(address, status, said or "–")


def _said(error: urllib.error.HTTPError) -> str:
    # The first paragraph: what follows is the query again, or a stack of calls.
    try:
        text = error.read(1 << 16).decode(error.headers.get_content_charset() or "utf-8", "replace")
    except (HTTPException, OSError, LookupError):
        return ""
    if error.headers.get_content_type() == "text/html":
        text = re.sub(r"(?is)<(script|style|head)\b.*?</\1>|<[^>]*>", " ", text)
    return cleaned(next((part for part in re.split(r"\r?\n\s*\r?\n", text) if part.strip()), ""))


def cleaned(text: str, longest: int = 300) -> str:
    """Words of a server on one line, without what a terminal would take for an order, cut where they are long.

    >>> cleaned("a\\x1b[2Jb\\n c", 6)
    'a[2Jb…'
    """
    line = "".join(character for character in " ".join(text.split()) if character.isprintable())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _given() -> str:
    """What was sent to say who asks, in words, never itself."""
    if os.environ.get(TOKEN, "").strip():
        return say("endpoint.sent-token", token=TOKEN)
    if os.environ.get(USER, ""):
        return say("endpoint.sent-user", user=USER, password=PASSWORD)
    return say("endpoint.sent-nothing", user=USER, password=PASSWORD, token=TOKEN)


def _why(reason: object) -> str:
    if isinstance(reason, ConnectionRefusedError):
        return say("endpoint.refused")
    if isinstance(reason, socket.gaierror):
        return say("endpoint.no-name")
    if isinstance(reason, ssl.SSLCertVerificationError):
        return say("endpoint.certificate", cleaned(reason.verify_message))
    if isinstance(reason, HTTPException):
        return say("endpoint.broken-off")
    return cleaned(str(getattr(reason, "strerror", None) or reason))
