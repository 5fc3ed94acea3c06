"""Speed and memory, in one run, on an idle machine: the line on one notice, ratios to other tools, and whole builds by size.

``make bench`` prints the tables; ``make bench BENCH="--largest 10000 --write"`` takes the largest build too and writes
everything into ``docs/benchmarks.md`` and ``docs/benchmarks.zh.md``, with the day and the machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from .chinese import in_chinese
from .engines import engine_rows
from .networks import network_rows
from .one_notice import one_notice_rows
from .reading import against_jieba
from .timing import Ratio
from .whole import HEAD, reading_row, whole_rows

DOCS = Path(__file__).resolve().parents[2] / "docs"
BEGIN, END = "<!-- begin: written by tests/benchmarks -->", "<!-- end -->"
SIZES = (1, 100, 1000, 10_000)


def ratio_table(rows: Iterable[Ratio]) -> list[list[str]]:
    """The table of ratios, with a mark where one is below what is asked for."""
    head = ["what", "here, s", "compared with", "there, s", "times faster", "asked for"]
    return [head, *([r.what, f"{r.ours:.3f}", r.other, f"{r.theirs:.3f}", f"{r.times:.1f}", _asked(r)] for r in rows)]


def _asked(ratio: Ratio) -> str:
    if ratio.least is None:
        return ""
    return f"≥ {ratio.least:g}" + ("" if ratio.held else " (not met)")


def markdown(table: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    head, *rows = table
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def machine() -> str:
    """The day, the machine and the versions that count."""
    named = re.search(r"^model name\s*:\s*(.+)$", _read("/proc/cpuinfo"), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+)", _read("/proc/meminfo"), re.MULTILINE)
    parts = [
        f"{datetime.now(UTC):%Y-%m-%d}",
        named[1] if named else platform.processor() or platform.machine(),
        f"{os.cpu_count()} cores",
        f"{int(memory[1]) / 2**20:.0f} GB" if memory else "",
        f"load {os.getloadavg()[0]:.1f} at the start",
        f"Python {platform.python_version()}",
        *(f"{name} {version(name)}" for name in ("pyoxigraph", "rdflib", "networkx", "jieba")),
    ]
    return ", ".join(filter(None, parts))


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8", errors="replace") if Path(path).exists() else ""


def keep(document: Path, said: Sequence[str]) -> None:
    """Put what was measured between the marks of a page."""
    before, _, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    text = before + BEGIN + "\n\n" + "\n\n".join(said) + "\n\n" + END + rest.partition(END)[2]
    document.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Print the tables, each as soon as it is there; with ``--write`` keep them."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--largest", type=int, default=int(os.environ.get("KG_BENCH_LARGEST", "1000")), help="notices of the largest build")
    parser.add_argument("--notices", type=int, default=100, help="notices of the ratios")
    parser.add_argument("--units", type=int, default=1000, help="units of the network measures")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and docs/benchmarks.zh.md")
    asked = parser.parse_args()
    said: list[str] = []

    def tell(text: str) -> None:
        said.append(text)
        print(text + "\n", flush=True)

    tell(machine())
    tell("## One notice\n\n" + markdown([["what", "figure", "budget"], *one_notice_rows()]))
    ratios = [against_jieba(), reading_row(), *engine_rows(asked.notices), *network_rows(asked.units)]
    tell("## Ratios\n\n" + markdown(ratio_table(ratios)))
    sizes = tuple(size for size in SIZES if size <= asked.largest)
    tell("## End to end\n\n" + markdown([HEAD, *whole_rows(sizes)]))
    if asked.write:
        keep(DOCS / "benchmarks.md", said)
        keep(DOCS / "benchmarks.zh.md", [in_chinese(part) for part in said])


if __name__ == "__main__":
    main()
