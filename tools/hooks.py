"""Hooks of mkdocs: formulae become MathML, which browsers draw themselves; Chinese lines join without a blank, and are found;
around a page stand words of its language.

The sources show on code platforms as they are.
"""

from __future__ import annotations

import gettext
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.nav import Link, Navigation, Section
from mkdocs.structure.pages import Page

_BLOCK = re.compile(r"^```math\n(.*?)\n```$", re.M | re.S)
_FENCE = re.compile(r"(^```.*?^```$)", re.M | re.S)
_CHINESE_LINES = re.compile(r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef”])\n(?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“])")
_INLINE = re.compile(r"\$`([^`]+)`\$")


def on_page_markdown(markdown: str, **_rest: Any) -> str:
    """A page with its formulae as MathML: blocks fenced as ``math``, and ``$`…`$`` in a line."""
    with_blocks = _BLOCK.sub(lambda hit: f'<div class="formula">{convert(hit[1], display="block")}</div>', markdown)
    parts = _FENCE.split(with_blocks)
    parts[::2] = [_CHINESE_LINES.sub("", _INLINE.sub(lambda hit: convert(hit[1]), part)) for part in parts[::2]]
    return "".join(parts)


@event_priority(-100)  # after the search of mkdocs has written its own
def on_post_build(config: MkDocsConfig, **_rest: Any) -> None:
    """Put a search into the site that finds Chinese too (``tools/search_worker.js`` says why)."""
    search = Path(config.site_dir) / "search"
    shutil.copyfile(Path(__file__).with_name("search_worker.js"), search / "worker.js")
    (search / "lunr.js").unlink(missing_ok=True)


_PARTS = {"zh": ("中文", "首页", "文档", "English"), "en": ("English", "Home", "Documentation", "中文")}
"""By language: its part of the navigation in mkdocs.yml, and what is said on its pages; the last leads to the other language."""
_UNTRANSLATED = {
    "Toggle navigation": "展开或收起导航",
    "Toggle theme": "切换深浅色",
    "Light": "浅色",
    "Dark": "深色",
    "Auto": "跟随系统",
}
"""Words that the theme does not give to be translated."""


def language_of(page: Page | None) -> str | None:
    """The language of a page; None where it is for both, as the first page."""
    source = page.file.src_uri if page else ""
    if source.startswith("zh/") or source.endswith(".zh.md"):
        return "zh"
    return None if source in {"", "index.md"} else "en"


@cache
def _chinese(folders: tuple[str, ...]) -> gettext.NullTranslations:
    # The theme has its words in Chinese; mkdocs itself would take them for a whole site, not for a page.
    folder = next(one for one in folders if (Path(one) / "locales" / "zh_CN").exists())
    return gettext.translation("messages", str(Path(folder) / "locales"), ["zh_CN"])


def on_nav(nav: Navigation, **_rest: Any) -> Navigation:
    """The navigation, in which no page is followed by one of the other language."""
    for page in nav.pages:
        if page.next_page and {language_of(page), language_of(page.next_page)} == {"zh", "en"}:
            page.next_page.previous_page = None
            page.next_page = None
    return nav


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    """What the theme shows around a page: words of its language, its part of the navigation, and the way to the other language."""
    lang = language_of(page)
    translated = _chinese(tuple(config.theme.dirs)).gettext
    if lang != "en":
        context["gettext"] = translated if lang else lambda words: f"{translated(words)} · {words}"
    if lang is None:
        return context
    part, home, pages, other = _PARTS[lang]
    section = next(item for item in nav.items if isinstance(item, Section) and item.title == part)
    whole = Section(pages, section.children)
    whole.active = True
    first, twin = nav.homepage, _twin(page, nav)
    links = [Link(words, there.url) for words, there in ((home, first), (other, twin)) if there]
    context["nav"] = Navigation([links[0], whole, *links[1:]], nav.pages)
    return context


def _twin(page: Page, nav: Navigation) -> Page | None:
    source = page.file.src_uri
    for one, other in (("zh/", "en/"), ("en/", "zh/"), (".zh.md", ".md"), (".md", ".zh.md")):
        name = source.replace(one, other)
        found = next((there for there in nav.pages if there.file.src_uri == name and name != source), None)
        if found:
            return found
    return None


def on_post_page(output: str, page: Page, **_rest: Any) -> str:
    """A Chinese page says that it is one, and the theme's last English words become Chinese."""
    if language_of(page) != "zh":
        return output
    head, main, rest = output.partition('role="main"')
    body, footer, tail = rest.partition("<footer")
    for words, chinese in _UNTRANSLATED.items():
        head = head.replace(f'aria-label="{words}"', f'aria-label="{chinese}"').replace(f'ms-2">{words}<', f'ms-2">{chinese}<')
    return head.replace('<html lang="en"', '<html lang="zh-CN"', 1) + main + body + footer + tail
