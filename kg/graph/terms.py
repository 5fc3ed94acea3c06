"""The words of the ontology, so that a query with one that is not there is answered with more than no rows."""

from __future__ import annotations

import difflib
import re
from functools import cache

from kg.resources import ontology_file

_DEFINED = re.compile(r"^kg:(\w+)\s+a\s", re.M)
_USED = re.compile(r"(?<![\w<:])kg:(\w+)")


@cache
def ontology_terms() -> tuple[str, ...]:
    """The classes and properties of the ontology, without their prefix, in order."""
    return tuple(sorted(set(_DEFINED.findall(ontology_file("kg.ttl").read_text(encoding="utf-8")))))


def unknown_terms(sparql: str) -> list[tuple[str, str]]:
    """The words with the prefix ``kg:`` in a query that the ontology does not have, each with the nearest one, empty where none is near.

    >>> unknown_terms("SELECT * { ?t a kg:Task ; kg:ledby ?u }")
    [('kg:ledby', 'kg:ledBy')]
    """
    known = {term.lower(): term for term in ontology_terms()}
    used = dict.fromkeys(_USED.findall(sparql))
    near = {word: difflib.get_close_matches(word.lower(), known, 1, 0.6) for word in used if word not in known.values()}
    return [(f"kg:{word}", f"kg:{known[found[0]]}" if found else "") for word, found in near.items()]
