"""What the parts of the line cost on the notice of Jingzhou, CPU seconds, and the budget of each."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kg.analysis.lint import lint_notice
from kg.analysis.load import standings
from kg.analysis.network import centralities
from kg.building.line import one_notice
from kg.graph.loading import create_store
from kg.graph.shacl import validate_fast
from kg.graph.store import memory_store
from kg.graph.ties import ties_of
from kg.graph.triples import graph_triples
from kg.reading.files import read_file
from kg.views.page import draw_page
from kg.views.report import report_html

from .naming import against_reading, thousand_notices
from .page import page_rows
from .reading import SEED, growth
from .sheets import sheet_rows
from .timing import RUNS, cpu

Row = tuple[str, str, str]
"""What, the figure, the budget."""


def cold(*words: str) -> tuple[float, float]:
    """Wall and CPU seconds of a whole command."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "kg", *words], check=True, capture_output=True)
    took, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _cold_build() -> tuple[float, float]:
    # Into a folder of its own each time: where nothing changed, there would be nothing to build.
    with tempfile.TemporaryDirectory() as folder:
        runs = [cold("build", str(SEED), "-o", f"{folder}/{at}", "-q") for at in range(RUNS)]
    return statistics.median(wall for wall, _ in runs), statistics.median(used for _, used in runs)


def one_notice_rows() -> list[Row]:
    """The table: CPU seconds unless it says wall, then sizes."""
    notice = one_notice(SEED)
    ties, lines = ties_of([notice]), graph_triples([notice])
    store = memory_store(lines)
    with tempfile.TemporaryDirectory() as folder:
        create_store(Path(folder) / "store", lines)
        kept = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.name.endswith(".sst"))

    def fresh_store() -> None:
        with tempfile.TemporaryDirectory() as folder:
            create_store(Path(folder) / "store", graph_triples([notice]))

    lint_notice(notice)
    built = _cold_build()
    seconds = [
        ("check one notice (kg lint)", cpu(lambda: lint_notice(notice)), "≤ 1"),
        ("read and name", cpu(lambda: one_notice(SEED)), ""),
        ("triples and store on disk", cpu(fresh_store), "≤ 0.5"),
        ("load, intervals, ranks", cpu(lambda: standings(ties)), ""),
        ("centralities", cpu(lambda: centralities(ties)), ""),
        ("validate (fast runner)", cpu(lambda: validate_fast(store)), ""),
        ("report", cpu(lambda: report_html(ties)), "≤ 3"),
        ("page with layout", cpu(lambda: draw_page(ties)), "≤ 1.5"),
        ("kg build, cold, CPU", built[1], "≤ 6"),
        ("kg build, cold, wall", built[0], ""),
        ("kg --help, cold, wall", statistics.median(cold("--help")[0] for _ in range(RUNS)), ""),
        *sheet_rows(),
    ]
    return [
        *((what, f"{second:.3f} s", budget) for what, second, budget in seconds),
        ("a character of 10 MB : of 100 kB", f"{growth(read_file(SEED).text):.2f}", "≤ 1.3"),
        *((f"naming : reading, {what}", f"{named / read:.2f}", "≤ 1") for what, read, named in against_reading()),
        ("a thousand notices in memory", f"{thousand_notices():.0f} MB", "≤ 300"),
        *((what, f"{figure:.2f}", budget) for what, figure, budget in page_rows()),
        ("triples", f"{len(lines)}", "< 9000"),
        ("bytes a triple on disk", f"{kept / len(lines):.1f}", "≤ 100"),
    ]
