"""The wheel and the sdist: what is in them, and an installation away from this repository at work, with and without each extra."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Sequence
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import kg
from tools import notice

from .conftest import ROOT
from .package.exposed import closure, expose, site_packages
from .package.jobs import BASE, EXTRAS, Installed, Job, build_files, fault, missing_fault, prepare

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MODULES = {
    "shacl": ("pyshacl",),
    "office": ("openpyxl", "docx"),
    "pdf": ("pdfplumber",),
    "serve": ("starlette", "uvicorn"),
    "parquet": ("pyarrow",),
    "cluster": ("distributed", "dask", "fsspec"),
}
"""What each extra lets one import."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the sdist of the working tree."""
    wheel, sdist = build_files(tmp_path_factory.mktemp("dist"), "wheel", "sdist")
    return wheel, sdist


@pytest.fixture(scope="module")
def members(built: tuple[Path, Path]) -> dict[str, bytes]:
    """The files of the wheel."""
    with zipfile.ZipFile(built[0]) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist()}


@pytest.fixture(scope="module")
def metadata(members: dict[str, bytes]) -> Message:
    """What the wheel says about itself."""
    return message_from_bytes(members[f"govresp-{kg.__version__}.dist-info/METADATA"])


# --- contents ---

CONTENTS = [
    pytest.param("kg/**/*.py", r"kg/.+\.py", id="code"),
    pytest.param("kg/py.typed", r"kg/py\.typed", id="the-mark-of-types"),
    pytest.param("kg/lexicon/*.toml", r"kg/lexicon/[a-z]+\.toml", id="lexicon"),
    pytest.param("kg/register/*.t*", r"kg/register/[\w-]+\.(?:toml|tsv)", id="registers"),
    pytest.param("kg/analysis/*.toml", r"kg/analysis/\w+\.toml", id="calibration"),
    pytest.param("kg/messages/*/*.toml", r"kg/messages/(?:zh|en)/\w+\.toml", id="messages"),
    pytest.param("kg/views/templates/**/*.*", r"kg/views/templates/.+\.(?:css|js|j2|xml)", id="templates-of-views"),
    pytest.param("kg/serve/templates/**/*.*", r"kg/serve/templates/.+\.(?:css|js|j2)", id="templates-of-the-site"),
    pytest.param("ontology/*.ttl", r"kg/ontology/\w+\.ttl", id="ontology"),
    pytest.param("ontology/queries/*.rq", r"kg/ontology/queries/\d\d_[\w-]+\.rq", id="queries"),
    pytest.param("ontology/rules/*.rq", r"kg/ontology/rules/\w+\.rq", id="rules"),
    pytest.param("ontology/examples/*.ttl", r"kg/ontology/examples/[\w-]+\.ttl", id="examples"),
    pytest.param("kg/*/LICENSE.*", r"kg/(?:lexicon|register)/LICENSE\.[a-z-]+", id="licences-of-others"),
    pytest.param("ontology/[A-Z]*", r"kg/ontology/(?:LICENSE|README\.md)", id="what-the-ontology-says-of-itself"),
]
"""Files of the repository by pattern, and how they are named in the wheel."""
OWN = (r"govresp-[\d.]+\.dist-info/(?:METADATA|WHEEL|RECORD|entry_points\.txt)", r"govresp-[\d.]+\.dist-info/licenses/[\w./-]+")


@pytest.mark.parametrize(("pattern", "named"), CONTENTS)
def test_the_wheel_holds_each_file_of_a_kind_byte_for_byte(pattern: str, named: str, members: dict[str, bytes]) -> None:
    sources = [path for path in ROOT.glob(pattern) if path.is_file() and "__pycache__" not in path.parts]
    wanted = {re.sub(r"^ontology/", "kg/ontology/", path.relative_to(ROOT).as_posix()): path.read_bytes() for path in sources}
    assert wanted
    assert {name: content for name, content in members.items() if re.fullmatch(named, name)} == wanted


def test_the_wheel_holds_nothing_else(members: dict[str, bytes]) -> None:
    known = [*(row.values[1] for row in CONTENTS), *OWN]
    assert [name for name in members if not any(re.fullmatch(str(named), name) for named in known)] == []


def test_the_sdist_builds_the_same_wheel(built: tuple[Path, Path], members: dict[str, bytes], tmp_path: Path) -> None:
    with tarfile.open(built[1]) as sdist:
        sdist.extractall(tmp_path, filter="data")
    (root,) = tmp_path.iterdir()
    (again,) = build_files(tmp_path / "dist", "wheel", root=root)
    with zipfile.ZipFile(again) as wheel:
        assert {name: wheel.read(name) for name in wheel.namelist()} == members


