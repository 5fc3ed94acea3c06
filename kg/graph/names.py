"""What a name means in a graph: the unit, the group or the line of work that is called so."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence

import pyoxigraph

from kg.errors import NOTHING_NEAR, LineNotFoundError, UnitAmbiguousError, UnitNotFoundError
from kg.graph.asked import Graph, solutions
from kg.graph.iris import PREFIXES, curie, iri
from kg.messages import say


def near(name: str, names: Sequence[str]) -> list[str]:
    """Those of some names that are spelt much like one, the nearest first, five at most."""
    return difflib.get_close_matches(name, names, 5, 0.4)


def nearest(name: str, names: Sequence[str]) -> str:
    """The same in one text, or the mark that there are none."""
    return ", ".join(near(name, names)) or NOTHING_NEAR


def find_line(graph: Graph, name: str) -> str:
    """The IRI of the line of work that a name means: its label in any language, its id (``finance``), a CURIE or an IRI.

    Raises:
        LineNotFoundError: no unit of the graph works in such a line; its second field holds the nearest names.
    """
    query = "SELECT DISTINCT ?line ?label WHERE { { SELECT DISTINCT ?line WHERE { ?u kg:portfolio ?line } } ?line skos:prefLabel ?label }"
    rows = solutions(graph, query, PREFIXES)
    for row in rows:
        short = curie(row["line"])
        if name.lower() in {row["label"].lower(), row["line"], short, short.removeprefix("kgv:line-")}:
            return row["line"]
    labels = sorted({row["label"] for row in rows} | {curie(row["line"]).removeprefix("kgv:line-") for row in rows})
    raise LineNotFoundError(name, nearest(name, labels))


def find_unit(graph: Graph, name: str) -> str:
    """The IRI of the unit, or the group, that a name means: any label, also behind its place (襄阳市发改委), a CURIE or an IRI.

    Raises:
        UnitNotFoundError: none has it; its second field holds the nearest labels.
        UnitAmbiguousError: several have it; its second field holds their CURIEs with their places.
    """
    found = _called(graph, name) or _called_at(graph, name)
    if len(found) == 1:
        return found.pop()
    if found:
        raise UnitAmbiguousError(name, say("table.join").join(_placed(graph, found)))
    raise UnitNotFoundError(name, nearest(name, _labels(graph)))


def _called(graph: Graph, name: str) -> set[str]:
    # By its names alone, so that a large or distant graph need not tell all it has.
    text = str(pyoxigraph.Literal(name))
    query = f"SELECT DISTINCT ?u WHERE {{ {{ ?u a kg:Unit }} UNION {{ ?u a kg:UnitGroup }} ?u skos:prefLabel|skos:altLabel {text}@zh }}"
    found = {row["u"] for row in solutions(graph, query, PREFIXES)}
    full = _full(name)
    if full and bool(graph.query(f"ASK {{ {{ <{full}> a kg:Unit }} UNION {{ <{full}> a kg:UnitGroup }} }}", prefixes=PREFIXES)):
        found.add(full)
    return found


def _called_at(graph: Graph, name: str) -> set[str]:
    # By its place and one of its names, as people tell 市发改委 of several cities apart: 襄阳市发改委, 襄阳发改委, 襄阳市市发改委.
    query = (
        "SELECT DISTINCT ?u ?label ?place WHERE { "
        "?u a kg:Unit ; kg:jurisdiction/skos:prefLabel ?place ; skos:prefLabel|skos:altLabel ?label "
        f"FILTER(STRSTARTS({pyoxigraph.Literal(name)}, SUBSTR(STR(?place), 1, STRLEN(STR(?place)) - 1))) }}"
    )
    found: set[str] = set()
    for row in solutions(graph, query, PREFIXES):
        place, label = row["place"], row["label"]
        if name in {place + label, place[:-1] + label, place[:-1] + label.removeprefix(place[-1])}:
            found.add(row["u"])
    return found


def _placed(graph: Graph, units: Collection[str]) -> list[str]:
    # Each as its place and its CURIE, one place after the other.
    values = " ".join(f"<{unit}>" for unit in sorted(units))
    query = f"SELECT ?u (MIN(?p) AS ?place) WHERE {{ VALUES ?u {{ {values} }} ?u kg:jurisdiction/skos:prefLabel ?p }} GROUP BY ?u"
    places = {row["u"]: row["place"] for row in solutions(graph, query, PREFIXES) if "place" in row}
    return [" ".join(filter(None, (places.get(unit), curie(unit)))) for unit in sorted(units, key=lambda one: (places.get(one, ""), one))]


def _full(name: str) -> str:
    """The IRI that a text is, or is short for; empty where it is none."""
    if re.fullmatch(r"[a-zA-Z][\w+.-]*:[^\x00-\x20<>\"{}|^`\\]+", name) is None:
        return ""
    try:
        return name if name.partition(":")[0] not in PREFIXES else iri(name)
    except ValueError:
        return ""


def _labels(graph: Graph) -> list[str]:
    query = "SELECT DISTINCT ?label WHERE { { ?u a kg:Unit } UNION { ?u a kg:UnitGroup } ?u skos:prefLabel|skos:altLabel ?label }"
    return sorted(row["label"] for row in solutions(graph, query, PREFIXES))
