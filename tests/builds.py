"""Small notices for builds, and everything that a build shows, to be compared whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest

from kg.building import finishing
from kg.building.line import Knowledge, read_notices
from kg.building.shards import Terms
from kg.building.whole import Built, Way, build_folder
from kg.graph.ties import read_ties, ties_of
from kg.graph.triples import graph_triples
from kg.model import Ties
from kg.versions import current
from kg.views.record import record_line

from .conftest import ROOT

CITIES = ("宜昌市", "襄阳市", "荆州市", "黄石市")
UNITS = ("市发改委", "市财政局", "市扶贫办", "市乡村振兴局", "市教育局", "各县市区政府", "市人力资源和社会保障局", "市人社局", "省财政厅")


def text_of(city: int, year: int, tasks: int = 3, number: int = 1) -> str:
    """A notice; of one city and year there are several under one number, with other tasks."""
    place = CITIES[city % len(CITIES)]
    lines = [
        f"{place}人民政府办公室关于分解{year}年重点工作的通知",
        f"{place[0]}政办发〔{year}〕{number}号",
        f"{year}年2月1日",
        "一、重点工作",
    ]
    for at in range(1, tasks + 1):
        lead, other = UNITS[(city + at + year) % len(UNITS)], UNITS[(at * 2 + year) % len(UNITS)]
        lines.append(f"{at}.完成第{at}项工程{at * 7 + city}公里。（牵头单位：{lead}；责任单位：{other}、市水利局）")
    return "\n".join(lines) + "\n"


def folder_of(folder: Path, texts: dict[str, str]) -> Path:
    """A folder with these files and no others."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def triples_in(folder: Path) -> list[str]:
    """All triples of a build, sorted."""
    store = pyoxigraph.Store.read_only(str(current(folder) / "store"))
    return sorted(f"{pyoxigraph.Triple(quad.subject, quad.predicate, quad.object)} ." for quad in store)


def texts_in(folder: Path) -> dict[str, bytes]:
    """Every file of a build that is text, by name, as its readers find it and as people do."""
    found: dict[str, bytes] = {}
    for top in (current(folder), folder):
        for path in [*top.iterdir(), *(top / "texts").iterdir()]:
            if path.is_file() and path.suffix in {".ttl", ".html", ".md", ".jsonl", ".txt", ".csv"}:
                assert found.setdefault(path.name, path.read_bytes()) == path.read_bytes(), path
    return found


def ties_in(folder: Path) -> Ties:
    """The ties of a build."""
    return read_ties(current(folder) / "ties.sqlite")


Shown = tuple[list[str], dict[str, bytes], Ties]


def shown(folder: Path) -> Shown:
    """Everything that a build shows."""
    return triples_in(folder), texts_in(folder), ties_in(folder)


def expected(sources: Path, knowledge: Knowledge = Knowledge()) -> tuple[list[str], str, Ties]:
    """Triples, records and ties as they follow from all notices at once, held in memory."""
    batch = read_notices([sources], knowledge)
    store = pyoxigraph.Store()
    store.bulk_load("\n".join([*graph_triples(batch.notices, batch.changes), ""]).encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    lines = sorted(f"{pyoxigraph.Triple(quad.subject, quad.predicate, quad.object)} ." for quad in store)
    return lines, "".join(record_line(notice) + "\n" for notice in batch.notices), ties_of(batch.notices, batch.changes)


def build(sources: Path, out: Path, way: Way = Way(), knowledge: Knowledge = Knowledge()) -> Built:
    """A build in this process."""
    return build_folder([sources], out, Terms(knowledge), way)


def without_pages(patch: pytest.MonkeyPatch) -> None:
    """Make builds as of many notices: neither report nor picture, which are functions of the ties alone."""
    patch.setattr(finishing, "LARGE_NOTICES", 0)


def command(*words: object) -> list[str]:
    """``kg`` as a process of its own."""
    return [sys.executable, "-m", "kg", *map(str, words)]


def kg(*words: object) -> subprocess.CompletedProcess[str]:
    """A run of ``kg`` with what it says."""
    return subprocess.run(command(*words), cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
