"""What is a file of its own: picture, report, task sheets, workbook, texts, style sheet. Made at the first request, then kept."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Lock
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kg.errors import ExtraError, KgError
from kg.messages import LANGUAGES, language, say
from kg.serve.pages_html import site_css
from kg.serve.pages_parts import Asked, AskedError, NotThereError, Ref
from kg.serve.pages_reply import cached_reply, trouble
from kg.serve.pages_words import missing
from kg.serve.site import Site
from kg.views.assessed import Settings
from kg.views.details import details_of

if TYPE_CHECKING:
    from kg.views.pages import Plan

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M8 3 3 12M8 3l5 9M3 12h10" stroke="#0b5cad"/>'
    '<g fill="#0b5cad"><circle cx="8" cy="3" r="2.6"/><circle cx="3" cy="12" r="2.2"/><circle cx="13" cy="12" r="2.2"/></g></svg>\n'
)
_MAKING = Lock()
"""One large file is made at a time: they take seconds of all the processor there is."""


def routes(latest: Callable[[], Site]) -> list[BaseRoute]:
    """The routes of the files."""
    return [
        Route("/static/site.css", partial(_static, latest, "text/css", site_css), name="css"),
        Route("/static/icon.svg", partial(_static, latest, "image/svg+xml", lambda: _ICON), name="icon"),
        Route("/picture", partial(_document, latest, _picture), name="picture"),
        Route("/picture.{lang}", partial(_pack, latest), name="picture-overview"),
        Route("/picture-{pack}.{lang}", partial(_pack, latest), name="picture-pack"),
        Route("/report", partial(_document, latest, _report), name="report"),
        Route("/report/brief", partial(_document, latest, _brief), name="brief"),
        Route("/workbook.xlsx", partial(_workbook, latest), name="workbook"),
        Route("/unit/{key}/sheet", partial(_sheet, latest, "html"), name="sheet"),
        Route("/unit/{key}/sheet.docx", partial(_sheet, latest, "docx"), name="sheet-word"),
        Route("/notice/{key}/text", partial(_text, latest), name="text"),
    ]


def _language(request: Request) -> str:
    """The language that a file is asked in.

    Raises:
        AskedError: there is another parameter, or no such language.
    """
    for name, value in request.query_params.multi_items():
        if name != "lang" or value not in LANGUAGES:
            raise AskedError(name, value[:200], "lang=zh, lang=en")
    return request.query_params.get("lang") or language()


def _answered(request: Request, site: Site, make: Callable[[str], Response]) -> Response:
    try:
        return make(_language(request))
    except AskedError as error:
        return trouble(request, 400, "bad-request", str(error), form="html")
    except NotThereError as error:
        return trouble(request, 404, "not-there", str(error), error.nearest, form="html")
    except ExtraError as error:
        return trouble(request, 501, "broken", str(error), form="html")
    except KgError as error:
        return trouble(request, 500, "broken", str(error), form="html")


def _static(latest: Callable[[], Site], media: str, make: Callable[[], str], request: Request) -> Response:
    return cached_reply(request, latest(), media, "", make, {})


def _document(latest: Callable[[], Site], make: Callable[[Site, str], str], request: Request, named: str = "") -> Response:
    site = latest()

    def made(lang: str) -> Response:
        lang = named or lang
        text = _kept(make, site, lang)
        return cached_reply(request, site, "text/html", lang, lambda: text, {"Content-Security-Policy": own_policy(text)})

    return _answered(request, site, made)


def own_policy(text: str) -> str:
    """The policy that a page of one file states for itself, as a header; it is not to be framed elsewhere.

    >>> own_policy('<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;">')
    "default-src 'none'; frame-ancestors 'none'"
    """
    found = _POLICY.search(text)
    return (html.unescape(found[1]) if found else "default-src 'none'") + "; frame-ancestors 'none'"


@lru_cache(maxsize=32)
def _made(make: Callable[[Site, str], str], site: Site, lang: str) -> str:
    return make(site, lang)


def _kept(make: Callable[[Site, str], str], site: Site, lang: str) -> str:
    with _MAKING:
        return _made(make, site, lang)


def _picture(site: Site, lang: str) -> str:
    plan = _planned(site, lang)
    if plan is None:
        from kg.views.page import draw_page

        return draw_page(site.ties, lang=lang)
    from kg.views.pages import planned_page

    return planned_page(plan, plan.file)


@lru_cache(maxsize=4)
def _planned(site: Site, lang: str) -> Plan | None:
    """What the pages of a graph have in common that is too large for one picture; None where it is not."""
    from kg.analysis.packs import is_large
    from kg.views.pages import plan_pages

    # The pages of a large graph lead to each other by their names, which carry the language.
    return plan_pages(site.ties, f"picture.{lang}", lang, site.places()) if is_large(site.ties) else None


def _pack(latest: Callable[[], Site], request: Request) -> Response:
    """A page of a graph that is too large for one picture, or again the first of them."""
    name, lang = str(request.scope["path"]).rpartition("/")[2], request.path_params["lang"]
    if lang not in LANGUAGES:
        return trouble(request, 404, "no-page", f"/{name}"[:200], form="html")
    if name == f"picture.{lang}":
        return _document(latest, _picture, request, lang)
    return _document(latest, _Pack(name), request, lang)


@dataclass(frozen=True, slots=True)
class _Pack:
    """What makes the page of one pack; equal for the same name, so that it is made once."""

    name: str

    def __call__(self, site: Site, lang: str) -> str:
        from kg.views.pages import planned_page

        plan = _planned(site, lang)
        if plan is None or self.name not in plan.rows:
            raise NotThereError(self.name[:200], [Ref(say("site.ways.picture", lang=lang), "/picture")])
        return planned_page(plan, self.name)


def _report(site: Site, lang: str) -> str:
    from kg.views.report import report_html

    return report_html(site.ties, lang=lang)


def _brief(site: Site, lang: str) -> str:
    from kg.views.brief import brief_html

    return brief_html(site.ties, lang=lang, settings=Settings())


def _workbook(latest: Callable[[], Site], request: Request) -> Response:
    site = latest()

    def made(lang: str) -> Response:
        def make() -> bytes:
            with _MAKING:
                return _book(site, lang)

        return cached_reply(request, site, _XLSX, lang, make, {"Content-Disposition": 'attachment; filename="workbook.xlsx"'})

    return _answered(request, site, made)


@lru_cache(maxsize=2)
def _book(site: Site, lang: str) -> bytes:
    from kg.views.workbook import workbook_bytes

    notices = [notice.id for notice in site.ties.notices]
    details = details_of(map(site.record, notices), {notice: site.text(notice) for notice in notices})
    return workbook_bytes(site.ties, details, lang=lang)


def _sheet(latest: Callable[[], Site], form: str, request: Request) -> Response:
    site, key = latest(), request.path_params["key"]

    def made(lang: str) -> Response:
        if f"unit:{key}" not in site.ledgers[lang].units:
            raise missing(site, Asked(lang), "unit", key)
        if form == "html":
            text = str(_unit_sheet(site, key, lang, form))
            return cached_reply(request, site, "text/html", lang, lambda: text, {"Content-Security-Policy": own_policy(text)})
        named = {"Content-Disposition": f'attachment; filename="{re.sub("[^0-9A-Za-z-]", "_", key)}.docx"'}
        return cached_reply(request, site, _DOCX, lang, lambda: _unit_sheet(site, key, lang, form), named)

    return _answered(request, site, made)


@lru_cache(maxsize=32)
def _unit_sheet(site: Site, key: str, lang: str, form: str) -> str | bytes:
    from kg.views.sheets import sheet_html, task_sheets

    notices = dict.fromkeys(tie.notice for tie in site.ledgers[lang].held.get(f"unit:{key}", ()))
    details = details_of(map(site.record, notices), {notice: site.text(notice) for notice in notices})
    sheet = next(task_sheets(site.ties, details, units=[f"unit:{key}"], lang=lang), None)
    if sheet is None:
        raise missing(site, Asked(lang), "unit", key)
    if form == "html":
        return sheet_html(sheet)
    from kg.views.word import document_docx

    return document_docx(sheet.document)


def _text(latest: Callable[[], Site], request: Request) -> Response:
    site, key = latest(), request.path_params["key"]

    def made(lang: str) -> Response:
        if key not in site.ledgers[lang].notices:
            raise missing(site, Asked(lang), "notice", key)
        return cached_reply(request, site, "text/plain", "", lambda: site.text(key), {})

    return _answered(request, site, made)


KEPT = (_made, _book, _unit_sheet, _planned)
"""What remembers a build beyond one request."""
