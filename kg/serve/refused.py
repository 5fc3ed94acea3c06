"""What a query must not ask for: to change the graph, to ask another server, to load another graph."""

from __future__ import annotations

import re

from kg.graph.queries import calls_service
from kg.serve.problems import Problem

_ASIDE = re.compile(
    r"""(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)"""
    r'''|"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'|#[^\n\r]*''',
    re.S,
)
_PROLOGUE = re.compile(r"\s*(?:(?:BASE\s*<>|PREFIX\s*[^\s:<]*:\s*<>)\s*)*", re.I)
_UPDATE = re.compile(r"(?:INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b", re.I)
_FROM = re.compile(r"(?<![\w?$:.@-])FROM\s*(?:NAMED\s*)?(?:<>|[\w.-]*:)", re.I)


def refuse_foreign(query: str) -> None:
    """Let a query pass that only reads the graph that is here.

    What is overlooked for an odd spelling changes nothing all the same: the store is open for reading only, and no graph is ever fetched.

    Raises:
        Problem: 403, it is an update, or names a graph or another server.
    """
    if calls_service(query):
        raise Problem(403, "service")
    bare = bare_text(query)
    head = _PROLOGUE.match(bare)
    if _UPDATE.match(bare, head.end() if head else 0):
        raise Problem(403, "read-only")
    if _FROM.search(bare):
        raise Problem(403, "dataset")


def bare_text(query: str) -> str:
    """A query without what stands in its IRIs, texts and comments.

    >>> bare_text('SELECT * { ?s <urn:from> "FROM <x>" } # FROM <y>')
    'SELECT * { ?s <> "" }  '
    """
    return _ASIDE.sub(lambda hit: "<>" if hit["iri"] else " " if hit[0].startswith("#") else '""', query)
