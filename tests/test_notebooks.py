"""The notebooks run from a clean checkout, and show what they say."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from .conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


# The kernel's own libraries warn about their event loop and sockets; what the notebook itself does is checked below.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_its_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    kept = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, outputs in zip(code, kept, strict=True):
        if "picture" in cell.metadata.get("tags", []):
            assert 'sandbox="allow-scripts"' in cell.outputs[0]["data"]["text/html"]
        else:
            assert _shown(cell.outputs) == _shown(outputs), "committed outputs are what a run gives"


def _shown(outputs: list[nbformat.NotebookNode]) -> list[str]:
    return [output.get("text") or output["data"].get("text/html") or output["data"]["text/plain"] for output in outputs]


def test_committed_notebooks_are_small() -> None:
    assert NOTEBOOKS
    assert all(path.stat().st_size < 100_000 for path in NOTEBOOKS)
