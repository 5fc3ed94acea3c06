"""kglab itself, in a Python of its own: it draws in Jupyter, cloud storage and a Java bridge, more than the tests should.

``python -m venv V && V/bin/pip install kglab``, then ``KG_BENCH_KGLAB=V/bin/python make bench``. Run as a program, this
file is what that Python does: it reads a graph and two questions, and prints the seconds of each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


def kglab_seconds(lines: Sequence[str], questions: Mapping[str, str], folder: Path) -> dict[str, float] | None:
    """Wall seconds of each question asked with kglab's ``query_as_df``; None where KG_BENCH_KGLAB names no Python.

    Raises:
        CalledProcessError: that Python has no kglab, or kglab cannot read the graph.
    """
    program = os.environ.get("KG_BENCH_KGLAB")
    if not program:
        return None
    (folder / "graph.nt").write_text("\n".join([*lines, ""]), encoding="utf-8")
    (folder / "questions.json").write_text(json.dumps(dict(questions)), encoding="utf-8")
    done = subprocess.run([program, __file__, str(folder)], check=True, stdout=subprocess.PIPE, encoding="utf-8")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Read the graph, ask, print."""
    import kglab

    folder = Path(sys.argv[1])
    graph = kglab.KnowledgeGraph()
    graph.load_rdf(str(folder / "graph.nt"), format="nt")
    seconds = {}
    for name, sparql in json.loads((folder / "questions.json").read_text(encoding="utf-8")).items():
        start = time.perf_counter()
        graph.query_as_df(sparql)
        seconds[name] = time.perf_counter() - start
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
