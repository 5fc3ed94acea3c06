"""Reading a notice against jieba's cut of the same text, and how reading grows with the text."""

from __future__ import annotations

import time
from pathlib import Path

from kg.reading import names, parties
from kg.reading.files import read_file
from kg.reading.notice import notice_of_text
from kg.reading.source import SourceText, frozen

from .timing import Ratio, in_turn

SEED = Path(__file__).resolve().parents[2] / "seeds" / "jingzhou-2020-1.txt"


def fresh_reading(source: SourceText) -> None:
    """Read a notice whose names were never met before."""
    names.forget()
    parties.forget()
    notice_of_text(source)


def against_jieba() -> Ratio:
    """CPU seconds of reading a notice, and of jieba cutting the same text with its dictionary loaded."""
    import jieba

    jieba.setLogLevel("ERROR")
    jieba.initialize()
    source = read_file(SEED)
    reading, cutting = in_turn(lambda: fresh_reading(source), lambda: list(jieba.cut(source.text)))
    return Ratio(f"reading a notice of {len(source.text):,} characters", reading, "jieba: cutting the same text", cutting, 1)


def growth(text: str) -> float:
    """How much longer a character takes in 10 MB of notices than in 100 kB: 1 where reading grows linearly."""
    seconds = []
    for size in (100_000, 10_000_000):
        whole = frozen("notices.txt", text * max(1, size // len(text.encode("utf-8"))), "utf-8")
        start = time.process_time()
        notice_of_text(whole)
        seconds.append((time.process_time() - start) / len(whole.text))
    return seconds[1] / seconds[0]
