"""Requests and replies of the pages: parameters checked, forms negotiated, caches answered, errors said."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from kg.errors import GraphError
from kg.graph.iris import PREFIXES, iri
from kg.messages import LANGUAGES, language
from kg.serve.negotiate import best
from kg.serve.pages_forms import CSV_ROWS, entity_text, main_list, page_csv, page_json
from kg.serve.pages_html import page_html, trouble_html
from kg.serve.pages_parts import Asked, AskedError, MovedError, NotThereError, Page, Ref, path_of
from kg.serve.site import Site

if TYPE_CHECKING:
    from kg.serve.pages import Kindred

MEDIA = {
    "html": "text/html",
    "json": "application/json",
    "csv": "text/csv",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
}
_LONGEST = 200
_NUMBER = re.compile(r"[1-9]\d{0,8}")
Endpoint = Callable[[Request], Response]


def endpoint(latest: Callable[[], Site], kind: Kindred, form: str | None) -> Endpoint:
    """What answers the requests for one kind of page, in one form, or in the one that the client wants where None."""

    def answer(request: Request) -> Response:
        site = latest()
        chosen = form or _wanted(request, kind)
        if chosen is None:
            return trouble(request, 406, "not-acceptable", ", ".join(_offered(kind)))
        try:
            asked = asked_of(site, kind, request)
            tag = _tag(site, request, chosen, asked.lang)
            if _known(request, site, tag):
                return Response(status_code=304, headers=_headers(site, tag, form))
            body, links = _body(site, kind, chosen, asked, request.path_params.get("key", ""))
            return reply(request, body, MEDIA[chosen], _headers(site, tag, form) | links)
        except AskedError as error:
            return trouble(request, 400, "bad-request", str(error), form=chosen)
        except NotThereError as error:
            return trouble(request, 404, "not-there", str(error), error.nearest, form=chosen)
        except MovedError as error:
            return _redirect(request, str(error.args[0]) + (f".{form}" if form else ""))
        except GraphError as error:
            return trouble(request, 500, "broken", str(error), form=chosen)

    return answer


def _offered(kind: Kindred) -> list[str]:
    return [MEDIA["html"], *(MEDIA[form] for form in kind.forms), *([MEDIA["nt"], MEDIA["jsonld"]] if "ttl" in kind.forms else [])]


def _wanted(request: Request, kind: Kindred) -> str | None:
    chosen = best(request.headers.get("accept", ""), _offered(kind))
    return next((form for form, media in MEDIA.items() if media == chosen), None)


def _body(site: Site, kind: Kindred, form: str, asked: Asked, key: str) -> tuple[str, dict[str, str]]:
    page = kind.make(site, asked, key)
    if form in {"ttl", "nt", "jsonld"}:
        return entity_text(site, page.id, form), {"Link": f'<{iri(page.id)}>; rel="describes"'}
    if asked.list and asked.list not in page.listings and not (asked.list == "text" and form != "csv"):
        raise AskedError("list", asked.list, ", ".join(page.listings))
    if form == "csv":
        return "\ufeff" + page_csv(page, asked), _next(page, asked, form, CSV_ROWS)
    if form == "json":
        return json.dumps(page_json(page, asked), ensure_ascii=False) + "\n", _next(page, asked, form, 0)
    return page_html(page, asked, kind.forms, (("ask", "/sparql"),)), {}


def _next(page: Page, asked: Asked, form: str, size: int) -> dict[str, str]:
    """The address of the next part of a long table, for programs."""
    listing = page.listings.get(main_list(page, asked))
    if listing is None or asked.page >= listing.pages(size):
        return {}
    stem = "/overview" if page.path == "/" else page.path
    values = {**asked.values, "list": listing.name, "page": str(asked.page + 1), **({"lang": asked.lang} if asked.spoken else {})}
    return {"Link": f'<{stem}.{form}?{urlencode(values)}>; rel="next"'}


def asked_of(site: Site, kind: Kindred, request: Request) -> Asked:
    """The parameters of a request, checked.

    Raises:
        AskedError: one is unknown, given twice, too long, or has a value that it cannot take.
    """
    known = {param.name: param for param in kind.params}
    names = [*known, "lang", "list", "page"]
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in names or name in given:
            raise AskedError(name, value[:_LONGEST], ", ".join(names))
        if len(value) > _LONGEST:
            raise AskedError(name, value[:40] + "…", f"≤ {_LONGEST}")
        given[name] = value
    _check("lang", given.get("lang", ""), LANGUAGES)
    _check("list", given.get("list", ""), kind.lists)
    if not _NUMBER.fullmatch(given.get("page", "1")):
        raise AskedError("page", given["page"], "1, 2, 3 …")
    for name, param in known.items():
        if param.values and given.get(name):
            _check(name, given[name], param.values(site))
    values = {name: given[name] for name in known if given.get(name)}
    return Asked(given.get("lang") or language(), int(given.get("page", "1")), given.get("list", ""), values, bool(given.get("lang")))


def _check(name: str, value: str, possible: Sequence[str]) -> None:
    if value and value not in possible:
        raise AskedError(name, value, ", ".join(possible[:40]) + (" …" if len(possible) > 40 else ""))


def reply(request: Request, body: str | bytes, media: str, headers: Mapping[str, str]) -> Response:
    """A response with a body; to HEAD the same head alone."""
    response = Response(body, media_type=media, headers=dict(headers))
    if request.method == "HEAD":
        response.body = b""
    return response


def json_reply(request: Request, site: Site, make: Callable[[Site], Any]) -> Response:
    """A JSON document that depends on the build and the language."""
    tag = _tag(site, request, "json", language())
    headers = _headers(site, tag, "json")
    if _known(request, site, tag):
        return Response(status_code=304, headers=headers)
    return reply(request, json.dumps(make(site), ensure_ascii=False) + "\n", MEDIA["json"], headers)


def cached_reply(
    request: Request, site: Site, media: str, lang: str, make: Callable[[], str | bytes], headers: Mapping[str, str]
) -> Response:
    """A file that depends on the build and the language; it is not made where the client has it already."""
    tag = _tag(site, request, media, lang)
    if _known(request, site, tag):
        return Response(status_code=304, headers=_headers(site, tag, media))
    return reply(request, make(), media, {**_headers(site, tag, media), **headers})


def _headers(site: Site, tag: str, form: str | None) -> dict[str, str]:
    vary = "Accept-Language" if form else "Accept, Accept-Language"
    return {"ETag": tag, "Last-Modified": formatdate(site.modified, usegmt=True), "Cache-Control": "no-cache", "Vary": vary}


def _tag(site: Site, request: Request, form: str, lang: str) -> str:
    what = "\0".join([site.mark, form, lang, request.url.path, request.url.query])
    return f'"{hashlib.sha256(what.encode()).hexdigest()[:24]}"'


def _known(request: Request, site: Site, tag: str) -> bool:
    if tags := request.headers.get("if-none-match"):
        return tags.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in tags.split(",")}
    since = request.headers.get("if-modified-since")
    try:
        return since is not None and int(site.modified) <= parsedate_to_datetime(since).timestamp()
    except (TypeError, ValueError, OverflowError):
        return False


def _redirect(request: Request, path: str, status: int = 307) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return Response(status_code=status, headers={"Location": path + query, "Vary": "Accept, Accept-Language"})


def identify(entities: Sequence[str], request: Request) -> Response:
    """From the identity of a thing (``/id/unit:…`` or ``/id/unit/…``) to its page, or to its description in another form: 303."""
    name = request.path_params["name"]
    kind, _, local = name.partition(":" if ":" in name.partition("/")[0] else "/")
    if kind not in entities or not local or "/" in local:
        prefixes = ", ".join(f"/id/{entity}:…" for entity in entities if entity in PREFIXES)
        return trouble(request, 404, "no-identity", prefixes)
    offered = [MEDIA["html"], MEDIA["ttl"], MEDIA["json"], MEDIA["csv"], MEDIA["nt"], MEDIA["jsonld"]]
    chosen = best(request.headers.get("accept", ""), offered)
    if chosen is None:
        return trouble(request, 406, "not-acceptable", ", ".join(offered))
    endings = {MEDIA["ttl"]: ".ttl", MEDIA["json"]: ".json", MEDIA["csv"]: ".csv"}
    return _redirect(request, path_of(f"{kind}:{local}") + endings.get(chosen, ""), 303)


def lost(request: Request) -> Response:
    """The answer to an address that leads nowhere; one with a slash too many is led to the page."""
    path: str = request.scope["path"]
    if path.strip("/") and path.endswith("/") and not path.startswith("//"):
        return _redirect(request, quote(path.rstrip("/")))
    return trouble(request, 404, "no-page", path[:_LONGEST])


def trouble(request: Request, status: int, key: str, words: str, nearest: Sequence[Ref] = (), *, form: str | None = None) -> Response:
    """What went wrong, in the form that was asked for: a page, JSON, or plain text."""
    lang = request.query_params.get("lang", "")
    asked = Asked(lang if lang in LANGUAGES else language(), spoken=lang in LANGUAGES)
    text = words if key in {"bad-request", "not-there", "broken"} else asked.say(f"trouble.{key}", what=words)
    form = form or next(
        (name for name, media in MEDIA.items() if media == best(request.headers.get("accept", ""), list(MEDIA.values()))), "html"
    )
    headers = {"Vary": "Accept, Accept-Language", "Cache-Control": "no-store"}
    if form == "json":
        alike = [{"label": one.label, "href": one.path} for one in nearest]
        body = json.dumps({"status": status, "message": text, "nearest": alike}, ensure_ascii=False) + "\n"
    elif form == "html":
        body = trouble_html(asked, asked.say(f"trouble.title-{status}"), text, nearest, (("ask", "/sparql"),))
    else:
        body = "\n".join([text, *(f"{one.label} {one.path}" for one in nearest)]) + "\n"
    media = {"json": MEDIA["json"], "html": MEDIA["html"]}.get(form, "text/plain")
    response = reply(request, body, media, headers)
    response.status_code = HTTPStatus(status).value
    return response
