"""Hooks of mkdocs: formulae become MathML, which browsers draw themselves; the sources show on code platforms as they are."""

from __future__ import annotations

import re
from typing import Any

from latex2mathml.converter import convert

_BLOCK = re.compile(r"^```math\n(.*?)\n```$", re.M | re.S)
_INLINE = re.compile(r"\$`([^`]+)`\$")


def on_page_markdown(markdown: str, **_rest: Any) -> str:
    """A page with its formulae as MathML: blocks fenced as ``math``, and ``$`…`$`` in a line."""
    with_blocks = _BLOCK.sub(lambda hit: f'<div class="formula">{convert(hit[1], display="block")}</div>', markdown)
    return _INLINE.sub(lambda hit: convert(hit[1]), with_blocks)
