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

from kg.errors import KgError
from kg.naming.units import name_units
from kg.reading.notice import notice_of_text
from kg.reading.source import SourceText

from .conftest import ROOT, SEED

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
    for _ in range(chance.randint(1, 60)):
        at = chance.randrange(len(letters))
        action = chance.random()
        if action < 0.4:
            letters[at] = chance.choice(PIECES)
        elif action < 0.7:
            del letters[at : at + chance.randint(1, 40)]
        else:
            letters[at:at] = letters[chance.randrange(len(letters)) :][:40]
    return "".join(letters)


@pytest.mark.parametrize("seed", range(20))
def test_damaged_notices_never_crash_and_always_quote_the_text(seed: int) -> None:
    chance = random.Random(seed)
    text = SEED.read_text(encoding="utf-8")
    for at in range(100):
        broken = damaged(text, chance)
        try:
            notice = name_units(notice_of_text(SourceText("n.txt", broken, f"{seed:032x}{at:032x}", "utf-8")))
        except KgError:
            continue
        for task in notice.tasks:
            for part in (*task.assignments, *task.targets):
                assert broken[part.span.start : part.span.end] == part.printed
        for finding in notice.findings:
            assert 0 <= finding.span.start <= finding.span.end <= len(broken)


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