def test_the_sdist_holds_what_its_own_make_and_tests_need(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[1]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    known = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    if known.returncode:
        pytest.skip("not a clone")
    there = {name for name in known.stdout.splitlines() if (ROOT / name).exists()}
    assert {name for name in there - names if not name.startswith(".ci/")} == set(), "only what CI runs stays behind"
    # A folder is named too, and what the archive says about itself.
    assert {name for name in names - there if not any(other.startswith(f"{name}/") for other in names)} - {"", "PKG-INFO"} == set()


def test_two_builds_give_the_same_bytes(built: tuple[Path, Path], tmp_path: Path) -> None:
    assert [path.read_bytes() for path in build_files(tmp_path, "wheel", "sdist")] == [path.read_bytes() for path in built]


def test_neither_names_a_path_of_a_machine(built: tuple[Path, Path], members: dict[str, bytes]) -> None:
    places = {str(ROOT), str(Path.home()), str(built[0].parent), sys.prefix} - {"/"}
    banned = re.compile(rb"(?<![\w.])/(?:root|home/\w+|Users/\w+)/|" + b"|".join(re.escape(place.encode()) for place in sorted(places)))
    assert [name for name, content in members.items() if banned.search(content)] == []
    with tarfile.open(built[1]) as sdist:
        packed = {member.name: sdist.extractfile(member) for member in sdist.getmembers() if member.isfile()}
        named = [name for name, file in packed.items() if file and banned.search(file.read())]
    assert named == []


# --- metadata ---


def test_the_wheel_says_who_it_is(metadata: Message) -> None:
    assert metadata["Name"] == PROJECT["name"]
    assert metadata["Version"] == PROJECT["version"] == kg.__version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "Apache-2.0 AND CC-BY-4.0 AND MIT AND Unicode-3.0"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert str(metadata.get_payload()).startswith("#")


def test_the_licences_named_are_in_the_wheel(metadata: Message, members: dict[str, bytes]) -> None:
    held = metadata.get_all("License-File") or []
    named = {path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("kg/**/LICENSE*"), *ROOT.glob("ontology/LICENSE*")]}
    assert set(held) == {"LICENSE", "NOTICE", *named}
    for name in held:
        assert members[f"govresp-{kg.__version__}.dist-info/licenses/{name}"] == (ROOT / name).read_bytes()


def test_all_means_every_extra(metadata: Message) -> None:
    extras = dict(PROJECT["optional-dependencies"])
    everything = extras.pop("all")
    assert sorted(everything) == sorted(row for rows in extras.values() for row in rows)
    assert set(metadata.get_all("Provides-Extra") or []) == {*extras, "all"}
    assert set(MODULES) == set(extras), "each extra is tried below"


def test_every_extra_has_a_job(metadata: Message) -> None:
    assert {job.extra for job in EXTRAS} == set(MODULES)


# --- where the data come from ---

TABLES = r"kg/.+\.(?:toml|tsv|ttl)"


def test_every_row_of_data_in_the_wheel_has_a_licence_and_a_source(members: dict[str, bytes], metadata: Message) -> None:
    allowed = set(str(metadata["License-Expression"]).split(" AND "))
    data = {name: content.decode("utf-8") for name, content in members.items() if re.fullmatch(TABLES, name) and "/messages/" not in name}
    assert len(data) == len(notice.data_files()), "each of them stands in NOTICE"
    unlicensed = {
        name for name, text in data.items() if not notice.licence(text) or not set(notice.licence(text).split(" AND ")) <= allowed
    }
    assert unlicensed == set()
    assert {name: places for name, text in data.items() if (places := notice.without_source(name, text))} == {}


def test_everything_else_in_the_wheel_is_code_or_words_or_has_its_licence_beside_it(members: dict[str, bytes]) -> None:
    # Messages are words of this project; queries and rules stand below the licence of the ontology.
    rest = [name for name in members if name.startswith("kg/") and not re.fullmatch(TABLES, name)]
    ours = re.compile(r"kg/(?!ontology/).+\.(?:py|typed|css|js|j2|xml)|kg/ontology/.+\.(?:rq|md)|kg/(?:\w+/)?LICENSE.*")
    assert [name for name in rest if not ours.fullmatch(name)] == []
    assert "kg/ontology/LICENSE" in members


