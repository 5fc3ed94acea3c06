"""Broken inputs, made from whole ones: what is damaged, how, and the rule that only a KgError may come out of it.

Everything follows from a seed. A failure names the target, the seed and the number of the case, and keeps the file, so that it
can be a row of a test.
"""

from __future__ import annotations

import io
import os
import random
import resource
import signal
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from types import FrameType

from kg.analysis.capacity import read_staff
from kg.analysis.lint import lint_notice
from kg.analysis.scenario_file import read_scenario
from kg.analysis.whatif import whatif
from kg.building.line import Knowledge, one_notice, read_notices
from kg.errors import KgError
from kg.graph.store import memory_store
from kg.graph.ties import ties_of
from kg.graph.triples import graph_triples
from kg.model import Ties
from kg.views.record import record_line

from .conftest import ROOT, SEED
from .generator import LAYOUTS, notice_of, places
from .test_decisions import RENAME, SAME, change, decision

TARGETS = (
    ".txt",
    ".html",
    ".docx",
    ".md",
    ".xlsx",
    ".csv",
    ".pdf",
    "zip",
    "decisions",
    "corrections",
    "register",
    "lexicon",
    "scenario",
    "staff",
)
"""What reads files, by name."""
HTTP = ("wire", "paths", "headers", "sparql", "bodies", "files")
"""What reads requests, by name: see ``http_fuzzing``."""
SECONDS = 5.0
"""CPU seconds that one damaged file may take: they have some 20 kB, and a whole notice takes a tenth of a second."""
MEMORY = 2 << 30
"""Bytes that a case may take beside what the process has already."""
TOKENS = (
    *("（", "）", "(", "〔", "、", "，", "；", "：", "。", "\n", "\r\n", "\t", " ", "\u3000", "\u2028", "\ufeff", "\u202e", "\u200d", "𠀀", "⺠"),
    *("牵头单位：", "责任单位：", "完成时限：", "负责", "牵头", "各", "等", "有关部门", "列第一位的为牵头单位，下同", "以下均需", "不再列出", "同上"),
    *("一、", "（一）", "1.", "99999999999999999999.", "第一百条", "2024年13月32日", "0000年00月00日", "一二三四五六七八九十年", "9" * 5000),
    *("|", "||", "\n|---|\n", "#", "- [ ]", "```", "&#0;", "&#x110000;", "&nbsp;", "&lt;", "<", ">", "<!--", "]]>", "<![CDATA[", "<?x", "</"),
    *("<td rowspan='99999999' colspan='99999999'>", "<table>", "</table>", "<tr>", "<td>", "<div>" * 3000, "<script>", "<meta charset='utf-7'>"),
    *("<w:vMerge/>", '<w:gridSpan w:val="99999999"/>', '<w:gridSpan w:val="-1"/>', "<w:tbl>", "</w:tbl>", "<w:p/>", '<w:numId w:val="x"/>'),
    *('<row r="99999999">', '<c r="XFE9999999" t="s"><v>7</v></c>', '<mergeCell ref="A1:XFD1048576"/>', '<mergeCell ref="B2"/>', 't="d"', 't="b"'),
    *("\x00", "\x1b", "\x7f", "\ufffe", "\ufdd0", "[", "[" * 2000, "{", "]]", "=", '"', "'''", '"""', "\\u0000", "\\ud800", "nan", "inf", "-1", "0x", "1e999"),
    *("2026-01-01", "9999-12-31", "0001-01-01", "true", "[[decision]]", "[x]", ".", "names = [1]", "names = []", "division = 421000", "unit = ''"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads files: whole ones to start from, and what is done with a damaged one."""

    suffix: str
    wholes: tuple[bytes, ...]
    read: Callable[[Path], object]


class TooLongError(Exception):
    """A case took longer than is allowed."""


def damaged(whole: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """A broken copy of a file: of a ZIP package, one or two of its members."""
    if whole.startswith(b"PK") and chance.random() < 0.85:
        return _repacked(whole, chance)
    return broken(whole, others, chance)


def seconds_each() -> float:
    """The seconds of ``make soak`` for each target: KG_FUZZ_SECONDS is the time of all of them together, an hour unless it is set."""
    return float(os.environ.get("KG_FUZZ_SECONDS", "3600")) / len((*TARGETS, *HTTP))


def seed_of_soak() -> int:
    """Where ``make soak`` begins; KG_FUZZ_SEED begins elsewhere than the last time."""
    return int(os.environ.get("KG_FUZZ_SEED", "1"))


def _repacked(whole: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(chance.randint(1, 2)):
        name = chance.choice(sorted(members))
        what = chance.random()
        if what < 0.08:
            del members[name]
        elif what < 0.12:
            members[chance.choice(("../x", "/x", name.upper(), "word/numbering.xml", "xl/sharedStrings.xml"))] = members.pop(name)
        else:
            members[name] = broken(members[name], list(members.values()), chance)
        if not members:
            break
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return held.getvalue()


def broken(whole: bytes, others: Sequence[bytes], chance: random.Random, tokens: Sequence[str] = TOKENS) -> bytes:
    """A copy of some bytes with one or more faults: bytes turned, cut out, repeated, put in, taken from others."""
    found = bytearray(whole)
    for _ in range(1 + int(chance.expovariate(0.4))):
        at = chance.randrange(len(found) + 1)
        far = min(len(found), at + int(chance.expovariate(0.02)))
        match chance.randrange(9):
            case 0 if found:
                found[at % len(found)] = chance.randrange(256)
            case 1:
                del found[at:far]
            case 2:
                found[at:at] = found[at:far] * chance.choice((1, 2, 40))
            case 3 | 4 | 5:
                found[at:at] = chance.choice(tokens).encode("utf-8", "surrogatepass")
            case 6:
                found[at:far] = chance.choice(tokens).encode("utf-8", "surrogatepass")
            case 7 if others:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                found[at:far] = other[start : start + int(chance.expovariate(0.005))]
            case _ if chance.random() < 0.2:
                del found[at:]
            case _:
                found[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
    return bytes(found)


# What is read.


def read_whole_line(path: Path) -> None:
    """Read a notice, and make of it all that a build does; what was read must quote the text."""
    notice = one_notice(path)
    for task in notice.tasks:
        for part in (*task.assignments, *task.targets, *task.persons, *((task.deadline,) if task.deadline else ())):
            assert notice.text[part.span.start : part.span.end] == part.printed
    for finding in (*notice.findings, *lint_notice(notice)):
        assert 0 <= finding.span.start <= finding.span.end <= len(notice.text)
    ties_of([notice])
    record_line(notice).encode()
    memory_store(graph_triples([notice]))


@cache
def _small() -> tuple[Path, Ties]:
    return SEED, ties_of([one_notice(SEED)])


def _with(**tables: Path) -> None:
    # A short notice of the same place: the tables are read whole whatever the notice.
    small = ROOT / "tests" / "short.txt"
    read_notices([small], Knowledge(**{name: (path,) for name, path in tables.items()}))


def _scenario(path: Path) -> None:
    _, ties = _small()
    whatif(ties, read_scenario(path, ties))


CORRECTION = """[[correction]]
notice = "荆政办发〔2020〕1号"
task = 1
clause = "(牵头单位:市发改委;责任单位:市财政局)"
why = "w"
when = 2026-01-01
by = "b"
assignments = [{ role = "lead", printed = "市发改委" }, { role = "responsible", printed = "市财政局", name = "市财政局" }]
"""
REGISTER = """division = "420500"
name = "宜昌市"
first = 1992
source = "s"

[[unit]]
id = "420500-finance"
label = "市财政局"
kind = "department"
line = "finance"
aliases = ["财政局"]
"""
LEXICON = """[roles.keyword]
words = ["包干"]

[[roles.label]]
role = "lead"
stems = ["包干"]
source = "s"

[names.endings]
words = ["专班"]

[[lines.line]]
id = "space"
zh = "航天"
en = "Space"
bodies = [["航天"]]
"""
STAFF = "unit,staff\n市发改委,30\n市财政局,45\n"


@cache
def targets() -> dict[str, Target]:
    """All targets by name."""
    found: dict[str, Target] = {}
    codes = places(6, [2020], 9)
    for at, layout in enumerate(LAYOUTS):
        made = [notice_of(codes[(at + step) % len(codes)], 2020, 9, layout=layout, tasks=4) for step in range(2)]
        suffix = PurePath(made[0].name).suffix
        wholes = (found[suffix].wholes if suffix in found else ()) + tuple(one.content for one in made)
        found[suffix] = Target(suffix, wholes, read_whole_line)
    found["zip"] = Target(".zip", (_zipped(found),), lambda path: read_notices([path]))
    decisions = tuple(
        text.encode() for text in (SAME + RENAME, decision("different", "甲局", "乙局") + change("merge", ["甲局", "乙局"], ["丙局"]))
    )
    found["decisions"] = Target(".toml", decisions, lambda path: _with(decisions=path))
    found["corrections"] = Target(".toml", (CORRECTION.encode(),), lambda path: _with(corrections=path))
    found["register"] = Target(".toml", (REGISTER.encode(),), lambda path: _with(registers=path))
    found["lexicon"] = Target(".toml", (LEXICON.encode(),), lambda path: _with(lexicons=path))
    found["scenario"] = Target(".toml", ((ROOT / "tests" / "whatif.toml").read_bytes(),), _scenario)
    found["staff"] = Target(".csv", (STAFF.encode(), STAFF.encode("gb18030")), lambda path: read_staff(path, _small()[1]))
    return found


def _zipped(found: Mapping[str, Target]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix in (".txt", ".html", ".csv", ".docx"):
            archive.writestr(zipfile.ZipInfo(f"notice{suffix}"), found[suffix].wholes[0])
    return held.getvalue()


# The rule.


@contextmanager
def bounded(seconds: float | None = None, memory: int = MEMORY) -> Iterator[None]:
    """Stop what takes longer than ``seconds`` (SECONDS), and give no more than ``memory`` bytes of address space to it."""
    limit = SECONDS if seconds is None else seconds
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) if Path("/proc/self/statm").exists() else 0
    handlers = [(number, signal.signal(number, _too_long)) for number in (signal.SIGPROF, signal.SIGALRM)]
    # CPU seconds, whatever else the machine does; the wall clock for what sleeps.
    signal.setitimer(signal.ITIMER_PROF, limit)
    signal.setitimer(signal.ITIMER_REAL, 10 * limit)
    if pages:
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + memory, before[1]))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in handlers:
            signal.signal(number, handler)
        resource.setrlimit(resource.RLIMIT_AS, before)


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise TooLongError


def run_cases(name: str, seed: int, folder: Path, *, cases: int | None = None, seconds: float = float("inf")) -> int:
    """Read so many damaged files of a target, or as many as fit into some CPU seconds; how many there were.

    Raises:
        AssertionError: something else than a KgError came out, or it took too long or too much memory; the file is kept.
    """
    target, path = targets()[name], folder / f"damaged{targets()[name].suffix}"
    path.write_bytes(target.wholes[0])
    with suppress(Exception), bounded():
        target.read(path)  # What is loaded once is not counted.
    end = time.process_time() + seconds
    for case in range(cases if cases is not None else 10**9):
        if time.process_time() > end:
            return case
        chance = random.Random(f"{name} {seed} {case}")
        path.write_bytes(damaged(chance.choice(target.wholes), target.wholes, chance))
        try:
            with bounded():
                target.read(path)
        except KgError as error:
            assert str(error).strip(), f"{name} {seed} {case}: an error without words"
        except KeyboardInterrupt:
            raise  # somebody wants to stop
        except BaseException as error:
            kept = folder / f"{name.strip('.')}-{seed}-{case}{target.suffix}"
            path.replace(kept)
            raise AssertionError(f"{name}, seed {seed}, case {case}: {type(error).__name__}: {error} ({kept})") from error
    return cases or 0
