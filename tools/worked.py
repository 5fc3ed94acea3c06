"""Pages whose commands are run: every ``console`` block holds one command and what it prints.

A block that ends with a line ``…`` shows the first lines only. A sentence that ends in File `name`: (文件 `name`：) stands before a
block that is such a file, so that commands below can use it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]*)\n(?P<output>.*?)```", re.S)
FILE = re.compile(r"(?:File|文件) `(?P<name>[^`/]+)`[:：]\n\n```\w*\n(?P<text>.*?)\n```", re.S)
PYTHON = re.compile(r"```python\n(.*?)```", re.S)


def filled(page: str, lang: str, folder: Path) -> str:
    """A page with what its commands print now.

    Args:
        page: Markdown.
        lang: zh or en.
        folder: an empty folder in which the commands run, one after another, beside a copy of the seeds.

    Raises:
        CalledProcessError: a command does not end with 0.
        ValueError: a block runs something else than ``kg``.
    """
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    for file in FILE.finditer(page):
        (folder / file["name"]).write_text(file["text"] + "\n", encoding="utf-8")
    return BLOCK.sub(lambda block: _block(block, lang, folder), page)


def _block(block: re.Match[str], lang: str, folder: Path) -> str:
    words = shlex.split(block["command"])
    if words[0] != "kg":
        raise ValueError(f"not a command of ours: {block['command']}")
    printed = _run(["-m", "kg", *words[1:]], lang, folder)
    shown = block["output"].splitlines()
    if shown and shown[-1] == "…":
        printed = [*printed[: len(shown) - 1], "…"]
    return "\n".join(["```console", f"$ {block['command']}", *printed, "```"])


def python_output(page: str, lang: str, folder: Path) -> list[str]:
    """What the Python blocks of a page print, run one after another where its commands ran."""
    return [line for script in PYTHON.findall(page) for line in _run(["-c", script], lang, folder)]


def _run(arguments: list[str], lang: str, folder: Path) -> list[str]:
    env = {**os.environ, "KG_LANG": lang, "COLUMNS": "100", "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=env, capture_output=True, encoding="utf-8", check=True)
    return [line.rstrip() for line in (done.stdout + done.stderr).replace("\\", "/").splitlines()]
