"""The documentation's generated pages and pictures: ``python -m tools.docs`` writes them, a test compares them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from tools import notice
from tools.docs import command_line, http, method, ontology, ontology_picture, questions, rooms
from tools.worked import filled

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GENERATED: dict[str, Callable[[], str]] = {
    "zh/command-line.md": lambda: command_line.page("zh"),
    "en/command-line.md": lambda: command_line.page("en"),
    "zh/questions.md": lambda: questions.page("zh"),
    "en/questions.md": lambda: questions.page("en"),
    "zh/ontology.md": lambda: ontology.page("zh"),
    "en/ontology.md": lambda: ontology.page("en"),
    "zh/http.md": lambda: http.page("zh"),
    "en/http.md": lambda: http.page("en"),
    "pictures/ontology.svg": ontology_picture.svg,
    "pictures/rooms.svg": rooms.svg,
    "../NOTICE": notice.notice,
}
"""By path under ``docs``: what makes the page."""
PARTS: dict[str, dict[str, Callable[[], str]]] = {
    "zh/method.md": {"measures": lambda: method.measures("zh"), "calibration": lambda: method.calibration("zh")},
    "en/method.md": {"measures": lambda: method.measures("en"), "calibration": lambda: method.calibration("en")},
    "en/architecture.md": {"rooms": lambda: rooms.table("en")},
    "zh/architecture.md": {"rooms": lambda: rooms.table("zh")},
}
"""By path: the parts of a hand-written page that are generated, each between ``<!-- name -->`` and ``<!-- end -->``."""

WORKED = ("zh/tutorial.md", "en/tutorial.md", "zh/new-city.md", "en/new-city.md", "zh/scale.md", "en/scale.md")
"""Pages whose commands are run, and show what they print."""


def page(name: str) -> str:
    """A page as it should be: generated whole, or with its parts made anew."""
    if name in GENERATED:
        return GENERATED[name]()
    text = (DOCS / name).read_text(encoding="utf-8")
    for part, make in PARTS[name].items():
        head, start, rest = text.partition(f"<!-- {part} -->\n")
        _, end, tail = rest.partition("<!-- end -->")
        if not (start and end):
            raise ValueError(f"docs/{name} has no place for its part {part}")
        text = f"{head}{start}{make()}{end}{tail}"
    return text


def write() -> None:
    """Write every generated page and part, and what the commands of the other pages print."""
    for name in (*GENERATED, *PARTS):
        path = DOCS / name
        text = page(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for name in WORKED:
        path = DOCS / name
        with tempfile.TemporaryDirectory() as folder:
            text = filled(path.read_text(encoding="utf-8"), name.partition("/")[0], Path(folder))
        path.write_text(text, encoding="utf-8", newline="\n")
