"""ZIP archives: names as they were meant, what is left out, and bounds that a hostile file cannot get around."""

from __future__ import annotations

import io
import re
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.errors import KgError, SourceMissingError, SourceUnreadableError
from kg.reading import archive
from kg.reading.archive import (
    ArchiveBombError,
    ArchiveBrokenError,
    ArchiveManyError,
    ArchiveNestedError,
    MemberBrokenError,
    MemberLockedError,
    PackageLockedError,
    PackageOldError,
    open_archive,
    open_package,
    read_member,
)

UTF8, ENCRYPTED = 0x800, 0x1


class Raw(NamedTuple):
    """One file of a ZIP as its bytes are, right or wrong."""

    name: bytes
    content: bytes = b"x"
    flags: int = 0
    packing: int = ZIP_DEFLATED
    size: int | None = None
    """The size that the directory declares; the true one where None."""
    sum: int | None = None


def packed(content: bytes, packing: int) -> bytes:
    if packing == ZIP_STORED:
        return content
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as made:
        made.writestr("a", content)
        info = made.getinfo("a")
    return out.getvalue()[31:][: info.compress_size]


def zipped(*files: Raw) -> bytes:
    """A ZIP of these files, written without zipfile, which would put names and sizes right."""
    body, directory = b"", b""
    for file in files:
        held = packed(file.content, file.packing)
        size = len(file.content) if file.size is None else file.size
        total = zlib.crc32(file.content) if file.sum is None else file.sum
        common = struct.pack("<HHHHHLLLHH", 20, file.flags, file.packing, 0, 0x21, total, len(held), size, len(file.name), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHLL", 0, 0, 0, 0, len(body)) + file.name
        body += b"PK\x03\x04" + common + file.name + held
    end = struct.pack("<HHHHLLH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def written(folder: Path, *files: Raw) -> Path:
    place = folder / "a.zip"
    place.write_bytes(zipped(*files))
    return place


def names(folder: Path, *files: Raw) -> list[str]:
    return [member.name for member in open_archive(written(folder, *files))]


NAMES = {
    "utf8-with-flag": ("通知.docx".encode(), UTF8, "通知.docx", "most programs since 2007"),
    "utf8-without-flag": ("任务分工.docx".encode(), 0, "任务分工.docx", "the archiver of macOS sets no flag"),
    "gbk": ("任务分工.docx".encode("gbk"), 0, "任务分工.docx", "Windows in Chinese, and most archives of offices"),
    "gbk-that-is-utf8": ("通知.docx".encode("gbk"), 0, "通知.docx", "in GBK these two characters are valid UTF-8 (֪ͨ)"),
    "gb18030": ("㐂局.docx".encode("gb18030"), 0, "㐂局.docx", "rare characters have four bytes"),
    "gbk-half-broken": (b"\xcd\xa8\xff.docx", 0, "═¿\xa0.docx", "in no encoding: every byte is some character"),
    "ascii": (b"a b.docx", 0, "a b.docx", "plain"),
    "folders": ("附件/二/a.docx".encode("gbk"), 0, "附件/二/a.docx", "folders stay"),
    "backslashes": ("附件\\a.docx".encode("gbk"), 0, "附件/a.docx", "programs of Windows"),
    "up": (b"../../etc/a.docx", 0, "etc/a.docx", "out of the folder"),
    "up-inside": (b"a/../../b.docx", UTF8, "a/b.docx", "out of the folder from within"),
    "up-backslash": (b"..\\..\\a.docx", 0, "a.docx", "out of the folder on Windows"),
    "root": (b"/etc/passwd.txt", 0, "etc/passwd.txt", "an absolute path"),
    "drive": (b"C:\\a.docx", 0, "a.docx", "a drive"),
    "server": (b"\\\\host\\share\\a.docx", 0, "host/share/a.docx", "a place in the network"),
    "dots": (b"./a//./b.docx", 0, "a/b.docx", "empty parts"),
    "nul": (b"a.docx\x00.txt", 0, "a.docx.txt", "control characters go, what is behind them stays"),
    "line-end": (b"a\n\r\x1b[31m.txt", 0, "a[31m.txt", "a name must not write on the terminal"),
}


@pytest.mark.parametrize("raw, flags, expected, why", NAMES.values(), ids=NAMES)
def test_names_are_read_as_they_were_meant_and_lead_nowhere(tmp_path: Path, raw: bytes, flags: int, expected: str, why: str) -> None:
    assert names(tmp_path, Raw(raw, flags=flags)) == [expected], why


def test_what_zipfile_and_systems_write_is_read(tmp_path: Path) -> None:
    place = tmp_path / "二月.zip"
    with zipfile.ZipFile(place, "w", ZIP_DEFLATED) as made:
        made.writestr("通知/一.txt", "一、修路")
        made.mkdir("空")
    members = list(open_archive(place))
    assert [(member.path, member.size) for member in members] == [(f"{place.as_posix()}/通知/一.txt", len("一、修路".encode()))]
    assert read_member(place, "通知/一.txt").decode() == "一、修路"


LEFT_OUT = [
    "__MACOSX/._a.txt",
    "附件/__MACOSX/a.txt",
    "._a.txt",
    "附件/.DS_Store",
    ".git/config.txt",
    "~$通知.docx",
    "附件/Thumbs.db",
    "desktop.ini",
    "空/",
    "空\\",
    "..",
    "./",
    "",
]


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_no_file_of_the_author_is_left_out(tmp_path: Path, name: str) -> None:
    assert names(tmp_path, Raw(name.encode(), flags=UTF8), Raw(b"b.txt")) == ["b.txt"]


def test_members_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    assert names(tmp_path, Raw(b"b.txt"), Raw(b"a/2.txt"), Raw(b"a/10.txt"), Raw(b"B.txt")) == ["B.txt", "a/10.txt", "a/2.txt", "b.txt"]


def test_of_two_files_of_one_name_the_later_counts(tmp_path: Path) -> None:
    place = written(tmp_path, Raw(b"a.txt", b"old"), Raw(b"./a.txt", b"new"))
    assert [member.read() for member in open_archive(place)] == [b"new"]


def test_an_archive_of_nothing_has_no_members(tmp_path: Path) -> None:
    assert names(tmp_path) == []


REFUSED = {
    "nested": (Raw(b"b.ZIP"), ArchiveNestedError, "an archive inside an archive is not unpacked"),
    "locked": (Raw(b"a.txt", flags=ENCRYPTED), MemberLockedError, "a password"),
    "bomb": (Raw(b"a.txt", bytes(2**24)), ArchiveBombError, "noughts are packed a thousand times"),
    "large": (Raw(b"a.txt", size=2**27), ArchiveBombError, "more than a file beside the archive may have"),
    "sum": (Raw(b"a.txt", sum=7), MemberBrokenError, "damaged on the way"),
    "long": (Raw(b"a.txt", b"x" * 99, size=9), MemberBrokenError, "more than it says"),
    "bzip2": (Raw(b"a.txt", packing=ZIP_BZIP2), MemberBrokenError, "unpacked without a bound by zipfile"),
    "lzma": (Raw(b"a.txt", packing=ZIP_LZMA), MemberBrokenError, "as bzip2"),
}


def told(place: Path) -> dict[str, bytes | KgError]:
    """The content of every member, or why there is none."""
    found: dict[str, bytes | KgError] = {}
    for member in open_archive(place):
        try:
            found[member.name] = member.read()
        except KgError as error:
            found[member.name] = error
    return found


@pytest.mark.parametrize("file, error, why", REFUSED.values(), ids=REFUSED)
def test_a_member_that_cannot_be_read_stops_no_other(tmp_path: Path, file: Raw, error: type[KgError], why: str) -> None:
    place = written(tmp_path, file, Raw(b"z.txt", b"good"))
    found = told(place)
    name, _ = found
    assert isinstance(found[name], error), why
    assert str(found[name]).startswith(f"{place.as_posix()}/{name}")
    assert found["z.txt"] == b"good"


def test_much_of_one_character_is_no_bomb(tmp_path: Path) -> None:
    content = bytes(archive.FREE_OF_RATIO)
    assert told(written(tmp_path, Raw(b"a.txt", content))) == {"a.txt": content}


@pytest.mark.parametrize("packing", [ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA])
def test_a_bomb_that_declares_a_small_size_is_not_unpacked(tmp_path: Path, packing: int) -> None:
    # zipfile unpacks all there is and then cuts it to the declared size.
    held = 2**20
    place = written(tmp_path, Raw(b"a.txt", bytes(2**26), packing=packing, size=held, sum=zlib.crc32(bytes(held))))
    tracemalloc.start()
    try:
        told(place)
        assert tracemalloc.get_traced_memory()[1] < 2**24
    finally:
        tracemalloc.stop()


def test_an_archive_of_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = written(tmp_path, *(Raw(f"{at}.txt".encode()) for at in range(4)))
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    with pytest.raises(ArchiveManyError) as many:
        list(open_archive(place))
    assert many.value.args == (place.as_posix(), 4, 3)
    monkeypatch.setattr(archive, "MOST_MEMBERS", 4)
    monkeypatch.setattr(archive, "LARGEST_TOTAL", 3)
    with pytest.raises(ArchiveBombError):
        list(open_archive(place))


def test_ten_thousand_members_are_read(tmp_path: Path) -> None:
    place = written(tmp_path, *(Raw(f"{at}.txt".encode(), packing=ZIP_STORED) for at in range(archive.MOST_MEMBERS)))
    assert sum(len(member.read()) for member in open_archive(place)) == archive.MOST_MEMBERS


def test_files_that_are_no_archive(tmp_path: Path) -> None:
    good = zipped(Raw(b"a.txt"))
    for content in (b"", b"text", good[:-30], good[: len(good) // 2], good.replace(b"PK\x01\x02", b"PK\x01\x03")):
        (tmp_path / "a.zip").write_bytes(content)
        with pytest.raises(ArchiveBrokenError):
            list(open_archive(tmp_path / "a.zip"))
    with pytest.raises(SourceMissingError):
        list(open_archive(tmp_path / "b.zip"))
    with pytest.raises(SourceUnreadableError):
        list(open_archive(tmp_path))
    with pytest.raises(SourceMissingError, match=r"a\.zip/b\.txt"):
        read_member(written(tmp_path, Raw(b"a.txt")), "b.txt")


def test_a_program_before_an_archive_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"MZ self-extracting" + zipped(Raw(b"a.txt", b"good")))
    assert told(tmp_path / "a.zip") == {"a.txt": b"good"}


GOOD = zipped(Raw(b"a.txt", b"good" * 9), Raw(b"\xcd\xa8\xd6\xaa.docx", packing=ZIP_STORED))
edits = st.lists(st.tuples(st.integers(0, len(GOOD)), st.binary(max_size=4), st.integers(0, 4)), min_size=1, max_size=4)


@given(edits)
@example([(len(GOOD) - 10, b"\xff\xff\xff\xff", 4)])
def test_a_damaged_archive_gives_members_or_an_error_of_ours(
    tmp_path_factory: pytest.TempPathFactory, changed: list[tuple[int, bytes, int]]
) -> None:
    content = GOOD
    for at, put, gone in changed:
        content = content[:at] + put + content[at + gone :]
    place = tmp_path_factory.getbasetemp() / "damaged.zip"
    place.write_bytes(content)
    try:
        found = told(place)
    except KgError:
        return
    for name in found:
        assert not set(name.split("/")) & {"", ".", ".."}
        assert not re.search(r"[\x00-\x1f\\\\]", name)


@given(st.binary(min_size=1, max_size=30), st.sampled_from([0, UTF8]))
def test_any_name_leads_into_the_archive(tmp_path_factory: pytest.TempPathFactory, raw: bytes, flags: int) -> None:
    place = tmp_path_factory.getbasetemp() / "named.zip"
    place.write_bytes(zipped(Raw(raw, flags=flags)))
    try:
        found = [member.name for member in open_archive(place)]
    except ArchiveBrokenError:
        assert flags, "bytes that are said to be UTF-8 and are not"
        return
    assert all(not name.startswith("/") and not set(name.split("/")) & {"", ".", ".."} for name in found)


# Packages: the parts of a DOCX or XLSX.

RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://x/officeDocument" Target="{}"/><Relationship Id="r2" Type="http://x/hyperlink" Target="http://y" '
    'TargetMode="External"/><Relationship Id="r3" Type="http://x/officeDocument" Target="gone.xml"/></Relationships>'
)


def package(**parts: str | bytes) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return io.BytesIO(out.getvalue())


@pytest.mark.parametrize("target", ["word/document.xml", "/word/document.xml", "./word/x/../document.xml", "Word/Document.xml"])
def test_parts_are_found_whatever_way_they_are_pointed_to(target: str) -> None:
    source = package(**{"_rels/.rels": RELATIONS.format(target), "word\\document.xml": "<a><!-- b --><c/></a>"})
    with open_package(source, "a.docx", ArchiveBrokenError) as opened:
        main = opened.first("officeDocument")
        assert main is not None
        root = opened.root(main)
        assert [child.tag for child in root] == ["c"]
        assert "r2" not in opened.related()
        assert opened.first("hyperlink") is None
        assert opened.content("word/styles.xml") is opened.root("word/styles.xml") is None


BAD_PARTS = {
    "entities": ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities could grow"),
    "entities-in-utf-16": (
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"),
        "the same in disguise",
    ),
    "broken": ("<a><b></a>", "no XML"),
    "empty": ("", "no XML"),
}


@pytest.mark.parametrize("content, why", BAD_PARTS.values(), ids=BAD_PARTS)
def test_parts_that_are_broken_or_could_do_harm(content: str | bytes, why: str) -> None:
    with open_package(package(**{"a.xml": content}), "a.docx", MemberBrokenError) as opened, pytest.raises(MemberBrokenError):
        opened.root("a.xml")


def test_a_part_that_grows_is_refused() -> None:
    with open_package(package(**{"a.xml": b"<a>" + bytes(2**24)}), "a.docx", MemberBrokenError) as opened, pytest.raises(ArchiveBombError):
        opened.content("a.xml")


def test_the_strict_namespaces_are_those_in_use() -> None:
    content = '<w:a xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"/>'
    with open_package(package(**{"a.xml": content}), "a.docx", MemberBrokenError) as opened:
        assert opened.root("a.xml").tag == "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}a"


def test_old_locked_and_other_files_are_told_apart(tmp_path: Path) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512)
    cases: list[tuple[bytes, type[KgError]]] = [
        (old, PackageOldError),
        (old + "EncryptedPackage".encode("utf-16-le"), PackageLockedError),
        (b"%PDF-", MemberBrokenError),
        (b"", MemberBrokenError),
    ]
    place = tmp_path / "a.docx"
    for content, error in cases:
        place.write_bytes(content)
        for source in (place, io.BytesIO(content)):
            with pytest.raises(error), open_package(source, "a.docx", MemberBrokenError):
                pass
    for missing, error in ((tmp_path / "b.docx", SourceMissingError), (tmp_path, SourceUnreadableError)):
        with pytest.raises(error), open_package(missing, "b.docx", MemberBrokenError):
            pass
