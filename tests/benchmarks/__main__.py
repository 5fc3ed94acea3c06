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

from kg.analysis.lint import lint_notice
from kg.analysis.load import standings
from kg.analysis.network import centralities
from kg.graph.shacl import validate_fast
from kg.graph.store import create_store, memory_store
from kg.graph.ties import ties_of
from kg.graph.triples import graph_triples
from kg.line import one_notice
from kg.reading import names, parties
from kg.reading.files import read_file
from kg.reading.notice import notice_of_text
from kg.reading.source import SourceText, frozen
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


def fresh_reading(source: SourceText) -> None:
    """Read a notice whose names were never met before."""
    names.forget()
    parties.forget()
    notice_of_text(source)


def in_turn(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """The median CPU seconds of two works that take turns, so that both meet the same machine."""
    first(), second()
    pairs = []
    for _ in range(3 * RUNS):
        start = time.process_time()
        first()
        between = time.process_time()
        second()
        pairs.append((between - start, time.process_time() - between))
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def against_jieba(source: SourceText) -> tuple[float, float]:
    """CPU seconds of reading a notice, and of jieba cutting the same text with its dictionary loaded."""
    import jieba

    jieba.setLogLevel("ERROR")
    jieba.initialize()
    return in_turn(lambda: fresh_reading(source), lambda: list(jieba.cut(source.text)))


def growth(text: str) -> float:
    """How much longer a character takes in 10 MB of notices than in 100 kB: 1 where reading grows linearly."""
    seconds = []
    for size in (100_000, 10_000_000):
        whole = frozen("notices.txt", text * max(1, size // len(text.encode("utf-8"))), "utf-8")
        start = time.process_time()
        notice_of_text(whole)
        seconds.append((time.process_time() - start) / len(whole.text))
    return seconds[1] / seconds[0]


def main() -> None:
    """Print the table."""
    # These time with the functions of this module.
    from .naming import against_reading, thousand_notices
    from .page import page_rows
    from .sheets import sheet_rows

    source = read_file(SEED)
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
    reading, cutting = against_jieba(source)
    lint_notice(notice)
    rows = [
        ("read one notice (13,089 characters)", reading, "≤ jieba's cut"),
        ("jieba's cut of the same text", cutting, ""),
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
        ("kg --help, cold, wall", cold("--help")[0], ""),
    ]
    rows += sheet_rows()
    print(f"{'what':40s} {'seconds':>8s}  budget")
    for name, seconds, budget in rows:
        print(f"{name:40s} {seconds:8.3f}  {budget}")
    print(f"{'reading : jieba':40s} {reading / cutting:8.2f}  ≤ 1")
    print(f"{'a character of 10 MB : of 100 kB':40s} {growth(source.text):8.2f}  ≤ 1.3")
    for what, read, named in against_reading():
        print(f"{'naming : reading, ' + what:40s} {named / read:8.2f}  ≤ 1")
    print(f"{'a thousand notices in memory, MB':40s} {thousand_notices():8.0f}  ≤ 300")
    for what, value, budget in page_rows():
        print(f"{what:40s} {value:8.2f}  {budget}")
    print(f"{'triples':40s} {len(lines):8d}  < 9000")
    print(f"{'bytes a triple on disk':40s} {kept / len(lines):8.1f}  ≤ 100")


if __name__ == "__main__":
    main()
