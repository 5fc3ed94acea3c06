"""Hooks of mkdocs: formulae become MathML, which browsers draw themselves, and Chinese lines join without a blank.

The sources show on code platforms as they are.
"""

from __future__ import annotations

import re
from typing import Any

from latex2mathml.converter import convert

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
