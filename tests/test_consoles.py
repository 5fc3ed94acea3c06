"""Consoles that cannot print every sign, and names of files that no console can print: the command says the rest all the same."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.cli import cli
from kg.console import BAD_INPUT, DONE, FINDINGS, run
from kg.messages import use_language
from kg.reading.source import shown_path

from .conftest import ROOT

SIGNS = "😀𠮷ő"
"""Signs that GBK does not have: beyond the first plane, a rare character of a name, a letter of Europe."""
NOTICE = f"""荆州市人民政府办公室关于分解2021年重点工作{SIGNS}的通知
荆政办发〔2021〕1号
2021年2月1日
一、重点工作{SIGNS}
1.修路7公里{SIGNS}。（牵头单位：市发改委；责任单位：市𠮷田局、市水利局）
2.修桥。（牵头单位：市𠮷田局；责任单位：市财政局、市教育局）
3.种树{SIGNS}。（责任单位：市林业局等单位）
"""
ENCODINGS = ("utf-8", "gbk", "gb2312", "ascii")


@dataclass(frozen=True, slots=True)
class Printed:
    """What a run of the command leaves on a console, as bytes."""

    status: int
    out: bytes
    err: bytes


def kg(*words: str, cwd: Path, encoding: str = "utf-8", errors: str = "strict") -> Printed:
    """What the command prints on streams of this encoding; in this process, as a process of its own takes a second."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=errors) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setenv("KG_LANG", "zh")
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        try:
            status = run(cli, words)
        finally:
            use_language(None)
        out.flush()
        err.flush()
    return Printed(status, out.buffer.getvalue(), err.buffer.getvalue())  # type: ignore[attr-defined]  # a BytesIO


def real_kg(*words: str, cwd: Path, **environment: str) -> Printed:
    """The same in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONUTF8", "PYTHONIOENCODING", "KG_LANG"}}
    env = {**kept, "PYTHONPATH": str(ROOT), "KG_LANG": "zh", **environment}
    done = subprocess.run([sys.executable, "-m", "kg", *words], cwd=cwd, env=env, capture_output=True, timeout=120, check=False)
    return Printed(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a notice and its build, all with signs in their names that GBK does not have, and blanks."""
    place = tmp_path_factory.mktemp("有 空格") / f"文件 夹{SIGNS}"
    place.mkdir()
    (place / f"通 知{SIGNS}.txt").write_text(NOTICE, encoding="utf-8")
    (place / f"后{SIGNS}.txt").write_text(NOTICE.replace("2021", "2022").replace("市林业局等单位", "市林业局"), encoding="utf-8")
    (place / "设想.toml").write_text(
        f'title = "合并{SIGNS}"\n[[step]]\ndo = "merge"\nunits = ["市𠮷田局", "市水利局"]\ninto = "市𠮷田局"\nwhy = "{SIGNS}"\n',
        encoding="utf-8",
    )
    done = real_kg("build", f"通 知{SIGNS}.txt", "-o", f"输 出{SIGNS}", cwd=place, PYTHONIOENCODING="gbk", PYTHONUTF8="0")
    assert done.status == DONE, done.err.decode("gbk")
    # All that the build says is there, the names with question marks for what the console has no sign for.
    assert f"输 出???{os.sep}page.html" in done.err.decode("gbk")
    return place


