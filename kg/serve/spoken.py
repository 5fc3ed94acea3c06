"""Errors in the words of who sits in front of a browser: where the command line names a command, a page is named."""

from __future__ import annotations

from kg.errors import NOTHING_NEAR, KgError
from kg.messages import catalogue, language, say


def web_words(error: KgError) -> str:
    """The message of an error; ``web.<code>`` of the catalogue goes before ``error.<code>``.

    >>> from kg.errors import QuestionError
    >>> "--list" in str(QuestionError("x", "load")), "--list" in web_words(QuestionError("x", "load"))
    (True, False)
    """
    lone = len(error.args) > 1 and error.args[1] == NOTHING_NEAR
    key = f"web.{error.code}{'-none' if lone else ''}"
    return say(key, *error.args) if key in catalogue(language()) else str(error)
