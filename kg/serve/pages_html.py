"""A page as HTML: one template for all, no script, one style sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from kg.resources import package_file
from kg.serve.pages_forms import caption, is_interval, page_of
from kg.serve.pages_parts import Asked, Listing, Page, Ref, Value, with_query
from kg.views.charts import xml_text
from kg.views.facts import decimal, whole
from kg.views.report import style

if TYPE_CHECKING:
    from jinja2 import Environment

MOST = 40
"""References that one cell shows; a page names the rest."""
NAVIGATION = (("overview", "/"), ("notices", "/notices"), ("tasks", "/tasks"), ("units", "/units"), ("findings", "/findings"))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(package_file("serve/templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: xml_text(value) if type(value) is str else value,
    )


@cache
def site_css() -> str:
    """The style sheet of all pages: the look of the reports, and what only these pages have."""
    return style("palette", "chart", "report") + package_file("serve/templates/site.css").read_text(encoding="utf-8")


def page_html(page: Page, asked: Asked, forms: Sequence[str], beside: Sequence[tuple[str, str]] = ()) -> str:
    """A page as HTML text.

    Args:
        page: what it says.
        asked: the request, for language, filters and pages of tables.
        forms: the other forms in which the page is there (json, csv, ttl).
        beside: further entries of the navigation, as name (``site.nav.<name>``) and path.
    """
    url = partial(_with_lang, asked.lang if asked.spoken else "")
    stem = "/overview" if page.path == "/" else page.path
    given = dict(asked.values) | ({"list": asked.list} if asked.list else {}) | ({"page": asked.page} if asked.page > 1 else {})
    # A CSV has pages of its own size, and a graph has neither tables nor filters.
    kept = {"json": given, "csv": {name: value for name, value in given.items() if name != "page"}, "ttl": {}}
    fields: dict[str, Any] = {
        "page": page,
        "asked": asked,
        "lang": asked.lang,
        "html_lang": "zh-CN" if asked.lang == "zh" else asked.lang,
        "say": asked.say,
        "url": url,
        "shown": partial(shown, asked),
        "kind_of": lambda block: type(block).__name__.lower(),
        "table_of": partial(_table, page, asked, url, stem, "csv" in forms),
        "steps_of": partial(_steps, asked, url, page.path),
        "navigation": [(asked.say(f"nav.{name}"), url(path), path == page.path) for name, path in (*NAVIGATION, *beside)],
        "alternates": [
            (form.upper() if form != "ttl" else "Turtle", url(with_query(f"{stem}.{form}", **kept[form])), _TYPES[form]) for form in forms
        ],
        "other": with_query(page.path, **given, lang="en" if asked.lang == "zh" else "zh"),
    }
    return _environment().get_template("page.html.j2").render(fields)


def trouble_html(asked: Asked, title: str, words: str, nearest: Sequence[Ref], beside: Sequence[tuple[str, str]] = ()) -> str:
    """The page that says what went wrong, with the pages that may have been meant."""
    page = Page("trouble", "", title)
    fields = {
        "page": page,
        "lang": asked.lang,
        "html_lang": "zh-CN" if asked.lang == "zh" else asked.lang,
        "say": asked.say,
        "url": partial(_with_lang, asked.lang if asked.spoken else ""),
        "asked": asked,
        "words": words,
        "nearest": nearest,
        "alternates": (),
        "other": "/?lang=en" if asked.lang == "zh" else "/?lang=zh",
        "navigation": [
            (asked.say(f"nav.{name}"), _with_lang(asked.lang if asked.spoken else "", path), False) for name, path in (*NAVIGATION, *beside)
        ],
    }
    return _environment().get_template("trouble.html.j2").render(fields)


_TYPES = {"json": "application/json", "csv": "text/csv", "ttl": "text/turtle"}


def _with_lang(lang: str, path: str) -> str:
    """A path that keeps the language, where the address named one.

    >>> _with_lang("en", "/notice/a?page=2#t1"), _with_lang("", "/"), _with_lang("en", "#led")
    ('/notice/a?page=2&lang=en#t1', '/', '#led')
    """
    if not lang or path.startswith("#"):
        return path
    whole_path, hash_, anchor = path.partition("#")
    return f"{whole_path}{'&' if '?' in whole_path else '?'}lang={lang}{hash_}{anchor}"


def shown(asked: Asked, value: Value, bare: bool = False) -> tuple[Sequence[Value], int, str]:
    """A value for the page: its parts as they are written, how many more there are, and what stands between."""
    if value is None or value == "":
        return (), 0, ""
    if isinstance(value, bool | str | Ref):
        return (value,), 0, ""
    if isinstance(value, int):
        return (str(value) if bare else whole(value),), 0, ""
    if isinstance(value, float):
        return (decimal(value, 2),), 0, ""
    if is_interval(value):
        return ("–".join(whole(one) for one in value if isinstance(one, int)),), 0, ""
    return value[:MOST], max(0, len(value) - MOST), asked.say("join")


def _table(page: Page, asked: Asked, url: Any, stem: str, with_csv: bool, listing: Listing) -> Mapping[str, Any]:
    """What the template needs of a table: its caption, the rows of its page, the way to its other pages and to its CSV."""
    at = page_of(listing, asked, page)
    rest = dict(asked.values)
    return {
        "caption": caption(listing, asked),
        "total": len(listing.keys),
        "rows": listing.rows(at),
        "first": (at - 1) * listing.size + 1,
        "last": min(at * listing.size, len(listing.keys)),
        "steps": _links(url, page.path, rest, listing.name, at, listing.pages()),
        "csv": url(with_query(f"{stem}.csv", **rest, list=listing.name)) if with_csv and listing.keys else "",
    }


def _steps(asked: Asked, url: Any, path: str, at: int, pages: int) -> list[tuple[int, str, bool]]:
    """The pages of a printed text."""
    return _links(url, path, dict(asked.values), "text", at, pages)


def _links(url: Any, path: str, rest: Mapping[str, str], name: str, at: int, pages: int) -> list[tuple[int, str, bool]]:
    """The first, last and near pages, each with its address; whether it is the one shown."""
    if pages == 1:
        return []
    near = sorted({1, pages, *range(max(1, at - 2), min(pages, at + 2) + 1)})
    return [(one, url(with_query(path, **rest, list=name, page=one if one > 1 else "") + f"#{name}"), one == at) for one in near]
