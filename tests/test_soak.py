"""What takes long: thousands of damaged notices, and builds that are killed. Run by ``make soak``."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.analysis.lint import lint_notice
from kg.building.line import read_notices
from kg.errors import KgError
from kg.naming.units import name_units
from kg.reading.notice import notice_of_text
from kg.reading.source import frozen

from .conftest import ROOT, SEED
from .test_formats import write_docx, write_html, write_table_docx, write_table_md, write_table_xlsx
from .test_layouts import ROWS, WRAPPED

pytestmark = pytest.mark.soak
PIECES = [
    "(",
    ")",
    "（",
    "）",
    "牵头单位:",
    "责任单位：",
    "、",
    ",",
    ";",
    "等",
    "各",
    "\n",
    "\r\n",
    "一、",
    "1.",
    "政府",
    " ",
    "\u2028",
    "𠀀",
    "100万",
    "%",
]


def damaged(text: str, chance: random.Random) -> str:
    letters = list(text)
    for _ in range(chance.randint(1, max(1, min(60, len(letters) // 8)))):
        if not letters:
            break
        at = chance.randrange(len(letters))
        action = chance.random()
        if action < 0.4:
            letters[at] = chance.choice(PIECES)
        elif action < 0.7:
            del letters[at : at + chance.randint(1, 40)]
        else:
            letters[at:at] = letters[chance.randrange(len(letters)) :][:40]
    return "".join(letters)


def sources() -> list[str]:
    """The real notice, and a notice in each layout that is met, some of them one after the other."""
    rows = [row.text for row in ROWS.values()]
    return [SEED.read_text(encoding="utf-8"), WRAPPED, *rows, "\n".join(rows), "\n".join(reversed(rows))]


@pytest.mark.parametrize("seed", range(20))
def test_damaged_notices_never_crash_nor_hang_and_always_quote_the_text(seed: int) -> None:
    chance = random.Random(seed)
    texts = sources()
    for _ in range(1000):
        broken = damaged(chance.choice(texts), chance)
        start = time.process_time()
        try:
            notice = name_units(notice_of_text(frozen("n.txt", broken, "utf-8")))
        except KgError:
            continue
        finally:
            assert time.process_time() - start < 10, broken
        for task in notice.tasks:
            for part in (*task.assignments, *task.targets, *task.persons, *((task.deadline,) if task.deadline else ())):
                assert broken[part.span.start : part.span.end] == part.printed
        for finding in lint_notice(notice):
            assert 0 <= finding.span.start <= finding.span.end <= len(broken)


FILES = {
    "notice.docx": write_docx,
    "table.xlsx": write_table_xlsx,
    "table.docx": write_table_docx,
    "notice.html": write_html,
    "table.md": write_table_md,
}


@pytest.mark.parametrize("name", FILES)
def test_damaged_files_give_a_notice_or_one_clear_error(name: str, tmp_path: Path) -> None:
    FILES[name](tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    chance = random.Random(name)
    for _ in range(400):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        if chance.random() < 0.3:
            del broken[chance.randrange(len(broken)) :]
        (tmp_path / name).write_bytes(bytes(broken))
        try:
            read_notices([tmp_path / name])
        except KgError as error:
            assert str(error)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is a matter of POSIX")
def test_a_build_that_is_killed_leaves_the_last_good_one(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kg", "build", str(SEED), "-o", str(tmp_path / "out"), "-q"]
    subprocess.run(command, cwd=ROOT, check=True)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()}
    for wait in [0.1 * step for step in range(1, 20)]:
        running = subprocess.Popen(command, cwd=ROOT, env=os.environ)
        time.sleep(wait)
        running.send_signal(signal.SIGKILL)
        running.wait()
        after = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()}
        assert after.keys() == before.keys()
        assert after["graph.ttl"] == before["graph.ttl"]
    subprocess.run(command, cwd=ROOT, check=True)
