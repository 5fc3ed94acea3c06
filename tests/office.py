"""LibreOffice as a reader of what we write: a file that it opens and prints needs no repair."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pdfplumber
import pytest

from kg.reading.convert import find_office

OFFICE = find_office()
needs_office = pytest.mark.skipif(
    OFFICE is None and os.environ.get("CI") != "true", reason="LibreOffice (Writer and Calc) is not installed: nothing can be opened"
)


def printed(content: bytes, suffix: str, folder: Path) -> list[str]:
    """The pages that LibreOffice prints of a file, as text without blanks."""
    assert OFFICE is not None, "CI needs LibreOffice"
    source = folder / f"file{suffix}"
    source.write_bytes(content)
    profile = (folder / "profile").as_uri()
    command = [OFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    made = source.with_suffix(".pdf")
    assert made.is_file(), done.stdout + done.stderr
    with pdfplumber.open(made) as pdf:
        return ["".join((page.extract_text() or "").split()) for page in pdf.pages]