SOURCELESS = [
    pytest.param("a.toml", '[[row]]\nname = "x"\n', ["row 1"], id="a-row"),
    pytest.param("a.toml", '[one]\nsource = "s"\nname = "x"\n[two]\nname = "y"\n', ["two"], id="a-table-beside-one-that-has"),
    pytest.param("a.toml", 'name = "x"\n[one]\nsource = "s"\n', ["name"], id="a-value-at-the-top"),
    pytest.param("a.toml", 'source = " "\nname = "x"\n', ["source"], id="a-blank-is-none"),
    pytest.param("a.toml", 'source = "s"\n[[row]]\nname = "x"\n', [], id="one-for-the-whole-file"),
    pytest.param("a.tsv", "# k\n#   a  the list\ncode\tsource\n1\ta\n2\t\n", ["line 5"], id="no-key"),
    pytest.param("a.tsv", "#   aY-N  the list\ncode\tsource\n1\ta2010-5~\n2\ta b\n", ["line 4"], id="a-key-that-is-not-explained"),
    pytest.param("a.tsv", "#   a  the list\ncode\tname\tsource\n1\ta\n", ["line 3"], id="a-short-row"),
    pytest.param("a.ttl", "@prefix a: <b> .\n", ["file"], id="triples"),
]


@pytest.mark.parametrize(("name", "text", "places"), SOURCELESS)
def test_a_row_without_source_is_found(name: str, text: str, places: list[str]) -> None:
    assert notice.without_source(name, text) == places


# --- an installation ---


def needed(metadata: Message, extra: str = "") -> list[str]:
    """What the wheel asks for, for the base install or for one extra alone."""
    found = []
    for text in metadata.get_all("Requires-Dist") or []:
        wanted = Requirement(text)
        asks = bool(wanted.marker and "extra" in str(wanted.marker))
        if asks == bool(extra) and (not extra or wanted.marker and wanted.marker.evaluate({"extra": extra})):
            wanted.marker = None
            found.append(str(wanted))
    return found


@pytest.fixture(scope="module")
def installed(built: tuple[Path, Path], metadata: Message, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in an environment of its own with what it needs and no more, in folders with blanks and Chinese in their names."""
    folder = tmp_path_factory.mktemp("安 装")
    venv.create(folder / "环 境", symlinks=sys.platform != "win32", with_pip=False)
    python = folder / "环 境" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    expose(closure(needed(metadata)), site_packages(python))
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps", "--no-compile"]
    done = subprocess.run([*command, str(built[0])], cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    work = folder / "别 处"
    prepare(work)
    return Installed(python, work)


@pytest.fixture(scope="module")
def worked(installed: Installed) -> Installed:
    """The same, with a build in its folder of work."""
    (build,) = (job for job in BASE if job.name == "build")
    assert fault(build, installed) == ""
    return installed


def with_extra(extra: str, installed: Installed, metadata: Message, folder: Path) -> Installed:
    """The installation, with the libraries of one extra in reach and no other's."""
    expose(closure(needed(metadata, extra)), folder)
    return Installed(installed.python, installed.work, folder)


def ids(jobs: Sequence[Job]) -> list[str]:
    return [job.name.replace(" ", "-") for job in jobs]


def test_the_code_at_work_is_the_installed_one(installed: Installed) -> None:
    script = "import kg, sys; print(kg.__file__); from importlib.metadata import version; print(version('govresp'))"
    done = subprocess.run(
        [installed.python, "-c", script], cwd=installed.work, env=installed.environment(), capture_output=True, encoding="utf-8", check=True
    )
    place, version = done.stdout.splitlines()
    assert Path(place).is_relative_to(site_packages(installed.python))
    assert version == kg.__version__


@pytest.mark.parametrize("job", BASE, ids=ids(BASE))
def test_the_base_install_works_from_another_folder(job: Job, worked: Installed) -> None:
    assert fault(job, worked) == ""


@pytest.mark.parametrize("extra", MODULES)
def test_the_base_install_has_no_library_of_an_extra(extra: str, installed: Installed) -> None:
    script = f"from importlib.util import find_spec; print([name for name in {MODULES[extra]!r} if find_spec(name)])"
    done = subprocess.run(
        [installed.python, "-c", script], cwd=installed.work, env=installed.environment(), capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("job", EXTRAS, ids=ids(EXTRAS))
def test_a_missing_extra_is_named_in_one_line(job: Job, worked: Installed) -> None:
    assert missing_fault(job, worked) == ""


LATE = [job for job in EXTRAS if job.words[0] != "extract"]


@pytest.mark.parametrize("job", LATE, ids=ids(LATE))
def test_a_missing_extra_is_told_before_anything_is_read(job: Job, installed: Installed) -> None:
    words = ["没有" if word in ("输出 out", "后") else word for word in job.words]
    done = installed.run(*(word.replace("{cluster}", "tcp://127.0.0.1:9") for word in words))
    assert f"govresp[{job.extra}]" in done.stderr


@pytest.mark.parametrize("job", EXTRAS, ids=ids(EXTRAS))
def test_an_extra_alone_is_enough_for_its_job(job: Job, worked: Installed, metadata: Message, tmp_path: Path) -> None:
    assert fault(job, with_extra(job.extra, worked, metadata, tmp_path / "extra")) == ""
