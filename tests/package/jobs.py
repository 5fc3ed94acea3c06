"""What an installed ``kg`` is asked to do: rows for the base install and for each extra, and what tells that it was done."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import Timer
from urllib.parse import quote, urlsplit

from tests.generator.formats import pdf_bytes, xlsx_bytes

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "seeds" / "jingzhou-2020-1.txt"
SCENARIO = ROOT / "tests" / "whatif.toml"
LONGEST = 300
"""Seconds after which anything started here ends."""

_LINES = ("荆州市人民政府办公室关于分解2021年重点工作的通知", "荆政办发〔2021〕1号", "2021年2月1日", "一、重点工作")
_TASKS = ("1.完成工程7公里。（牵头单位：市发改委；责任单位：市水利局）", "2.修路。（牵头单位：市财政局；责任单位：市教育局）")
_TABLE = (("序号", "任务", "牵头单位", "责任单位"), ("1", "完成工程7公里", "市发改委", "市水利局"), ("2", "修路", "市财政局", "市教育局"))

# A cluster in one process that ends when its standard input does.
_CLUSTER = """
import sys
from distributed import LocalCluster
with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, protocol="tcp", host="127.0.0.1", dashboard_address=None) as made:
    print(made.scheduler_address, flush=True)
    sys.stdin.read()
"""

# What a notebook does, twice, as names that are loaded when they are used can be other ones the second time.
_PYTHON = """
import kg
first, built, later = kg.load("输出 out"), kg.build(["来 源"]), kg.build(["后"])
same = first.query("overview").rows == built.query("overview").rows
print(same, len(kg.extract("后")), later.ties.notices[0].id, kg.__version__)
"""


@dataclass(frozen=True, slots=True)
class Installed:
    """A ``kg`` that is installed somewhere, and the folder in which it works."""

    python: Path
    work: Path
    extra: Path | None = None
    """A folder with the libraries of one extra, beside what is installed."""

    @property
    def kg(self) -> Path:
        """The command, as its installer wrote it."""
        return next(path for path in (self.python.with_name("kg"), self.python.with_name("kg.exe")) if path.exists())

    def environment(self, **more: str) -> dict[str, str]:
        """Variables of this process without those that lead Python or ``kg`` elsewhere."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "KG_", "COV"))}
        shown = {"PYTHONPATH": str(self.extra)} if self.extra else {}
        # Libraries may be lent: nothing is written beside them.
        return {**kept, **shown, "PYTHONDONTWRITEBYTECODE": "1", "KG_LANG": "en", **more}

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """What ``kg`` prints and how it ends, run in the folder of work; ``-c`` and a text are for Python itself. The words may name ``{work}``."""
        command = [str(self.python if words[0] == "-c" else self.kg), *self.filled(words)]
        return subprocess.run(
            command, cwd=self.work, env=self.environment(**more), capture_output=True, encoding="utf-8", timeout=LONGEST, check=False
        )

    def filled(self, words: Sequence[str]) -> list[str]:
        """Words of a job with the paths of this folder in them."""
        return [word.replace("{work}", str(self.work)) for word in words]


@dataclass(frozen=True, slots=True)
class Job:
    """One job of ``kg``."""

    name: str
    words: tuple[str, ...]
    shows: str = ""
    """What stands in its output."""
    makes: str = ""
    """The file that it leaves in the folder of work."""
    extra: str = ""
    """The extra that it needs."""


BASE = (
    Job("version", ("--version",), "govresp"),
    Job("help", ("--help",), "build"),
    Job("extract", ("extract", "来 源/通知.txt"), "市发改委"),
    Job("lint", ("lint", "来 源/通知.txt", "--fail-on", "never"), "66"),
    Job("units", ("units", "来 源/通知.txt"), "市发改委"),
    Job("build", ("build", "来 源", "-o", "输出 out"), makes="输出 out/page.html"),
    Job("query", ("query", "overview", "--graph", "输出 out"), "114"),
    Job("sparql", ("query", "SELECT (COUNT(?t) AS ?n) { ?t a kg:Task }", "--graph", "输出 out", "--format", "csv"), "114"),
    Job("report", ("report", "输出 out", "--format", "md", "-o", "报 告.md"), makes="报 告.md"),
    Job("draw", ("draw", "输出 out", "-o", "图.html"), makes="图.html"),
    Job("compare", ("compare", "来 源/通知.txt", "后/2021.txt"), "2021"),
    Job("whatif", ("whatif", "设想.toml", "输出 out", "--format", "md"), "市经济发展局"),
    Job("sheets", ("sheets", "输出 out", "--format", "html", "--unit", "市发改委", "-o", "单 子"), makes="单 子/index.html"),
    Job("export", ("export", "输出 out", "--format", "jsonld", "-o", "图谱.jsonld"), makes="图谱.jsonld"),
    Job("validate", ("validate", "输出 out")),
    Job("Python", ("-c", _PYTHON), "True 1 421000-2021-jzbf-1"),
)
"""What the base install does. The first ones need nothing; those behind ``build`` use what it made."""

