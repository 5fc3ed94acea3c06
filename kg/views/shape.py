"""The shape of the network in a report: what goes both ways, core and periphery, chains, closed circles; each with its caveat."""

from __future__ import annotations

from kg.analysis.closure import Chance
from kg.analysis.shape import beyond
from kg.views.document import Piece, Row, Sentence, Table, cells, joined, listed, sentence
from kg.views.facts import Facts, columns, decimal, local, percent, unit_piece, whole

_SHOWN = 10
_NAMED = 3
_ROLES = ("coordinator", "itinerant", "gatekeeper", "representative", "liaison")


def shape_points(facts: Facts) -> list[Sentence]:
    """A plain sentence for each, with its caveat; what cannot be told is left out."""
    points = (_returned(facts), _core(facts), _chains(facts), _closed(facts))
    return [point for point in points if point]


def shape_tables(facts: Facts) -> list[Table]:
    """The units with most chains, and those whose circle is more or less closed than chance makes it."""
    return [table for table in (_roles_table(facts), _closure_table(facts)) if table.rows]


def _returned(facts: Facts) -> Sentence:
    found = facts.shape.reciprocity
    if not found.ties:
        return ()
    fields = {"pairs": whole(found.ties), "returned": Piece(whole(found.returned), "lead-shares"), "share": percent(found.weighted)}
    return sentence("report.shape.returned", lang=facts.lang, **fields)


def _core(facts: Facts) -> Sentence:
    shape = facts.shape
    if shape.core is None or shape.core_chance is None:
        return ()
    fields: dict[str, object] = {
        "units": listed([unit_piece(facts, unit) for unit in shape.core.core[:_NAMED]], lang=facts.lang),
        "count": len(shape.core.core),
        "fit": decimal(shape.core.correlation, 2),
        "chance": _range(shape.core_chance),
        "draws": shape.draws,
        "seed": shape.seed,
    }
    return sentence(f"report.shape.core-{'some' if shape.has_core else 'none'}", lang=facts.lang, **fields)


def _chains(facts: Facts) -> Sentence:
    first = [one for one in facts.shape.roles if one.roles.total][:_NAMED]
    if not first:
        return ()
    named = [
        sentence(
            "report.shape.chains-unit",
            lang=facts.lang,
            unit=unit_piece(facts, one.unit),
            count=Piece(whole(one.roles.total), "roles", local(one.unit)),
        )
        for one in first
    ]
    return sentence("report.shape.chains", lang=facts.lang, units=listed(named, lang=facts.lang))


def _closed(facts: Facts) -> Sentence:
    tested = [one for one in facts.shape.closures if one.constraint is not None and one.constraint_chance is not None]
    if not tested:
        return ()
    above = sum(beyond(one.constraint, one.constraint_chance) > 0 for one in tested)
    fields: dict[str, object] = {"tested": whole(len(tested)), "chance": whole(round(len(tested) / 20))}
    fields["above"] = Piece(whole(above), "closure") if above else "0"
    key = "more" if above > len(tested) / 10 else "few"
    return sentence(f"report.shape.closed-{key}", lang=facts.lang, **fields)


def _roles_table(facts: Facts) -> Table:
    shown = [one for one in facts.shape.roles if one.roles.total and facts.shows(one.unit)][:_SHOWN]
    rows = [
        Row(local(one.unit), cells(unit_piece(facts, one.unit), one.roles.total, *(getattr(one.roles, role) for role in _ROLES)))
        for one in shown
    ]
    heads = columns(facts, "row:unit", "chains", *_ROLES)
    caption = facts.say(f"shape.roles-{facts.shape.partition}", count=len(rows))
    return Table("roles", caption, heads, tuple(rows), facts.say("shape.roles-note"))


def _closure_table(facts: Facts) -> Table:
    shape = facts.shape
    apart = [
        one
        for one in shape.closures
        if facts.shows(one.unit)
        and (beyond(one.constraint, one.constraint_chance) or beyond(one.clustering, one.clustering_chance))
    ]  # fmt: skip
    tasks = {unit.unit: unit.tasks for unit in facts.bodies}
    apart.sort(key=lambda one: (-tasks.get(one.unit, 0), one.unit))
    rows = [
        Row(
            local(one.unit),
            cells(
                unit_piece(facts, one.unit),
                tasks.get(one.unit, 0),
                *_figure(facts, one.constraint, one.constraint_chance),
                *_figure(facts, one.clustering, one.clustering_chance),
            ),
        )
        for one in apart
    ]
    heads = columns(facts, "row:unit", "tasks", "constraint/figure", "constraint/by-chance", "clustering/figure", "clustering/by-chance")
    note = facts.say("shape.closure-note", draws=shape.draws, seed=shape.seed)
    return Table("closure", facts.say("shape.closure", count=len(rows)), heads, tuple(rows), note)


def _figure(facts: Facts, figure: float | None, chance: Chance | None) -> tuple[Sentence, str]:
    if figure is None or chance is None:
        return (Piece(facts.say("none-cell")),), facts.say("none-cell")
    mark = {1: "above", -1: "below"}.get(beyond(figure, chance))
    words = [Piece(decimal(figure, 2))]
    if mark:
        words.append(Piece(facts.say(f"shape.{mark}")))
    return joined(words), _range(chance)


def _range(chance: Chance) -> str:
    return f"{chance.low:.2f}–{chance.high:.2f}"
