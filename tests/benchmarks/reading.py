"""Reading a notice against jieba's cut of the same text, and how reading grows with the text."""

from __future__ import annotations

import statistics
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
    small, large = (frozen("notices.txt", text * max(1, size // len(text.encode("utf-8"))), "utf-8") for size in (100_000, 10_000_000))
    # A large one after some small ones, in turn, so that both meet the same machine.
    rounds = [(statistics.median(_each(small) for _ in range(5)), _each(large)) for _ in range(3)]
    return statistics.median(one for _, one in rounds) / statistics.median(one for one, _ in rounds)


def _each(source: SourceText) -> float:
    # CPU seconds of a character.
    start = time.process_time()
    notice_of_text(source)
    return (time.process_time() - start) / len(source.text)
