"""The README in both languages: its commands are run, and print what it says; its Python is run too."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT

READMES = [pytest.param("README.md", "en", id="en"), pytest.param("README.zh.md", "zh", id="zh")]
BLOCK = re.compile(r"```console\n\$ (?P<command>.*?)\n(?P<output>.*?)\n```", re.S)


@pytest.mark.parametrize(("name", "lang"), READMES)
def test_the_commands_print_what_the_readme_says(name: str, lang: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    env = {**os.environ, "KG_LANG": lang, "COLUMNS": "100", "PYTHONUTF8": "1"}
    blocks = list(BLOCK.finditer((ROOT / name).read_text(encoding="utf-8")))
    assert len(blocks) >= 5
    for block in blocks:
        words = shlex.split(block["command"])
        assert words[0] == "kg"
        done = subprocess.run(
            [sys.executable, "-m", "kg", *words[1:]], cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", check=False
        )
        printed = (done.stdout + done.stderr).replace("\\", "/").splitlines()
        expected = [line for line in block["output"].splitlines() if line != "…"]
        assert done.returncode == 0, done.stderr
        if "…" in block["output"].splitlines():
            assert set(expected) <= set(printed)
        else:
            assert expected == [line.rstrip() for line in printed]


@pytest.mark.parametrize(("name", "lang"), READMES)
def test_the_python_runs(name: str, lang: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", text, re.S)
    env = {**os.environ, "KG_LANG": lang, "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, encoding="utf-8", check=True)
    assert "市生态环境局 58 40 (58, 90, 107)" in done.stdout


@pytest.mark.parametrize(("name", "lang"), READMES)
def test_the_examples_of_tables_are_read(name: str, lang: str, tmp_path: Path) -> None:
    from kg.building.line import Knowledge, read_notices

    tables = re.findall(r"```toml\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.S)
    paths = [tmp_path / f"{at}.toml" for at in range(len(tables))]
    for path, table in zip(paths, tables, strict=True):
        path.write_text(table, encoding="utf-8")
    decisions, corrections = paths
    batch = read_notices([ROOT / "seeds"], Knowledge(decisions=(decisions,), corrections=(corrections,)))
    task = batch.notices[0].tasks[59]
    assert [(a.role.value, a.printed) for a in task.assignments] == [("lead", "市公交公司")]
    assert task.clause is not None
    assert task.clause.rule == "correction"


def test_links_lead_somewhere() -> None:
    for name in ("README.md", "README.zh.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), target
