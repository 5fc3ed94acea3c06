"""The notebooks run from a clean checkout, and show what they say."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from kg.notebook import ColumnError, Table, bars, pairs, table
from tools.notebooks import NOTEBOOKS, STANDS_FOR_A_PICTURE, executed, is_picture

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


# The kernel's own libraries warn about their event loop and sockets; what the notebook itself does is checked below.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_its_outputs(path: Path) -> None:
    kept = [cell.outputs for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    code = [cell for cell in executed(path).cells if cell.cell_type == "code"]
    for cell, outputs in zip(code, kept, strict=True):
        assert not [output for output in cell.outputs if output.get("name") == "stderr"]
        if is_picture(cell):
            assert 'sandbox="allow-scripts"' in cell.outputs[0]["data"]["text/html"]
            assert outputs[0]["data"]["text/html"] == STANDS_FOR_A_PICTURE
        else:
            assert _shown(cell.outputs) == _shown(outputs), "committed outputs are what a run gives: python -m tools.notebooks"


def _shown(outputs: list[nbformat.NotebookNode]) -> list[str]:
    kinds = ("image/svg+xml", "text/html", "text/plain")
    return [output.get("text") or next(output["data"][kind] for kind in kinds if kind in output["data"]) for output in outputs]


def test_committed_notebooks_are_small_and_name_no_folder_of_a_machine() -> None:
    assert [path.stem[:2] for path in PATHS] == ["01", "02", "03", "04", "05"]
    for path in PATHS:
        text = path.read_text(encoding="utf-8")
        assert len(text.encode()) < 100_000
        assert not re.search(r"/(?:tmp|home|root)/|C:\\", text), path


def test_links_between_notebooks_lead_somewhere() -> None:
    for path in PATHS:
        cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
        for target in re.findall(r"\]\(([^)#]+)\)", "\n".join(cells)):
            assert (path.parent / target).exists(), target


ROWS = table(["unit", "led", "shared", "note"], [["市<b>甲</b>局", 3, 4.5, "x"], ["市乙局", None, 2, "y"]])


def test_a_table_shows_cells_as_text() -> None:
    assert ROWS._repr_html_() == (
        "<table><thead><tr><th>unit</th><th>led</th><th>shared</th><th>note</th></tr></thead>"
        "<tbody><tr><td>市&lt;b&gt;甲&lt;/b&gt;局</td><td>3</td><td>4.5</td><td>x</td></tr>"
        "<tr><td>市乙局</td><td></td><td>2</td><td>y</td></tr></tbody></table>"
    )


def test_bars_are_as_long_as_their_figures() -> None:
    from lxml import etree

    svg = etree.fromstring(bars(ROWS, "unit", "led", "shared", names=["a", "b"], caption="c")._repr_svg_())
    drawn = svg.xpath(".//*[local-name()='g']/*[local-name()='rect']")
    assert [(box.get("class"), float(box.get("width"))) for box in drawn] == [("lead", 192.0), ("share", 288.0), ("share", 128.0)]
    words = svg.xpath(".//*[local-name()='text']/text()")
    assert {"c", "a", "b", "市<b>甲</b>局", "3 + 4.5", "0 + 2"} <= set(words)


def test_pairs_print_the_difference() -> None:
    svg = pairs(table(["unit", "old", "new"], [["甲", 5, 2], ["乙", 1, 1]]), "unit", "old", "new")._repr_svg_()
    assert re.findall(r'class="strong"[^>]*>([^<]+)<', svg) == ["−3", "0"]


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        pytest.param(("unit", "leads"), "leads", id="no such column"),
        pytest.param(("unit", "note"), "note", id="words instead of numbers"),
        pytest.param(("who", "led"), "who", id="no such column of names"),
    ],
)
def test_a_column_that_cannot_be_drawn_is_named(columns: tuple[str, str], named: str) -> None:
    with pytest.raises(ColumnError, match=f"{named}.*unit, led, shared, note"):
        bars(ROWS, *columns)


def test_an_empty_answer_gives_an_empty_chart() -> None:
    assert "<rect" in bars(Table(("unit", "n"), ()), "unit", "n")._repr_svg_()
