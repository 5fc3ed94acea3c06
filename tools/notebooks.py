"""Run every notebook and write its outputs into it: ``python -m tools.notebooks [NAME...]``.

Outputs are as a reader with Chinese settings sees them. The interactive picture has 700 KB; its cells (tag ``picture``) keep a
line instead that says what a run shows there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
STANDS_FOR_A_PICTURE = "<p>运行这一格，这里就是可以拖动、缩放、点选的互动图。<br>Run this cell, and the interactive picture is here.</p>"


def executed(path: Path) -> nbformat.NotebookNode:
    """A notebook with the outputs of a run, in a kernel that speaks Chinese and finds this checkout."""
    notebook = nbformat.read(path, as_version=4)
    env = {**os.environ, "KG_LANG": "zh", "COLUMNS": "100", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONHASHSEED": "0"}
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}})
    client.create_kernel_manager()
    client.execute(env=env)
    return notebook


def kept(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook as it is committed: pictures told of, nothing that differs from run to run."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if is_picture(cell):
                output.data = nbformat.NotebookNode({"text/html": STANDS_FOR_A_PICTURE, "text/plain": "KG"})
            elif "image/svg+xml" in output.get("data", {}):
                output.data.pop("text/plain", None)
    notebook.metadata.pop("language_info", None)
    return notebook


def is_picture(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell shows the interactive picture."""
    return "picture" in cell.metadata.get("tags", [])


def main(names: list[str]) -> None:
    """Run the notebooks of these names, or all."""
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        if not names or path.stem in names:
            nbformat.write(kept(executed(path)), path)


if __name__ == "__main__":
    main(sys.argv[1:])
