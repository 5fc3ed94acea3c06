"""Report and brief in a real browser: nothing wider than the screen, and the brief on one page of A4."""

from __future__ import annotations

from pathlib import Path

import pdfplumber
import pytest
from playwright.sync_api import Browser

from kg.model import Ties
from kg.views.brief import brief_html
from kg.views.report import report_html

from .browser import visiting

pytestmark = pytest.mark.browser
LANGUAGES = ("zh", "en")


def printed_pages(browser: Browser, path: Path, ties_html: str) -> list[tuple[float, float]]:
    """The sizes of the pages that come out when a file is printed."""
    path.write_text(ties_html, encoding="utf-8")
    with visiting(path, browser=browser) as visit:
        visit.page.pdf(path=path.with_suffix(".pdf"), prefer_css_page_size=True, print_background=True)
        assert visit.talk == [] and len(visit.requests) == 1
    with pdfplumber.open(path.with_suffix(".pdf")) as document:
        return [(round(page.width), round(page.height)) for page in document.pages]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_brief_fits_one_page_of_a4(chrome: Browser, ties: Ties, lang: str, tmp_path: Path) -> None:
    assert printed_pages(chrome, tmp_path / "brief.html", brief_html(ties, lang=lang)) in ([(595, 842)], [(596, 842)])


def test_the_report_prints_on_a4(chrome: Browser, ties: Ties, tmp_path: Path) -> None:
    pages = printed_pages(chrome, tmp_path / "report.html", report_html(ties, lang="zh"))
    assert 12 <= len(pages) <= 30 and {height for _, height in pages} == {842}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_screen(chrome: Browser, ties: Ties, width: int, scheme: str, tmp_path: Path) -> None:
    for name, text in (("report", report_html(ties, lang="en")), ("brief", brief_html(ties, lang="zh"))):
        path = tmp_path / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        with visiting(path, width=width, height=800, scheme=scheme, browser=chrome) as visit:
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
            paper = visit.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 23, 29)"}[scheme]
            assert visit.talk == []
