"""What one may type to find a Chinese name: full pinyin and initials."""

from __future__ import annotations

from kg.resources import table


def spellings(name: str) -> list[str]:
    """The full pinyin and the initials of a name, in lower case; ASCII stays as it is.

    Where a character has several readings in use, each gives a spelling, up to eight of them.

    >>> spellings("市发改委")
    ['shifagaiwei', 'sfgw']
    """
    from itertools import islice, product

    from pypinyin import Style, pinyin

    many = table("lexicon/characters.toml")["readings"]["several"]

    # The reading in its word first; then the other readings of single characters (重 zhong, chong).
    plain = pinyin(name, style=Style.NORMAL, errors="default")
    others = pinyin(name, style=Style.NORMAL, heteronym=True, errors="default")
    choices = [list(dict.fromkeys([*first, *(rest if at in many else [])])) for first, rest, at in zip(plain, others, name, strict=False)]
    if len(plain) != len(name):
        choices = [list(first) for first in plain]
    found = list(islice(product(*choices), 8))
    full = ["".join(parts).lower() for parts in found]
    initials = ["".join(part[0] for part in parts if part).lower() for parts in found]
    return list(dict.fromkeys([*full, *initials]))
