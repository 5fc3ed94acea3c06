"""Builds that the tests of the web pages open: the seed, two long years of a city, and one whose every word tries to break out."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from kg.api import build
from kg.building.line import Knowledge
from kg.graph.ties import read_ties, write_ties
from kg.serve.headers import Guard
from kg.serve.pages import routes
from kg.serve.site import open_site
from kg.versions import current

from .conftest import SEED
from .page_ties import HOSTILE, hostile
from .shared import made_once
from .test_decisions import SIGNED

JINGZHOU = "421000-2020-jzbf-1"
MERGER = (
    '[[change]]\ndivision = "370900"\nkind = "merge"\nfrom = ["市甲产业局", "市乙产业局"]\nto = ["市产业局"]\nday = 2024-03-01\n' + SIGNED
)
_NAMES = ("市发改委", "市财政局", "市教育局", "市卫健委", "市水利局", "市司法局", "市审计局")


def seed_build(folder: Path) -> Path:
    """The Jingzhou notice, in a copy of its own."""
    shutil.copytree(made_once("seed", lambda place: build([SEED], place)), folder)
    return folder


def long_build(folder: Path) -> Path:
    """Two years of 泰安: one of 900 tasks, more than a page holds, one of 60 with a unit merged from two and a person named. A copy of its own."""
    shutil.copytree(made_once("long", _build_long), folder)
    return folder


def _build_long(folder: Path) -> None:
    sources = folder.parent / "sources"
    sources.mkdir(exist_ok=True)
    for year, tasks, units in ((2023, 900, ("市甲产业局", "市乙产业局")), (2024, 60, ("市产业局",))):
        (sources / f"{year}.txt").write_text(_printed(year, tasks, (*_NAMES, *units)), encoding="utf-8")
    decisions = sources / "decisions.toml"
    decisions.write_text(MERGER, encoding="utf-8")
    build([sources / "2023.txt", sources / "2024.txt"], folder, Knowledge(decisions=(decisions,)))


def _printed(year: int, tasks: int, units: tuple[str, ...]) -> str:
    head = f"泰安市人民政府办公室关于分解任务的通知(泰政办发〔{year}〕1号)\n\n{year}年1月8日\n\n一、重点任务\n"
    lines = []
    for i in range(1, tasks + 1):
        lead, *others = (units[(i + step) % len(units)] for step in (0, 1, 3))
        person = ";责任领导:张伟" if i == 7 else ""
        lines.append(f"{i}.完成第{i}批工程，新增项目{i}个。(牵头单位:{lead};责任单位:{'、'.join(others)},各县市区政府{person})")
    return head + "\n".join(lines) + "\n"


def many_build(folder: Path, times: int = 66) -> Path:
    """More units than one picture shows: those of the long build, again and again under other names."""
    long_build(folder)
    table = current(folder) / "ties.sqlite"
    ties = read_ties(table)
    year = ties.notices[-1].id
    units = tuple(replace(one, id=f"{one.id}-{k:02}", label=f"{one.label}{k:02}") for k in range(times) for one in ties.units)
    rows = [one for one in ties.ties if one.notice == year and not one.through]
    table.unlink()
    many = replace(ties, units=units, ties=tuple(replace(one, unit=f"{one.unit}-{k:02}") for k in range(times) for one in rows), changes=())
    write_ties(many, table)
    return folder


def hostile_build(folder: Path) -> Path:
    """The Jingzhou notice with names, titles, wordings and text that are markup, script, templates and formulae."""
    seed_build(folder)
    version = current(folder)
    ties = hostile(read_ties(version / "ties.sqlite"))
    findings = tuple(replace(one, values=tuple((name, HOSTILE[0]) for name, _ in one.values)) for one in ties.findings)
    (version / "ties.sqlite").unlink()
    write_ties(replace(ties, findings=findings), version / "ties.sqlite")
    path = version / "texts" / f"{JINGZHOU}.txt"
    text, attack = path.read_bytes().decode("utf-8"), "".join(HOSTILE)
    path.write_bytes((attack + text[len(attack) :]).encode("utf-8"))
    return folder


def app_of(folder: Path) -> Starlette:
    """The pages of a build alone, behind the headers that the whole application has."""
    app = Starlette(routes=routes(open_site(folder)))
    app.add_middleware(Guard, max_url=32_768)
    return app


@contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """The address of a server on a free port of the loopback, which stops at the end."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        for _ in range(500):
            if server.started:
                break
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
