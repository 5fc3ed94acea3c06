"""Values of Excel cells as their number formats show them: 45566 → 2024年10月, 0.8 → 80%."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from math import isfinite

from kg.resources import table

_EXACT = Context(prec=1000, rounding=ROUND_HALF_UP)
"""Rounds as Excel does; no number of a cell has more digits."""
Token = tuple[str, str]
"""A part of a number format: its kind, as in ``lexicon/sheets.toml``, and itself."""


def shown(value: str | float | date | time | timedelta | None, code: str) -> str:
    """A value of openpyxl as a cell of this number format shows it, a text as it is.

    Nothing for a time of day where the format has a day: a formula that points to an empty cell. A number whose format has a
    fraction, a power, thousands left out or a condition stays as it is; hours run to 24.

    >>> shown(0.8, "0%"), shown(3.0, "General"), shown(date(2024, 10, 1), 'yyyy"年"m"月"'), shown(1234.5, "#,##0.00")
    ('80%', '3', '2024年10月', '1,234.50')
    """
    words = table("lexicon/sheets.toml")["words"]
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return str(words["true"] if value else words["false"])
    if isinstance(value, int | float):
        return _shown_number(value, _sections(code)) if isfinite(value) else ""
    if isinstance(value, timedelta):
        return f"{value // timedelta(hours=1)}:{value // timedelta(minutes=1) % 60:02}"
    tokens = _sections(code)[0]
    parts = {text[0] for kind, text in tokens if kind == "field"}
    if isinstance(value, time):
        return "" if parts & set("yedam") else _shown_date(datetime.combine(date.max, value), tokens)
    day = value if isinstance(value, datetime) else datetime.combine(value, time())
    return _shown_date(day, tokens if parts else _sections(words["date"])[0])


@lru_cache(1024)
def _sections(code: str) -> list[list[Token]]:
    sections, hour = [list[Token]()], False
    for hit in re.finditer(table("lexicon/sheets.toml")["tokens"]["pattern"], code, re.I | re.S):
        kind, text = (hit.lastgroup or "").partition("_")[0], hit[hit.lastgroup or 0]
        if kind in ("field", "minute"):
            text = text.lower().replace("m", "n") if hour or kind == "minute" else text.lower()
            kind, hour = "field", text[0] == "h"
        if kind == "section":
            sections.append([])
        elif kind:
            sections[-1].append((kind, text))
    return sections


def _shown_number(value: int | float, sections: Sequence[Sequence[Token]]) -> str:
    at = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    places = [text for kind, text in sections[at] if kind == "digits"]
    usual = str(int(value)) if value == int(value) and abs(value) < 10**15 else f"{value:.15G}"
    if len(places) > 1 or "".join(places).endswith(",") or any(kind == "condition" for kind, _ in sections[at]):
        return usual
    number = _EXACT.scaleb(Decimal(repr(abs(value) if at else value)), 2 * sum(kind == "percent" for kind, _ in sections[at]))
    parts = {"usual": usual.lstrip("-") if at else usual, "digits": _digits(number, *places), "field": ""}
    return "".join(parts.get(kind, text) for kind, text in sections[at])


def _digits(number: Decimal, places: str = "") -> str:
    # A number in places as 0.00 or #,##0.
    whole, _, decimals = places.partition(".")
    number = _EXACT.quantize(number, Decimal(1).scaleb(-len(decimals)))
    before, _, behind = (f"{abs(number):,f}" if "," in whole else f"{abs(number):f}").partition(".")
    least = decimals.count("0")
    behind = behind[:least] + behind[least:].rstrip("0")
    before = before.zfill(whole.count("0")) if before != "0" or "0" in whole else ""
    return ("-" if number < 0 else "") + before + ("." + behind if behind else "")


def _shown_date(day: datetime, tokens: Sequence[Token]) -> str:
    fields, weekdays = (table("lexicon/sheets.toml")[name] for name in ("fields", "weekdays"))
    shown_as = {text: fields.get(text, "").format(day, weekdays["words"][day.weekday()]) for kind, text in tokens if kind == "field"}
    return "".join(shown_as[text] if kind == "field" else text for kind, text in tokens if kind != "usual").strip()
