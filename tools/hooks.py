"""Hooks of mkdocs: formulae become MathML, which browsers draw themselves; Chinese lines join without a blank, and are found.

The sources show on code platforms as they are.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority

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
