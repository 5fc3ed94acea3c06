"""What is read as text, and what is refused with one clear message."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from kg.errors import (
    EmptySourceError,
    FormatError,
    KgError,
    NoNoticesError,
    NotTextError,
    SourceMissingError,
    SourceUnreadableError,
)
from kg.reading import files
from kg.reading.files import read_file, source_files

TEXT = "关于分解任务的通知\r\n1.抓好春耕。(牵头单位:市农业农村局)\n"

ENCODINGS = [
    pytest.param(TEXT.encode("utf-8"), "utf-8", id="utf8"),
    pytest.param(codecs.BOM_UTF8 + TEXT.encode("utf-8"), "utf-8", id="utf8-bom"),
    pytest.param(TEXT.encode("gb18030"), "gb18030", id="gb18030"),
    pytest.param(codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le", id="utf16-le-bom"),
    pytest.param(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be", id="utf16-be-bom"),
    pytest.param(TEXT.encode("utf-16-le"), "utf-16-le", id="utf16-le"),
    pytest.param(TEXT.encode("utf-16-be"), "utf-16-be", id="utf16-be"),
]


@pytest.mark.parametrize(("content", "encoding"), ENCODINGS)
def test_every_usual_encoding_gives_the_same_frozen_text(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes(content)
    source = read_file(path)
    assert (source.text, source.encoding) == (TEXT, encoding)


def test_the_hash_does_not_depend_on_the_encoding(tmp_path: Path) -> None:
    hashes = set()
    for at, row in enumerate(ENCODINGS):
        path = tmp_path / f"{at}.txt"
        path.write_bytes(row.values[0])
        hashes.add(read_file(path).sha256)
    assert len(hashes) == 1


REFUSED = [
    pytest.param("empty.txt", b"", EmptySourceError, id="empty"),
    pytest.param("blank.txt", b" \r\n\t", EmptySourceError, id="blank"),
    pytest.param("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, FormatError, id="a-picture-under-another-name"),
    pytest.param("binary.txt", bytes(range(1, 256)) * 8, NotTextError, id="binary"),
    pytest.param("noughts.txt", bytes(1000), NotTextError, id="only-noughts"),
    pytest.param("control.txt", b"abc\x07\x08def", NotTextError, id="control-characters"),
    pytest.param("broken.txt", "市发改委".encode()[:-1] + b"\xff\xff", NotTextError, id="cut-in-a-character"),
    pytest.param("notice.pptx", b"PK\x03\x04", FormatError, id="a-format-not-read"),
    pytest.param("noending", b"abc", FormatError, id="no-suffix"),
]


@pytest.mark.parametrize(("name", "content", "error"), REFUSED)
def test_what_is_no_text_is_refused(tmp_path: Path, name: str, content: bytes, error: type[KgError]) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        read_file(path)
    assert name in str(caught.value)


def test_a_file_above_the_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.txt"
    path.write_text("x" * 100, encoding="utf-8")
    monkeypatch.setattr(files, "LARGEST", 50)
    with pytest.raises(files.TooLargeError):
        read_file(path)


def test_missing_paths_and_folders_without_notices(tmp_path: Path) -> None:
    with pytest.raises(SourceMissingError):
        source_files([tmp_path / "nowhere"])
    with pytest.raises(SourceMissingError):
        read_file(tmp_path / "nowhere.txt")
    with pytest.raises(NoNoticesError):
        source_files([tmp_path])
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(SourceUnreadableError):
        read_file(tmp_path / "folder.txt")


def test_a_folder_gives_its_texts_in_order_once(tmp_path: Path) -> None:
    for name in ("乙.txt", "甲 1.txt", "sub/丙.TXT", "notes.pptx", "~$乙.docx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    found = source_files([tmp_path, tmp_path / "乙.txt"])
    assert sorted(Path(file.name).name for file in found) == sorted(["乙.txt", "甲 1.txt", "丙.TXT"])
    assert found == source_files([tmp_path])
