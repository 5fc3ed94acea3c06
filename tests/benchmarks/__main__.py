"""Speed and memory of the straight line: one table, medians of several runs, on an idle machine (``make bench``)."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kg.analysis.load import standings
from kg.analysis.network import centralities
from kg.graph.shacl import validate_fast
from kg.graph.store import create_store, memory_store
from kg.graph.ties import ties_of
from kg.graph.triples import graph_triples
from kg.line import one_notice
from kg.reading.files import read_text
from kg.reading.notice import notice_of_text
from kg.views.page import draw_page
from kg.views.report import report_html

SEED = Path(__file__).resolve().parents[2] / "seeds" / "jingzhou-2020-1.txt"
RUNS = 5


def cpu(work: Callable[[], object]) -> float:
    """The median CPU seconds of some runs, after one that warms up."""
    work()
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def cold(*words: str) -> tuple[float, float]:
    """Wall and CPU seconds of a whole command, the median of some runs."""
    walls, cpus = [], []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "kg", *words], check=True, capture_output=True)
        walls.append(time.perf_counter() - start)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(walls), statistics.median(cpus)


def main() -> None:
    """Print the table."""
    source = read_text(SEED)
    notice = one_notice(SEED)
    ties = ties_of([notice])
    lines = graph_triples([notice])
    store = memory_store(lines)

    def fresh_store() -> None:
        with tempfile.TemporaryDirectory() as folder:
            create_store(Path(folder) / "store", graph_triples([notice]))

    with tempfile.TemporaryDirectory() as folder:
        create_store(Path(folder) / "store", lines)
        kept = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.name.endswith(".sst"))
        built = cold("build", str(SEED), "-o", f"{folder}/out", "-q")
    rows = [
        ("read one notice (13,089 characters)", cpu(lambda: notice_of_text(source)), "≤ 0.039 (jieba's cut)"),
        ("read and name", cpu(lambda: one_notice(SEED)), ""),
        ("triples and store on disk", cpu(fresh_store), "≤ 0.5"),
        ("load, intervals, ranks", cpu(lambda: standings(ties)), ""),
        ("centralities", cpu(lambda: centralities(ties)), ""),
        ("validate (fast runner)", cpu(lambda: validate_fast(store)), ""),
        ("report", cpu(lambda: report_html(ties)), "≤ 3"),
        ("page with layout", cpu(lambda: draw_page(ties)), "≤ 1.5"),
        ("kg build, cold, CPU", built[1], "≤ 6"),
        ("kg build, cold, wall", built[0], ""),
        ("kg --help, cold, wall", cold("--help")[0], ""),
    ]
    print(f"{'what':40s} {'seconds':>8s}  budget")
    for name, seconds, budget in rows:
        print(f"{name:40s} {seconds:8.3f}  {budget}")
    print(f"{'triples':40s} {len(lines):8d}  < 9000")
    print(f"{'bytes a triple on disk':40s} {kept / len(lines):8.1f}  ≤ 100")


if __name__ == "__main__":
    main()
