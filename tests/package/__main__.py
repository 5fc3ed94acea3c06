"""``python -m tests.package``: the wheel in a clean environment of every Python of this machine, at work with and without each extra.

Builds sdist and wheel into ``dist/``. Dependencies come from wherever pip is set up to look, at the versions that ``requirements-dev.lock``
pins. Other Pythons than those on the path: ``PYTHONS="/opt/a/bin/python /opt/b/bin/python"``. Ends with 1 if anything fails.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

from packaging.specifiers import SpecifierSet

from tests.package.jobs import BASE, EXTRAS, ROOT, Installed, build_files, fault, missing_fault, prepare

LOCK = ROOT / "requirements-dev.lock"
_ASK = "import sys, venv, ensurepip; print('.'.join(map(str, sys.version_info[:3])), sys.implementation.name)"


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one Python: a word for each column of the table, and the faults."""

    columns: dict[str, str]
    faults: tuple[str, ...]


def pythons(allowed: SpecifierSet) -> dict[str, Path]:
    """By version: the Pythons of this machine that run, can make an environment and are new enough; one of each minor version, and all named."""
    found: dict[str, Path] = {}
    named = [Path(word) for word in os.environ.get("PYTHONS", "").split()]
    minors = set()
    for path in [*named, *_on_the_path(), Path(sys.executable)]:
        done = subprocess.run([path, "-c", _ASK], capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            continue
        version, kind = done.stdout.split()
        minor = (version.rpartition(".")[0], kind)
        if version in allowed and (path in named or minor not in minors):
            minors.add(minor)
            found.setdefault(version, path)
    return dict(sorted(found.items(), key=lambda item: [int(part) for part in item[0].split(".")]))


def _on_the_path() -> Iterator[Path]:
    # python3.11, python3.12 … wherever the path leads, then those that pyenv keeps: its commands on the path run the chosen ones only.
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    if root := os.environ.get("PYENV_ROOT") or (str(Path.home() / ".pyenv") if shutil.which("pyenv") else ""):
        folders += sorted(Path(root).glob("versions/*/bin"))
    for folder in folders:
        if folder.is_dir():
            yield from sorted(path for path in folder.iterdir() if re.fullmatch(r"python3\.\d+(?:\.exe)?", path.name))


def constraints(target: Path) -> Path:
    """The versions that the lock file pins, as a file of constraints without hashes: the wheel itself has none."""
    pinned = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==[^\s\\;]+", LOCK.read_text(encoding="utf-8"), re.M)
    # A constraint names no extras.
    target.write_text("".join(re.sub(r"\[.*?\]", "", line) + "\n" for line in pinned), encoding="utf-8")
    return target


def tried(python: Path, wheel: Path, folder: Path) -> Tried:
    """Install the wheel for one Python and do every job."""
    environment = folder / "环 境"
    subprocess.run([python, "-m", "venv", environment], check=True)
    own = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pins = constraints(folder / "constraints.txt")
    if wrong := _pip(own, "-c", str(pins), str(wheel)):
        return Tried({"install": "no"}, (f"install: {wrong}",))
    megabytes = sum(path.lstat().st_size for path in environment.rglob("*") if path.is_file()) >> 20
    installed = Installed(own, folder / "别 处")
    prepare(installed.work)
    columns, faults = {"install": f"{megabytes} MB"}, []
    for column, jobs, ask in (("base", BASE, fault), ("extra missing", EXTRAS, missing_fault)):
        wrong_ones = [f"{column}, {job.name}: {said}" for job in jobs if (said := ask(job, installed))]
        columns[column] = f"{len(jobs) - len(wrong_ones)}/{len(jobs)}"
        faults += wrong_ones
    for extra in dict.fromkeys(job.extra for job in EXTRAS):
        jobs = tuple(job for job in EXTRAS if job.extra == extra)
        target = folder / extra
        wrong = _pip(own, "-c", str(pins), "--target", str(target), *_asked_for(wheel, extra))
        beside = Installed(own, installed.work, target)
        wrong_ones = [wrong] if wrong else [f"{job.name}: {said}" for job in jobs if (said := fault(job, beside))]
        columns[extra] = "no" if wrong else f"{len(jobs) - len(wrong_ones)}/{len(jobs)}"
        faults += [f"{extra}, {said}" for said in wrong_ones]
    return Tried(columns, tuple(faults))


def _pip(python: Path, *words: str) -> str:
    # What pip says where it fails.
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return done.stderr.strip()[-2000:] if done.returncode else ""


def _asked_for(wheel: Path, extra: str) -> list[str]:
    # What one extra asks for, without what the base install asks for.
    with zipfile.ZipFile(wheel) as packed:
        (name,) = (name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
        rows = message_from_bytes(packed.read(name)).get_all("Requires-Dist") or []
    return [text.partition(";")[0].strip() for text in rows if re.search(rf"extra == ['\"]{extra}['\"]", text)]


def main() -> int:
    """Build, try every Python, print one table and what failed."""
    wheel, sdist = build_files(ROOT / "dist", "wheel", "sdist")
    print(f"{wheel.name}: {wheel.stat().st_size >> 10} KB; {sdist.name}: {sdist.stat().st_size >> 10} KB", flush=True)
    with zipfile.ZipFile(wheel) as packed:
        (name,) = (name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
        allowed = SpecifierSet(message_from_bytes(packed.read(name))["Requires-Python"])
    rows: dict[str, Tried] = {}
    for version, python in pythons(allowed).items():
        with tempfile.TemporaryDirectory(prefix="轮 子 ") as folder:
            rows[version] = tried(python, wheel, Path(folder))
        print(f"Python {version} done", file=sys.stderr, flush=True)
    columns = ["install", "base", "extra missing", *dict.fromkeys(job.extra for job in EXTRAS)]
    print("| Python | " + " | ".join(columns) + " |\n|---|" + "---|" * len(columns))
    for version, row in rows.items():
        print(f"| {version} | " + " | ".join(row.columns.get(column, "") for column in columns) + " |")
    for version, row in rows.items():
        for said in row.faults:
            print(f"{version}: {said}")
    return int(not rows or any(row.faults for row in rows.values()))


if __name__ == "__main__":
    sys.exit(main())
