"""What a list of names prints once for several of them: 荆州区、沙市区政府."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.folding import marks
from kg.resources import per_lexicon, table


@dataclass(frozen=True, slots=True)
class Suffixes:
    """What a list may share: suffixes, endings that need none, kinds of places, and which of these go together."""

    shared: tuple[str, ...]
    """Longest first."""
    endings: tuple[str, ...]
    places: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """Endings of places that many names have by chance, as 广州 and 景德镇: they are told by what the list gives."""
    bodies: tuple[str, ...] = ()
    """What bare names of places share that is no seat: 徐州、淮安海关."""
    towns: tuple[str, ...] = ()
    """Endings that no suffix of a street is given to: 灌口镇、杏林街道."""
    streets: tuple[str, ...] = ()
    committees: tuple[str, ...] = ()
    """Suffixes that only zones have, and how zones end: 牡丹区、鲁西新区管委会 are a district and a zone."""
    zones: tuple[str, ...] = ()
    not_places: frozenset[str] = frozenset()
    """Bare words that are offices or firms: 宣传、组织、城关镇."""
    named: frozenset[str] = frozenset()
    """Whole names of places whose ending does not tell: 点军区, 恩施州."""
    longest: int = 4
    """Characters of a place that is printed without its kind."""


@per_lexicon
def suffixes() -> Suffixes:
    """The suffixes of the lexicon."""
    names = table("lexicon/names.toml")
    shared, places = names["shared"], names["places"]
    return Suffixes(
        tuple(sorted([*shared["words"], *shared["bodies"], *shared["towns"]], key=len, reverse=True)),
        (*(word for word in names["endings"]["words"] if word not in places["words"]), *marks("close")),
        tuple(places["words"]),
        tuple(places["kinds"]),
        tuple(shared["bodies"]),
        tuple(names["place_names"]["towns"]),
        tuple(shared["streets"]),
        tuple(shared["committees"]),
        tuple(places["zones"]),
        frozenset(shared["not_places"]),
        frozenset(places["named"]),
        places["longest"],
    )


def share_suffix(printed: Sequence[str], words: Suffixes) -> list[str]:
    """Give every name of a list the suffix that only its last member prints.

    Args:
        printed: names in printed order, one list between two commas.
        words: what a list may share.

    Returns:
        As many names, in the same order; one that has a suffix stays as printed.

    Source: 荆政办发〔2020〕1号, task 2.

    >>> share_suffix(["荆州开发区", "纪南文旅区", "荆州高新区管委会"], suffixes())
    ['荆州开发区管委会', '纪南文旅区管委会', '荆州高新区管委会']
    >>> share_suffix(["广州", "东莞市政府"], suffixes())
    ['广州市政府', '东莞市政府']
    """
    names = list(printed)
    given = ""
    if not any(name.endswith(words.shared) for name in names):
        return names
    for at in reversed(range(len(names))):
        name = names[at]
        shares = name.endswith(words.shared)
        suffix = next((word for word in words.shared if name.endswith(word) and name != word), "") if shares else ""
        if suffix and (not given or given in words.towns or suffix not in words.towns):
            stem = name.removesuffix(suffix)
            given = next((word for word in (*words.places, *words.kinds) if stem.endswith(word) and stem != word), "") + suffix
            given = suffix if suffix in words.bodies or suffix in words.towns else given
        elif name.endswith(words.endings) and name not in words.named:
            given = ""
        elif given and _takes(name, given, words):
            kept = next((word for word in (*words.places, *words.kinds) if given.startswith(word)), "")
            place = name.endswith(words.places) or name in words.named
            # 广安市、阿坝州政府 are both whole; 新市、李河镇政府 are two towns.
            whole = not kept or (place and (kept in words.places or kept not in words.towns)) or name.endswith(kept)
            names[at] = name + (given.removeprefix(kept) if whole else given)
    return names


def _takes(name: str, given: str, words: Suffixes) -> bool:
    if name in words.not_places:
        return False
    if given.endswith(words.streets) and name.endswith(words.towns):
        return False
    if given in words.bodies or given in words.towns:
        return len(name) <= words.longest and not name.endswith((*words.places, *words.towns))
    if given.endswith(words.committees):
        if name.endswith(words.zones):
            return True
        if len(name) < words.longest and name.endswith(words.places):
            return False
    return name.endswith(words.places) or name in words.named or len(name) <= words.longest
