"""``python -m tests.generator OUT --places 100 --years 2015-2024 --seed 1``: notices to a folder, answers beside it."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from . import LAYOUTS, generate, places


def main() -> None:
    """Write the notices to OUT, a folder for each place, and the answers to OUT/answers.jsonl."""
    parser = argparse.ArgumentParser(prog="python -m tests.generator", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--places", type=int, default=10, help="how many governments")
    parser.add_argument("--years", default="2024", help="a year, or 2015-2024")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layouts", default="", help=f"comma-separated, of {', '.join(LAYOUTS)}")
    parser.add_argument("--tasks", type=int, help="tasks in each notice; else 30 to 200")
    asked = parser.parse_args()
    first, _, last = asked.years.partition("-")
    years = range(int(first), int(last or first) + 1)
    layouts = [name for name in asked.layouts.split(",") if name]
    if unknown := set(layouts) - set(LAYOUTS):
        parser.error(f"no such layouts: {', '.join(sorted(unknown))}")
    count, tasks, size, start = 0, 0, 0, time.monotonic()
    asked.out.mkdir(parents=True, exist_ok=True)
    with (asked.out / "answers.jsonl").open("w", encoding="utf-8", newline="\n") as answers:
        for notice in generate(places(asked.places, years, asked.seed), years, asked.seed, layouts=layouts, tasks=asked.tasks):
            # A folder a place, below one a province: no folder of 60,000 files.
            folder = asked.out / notice.answers.place[:2] / notice.answers.place
            folder.mkdir(parents=True, exist_ok=True)
            (folder / notice.name).write_bytes(notice.content)
            answers.write(notice.answers.line() + "\n")
            count, tasks, size = count + 1, tasks + len(notice.answers.tasks), size + len(notice.content)
    print(f"{count} notices, {tasks} tasks, {size / 2**20:.1f} MB in {time.monotonic() - start:.1f} s")


if __name__ == "__main__":
    main()
