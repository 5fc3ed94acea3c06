"""Two sides of one place in one picture: what was gained and what was lost, every unit in one place for both."""

from __future__ import annotations

from dataclasses import replace

from kg.analysis.compare import Comparison, Side
from kg.analysis.compare_units import body_by_unit, part_of
from kg.errors import SidesApartError
from kg.messages import language, say
from kg.model import Ties
from kg.views.page import picture_page
from kg.views.page_data import picture_of


def draw_difference(ties: Ties, comparison: Comparison, *, lang: str | None = None) -> str:
    """The page of a difference as HTML text.

    A unit that goes on under another id is one disc, called as on the new side; which units go on is what the comparison says.

    Args:
        ties: the ties of both sides, as they were compared; they are not changed.
        comparison: of two sides of one place.
        lang: zh or en; the language in use where None.

    Raises:
        SidesApartError: the sides are of different places, whose units are different ones.
    """
    lang = lang or language()
    if not comparison.aligned:
        raise SidesApartError(_name(comparison.old, lang), _name(comparison.new, lang))
    sides = {"old": comparison.old, "new": comparison.new}
    picture = picture_of(joined_bodies(ties, comparison), lang)
    page = {
        name: {"label": _name(side, lang), "notices": sorted(notice.id for notice in side.notices)} for name, side in sides.items()
    }  # fmt: skip
    title = say("page.difference.title", lang=lang, old=page["old"]["label"], new=page["new"]["label"])
    return picture_page(replace(picture, page={**picture.page, "sides": page}), title, lang=lang)


def joined_bodies(ties: Ties, comparison: Comparison) -> Ties:
    """The ties of both sides with one unit for each body: the first of the new ones, else of the old ones."""
    notices = {notice.id for side in (comparison.old, comparison.new) for notice in side.notices}
    both = part_of(ties, notices)
    of = body_by_unit(comparison.bodies)

    def body(unit: str) -> str:
        return of[unit].id if unit in of else unit

    moved = dict.fromkeys(replace(tie, unit=body(tie.unit)) for tie in both.ties)
    used = {tie.unit for tie in moved}
    return replace(both, ties=tuple(moved), units=tuple(unit for unit in ties.units if unit.id in used), changes=())


def _name(side: Side, lang: str) -> str:
    if side.years:
        return say("page.difference.years", lang=lang, years=say("page.join", lang=lang).join(map(str, side.years)))
    return say("page.join", lang=lang).join(notice.number or notice.title or notice.id for notice in side.notices[:2])
