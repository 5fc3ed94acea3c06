"""The JSON routes described as OpenAPI 3.1, from the same table that the routes are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kg import __version__
from kg.messages import LANGUAGES, say

if TYPE_CHECKING:
    from kg.serve.pages import Kindred, Param
    from kg.serve.site import Site

_LISTED = 60
"""A parameter of so many values is described as text."""


def description(site: Site, kinds: Sequence[Kindred]) -> dict[str, Any]:
    """The description of every JSON route, in the language in use: its parameters, its answer and its errors."""
    return {
        "openapi": "3.1.0",
        "info": {"title": say("site.api.title"), "version": __version__, "description": say("site.api.words")},
        "paths": {f"{kind.path}.json": {"get": _operation(site, kind)} for kind in kinds},
        "components": {"schemas": {"Page": _PAGE, "List": _LIST, "Trouble": _TROUBLE}},
    }


def _operation(site: Site, kind: Kindred) -> dict[str, Any]:
    errors = {"400": "bad-request", **({"404": "not-there"} if kind.keyed else {})}
    return {
        "operationId": kind.name,
        "summary": say(f"site.api.{kind.name}"),
        "parameters": [
            *([{"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}] if kind.keyed else []),
            *(_parameter(site, param) for param in kind.params),
            _query("lang", {"type": "string", "enum": list(LANGUAGES)}),
            _query("list", {"type": "string", "enum": list(kind.lists)}),
            _query("page", {"type": "integer", "minimum": 1, "maximum": 999_999_999}),
        ],
        "responses": {
            "200": _answer(say("site.api.answer"), "Page"),
            "304": {"description": say("site.api.unchanged")},
            **{status: _answer(say(f"site.api.{key}"), "Trouble") for status, key in errors.items()},
        },
    }


def _parameter(site: Site, param: Param) -> dict[str, Any]:
    values = list(param.values(site)) if param.values else []
    return _query(param.name, {"type": "string", "enum": values} if 0 < len(values) <= _LISTED else {"type": "string", "maxLength": 200})


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": say(f"site.api.param.{name}")}


def _answer(words: str, schema: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_PAGE = {
    "type": "object",
    "required": ["kind", "title", "lang", "href", "numbers", "facts", "lists", "prose"],
    "properties": {
        "kind": _TEXT,
        "title": _TEXT,
        "lang": {"type": "string", "enum": list(LANGUAGES)},
        "href": _TEXT,
        "id": _TEXT,
        "iri": _TEXT,
        "numbers": {"type": "object"},
        "facts": {"type": "object"},
        "lists": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/List"}},
        "prose": {"type": "array", "items": _TEXT},
        "text": {"type": "object", "required": ["start", "end", "page", "pages", "characters", "printed"]},
    },
    "additionalProperties": False,
}
_LIST = {
    "type": "object",
    "required": ["caption", "total", "page", "pages", "columns", "rows"],
    "properties": {
        "caption": _TEXT,
        "total": _COUNT,
        "page": {"type": "integer", "minimum": 1},
        "pages": {"type": "integer", "minimum": 1},
        "columns": {"type": "array", "items": _TEXT},
        "rows": {"type": "array", "items": {"type": "object"}},
    },
    "additionalProperties": False,
}
_TROUBLE = {
    "type": "object",
    "required": ["status", "message", "nearest"],
    "properties": {"status": {"type": "integer"}, "message": _TEXT, "nearest": {"type": "array", "items": {"type": "object"}}},
    "additionalProperties": False,
}
