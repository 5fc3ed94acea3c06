"""Notices that are kept outside the repository, with hand-made answers: what is read from them must not get worse.

The floors are those of the scorer that lies beside them; without that folder the test is skipped.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from .conftest import ROOT

SCORER = ROOT.parent / "shared" / "corpus" / "score.py"


@pytest.mark.skipif(not SCORER.exists(), reason="the corpus is not on this machine")
def test_the_corpus_is_read_as_by_hand() -> None:
    words = [sys.executable, str(SCORER), "--kg", f"{sys.executable} -m kg", "--floor", "0.99", "--doc-floor", "0.97"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    scores = {line.split()[1]: line.split()[-1] for line in done.stdout.splitlines() if line.startswith("ALL ") and " F1 " in line}
    assert float(scores["groups"]) >= 0.98
    assert float(scores["deadlines"]) >= 0.98
    spans = next(line for line in done.stdout.splitlines() if line.startswith("ALL spans")).split()
    assert int(spans[2]) >= 0.999 * int(spans[4].rstrip(";"))
