"""How the page's browser tests open it and work its controls."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from .browser import Visit, visiting

READY = "() => window.kgPage && window.kgPage.ready"
REFORM = "unit:421000-development-reform"
FINANCE = "unit:421000-finance"


@contextmanager
def opened(
    file: Path, anchor: str = "", *, browser: Browser, width: int = 1440, height: int = 900, scheme: str = "light"
) -> Iterator[Visit]:
    """The page, ready; when it is left, it has said nothing and asked for nothing but itself."""
    with visiting(file, anchor, width=width, height=height, scheme=scheme, browser=browser) as visit:
        visit.page.wait_for_function(READY)
        yield visit
        assert visit.talk == []
        assert len(set(visit.requests)) == 1, visit.requests


def title(visit: Visit) -> str:
    """What the right side shows."""
    return visit.page.inner_text("#panel h2")


def keep(visit: Visit, name: str, keys: Collection[str] | None) -> None:
    """Tick these boxes of a filter and no other; all where None."""
    visit.page.evaluate(
        """([name, keys]) => {
            for (const box of document.querySelectorAll(`#${name} input`)) {
                if (box.checked !== (keys === null || keys.includes(box.value))) box.click();
            }
        }""",
        [name, None if keys is None else list(keys)],
    )


def pick(visit: Visit, name: str, value: str) -> None:
    """Choose one of several by its radio button."""
    visit.page.evaluate("([name, value]) => document.querySelector(`[name='${name}'][value='${value}']`).click()", [name, value])


def set_least(visit: Visit, least: int) -> None:
    """Move the slider of shared tasks."""
    visit.page.evaluate("(n) => { const s = document.querySelector('#least'); s.value = n; s.dispatchEvent(new Event('input')); }", least)


def search(visit: Visit, words: str) -> list[str]:
    """What searching for these words offers."""
    visit.page.fill("#query", words)
    return visit.page.locator("#hits [role=option]").all_inner_texts()


def address(visit: Visit) -> str:
    """The hash, once it is written."""
    visit.page.wait_for_timeout(150)
    return str(visit.page.evaluate("() => location.hash"))