COMMANDS = [
    pytest.param(("--help",), id="help"),
    pytest.param(("build", "--help"), id="help-of-a-command"),
    pytest.param(("extract", "{notice}", "--format", "json"), id="extract-json"),
    pytest.param(("extract", "{notice}", "--format", "table"), id="extract-table"),
    pytest.param(("extract", "{notice}", "--format", "csv"), id="extract-csv"),
    pytest.param(("extract", "{notice}", "--explain", "1"), id="explain"),
    pytest.param(("lint", "{notice}"), id="lint"),
    pytest.param(("lint", "{notice}", "--format", "html"), id="lint-html"),
    pytest.param(("lint", "{notice}", "--format", "sarif"), id="lint-sarif"),
    pytest.param(("units", "{notice}"), id="units"),
    pytest.param(("units", "{notice}", "--explain", "市𠮷田局"), id="units-explain"),
    pytest.param(("query", "load", "--graph", "{out}"), id="query-table"),
    pytest.param(("query", "load", "--graph", "{out}", "--format", "csv"), id="query-csv"),
    pytest.param(("query", "--list"), id="questions"),
    pytest.param(("report", "{out}", "--format", "md"), id="report"),
    pytest.param(("compare", "{notice}", "{later}"), id="compare"),
    pytest.param(("whatif", "设想.toml", "{out}"), id="whatif"),
    pytest.param(("export", "{out}", "--format", "csv"), id="export-csv"),
    pytest.param(("export", "{out}", "--format", "ttl"), id="export-turtle"),
    pytest.param(("validate", "{out}"), id="validate"),
    pytest.param(("lint", "没有😀.txt"), id="a-file-that-is-not-there"),
    pytest.param(("query", "没有😀", "--graph", "{out}"), id="a-question-that-is-not-there"),
    pytest.param(("query", "SELECT 😀", "--graph", "{out}"), id="sparql-that-does-not-parse"),
    pytest.param(("query", "tasks-of-unit", "-p", "unit=市😀局", "--graph", "{out}"), id="a-unit-that-is-not-there"),
    pytest.param(("😀",), id="a-command-that-is-not-there"),
    pytest.param(("lint", "--😀", "{notice}"), id="an-option-that-is-not-there"),
]


@pytest.mark.parametrize("words", COMMANDS)
def test_a_console_in_gbk_gets_all_but_the_signs_that_it_has_not(words: tuple[str, ...], folder: Path) -> None:
    check(words, "gbk", folder)


@pytest.mark.parametrize("encoding", ["gb2312", "ascii"])
@pytest.mark.parametrize("words", [COMMANDS[at] for at in (0, 3, 6, 20)])
def test_so_does_any_narrower_console(words: tuple[str, ...], encoding: str, folder: Path) -> None:
    check(words, encoding, folder)


def test_a_real_console_in_gbk_gets_the_same(folder: Path) -> None:
    words = ("query", "load", "--graph", f"输 出{SIGNS}")
    assert real_kg(*words, cwd=folder, PYTHONIOENCODING="gbk") == kg(*words, cwd=folder, encoding="gbk")


def check(words: tuple[str, ...], encoding: str, folder: Path) -> None:
    """The same output as that of a wide console, sign by sign, and the same end."""
    paths = {"{notice}": f"通 知{SIGNS}.txt", "{later}": f"后{SIGNS}.txt", "{out}": f"输 出{SIGNS}"}
    asked = [paths.get(word, word) for word in words]
    wide, narrow = kg(*asked, cwd=folder), kg(*asked, cwd=folder, encoding=encoding)
    assert narrow.status == wide.status
    # Click gives a console that says it knows no more than ASCII, which is mostly a setting that is missing, UTF-8.
    expected = "utf-8" if encoding == "ascii" else encoding
    for got, whole in ((narrow.out, wide.out), (narrow.err, wide.err)):
        assert got == whole.decode("utf-8").encode(expected, "replace")
    assert narrow.out or narrow.err


def test_a_file_is_written_whole_whatever_the_console_can_print(folder: Path, tmp_path: Path) -> None:
    for encoding in ENCODINGS:
        done = kg("report", f"输 出{SIGNS}", "--format", "md", "-o", str(tmp_path / encoding / "r.md"), cwd=folder, encoding=encoding)
        assert done.status == DONE, done.err
    (text,) = {(tmp_path / encoding / "r.md").read_text(encoding="utf-8") for encoding in ENCODINGS}
    assert "市𠮷田局" in text


# --- names of files ---

