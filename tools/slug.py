"""Anchors of headings: the words themselves, so that Chinese headings can be linked to."""

from __future__ import annotations

import re


def slug(words: str, separator: str) -> str:
    """The anchor of a heading.

    >>> slug("kg whatif", "-"), slug("代码表", "-")
    ('kg-whatif', '代码表')
    """
    return re.sub(r"[^\w-]+", separator, words.strip().lower()).strip(separator)
