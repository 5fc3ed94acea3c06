"""A knowledge graph of government responsibilities: who leads, and who shares, each task of a notice.

>>> import kg
>>> graph = kg.build(["seeds/"])            # doctest: +SKIP
>>> graph.query("load").rows[0]             # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["KG", "__version__", "build", "compare", "extract", "load", "open"]

if TYPE_CHECKING:
    from kg.api import KG, build, compare, extract, load, open


def __getattr__(name: str) -> Any:
    # The public names are loaded when they are used, so that the command line starts fast.
    if name in __all__:
        from kg import api

        return getattr(api, name)
    raise AttributeError(name)
