"""What people are told, in Chinese and English: one catalogue a language, the same keys in both."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("zh", "en")
_COUNT = re.compile(r"\{(?P<name>\w+):(?P<one>[^{}|]+)\|(?P<many>[^{}|]+)\}")
_LANGUAGE: ContextVar[str | None] = ContextVar("language", default=None)


def language() -> str:
    """The language in use: the one set, else ``KG_LANG``, else Chinese."""
    chosen = _LANGUAGE.get() or os.environ.get("KG_LANG", "zh")
    return chosen if chosen in LANGUAGES else "zh"


def use_language(name: str | None) -> None:
    """Speak this language from now on in this context; None goes back to ``KG_LANG`` or Chinese."""
    _LANGUAGE.set(name)


@cache
def catalogue(lang: str) -> dict[str, str]:
    """All messages of one language by dotted key, gathered from ``messages/<lang>/*.toml``."""
    found: dict[str, str] = {}
    for path in sorted((files("kg") / "messages" / lang).iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".toml"):
            _flatten(tomllib.loads(path.read_text(encoding="utf-8")), "", found)
    return found


def _flatten(tree: dict[str, object], prefix: str, found: dict[str, str]) -> None:
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            _flatten(value, f"{name}.", found)
        else:
            found[name] = str(value)


def say(key: str, /, *fields: object, lang: str | None = None, **named: Any) -> str:
    """The message of a key, its blanks filled.

    Args:
        key: dotted key of the catalogue, as ``error.source-missing``.
        fields: what fills ``{0}``, ``{1}`` …
        lang: zh or en; the language in use where None.
        named: what fills ``{name}``.

    Raises:
        KeyError: no catalogue has the key; a test finds such keys before a user does.

    ``{count:row|rows}`` is the number with the word that goes with it:

    >>> say("query.rows", count=1, lang="en"), say("query.rows", count=0, lang="en")
    ('1 row', '0 rows')
    """
    text = catalogue(lang or language())[key]
    return (_counted(text, fields, named) if "|" in text else text).format(*fields, **named)


def _counted(text: str, fields: Sequence[object], named: Mapping[str, object]) -> str:
    def worded(hit: re.Match[str]) -> str:
        value = fields[int(hit["name"])] if hit["name"].isdigit() else named[hit["name"]]
        return f"{{{hit['name']}}} {hit['one'] if str(value) == '1' else hit['many']}"

    return _COUNT.sub(worded, text)
