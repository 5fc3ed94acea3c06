"""Bodies by the core of their name: 发改, 发展改革 and 发展和改革 are one body, on one line of work."""

from __future__ import annotations

from dataclasses import dataclass

from kg.resources import per_lexicon, table


@dataclass(frozen=True, slots=True)
class Body:
    """What the lexicon knows about the core of a name."""

    name: str
    """The form that the body is shown by, without place and ending; of several, joined."""
    lines: tuple[str, ...]
    whole: bool = False
    """Whether ``name`` has its ending."""


@dataclass(frozen=True, slots=True)
class Core:
    """A name without place and level, divided."""

    text: str
    """What stands before the ending."""
    ending: str
    """The class of the ending, empty where it has none that is known."""
    body: Body | None


def divide(rest: str) -> Core:
    """A name without place and level → core, ending and the body that it is.

    The longest core that the lexicon knows wins; a core made of several known ones is a joint body.

    >>> divide("发展和改革委员会")
    Core(text='发展和改革', ending='委', body=Body(name='发展改革', lines=('development-reform',), whole=False))
    >>> divide("科技经信局").body.lines
    ('science-technology', 'industry-informatisation')
    >>> divide("妇女联合会").body.name, divide("城投集团").body
    ('妇联', None)
    """
    known = bodies()
    rest = without_ranks(rest)
    if rest in known and known[rest].whole:
        return Core(rest, "", known[rest])
    cuts = [(rest[:-size], _endings()[rest[-size:]], rest[-size:]) for size in _sizes_of_endings(rest)]
    for core, kind, word in cuts:
        if core in known and not known[core].whole and (len(core) > 1 or word in _short_endings()):
            return Core(core, kind, known[core])
    if rest in known:
        return Core(rest, "", known[rest])
    for core, kind, _ in cuts:
        if joint := _joint(core):
            return Core(core, kind, joint)
    return Core(*(cuts[-1][:2] if cuts else (rest, "")), None)


def ending_of(name: str) -> str:
    """The class of the longest ending that a name has; empty where it has none that is known.

    >>> ending_of("市政府办公室"), ending_of("市政府办"), ending_of("荆旅集团")
    ('办', '办', '')
    """
    sizes = _sizes_of_endings(name)
    return _endings()[name[-sizes[-1] :]] if sizes else ""


@per_lexicon
def bodies() -> dict[str, Body]:
    """Every name of every body of the lexicon."""
    rows = table("lexicon/lines.toml")
    single = {
        name: Body(names[0], (row["id"],), row.get("whole", False)) for row in rows["line"] for names in row["bodies"] for name in names
    }
    return single | {
        name: Body(row["names"][0], tuple(row["lines"]), row.get("whole", False)) for row in rows["joint"] for name in row["names"]
    }


def _sizes_of_endings(name: str) -> list[int]:
    # How long the endings are that a name has with something before them. Shortest first, so that the core is as long as it can be.
    endings = _endings()
    return [size for size in _lengths() if size < len(name) and name[-size:] in endings]


@per_lexicon
def _endings() -> dict[str, str]:
    # The class of every ending; of two rows with one word the first stands.
    return {word: row["class"] for row in reversed(table("lexicon/kinds.toml")["ending"]) for word in row["words"]}


@per_lexicon
def _lengths() -> tuple[int, ...]:
    return tuple(sorted({len(word) for word in _endings()}))


_SHORTEST_PART = 2
_SHORTEST_JOINT = 4


@per_lexicon
def _short_endings() -> frozenset[str]:
    return frozenset(table("lexicon/kinds.toml")["short"]["endings"])


def _joint(core: str) -> Body | None:
    # The core as a row of known ones, the longest first; what joins two of them does not count.
    parts: list[Body] = []
    printed: list[str] = []
    rest = core
    while rest:
        part = next((rest[:size] for size in range(len(rest), _SHORTEST_PART - 1, -1) if _is_part(rest[:size])), None)
        if part is None:
            return None
        parts.append(bodies()[part])
        printed.append(part)
        rest = without_joiner(rest[len(part) :])
    if len(parts) < 2 or len(core) < _SHORTEST_JOINT:
        return None
    return Body("".join(printed), tuple(dict.fromkeys(line for part in parts for line in part.lines)))


def _is_part(text: str) -> bool:
    found = bodies().get(text)
    return found is not None and not found.whole


def without_joiner(text: str) -> str:
    """A text without the joining word that it begins with."""
    return next((text.removeprefix(word) for word in table("lexicon/kinds.toml")["joiners"]["words"] if text.startswith(word)), text)


def without_ranks(text: str) -> str:
    """A text without the rank of what is administered: 国家级自然保护区 is 自然保护区."""
    for word in table("lexicon/kinds.toml")["joiners"]["ranks"]:
        text = text.replace(word, "") if len(text) > len(word) + 2 else text
    return text
