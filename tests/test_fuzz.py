"""Damaged files of every kind: only a KgError may come out, in bounded time and memory. An hour of it in ``make soak``."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.reading import clauses
from kg.reading.characters import lines_of

from .fuzzing import REGISTER, TARGETS, TooLongError, bounded, damaged, run_cases, seconds_each, seed_of_soak, targets
from .generator.formats import pdf_bytes
from .test_decisions import RENAME

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the bounds are a matter of POSIX")
SEED = 2020
QUICK = 1.2
"""CPU seconds for each target in ``make test``: with fourteen of them, less than twenty."""
CASES = 150


@pytest.mark.parametrize("name", TARGETS)
def test_a_damaged_file_gives_what_it_holds_or_one_clear_error(name: str, tmp_path: Path) -> None:
    assert run_cases(name, SEED, tmp_path, cases=CASES, seconds=QUICK) > 5


@pytest.mark.soak
@pytest.mark.parametrize("name", TARGETS)
def test_damaged_files_for_long(name: str, tmp_path: Path, record_property: object) -> None:
    done = run_cases(name, seed_of_soak(), tmp_path, seconds=seconds_each())
    print(f"{name}: {done} damaged files")
    assert done > 10


def test_the_targets_are_all_there_is_and_whole_files_are_read(tmp_path: Path) -> None:
    assert tuple(targets()) == TARGETS
    for name, target in targets().items():
        for at, whole in enumerate(target.wholes):
            path = tmp_path / f"{name.strip('.')}-{at}{target.suffix}"
            path.write_bytes(whole)
            with bounded():
                target.read(path)


@pytest.mark.parametrize("name", TARGETS)
def test_damage_depends_on_the_seed_alone_and_is_met_in_many_ways(name: str) -> None:
    wholes = targets()[name].wholes
    first, again = ([damaged(wholes[0], wholes, random.Random(f"{name} {case}")) for case in range(40)] for _ in range(2))
    assert first == again
    assert len(set(first)) > 30


def test_what_breaks_the_rule_is_caught_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(how: object) -> None:
        monkeypatch.setattr("tests.fuzzing.SECONDS", 0.2)
        target = targets()["staff"]
        monkeypatch.setitem(targets(), "staff", type(target)(target.suffix, target.wholes, how))  # type: ignore[index, arg-type]
        with pytest.raises(AssertionError, match="staff, seed 7, case 0"):
            run_cases("staff", 7, tmp_path, cases=1)
        (kept,) = tmp_path.glob("staff-7-0*")
        kept.unlink()

    fails(lambda path: 1 / 0)
    fails(lambda path: time.sleep(10))
    fails(lambda path: bytearray(1 << 40))
    with pytest.raises(TooLongError), bounded(0.1):
        time.sleep(10)


FOUND = [
    pytest.param(".pdf", pdf_bytes(["1.修路。（牵头单位：市发改委）"]).replace(b"/F 11 Tf", b"/F 0. Tf"), id="type-of-no-size"),
    pytest.param(".txt", f"1.新建学校{'9' * 5000}所。（牵头单位：市发改委）".encode(), id="a-quantity-of-thousands-of-digits"),
    pytest.param(
        ".md", f"|序号|工作任务|牵头单位|\n|---|---|---|\n|{'9' * 5000}|修路|市发改委|\n".encode(), id="a-number-of-thousands-of-digits"
    ),
    pytest.param("decisions", b"x = " + b"9" * 5000, id="decisions-with-thousands-of-digits"),
    pytest.param("decisions", (RENAME + 'verdict = "same"\n').encode(), id="a-change-with-a-field-of-a-decision"),
    pytest.param("corrections", b"x = " + b"[" * 5000, id="corrections-in-brackets-in-brackets"),
    pytest.param("register", REGISTER.replace('["财政局"]', "2019-01-01").encode(), id="a-day-where-names-should-be"),
    pytest.param("register", REGISTER.replace("1992", "0").encode(), id="a-year-that-is-none"),
    pytest.param("register", REGISTER.replace("1992", '"x"').encode(), id="a-year-in-words"),
    pytest.param("register", REGISTER.replace("1992", "1992-01-01T00:00:00").encode(), id="a-moment-where-a-day-should-be"),
    pytest.param("lexicon", b"9" * 5000 + b" = 1", id="a-key-too-long-for-a-file"),
    pytest.param("staff", f"unit,staff\n市发改委,{'9' * 5000}\n".encode(), id="staff-of-thousands-of-digits"),
    pytest.param("lexicon", b'[roles.keyword]\nwords = ["[[a]"]\n', id="a-word-that-is-a-pattern-of-brackets-in-brackets"),
    pytest.param(".txt", ("1.修路。" + "[" * 2000 + "牵头单位:市发改委").encode(), id="brackets-without-end"),
    pytest.param(".txt", ("1.修路。" + "[" * 900 + "市发改委负责" + "]" * 900).encode(), id="brackets-in-brackets"),
]
"""Damaged files that broke something once."""


@pytest.mark.parametrize(("name", "content"), FOUND)
def test_what_once_broke_is_read_or_refused(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"damaged{targets()[name].suffix}"
    path.write_bytes(content)
    try:
        with bounded():
            targets()[name].read(path)
    except KgError as error:
        assert str(error)


def test_brackets_in_brackets_are_not_all_read(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each of them would be read to its end: the time would grow with the square of their number.
    tried: list[object] = []
    monkeypatch.setattr(clauses, "_bracket_clause", lambda _line, run: tried.append(run))
    (line,) = lines_of("1.修路。" + "[" * 900 + "市发改委负责" + "]" * 900 + "。（市财政局负责）")
    clauses.find_clauses(line)
    assert len(tried) == clauses.DEEPEST + 1