NAMED = [
    pytest.param("工作通知.txt".encode("gbk"), "工作通知.txt", id="gbk-as-windows-packs-it"),
    pytest.param("𠮷.txt".encode("gb18030"), "𠮷.txt", id="gb18030"),
    pytest.param("工作 通知.txt".encode(), "工作 通知.txt", id="utf-8-with-a-blank"),
    pytest.param(b"a\xff\xfe.txt", "a%FF%FE.txt", id="no-text"),
    pytest.param(b"a%\xff.txt", "a%25%FF.txt", id="no-text-with-a-percent-sign"),
]


def made(folder: Path, name: bytes) -> Path:
    """A notice under a name of bytes, where the file system has such names."""
    path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
    try:
        path.write_text(NOTICE, encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("no such names here")
    return path


@pytest.mark.parametrize(("name", "shown"), NAMED)
def test_a_name_in_whatever_encoding_is_shown_as_text(name: bytes, shown: str, tmp_path: Path) -> None:
    assert shown_path(made(tmp_path, name)) == f"{tmp_path.as_posix()}/{shown}"


def test_two_files_never_share_a_name(tmp_path: Path) -> None:
    paths = [made(tmp_path, "工作.txt".encode("gbk")), made(tmp_path, "工作.txt".encode())]
    assert len({shown_path(path) for path in paths}) == 2


@pytest.mark.parametrize(
    "words", [("lint",), ("lint", "--format", "json"), ("lint", "--format", "sarif"), ("extract",), ("units",)], ids=" ".join
)
def test_a_file_named_in_gbk_is_read_and_named(words: tuple[str, ...], tmp_path: Path) -> None:
    made(tmp_path, "工作通知.txt".encode("gbk"))
    done = kg(*words, ".", cwd=tmp_path)
    assert done.status in (DONE, FINDINGS), done.err
    assert "工作通知.txt" in done.out.decode("utf-8") or "市𠮷田局" in done.out.decode("utf-8")


def test_a_folder_of_files_named_in_gbk_is_built(tmp_path: Path) -> None:
    made(tmp_path, "工作通知.txt".encode("gbk"))
    made(tmp_path, "工作通知.txt".encode())
    (tmp_path / "后.txt").write_text(NOTICE.replace("2021", "2022"), encoding="utf-8")
    first = real_kg("build", ".", "-o", "out", cwd=tmp_path, PYTHONIOENCODING="utf-8:strict")
    assert first.status == DONE, first.err.decode("utf-8")
    rows = kg("query", "notices", "--graph", "out", "--format", "csv", cwd=tmp_path).out.decode("utf-8").splitlines()
    assert len(rows) == 3, rows


def test_bytes_that_are_no_text_are_said_without_a_traceback(tmp_path: Path) -> None:
    done = kg("lint", os.fsdecode(b"\xb9\xa4.txt"), cwd=tmp_path)
    assert done.status == BAD_INPUT
    assert "??.txt" in done.err.decode("utf-8")


LONG = "长" * 100
PLACES = [
    pytest.param(("lint", LONG), id="a-notice"),
    pytest.param(("build", LONG, "-o", "o"), id="a-source"),
    pytest.param(("query", "load", "--graph", LONG), id="a-graph"),
    pytest.param(("lint", "n.txt", "--lexicon", LONG), id="a-lexicon"),
    pytest.param(("build", "n.txt", "-o", LONG), id="an-output"),
    pytest.param(("lint", "n.txt", "--format", "html", "-o", LONG), id="a-file-to-write"),
    pytest.param(("compare", "n.txt", LONG), id="a-side"),
    pytest.param(("serve", LONG), id="a-folder-to-serve"),
]


@pytest.mark.parametrize("words", PLACES)
def test_a_name_too_long_for_the_system_is_told_by_name(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_text(NOTICE, encoding="utf-8")
    done = kg(*words, cwd=tmp_path)
    said = done.err.decode("utf-8")
    assert done.status == BAD_INPUT
    assert len(said.splitlines()) == 1 and LONG in said, said
    assert {path.name for path in tmp_path.iterdir()} <= {"n.txt", "o"}