EXTRAS = (
    Job("read Excel", ("extract", "表/任务.xlsx"), "市水利局", extra="office"),
    Job("workbook", ("export", "输出 out", "--format", "xlsx", "-o", "表.xlsx"), makes="表.xlsx", extra="office"),
    Job("task sheets", ("sheets", "输出 out", "--unit", "市发改委", "-o", "任务 单"), makes="任务 单/index.html", extra="office"),
    Job("read PDF", ("extract", "表/通知.pdf"), "市水利局", extra="pdf"),
    Job("Parquet", ("export", "输出 out", "--format", "parquet", "-o", "表 格"), makes="表 格/tasks.parquet", extra="parquet"),
    Job("reference", ("validate", "输出 out", "--reference"), extra="shacl"),
    Job("serve", ("serve", "输出 out", "--port", "0"), extra="serve"),
    Job("cluster", ("build", "后", "-o", "群 out", "--cluster", "{cluster}"), makes="群 out/manifest.json", extra="cluster"),
)
"""What an extra adds."""


def prepare(work: Path) -> None:
    """Lay the sources of the jobs into a folder of work."""
    for name in ("来 源", "后", "表"):
        (work / name).mkdir(parents=True, exist_ok=True)
    (work / "来 源" / "通知.txt").write_bytes(SEED.read_bytes())
    (work / "设想.toml").write_bytes(SCENARIO.read_bytes())
    lines = [*_LINES, *_TASKS]
    (work / "后" / "2021.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (work / "表" / "通知.pdf").write_bytes(pdf_bytes(lines))
    (work / "表" / "任务.xlsx").write_bytes(xlsx_bytes(_LINES[0], _TABLE))


def fault(job: Job, installed: Installed) -> str:
    """Do a job; what is wrong with how it ended, empty where nothing is."""
    if job.extra == "serve":
        return serve_fault(job, installed)
    if job.extra == "cluster":
        with cluster(installed) as address:
            return _fault(job, installed, tuple(word.replace("{cluster}", address) for word in job.words))
    return _fault(job, installed, job.words)


def _fault(job: Job, installed: Installed, words: Sequence[str]) -> str:
    done = installed.run(*words)
    if done.returncode:
        return f"exit {done.returncode}: {done.stderr.strip()[-2000:]}"
    if "Warning" in done.stderr:
        return f"a warning: {done.stderr.strip()[-2000:]}"
    if job.shows not in done.stdout:
        return f"does not show {job.shows}: {done.stdout[:2000]}"
    return "" if not job.makes or (installed.work / job.makes).is_file() else f"does not make {job.makes}"


def missing_fault(job: Job, installed: Installed) -> str:
    """Ask for a job whose extra is not installed; what is wrong with the answer: one line, which names the extra, and nothing done."""
    before = set(installed.work.rglob("*"))
    done = installed.run(*(word.replace("{cluster}", "tcp://127.0.0.1:9") for word in job.words))
    said = done.stderr.strip()
    if done.returncode != 2 or len(said.splitlines()) != 1 or f"govresp[{job.extra}]" not in said or done.stdout:
        return f"exit {done.returncode}: {said[-2000:]} {done.stdout[:200]}"
    left = {path.relative_to(installed.work).as_posix() for path in set(installed.work.rglob("*")) - before}
    return f"leaves {sorted(left)}" if left else ""


def serve_fault(job: Job, installed: Installed) -> str:
    """Serve a build, ask for a page and by SPARQL, and end it as Ctrl-C or a service manager does."""
    command = [str(installed.kg), *installed.filled(job.words)]
    environment = installed.environment(PYTHONUNBUFFERED="1")
    pipe = subprocess.PIPE
    with _watched(subprocess.Popen(command, cwd=installed.work, env=environment, stdout=pipe, stderr=pipe, encoding="utf-8")) as process:
        assert process.stdout is not None and process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", first := process.stdout.readline())
        if found is None:
            process.kill()
            return f"says no address: {first} {process.stderr.read()[-2000:]}"
        query = quote("SELECT (COUNT(?t) AS ?n) { ?t a <https://w3id.org/govresp/ns#Task> }")
        page, answer = _asked(found[0], "/"), _asked(found[0], f"/sparql?query={query}")
        process.terminate()
        rest, said = process.communicate(timeout=60)
        if process.returncode not in (0, -15) or "Traceback" in rest + said:
            return f"ends with {process.returncode}: {said[-2000:]}"
    if page[0] != 200 or "<html" not in page[1]:
        return f"no page: {page[0]} {page[1][:300]}"
    return "" if answer[0] == 200 and "114" in answer[1] else f"no answer: {answer[0]} {answer[1][:300]}"


def _asked(url: str, path: str) -> tuple[int, str]:
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=60)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.read().decode("utf-8")
    finally:
        connection.close()


@contextmanager
def cluster(installed: Installed) -> Iterator[str]:
    """A small Dask cluster of the same installation; its address."""
    pipe = subprocess.PIPE
    command = [str(installed.python), "-c", _CLUSTER]
    process = subprocess.Popen(
        command, cwd=installed.work, env=installed.environment(), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, encoding="utf-8"
    )
    with _watched(process):
        assert process.stdout is not None
        yield process.stdout.readline().strip()


@contextmanager
def _watched(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    watch = Timer(LONGEST, process.kill)
    watch.start()
    try:
        yield process
    finally:
        watch.cancel()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def build_files(target: Path, *kinds: str, root: Path = ROOT) -> list[Path]:
    """Build the package from a folder with its sources; the files made, in the order of ``kinds`` (wheel, sdist)."""
    words = [word for kind in kinds for word in ("-t", kind)]
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", *words, "-d", str(target)],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    endings = {"wheel": "*.whl", "sdist": "*.tar.gz"}
    return [next(target.glob(endings[kind])) for kind in kinds]
