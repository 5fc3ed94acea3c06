"""A real headless Chromium with the network blocked, and what it met on a page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Visit:
    """An open page with everything it said and asked for."""

    page: Page
    talk: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    """Every address asked for, also those that were refused."""


def has_chromium() -> str | None:
    """The browser's path, None where there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def chromium() -> str:
    """The browser's path; where it is missing the test is skipped, and fails in CI."""
    found = has_chromium()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs chromium: .ci/run installs it")
        pytest.skip("no chromium here")
    return found


def _refuse_what_is_no_file(route: Route) -> None:
    if route.request.url.startswith("file:"):
        route.continue_()
    else:
        route.abort()


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser for several visits: starting one takes longer than most of them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visiting(
    path: Path, anchor: str = "", *, width: int = 1440, height: int = 900, scheme: str = "light", browser: Browser | None = None
) -> Iterator[Visit]:
    """Open a file, in a browser of its own where none is given; nothing else can be reached."""
    with ExitStack() as stack:
        context = (browser or stack.enter_context(browsing())).new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            offline=True,
            accept_downloads=True,
        )
        context.route("**/*", _refuse_what_is_no_file)
        visit = Visit(context.new_page())
        visit.page.on("console", lambda message: visit.talk.append(f"{message.type}: {message.text}"))
        visit.page.on("pageerror", lambda error: visit.talk.append(f"error: {error}"))
        visit.page.on("request", lambda request: visit.requests.append(request.url))
        visit.page.goto(path.absolute().as_uri() + anchor)
        try:
            yield visit
        finally:
            context.close()


def follow(page: Page, selector: str) -> None:
    """Click on what leads to another page, and be there: a click alone returns before, and the old page would be read."""
    with page.expect_navigation():
        page.click(selector)
