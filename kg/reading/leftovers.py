"""What a drafter leaves in a Word file and must not issue: revisions that nobody decided, and comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from kg.reading.numbering import W
from kg.reading.source import Leftover

_LEFT = {
    "revisions-left": tuple(f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo")),
    "comments-left": (f"{W}commentReference",),
}
"""The code of the finding, and the elements that are counted."""
MARKS_OF_DRAFTS = tuple(tag for tags in _LEFT.values() for tag in tags)


def leftovers(blocks: Sequence[tuple[int, etree._Element]]) -> Iterator[Leftover]:
    """What is left in these paragraphs and tables, one row a kind, at the first.

    Args:
        blocks: paragraphs and tables in order, each with where its text begins.
    """
    for code, tags in _LEFT.items():
        counts = [(at, sum(1 for _ in block.iter(*tags))) for at, block in blocks]
        found = [(at, count) for at, count in counts if count]
        if found:
            yield Leftover(code, sum(count for _, count in found), found[0][0])
