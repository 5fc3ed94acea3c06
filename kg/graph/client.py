"""HTTP to SPARQL servers, to ask them and to write to them: one request, its reply read whole, within a time and a size.

The standard library is enough for one request at a time, Basic and Digest included; httpx would bring six packages into every
installation and still leave time and size of a whole reply, and Digest before Basic, to us. Who asks is said through the environment
alone: ``GOVRESP_SPARQL_TOKEN`` (Bearer), else ``GOVRESP_SPARQL_USER`` with ``GOVRESP_SPARQL_PASSWORD`` (Basic or Digest, once the
server wants to know). They are read when needed, never shown, and never sent to another host, wherever a server redirects.
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
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from http.client import HTTPException, HTTPResponse
from typing import IO

from kg.messages import say

USER, PASSWORD, TOKEN = (f"GOVRESP_SPARQL_{name}" for name in ("USER", "PASSWORD", "TOKEN"))
LARGEST = 512
"""Megabytes of a reply that are read."""
_REFUSAL = 1 << 16
"""Bytes that are read of a reply which refuses."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server replied, whatever its status."""

    status: int
    headers: Message
    body: bytes


class LateError(Exception):
    """The reply did not come whole in time."""


class TooLargeError(Exception):
    """The reply has more than ``LARGEST`` megabytes."""


class LoginError(Exception):
    """The server wants a way of logging in that nobody here knows, or the token cannot stand in a header; it is not quoted."""


class UnreachableError(Exception):
    """Nobody replies, or the connection breaks off.

    ``why`` says it in words, ``again`` whether a further try may do better, ``begun`` whether a part of the reply was there.
    """

    def __init__(self, why: str, *, again: bool = True, begun: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.again = again
        self.begun = begun


def is_address(text: str) -> bool:
    """Whether a text is the address of a server, not a path.

    >>> is_address("http://localhost:7878/query"), is_address("out"), is_address("HTTPS://x.cn/sparql"), is_address("ftp://x")
    (True, False, True, False)
    """
    return re.match(r"https?://", text, re.IGNORECASE) is not None


def parts_of(address: str) -> urllib.parse.SplitResult | None:
    """The parts of an address; None where it names no host or no possible port.

    >>> parts_of("http://h:1/sparql").netloc, parts_of("http://"), parts_of("http://[::1"), parts_of("http://h:x/")
    ('h:1', None, None, None)
    """
    try:
        parts = urllib.parse.urlsplit(address)
        return parts if is_address(address) and parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def without_login(parts: urllib.parse.SplitResult) -> str | None:
    """An address without the user and password that stand in it; None where there are none.

    >>> without_login(parts_of("http://me:secret@h/x")), without_login(parts_of("http://h/x"))
    ('http://h/x', None)
    """
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if "@" in parts.netloc else None


def send(request: urllib.request.Request, seconds: float, *, follow: bool) -> Reply:
    """Send a request and read the reply.

    Args:
        request: what is sent; who asks is added.
        seconds: how long all of it may take.
        follow: whether redirects are followed. What is written must not be sent on: a POST would become a GET, and nobody told.

    Raises:
        LateError: there was no whole reply in time.
        TooLargeError: it was too large.
        LoginError: nobody can be named in the way that the server wants.
        UnreachableError: there was no whole reply at all.
    """
    token, deadline = os.environ.get(TOKEN, "").strip(), time.monotonic() + seconds
    if token:
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    request.add_header("User-Agent", "govresp")
    try:
        with _opener(request.full_url, follow=follow).open(request, timeout=seconds) as response:
            return Reply(response.status, response.headers, _body(response, deadline))
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.headers, _refusal(error))
    except (HTTPException, OSError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, TimeoutError):
            raise LateError from None
        raise UnreachableError(_why(reason), again=not isinstance(reason, ssl.SSLError)) from None
    except ValueError:
        raise LoginError from None


def given() -> str:
    """What was sent to say who asks, in words, never itself."""
    if os.environ.get(TOKEN, "").strip():
        return say("endpoint.sent-token", token=TOKEN)
    if os.environ.get(USER, ""):
        return say("endpoint.sent-user", user=USER, password=PASSWORD)
    return say("endpoint.sent-nothing", user=USER, password=PASSWORD, token=TOKEN)


def cleaned(text: str, longest: int = 300) -> str:
    """Words of a server on one line, without what a terminal would take for an order, cut where they are long.

    >>> cleaned("a\\x1b[2Jb\\n c", 6)
    'a[2Jb…'
    """
    line = "".join(character for character in " ".join(text.split()) if character.isprintable())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def said(reply: Reply) -> str:
    """What a server says as it refuses: the first paragraph, for what follows is the query again, or a stack of calls."""
    try:
        text = reply.body.decode(reply.headers.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return ""
    if reply.headers.get_content_type() == "text/html":
        text = re.sub(r"(?is)<(script|style|head)\b.*?</\1>|<[^>]*>", " ", text)
    return cleaned(next((part for part in re.split(r"\r?\n\s*\r?\n", text) if part.strip()), ""))


# Who asks, and where a redirect leads


def _opener(address: str, *, follow: bool) -> urllib.request.OpenerDirector:
    parts = urllib.parse.urlsplit(address)
    handlers: list[urllib.request.BaseHandler] = [_Redirects() if follow else _StayHere(), _Closed()]
    user = os.environ.get(USER, "")
    if user and not os.environ.get(TOKEN, "").strip():
        known = _known(f"{parts.scheme}://{parts.netloc}/", user, os.environ.get(PASSWORD, ""))
        handlers += [urllib.request.HTTPDigestAuthHandler(known), urllib.request.HTTPBasicAuthHandler(known)]
    if parts.hostname in {"localhost", "127.0.0.1", "::1"}:
        handlers.append(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener(*handlers)


@lru_cache(maxsize=8)
def _known(site: str, user: str, password: str) -> urllib.request.HTTPPasswordMgrWithPriorAuth:
    # Told to a challenge only, so that a server that wants Digest never sees the password. That Basic was asked for is remembered,
    # lest a large body be sent once in vain each time.
    known = urllib.request.HTTPPasswordMgrWithPriorAuth()
    known.add_password(None, site, user, password)
    return known


class _Closed(urllib.request.BaseHandler):
    """Before the library logs in and asks again, the first reply is let go; it would keep its connection."""

    handler_order = 400

    def http_error_401(self, req: object, fp: IO[bytes], code: int, msg: str, headers: object) -> None:
        """Close the reply, and leave the rest to the next handler."""
        fp.close()


class _StayHere(urllib.request.HTTPRedirectHandler):
    """No redirect is followed."""

    def redirect_request(self, req: object, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str) -> None:
        """Follow nowhere: what is returned here would be asked next."""


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


# Reading


def _body(response: HTTPResponse, deadline: float) -> bytes:
    # The time limit of a socket is one for each piece; a server that drips would never end.
    pieces, size = [], 0
    while piece := response.read1(1 << 20):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST << 20:
            raise TooLargeError
        if time.monotonic() > deadline:
            raise LateError
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and size < int(length):
        raise UnreachableError(say("endpoint.broken-off"), begun=True)
    return b"".join(pieces)


def _refusal(error: urllib.error.HTTPError) -> bytes:
    # It counts for its status; what it says may be missing.
    if error.fp is None:
        return b""
    try:
        return error.read(_REFUSAL)
    except (HTTPException, OSError, ValueError):
        return b""
    finally:
        error.close()


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
