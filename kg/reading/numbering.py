"""The numbers of list paragraphs, which a Word file does not hold but Word computes: 一、 （一） 1. 1.1 ①."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from kg.resources import table

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""The namespace of the text of a Word file."""
_LEVELS = 9
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST = 99_999
"""A number above this is written in digits: no list of a notice is so long, and letters or Roman numerals would grow."""


def number_text(number: int, style: str) -> str:
    """A number as Word writes it in one of its number formats; formats that Chinese notices do not use give digits.

    Args:
        number: from 0.
        style: a value of ``w:numFmt``, as ``chineseCounting``, or noughts and a one (``001``) for as many digits.

    >>> number_text(12, "chineseCounting"), number_text(105, "chineseCountingThousand"), number_text(10, "ideographDigital")
    ('十二', '一百〇五', '一〇')
    >>> number_text(3, "decimalEnclosedCircle"), number_text(7, "decimalZero"), number_text(28, "lowerLetter")
    ('③', '07', 'bb')
    """
    forms = table("lexicon/numbering.toml")
    digits = str(number)
    if not 0 < number <= _LARGEST:
        return digits
    if style in forms["positional"]:
        return "".join(forms["positional"][style][int(digit)] for digit in digits)
    if style in forms["counting"]:
        return _counted(number, forms["counting"][style])
    if style in forms["signs"]:
        signs: str = forms["signs"][style]
        return signs[number - 1] if number <= len(signs) else digits
    if re.fullmatch("0+1", style):
        return digits.zfill(len(style))
    match style:
        case "decimalZero":
            return digits.zfill(2)
        case "numberInDash":
            return f"- {digits} -"
        case "upperRoman":
            return _roman(number).upper()
        case "lowerRoman":
            return _roman(number)
        case "upperLetter" | "lowerLetter":
            letter = chr(ord("A" if style == "upperLetter" else "a") + (number - 1) % 26)
            return letter * ((number - 1) // 26 + 1) if number <= 26 * 26 else digits
        case "none":
            return ""
    return digits


def _roman(number: int) -> str:
    written = []
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        written.append(letters * times)
    return "".join(written)


def _counted(number: int, form: Mapping[str, str]) -> str:
    # 105 → 一百〇五. Above ten thousand the thousands count again, as in 一万二千.
    if number >= int(form.get("positional_from", _LARGEST + 1)):
        return "".join(form["digits"][int(digit)] for digit in str(number))
    if number >= 10_000:
        rest = number % 10_000
        nought = form["digits"][0] if 0 < rest < 1000 and not form.get("skip_nought") else ""
        return _counted(number // 10_000, form) + form["myriad"] + nought + (_counted(rest, form) if rest else "")
    written, gap = "", False
    for place, digit in enumerate(map(int, f"{number:04}")):
        unit = form["units"][2 - place] if place < 3 else ""
        if not digit:
            gap = bool(written)
            continue
        if gap and not form.get("skip_nought"):
            written += form["digits"][0]
        plain = digit == 1 and unit and unit in form.get("plain_one", "") and (not written or "skip_nought" in form)
        written, gap = written + ("" if plain else form["digits"][digit]) + unit, False
    return written


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str
    text: str
    restart: int | None
    legal: bool
    gap: bool
    """Whether Word prints a blank or a tab behind the label."""
    paragraph_style: str | None


@dataclass(frozen=True, slots=True)
class _List:
    """One ``w:num``: the levels in force, and the numbers with which it begins anew."""

    counters: str
    """The abstract list; all lists made of it go on with the same numbers."""
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]


@dataclass(slots=True)
class Numbering:
    """Gives the paragraphs of one file their numbers, asked for one after another in reading order."""

    lists: Mapping[str, _List]
    styles: Mapping[str, etree._Element]
    """The paragraph styles by identifier; the empty one is the default."""
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def label(self, paragraph: etree._Element) -> str:
        """The number that Word prints before a paragraph, with the blank behind it; counts it. Empty where it has none.

        Signs of unnumbered lists (●, ➢) are not given: they say nothing and are glyphs of symbol fonts.
        """
        found = self._list_of(paragraph)
        if found is None:
            return ""
        name, number = found
        current = self.lists[name]
        level = current.levels.get(number)
        if level is None:
            return ""
        counters = self._count(name, current, number, level)
        if level.style == "bullet":
            return ""

        def value(hit: re.Match[str]) -> str:
            at = int(hit[1]) - 1
            shown = current.levels.get(at)
            count = counters.get(at, current.starts.get(at, shown.start if shown else 1))
            return number_text(count, "decimal" if level.legal or shown is None else shown.style)

        text = re.sub("%([1-9])", value, level.text)
        wide: str = table("lexicon/numbering.toml")["suffix"]["wide"]
        return text + " " if text.strip() and level.gap and not text.endswith((*wide, " ")) else text

    def _count(self, name: str, current: _List, number: int, level: _Level) -> dict[int, int]:
        counters = self._counters.setdefault(current.counters, {})
        if name not in self._begun:
            self._begun.add(name)
            for at in current.starts:
                counters.pop(at, None)
        counters[number] = counters[number] + 1 if number in counters else current.starts.get(number, level.start)
        for at, deeper in current.levels.items():
            # Without w:lvlRestart a level begins anew after every higher one, with nought never, else after that one.
            if at > number and (deeper.restart is None or number < deeper.restart):
                counters.pop(at, None)
        return counters

    def _list_of(self, paragraph: etree._Element) -> tuple[str, int] | None:
        own = paragraph.find(f"{W}pPr/{W}numPr")
        chain = list(self._chain(_val(paragraph.find(f"{W}pPr/{W}pStyle")) or ""))
        of_style = next((found for _, style in chain if (found := style.find(f"{W}pPr/{W}numPr")) is not None), None)
        name = next((val for part in (own, of_style) if part is not None and (val := _val(part.find(f"{W}numId")))), None)
        if name is None or name not in self.lists:
            return None
        level = None if own is None else _val(own.find(f"{W}ilvl"))
        if level is None:
            # A level that names the style is the style's level, whatever w:ilvl the style has.
            names = [key for key, _ in chain]
            linked = [(names.index(at.paragraph_style), key) for key, at in self.lists[name].levels.items() if at.paragraph_style in names]
            if linked:
                return name, min(linked)[1]
            level = None if of_style is None else _val(of_style.find(f"{W}ilvl"))
        return name, _int(level, 0)

    def _chain(self, name: str) -> Iterator[tuple[str, etree._Element]]:
        # A style and those it is based on, nearest first.
        seen: set[str] = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            style = self.styles[name]
            yield style.get(f"{W}styleId", name), style
            name = _val(style.find(f"{W}basedOn")) or "-"


def numbering_of(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """The numbering of a Word file, before its first paragraph.

    Args:
        numbering: the root of ``word/numbering.xml``; None where no paragraph is numbered.
        styles: the root of ``word/styles.xml``; None where there are no styles.
    """
    found: dict[str, etree._Element] = {}
    for style in [] if styles is None else styles.iter(f"{W}style"):
        if style.get(f"{W}type") in (None, "paragraph", "numbering"):
            found[style.get(f"{W}styleId", "")] = style
            if style.get(f"{W}default") in ("1", "true", "on") and style.get(f"{W}type") == "paragraph":
                found[""] = style
    if numbering is None:
        return Numbering({}, found)
    abstract = {part.get(f"{W}abstractNumId", ""): part for part in numbering.iter(f"{W}abstractNum")}
    lists = {}
    for num in numbering.iter(f"{W}num"):
        key = _real(_val(num.find(f"{W}abstractNumId")) or "", abstract)
        if key in abstract:
            lists[num.get(f"{W}numId", "")] = _list(num, key, abstract[key])
    lists.pop("0", None)  # the list of this name says that a paragraph is not numbered
    return Numbering(lists, found)


def _real(key: str, abstract: Mapping[str, etree._Element]) -> str:
    # A list may only point to a style of numbering; its levels stand in the list that defines this style.
    link = _val(abstract[key].find(f"{W}numStyleLink")) if key in abstract else None
    if link is None:
        return key
    return next((other for other, part in abstract.items() if _val(part.find(f"{W}styleLink")) == link), key)


def _list(num: etree._Element, key: str, abstract: etree._Element) -> _List:
    levels = dict(map(_level, abstract.iterchildren(f"{W}lvl")))
    starts = {}
    for override in num.iterchildren(f"{W}lvlOverride"):
        at = _int(override.get(f"{W}ilvl"), 0)
        if (own := override.find(f"{W}lvl")) is not None:
            levels[at] = _level(own)[1]
        if (start := override.find(f"{W}startOverride")) is not None:
            starts[at] = _int(_val(start), 0)
    return _List(key, {at: level for at, level in levels.items() if 0 <= at < _LEVELS}, starts)


def _level(lvl: etree._Element) -> tuple[int, _Level]:
    style = "decimal"
    for fmt in lvl.iter(f"{W}numFmt"):
        # A format of its own («001, 002, …») stands before the usual one that older programs use in its place.
        style = _val(fmt) or "decimal"
        if style == "custom" and (own := re.match("(0+1)[,，]", fmt.get(f"{W}format", ""))):
            style = own[1]
        if style != "custom":
            break
    legal = lvl.find(f"{W}isLgl")
    restart = _val(lvl.find(f"{W}lvlRestart"))
    return _int(lvl.get(f"{W}ilvl"), 0), _Level(
        start=_int(_val(lvl.find(f"{W}start")), 0),
        style=style,
        text=_val(lvl.find(f"{W}lvlText")) or "",
        restart=None if restart is None else _int(restart, 0),
        legal=legal is not None and is_on(legal),
        gap=_val(lvl.find(f"{W}suff")) != "nothing",
        paragraph_style=_val(lvl.find(f"{W}pStyle")),
    )


def is_on(switch: etree._Element) -> bool:
    """Whether an element that switches something (``w:vanish``) switches it on."""
    return _val(switch) not in ("0", "false", "off")


def _val(part: etree._Element | None) -> str | None:
    found: str | None = None if part is None else part.get(f"{W}val")
    return found


def _int(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else default
