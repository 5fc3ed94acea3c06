"""The words of a clause as patterns: labels with their colon, verbs behind the parties, rules printed once.

Everything is put together from rows of ``lexicon/roles.toml``; a new wording is a new row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kg.folding import marks
from kg.reading.characters import Line, depths, trim
from kg.resources import per_lexicon, table


@dataclass(frozen=True, slots=True)
class Label:
    """A word with its colon: what it opens (a role, ``person``, ``deadline``, ``none``), and where.

    Its list begins at ``end``; ``separator`` is the mark printed before it.
    """

    kind: str
    start: int
    end: int
    separator: str
    words: str


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb behind parties: a role, or ``with`` for 会同."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Printed:
    """A rule that a notice prints once; ``parties`` is where it names units, for a standing rule."""

    kind: str
    start: int
    end: int
    parties: tuple[int, int] | None = None


ROLES = ("lead", "responsible", "cooperating")


def _roles() -> dict[str, Any]:
    return table("lexicon/roles.toml")


@per_lexicon
def label_pattern() -> re.Pattern[str]:
    """A label with its colon; the group that matched is its kind."""
    form = _roles()["label_form"]
    kinds: dict[str, list[str]] = {}
    for row in _roles()["label"]:
        stems = [f"{form['before']}(?:{'|'.join(row['stems'])}){form['middle']}{form['ending']}"] if row.get("stems") else []
        kinds.setdefault(row["role"], []).extend([*stems, *row.get("whole", []), *row.get("words", [])])
    order = ("none", "contact", "deadline", "person", "lead", "cooperating", "responsible")
    if unknown_roles := sorted(kinds.keys() - set(order)):
        raise ValueError(unknown_roles[0])
    alternatives = "|".join(f"(?P<{kind}>{'|'.join(kinds[kind])})" for kind in order if kind in kinds)
    unknown = _roles()["label_unknown"]["pattern"]
    free = re.escape(marks("stop") + marks("enumeration") + marks("close") + marks("open") + marks("bullets"))
    # A colon must follow before the next mark: that is quickly seen, and most names are passed over.
    ahead = rf"(?=(?:[^{re.escape(marks('enumeration') + marks('stop') + marks('open'))}]|{form['remark']}){{1,40}}[{marks('colon')}])"
    return re.compile(rf"(?<![^\s{free}]){ahead}(?:{alternatives}|(?P<unknown>{unknown}))\s*(?P<remark>{form['remark']})?{form['colon']}")


@per_lexicon
def _role_words() -> re.Pattern[str]:
    form, words = _roles()["label_form"], _roles()["role_word"]
    stems = "|".join(stem for row in _roles()["label"] if row["role"] in ROLES for stem in row.get("stems", []))
    return re.compile(rf"{words['not_behind']}(?:{stems}){form['middle']}{words['ending']}")


def role_words_before(folded: str) -> list[tuple[int, int]]:
    """Role words that are no label, as runs up to what stands behind them: 牵头单位市发改委, 责任单位为市财政局."""
    return [hit.span() for hit in _role_words().finditer(folded)]


@per_lexicon
def _verb_pattern() -> re.Pattern[str]:
    form = _roles()["verb_form"]
    by_kind: dict[str, list[str]] = {"lead": [], "with": [], "cooperating": [], "responsible": []}
    at_end = rf"(?=\s*(?:[{re.escape(marks('stop') + marks('enumeration') + marks('close'))}]|$))"
    for row in _roles()["verb"]:
        words = f"(?:{'|'.join(sorted(row['words'], key=len, reverse=True))}){form['tail']}"
        by_kind[row["role"]].append(words + ("" if row.get("anywhere") else at_end))
    # A verb of the lead first: 牵头负责 is one verb, and so is 牵头落实.
    kinds = "|".join(f"(?P<{kind}>{'|'.join(rows)})" for kind, rows in by_kind.items() if rows)
    return re.compile(rf"{form['manner']}{form['adverb']}(?:{kinds})(?!{form['not_before']})")


@per_lexicon
def _verb_cores() -> re.Pattern[str]:
    # What every verb holds: quickly seen to be missing from most lists.
    return re.compile("|".join(word for row in _roles()["verb"] for word in row["words"]))


@per_lexicon
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["kind"], re.compile(row["pattern"])) for row in _roles()["rule"])


@per_lexicon
def _rule_words() -> re.Pattern[str]:
    return re.compile("|".join(_roles()["rule_words"]["words"]))


@per_lexicon
def _keywords() -> re.Pattern[str]:
    return re.compile("|".join(_roles()["keyword"]["words"]))


@per_lexicon
def _signs() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(marks('open') + marks('colon'))}]|{_roles()['role_word']['ending']}")


def may_be_clause(folded: str) -> bool:
    """Whether a text holds a bracket, a colon or a role word, and a word without which there is no clause."""
    return _signs().search(folded) is not None and has_keyword(folded)


def has_keyword(folded: str, start: int = 0, end: int | None = None) -> bool:
    """Whether a stretch holds a word without which there is no clause."""
    return _keywords().search(folded, start, len(folded) if end is None else end) is not None


def find_labels(folded: str, start: int, end: int) -> list[Label]:
    """The labels that stand in no bracket between ``start`` and ``end``, each behind a mark, a blank or nothing."""
    if marks("colon") not in folded[start:end]:
        return []
    hits = list(label_pattern().finditer(folded, start, end))
    inside = depths(folded, start, end) if hits else []
    found: list[Label] = []
    for hit in hits:
        kind = str(hit.lastgroup if hit.lastgroup != "remark" else next(k for k, v in hit.groupdict().items() if v and k != "remark"))
        before = hit.start() - 1
        while before >= start and folded[before].isspace():
            before -= 1
        separator = folded[before] if before >= start else ""
        free = before < hit.start() - 1 or not separator or separator in _free()
        if inside[hit.start() - start] == 0 and free:
            found.append(Label(kind, hit.start(), hit.end(), separator if separator in marks("stop") else "", hit[kind]))
    return found


@per_lexicon
def _free() -> str:
    return marks("stop") + marks("enumeration") + marks("close") + marks("bullets")


def find_verbs(folded: str, start: int, end: int) -> list[Verb]:
    """The verbs that stand in no bracket between ``start`` and ``end``."""
    if _verb_cores().search(folded, start, end) is None:
        return []
    hits = list(_verb_pattern().finditer(folded[:end], start))
    inside = depths(folded, start, end) if hits else []
    return [Verb(str(hit.lastgroup), hit.start(), hit.end()) for hit in hits if inside[hit.start() - start] == 0]


def find_rules(folded: str, start: int = 0, end: int | None = None) -> Iterator[Printed]:
    """The rules printed between ``start`` and ``end``, also in an inner bracket."""
    stop = len(folded) if end is None else end
    if _rule_words().search(folded, start, stop) is None:
        return
    for kind, pattern in _rules():
        for hit in pattern.finditer(folded, start, stop):
            if (stop_of := _denied(folded, hit.start(), hit.end())) is not None:
                yield Printed("denied", hit.start(), stop_of)
                continue
            named = "parties" in pattern.groupindex
            yield Printed(kind, hit.start(), hit.end(), trim(folded, *hit.span("parties")) if named else None)


def _denied(folded: str, start: int, end: int) -> int | None:
    # 不再列第一位的为牵头单位; 列第一位的为牵头单位,第3项除外: no rule that could be applied as it stands. Where its words end.
    words = _roles()["rule_not"]
    if hit := re.compile(words["behind"]).match(folded, end):
        return hit.end()
    return end if re.search(words["before"], folded[max(0, start - 6) : start]) else None


def blanked(folded: str, runs: Sequence[tuple[int, int]]) -> str:
    """The folded text with some runs, and brackets that hold nothing else, turned into commas: they name nobody."""
    if not runs:
        return folded
    characters = list(folded)
    for start, end in runs:
        while start > 0 and end < len(folded) and folded[start - 1] in marks("open") and folded[end] in marks("close"):
            start, end = start - 1, end + 1
        characters[start:end] = marks("list_break")[0] * (end - start)
    return "".join(characters)


def without(line: Line, runs: Sequence[tuple[int, int]]) -> Line:
    """The line itself, or where there are runs that name nobody, the line with those ``blanked``."""
    return Line(line.text, blanked(line.folded, runs), line.positions) if runs else line
