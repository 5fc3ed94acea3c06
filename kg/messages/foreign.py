"""What other programs say – the operating system, readers of TOML, JSON, XML and ZIP – in the language in use."""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from kg.messages import catalogue, language, say

_PREFIX = "foreign."
_LONGEST = 1000
"""Characters of what is looked up; nothing that a program says in one sentence is longer."""


def spoken(words: str) -> str:
    """Words of another program as the language in use has them; as they are where it has no others.

    The English catalogue holds the words that the programs use (``foreign.*``), the Chinese one the translations.

    >>> from kg.messages import use_language
    >>> use_language("zh")
    >>> spoken("Permission denied"), spoken("Unclosed array (at line 2, column 1)"), spoken("out of paper")
    ('没有权限', '第 2 行第 1 列：方括号没有闭合', 'out of paper')
    >>> use_language(None)
    """
    if language() == "en" or len(words) > _LONGEST:
        return words
    for key, form in _forms():
        if found := form.fullmatch(words):
            return say(key, **{name: spoken(value) for name, value in found.groupdict().items()})
    return words


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The forms of what is said: those with fewer blanks first, and of these the longer."""
    own = [(key, text) for key, text in catalogue("en").items() if key.startswith(_PREFIX)]
    own.sort(key=lambda one: (one[1].count("{"), -len(one[1])))
    return tuple((key, re.compile(_pattern(text), re.DOTALL)) for key, text in own)


def _pattern(text: str) -> str:
    return "".join(re.escape(before) + (f"(?P<{blank}>.+)" if blank else "") for before, blank, _, _ in Formatter().parse(text))
