"""Old office formats: which format a file really has, and what LibreOffice makes of it, within bounds."""

from __future__ import annotations

import ast
import http.server
import io
import os
import re
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import TooLargeError
from kg.messages import LANGUAGES, catalogue
from kg.reading import convert
from kg.reading.convert import CONVERTED, ConversionError, ConverterMissingError, find_office, to_open_xml, true_suffix
from kg.reading.word import read_word

OFFICE = find_office()
LINES = ["一、加快工业强市建设。（牵头单位：市经信局；责任单位：市财政局）", "二、推进乡村振兴。"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

needs_office = pytest.mark.skipif(
    OFFICE is None and os.environ.get("CI") != "true", reason="LibreOffice (Writer and Calc) is not installed: nothing can be converted"
)


def packed(*parts: str, first: str = "") -> bytes:
    """A ZIP of these parts; ``first`` is the content of a part called mimetype."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for part in parts:
            archive.writestr(part, "x" * 200)
    return out.getvalue()


def ole(*streams: str) -> bytes:
    """The beginning of an OLE file and its directory."""
    entries = [name.encode("utf-16-le") for name in streams]
    return OLE.ljust(512, b"\x00") + b"".join(
        name.ljust(64, b"\x00") + (len(name) + 2).to_bytes(2, "little") + bytes(62) for name in entries
    )


def document() -> bytes:
    made, out = docx.Document(), io.BytesIO()
    for line in LINES:
        made.add_paragraph(line)
    grid = made.add_table(rows=2, cols=2)
    for at, text in enumerate(["任务", "牵头单位", "修路", "市交通局"]):
        grid.cell(at // 2, at % 2).text = text
    made.add_paragraph("附件")
    made.save(out)
    return out.getvalue()


def rich_text() -> bytes:
    def coded(text: str) -> str:
        return "".join(f"\\u{ord(character)} " for character in text)

    row = "\\trowd\\cellx2000\\cellx4000\\intbl {}\\cell {}\\cell\\row"
    table = row.format(coded("任务"), coded("牵头单位")) + row.format(coded("修路"), coded("市交通局"))
    return (
        "{\\rtf1\\ansi\\uc0 " + "".join(coded(line) + "\\par " for line in LINES) + table + "\\pard " + coded("附件") + "\\par}"
    ).encode()


def workbook() -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.active.append(["任务", "牵头单位"])
    made.active.append(["修路", "市交通局"])
    made.save(out)
    return out.getvalue()


# Which format a file has.

PACKAGE = "[Content_Types].xml"
HTML = "<html><head><meta charset=gbk></head><table><tr><td>修路</td></tr></table>"
KINDS = {
    "docx": (packed(PACKAGE, "word/document.xml"), ".doc", ".docx", "new Word under the old name"),
    "xlsx": (packed(PACKAGE, "xl/workbook.xml"), ".doc", ".xlsx", "a table called a text"),
    "docx-backslash": (packed(PACKAGE, "word\\document.xml"), ".wps", ".docx", "packed by a program of Windows"),
    "docx-cut-off": (packed(PACKAGE, "word/document.xml")[:-40], ".doc", ".docx", "the reader of Word files says that it is broken"),
    "pptx": (packed(PACKAGE, "ppt/presentation.xml"), ".doc", ".pptx", "not read; the message names it"),
    "ofd": (packed("OFD.xml", "Doc_0/Document.xml"), ".pdf", ".ofd", "the Chinese counterpart of PDF"),
    "odt": (packed("content.xml", first="application/vnd.oasis.opendocument.text"), ".docx", ".odt", "OpenDocument"),
    "ods": (packed("content.xml", first="application/vnd.oasis.opendocument.spreadsheet"), ".et", ".ods", "OpenDocument"),
    "zip": (packed("word/通知.docx", "二.docx"), ".docx", ".zip", "files in a folder that is called word"),
    "zip-of-documents": (packed("一.docx"), ".zip", ".zip", "as said"),
    "empty-zip": (packed(), ".zip", ".zip", "as said"),
    "pdf": (b"\r\n%PDF-1.4\n", ".doc", ".pdf", "a blank line before the mark"),
    "pdf-behind-junk": (b"HTTP/1.1\r\n\r\n%PDF-1.4\n", ".pdf", ".pdf", "readers look for the mark in the first kilobyte"),
    "rtf": (b"{\\rtf1\\ansi}", ".doc", ".rtf", "Word saves RTF under .doc"),
    "rar": (b"Rar!\x1a\x07\x00", ".zip", ".rar", "an archive of another kind"),
    "picture": (b"\xff\xd8\xff\xe0\x00", ".pdf", ".jpg", "a scan that was renamed"),
    "doc": (ole("Root Entry", "WordDocument"), ".doc", ".doc", "as said"),
    "wps": (ole("Root Entry", "WordDocument"), ".wps", ".wps", "WPS writes what Word writes"),
    "doc-as-docx": (ole("Root Entry", "WordDocument"), ".docx", ".doc", "old Word under the new name"),
    "xls-as-doc": (ole("Root Entry", "Workbook"), ".doc", ".xls", "a table called a text"),
    "xls-of-1995": (ole("Root Entry", "Book"), ".txt", ".xls", "Excel 95"),
    "table-in-a-text": (ole("WordDocument", "ObjectPool", "Workbook"), ".doc", ".doc", "an object does not make it a table"),
    "text-in-a-table": (ole("Workbook", "WordDocument"), ".et", ".et", "nor the other way round"),
    "word-of-bookmarks": (ole("WordDocument") + "Book Title".encode("utf-16-le"), ".xlsx", ".doc", "a style is no part"),
    "locked-docx": (ole("EncryptedPackage", "EncryptionInfo"), ".docx", ".docx", "its reader says that it is locked"),
    "locked-xlsx": (ole("EncryptedPackage", "EncryptionInfo"), ".xls", ".xlsx", "as above"),
    "ole-of-others": (ole("Root Entry", "CONTENTS"), ".wps", ".wps", "Microsoft Works"),
    "html": (HTML.encode("gbk"), ".doc", ".html", "web systems name pages .doc"),
    "html-as-xls": (b"\xef\xbb\xbf\n<!-- x --><!DOCTYPE html>", ".xls", ".html", "and tables .xls"),
    "html-in-utf-16": (HTML.encode("utf-16"), ".docx", ".html", "with its mark"),
    "html-as-txt": (HTML.encode(), ".txt", ".html", "a page saved as text"),
    "xhtml": (b'<?xml version="1.0"?>\n<!DOCTYPE html><html>', ".doc", ".html", "XHTML"),
    "markdown-with-html": (b"<div align=center>\n\n# A", ".md", ".md", "HTML is a part of Markdown"),
    "page": (b"plain", ".htm", ".htm", "the reader of pages copes"),
    "word-xml": (b'<?xml version="1.0"?>\r\n<?mso-application progid="Word.Document"?>', ".doc", ".doc", "Word 2003 XML"),
    "excel-xml": (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', ".doc", ".xls", "Excel 2003 XML"),
    "mht": (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related",
        ".doc",
        ".mht",
        "a page with its pictures, as some web systems and Word write them",
    ),
    "text": ("一、修路".encode("gbk"), ".doc", ".txt", "plain text"),
    "text-cut": (("一、修路" * 1000).encode(), ".docx", ".txt", "the piece that is looked at ends within a character"),
    "text-table": ("任务\t单位".encode(), ".xls", ".csv", "text of cells"),
    "csv": ("任务,单位".encode(), ".csv", ".csv", "as said"),
    "angle-brackets": ("<通知>修路".encode(), ".doc", ".txt", "no tag"),
    "junk": (b"\x00\x01\x02", ".doc", ".txt", "LibreOffice would make a text of it"),
    "junk-pdf": (b"\x00\x01\x02", ".pdf", ".pdf", "its reader says that it is broken"),
    "nothing": (b"", ".doc", ".txt", "the reader of texts says that it is empty"),
}


@pytest.mark.parametrize("content, suffix, expected, why", KINDS.values(), ids=KINDS)
def test_the_first_bytes_say_what_a_file_is(content: bytes, suffix: str, expected: str, why: str) -> None:
    assert true_suffix(content, suffix) == expected, why


@given(
    st.sampled_from([b"", OLE, b"PK\x03\x04", b"<html>", b"<?xml ?>"]), st.binary(max_size=200), st.sampled_from([*CONVERTED, ".pdf", ""])
)
def test_any_bytes_have_a_format(start: bytes, rest: bytes, suffix: str) -> None:
    found = true_suffix(start + rest, suffix)
    assert found == suffix or found.startswith(".")


@given(st.integers(0, 400), st.binary(max_size=8))
def test_a_damaged_package_has_a_format(at: int, junk: bytes) -> None:
    content = packed(PACKAGE, "word/document.xml")
    assert true_suffix(content[:at] + junk + content[at + len(junk) :], ".docx").startswith(".")


# What LibreOffice makes of it.


@pytest.fixture(scope="session")
def old(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """Makes the document or the workbook of this module in an old format."""
    assert OFFICE, "LibreOffice is not installed"
    folder = tmp_path_factory.mktemp("old")
    (folder / "a.docx").write_bytes(document())
    (folder / "a.xlsx").write_bytes(workbook())

    def made(kind: str) -> bytes:
        place = folder / f"a.{kind}"
        if kind == "rtf":
            return rich_text()
        if not place.exists():
            source = folder / ("a.xlsx" if kind in ("xls", "ods") else "a.docx")
            command = [str(OFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", kind]
            subprocess.run([*command, "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=100)
        return place.read_bytes()

    return made


@needs_office
@pytest.mark.parametrize(("kind", "named"), [("doc", ".doc"), ("doc", ".wps"), ("rtf", ".rtf"), ("odt", ".odt")])
def test_texts_are_read_through_libreoffice(old: Callable[[str], bytes], kind: str, named: str) -> None:
    content = old(kind)
    suffix = true_suffix(content, named)
    assert suffix == named
    source = read_word(io.BytesIO(to_open_xml(content, f"a{named}", suffix)), f"a{named}")
    assert source.text.splitlines() == [*LINES, "任务\t牵头单位", "修路\t市交通局", "附件"]
    assert len(source.grids) == 1


@needs_office
@pytest.mark.parametrize(("kind", "named"), [("xls", ".et"), ("ods", ".ods")])
def test_tables_are_read_through_libreoffice(old: Callable[[str], bytes], kind: str, named: str) -> None:
    content = old(kind)
    suffix = true_suffix(content, named)
    assert (suffix, CONVERTED[suffix]) == (named, ".xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(to_open_xml(content, f"a{named}", suffix))).active
    assert [list(row) for row in sheet.values] == [["任务", "牵头单位"], ["修路", "市交通局"]]


OLD_XML = {
    ".doc": '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">'
    "<w:body><w:p><w:r><w:t>一、修路</w:t></w:r></w:p></w:body></w:wordDocument>",
    ".xls": '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"><Table><Row><Cell><Data ss:Type="String">一、修路</Data></Cell>'
    "</Row></Table></Worksheet></Workbook>",
}


@needs_office
@pytest.mark.parametrize("suffix", OLD_XML)
def test_the_xml_of_office_2003_is_read(suffix: str) -> None:
    content = OLD_XML[suffix].encode()
    assert true_suffix(content, ".doc") == suffix
    made = to_open_xml(content, "a", suffix)
    if suffix == ".doc":
        assert read_word(io.BytesIO(made), "a").text == "一、修路\n"
    else:
        assert openpyxl.load_workbook(io.BytesIO(made)).active["A1"].value == "一、修路"


@needs_office
def test_a_file_that_is_cut_off_is_refused(old: Callable[[str], bytes]) -> None:
    for content, suffix in (
        (old("doc")[:6000], ".doc"),
        (OLE + b"junk", ".wps"),
        (ole("WordDocument"), ".doc"),
    ):
        with pytest.raises(ConversionError) as caught:
            to_open_xml(content, "局/a.doc", suffix)
        assert "govresp-" not in str(caught.value)


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and what it was asked for."""
    paths: list[str] = []

    class Asked(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Asked) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


@needs_office
def test_nothing_that_a_file_links_to_is_fetched(old: Callable[[str], bytes], asked: tuple[str, list[str]], tmp_path: Path) -> None:
    # With the settings of LibreOffice itself the picture of this file is fetched.
    address, paths = asked
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    linked = (
        f'<text:p><draw:frame svg:width="2cm" svg:height="2cm" text:anchor-type="as-char"><draw:image xlink:href="{address}/a.png" '
        'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p>'
    ) + "".join(
        f'<text:section text:name="s{at}"><text:section-source xlink:href="{to}" xlink:type="simple"/><text:p>旧</text:p></text:section>'
        for at, to in enumerate((f"{address}/b.html", secret.as_uri()))
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(old("odt"))) as before, zipfile.ZipFile(out, "w") as archive:
        for info in before.infolist():
            held = before.read(info)
            archive.writestr(
                info, re.sub(b"<text:p ", linked.encode() + b"<text:p ", held, count=1) if info.filename == "content.xml" else held
            )
    text = read_word(io.BytesIO(to_open_xml(out.getvalue(), "a.odt", ".odt")), "a.odt").text
    assert "旧" in text
    assert "机密" not in text
    assert paths == []


# Bounds; these need a program in place of LibreOffice, not LibreOffice.


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a program of this text, in Python, in the place of LibreOffice."""
    if os.name != "posix":
        pytest.skip("a script is no program on this system")

    def put(text: str) -> None:
        script = tmp_path / "soffice"
        script.write_text(f"#!{sys.executable}\nimport pathlib, subprocess, sys, time\n{text}", encoding="utf-8")
        script.chmod(0o755)
        monkeypatch.setattr(convert, "find_office", lambda: str(script))

    return put


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that waits to be reaped has."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_conversion_ends_at_its_limit_with_all_its_processes(
    program: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = tmp_path / "pid"
    program(
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(100)'])\n"
        f"pathlib.Path({str(told)!r}).write_text(str(child.pid))\ntime.sleep(100)"
    )
    monkeypatch.setattr(convert, "SECONDS", 1)
    began = time.monotonic()
    with pytest.raises(ConversionError, match="1 s"):
        to_open_xml(b"{\\rtf1}", "a.rtf", ".rtf")
    assert time.monotonic() - began < 20
    child = int(told.read_text())
    for _ in range(100):
        if is_gone(child):
            break
        time.sleep(0.05)
    assert is_gone(child)


MADE = "out = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1])\nout.mkdir()\n(out / 'source.docx').write_bytes(b'x' * {})"


def test_what_comes_out_has_a_bound(program: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "LARGEST_OUTPUT", 2**20)
    program(MADE.format(2**20))
    assert len(to_open_xml(b"{\\rtf1}", "a.rtf", ".rtf")) == 2**20
    program(MADE.format(2**21))
    with pytest.raises(TooLargeError):
        to_open_xml(b"{\\rtf1}", "a.rtf", ".rtf")


def test_what_libreoffice_says_is_told_without_its_folder(program: Callable[[str], None]) -> None:
    program("print('Error: no', sys.argv[-1])\nprint('\\u00e9' * 10**6)")
    with pytest.raises(ConversionError) as caught:
        to_open_xml(b"{\\rtf1}", "局/a.rtf", ".rtf")
    assert caught.value.args == ("局/a.rtf", "Error: no 局/a.rtf")
    program("sys.exit(3)")
    with pytest.raises(ConversionError, match="退出状态 3"):
        to_open_xml(b"{\\rtf1}", "a.rtf", ".rtf")


def test_a_program_that_does_not_run_is_a_failed_conversion(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(convert, "find_office", lambda: str(tmp_path))
    with pytest.raises(ConversionError):
        to_open_xml(b"{\\rtf1}", "a.rtf", ".rtf")


def test_without_libreoffice_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(convert, "_PLACES", ())
    assert find_office() is None
    with pytest.raises(ConverterMissingError) as caught:
        to_open_xml(ole("WordDocument"), "局/a.wps", ".wps")
    assert all(word in str(caught.value) for word in ("局/a.wps", ".docx", "LibreOffice"))


def test_libreoffice_is_found_where_it_is_usually_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place = tmp_path / "program" / "soffice"
    place.parent.mkdir()
    place.touch()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("ProgramFiles(x86)", str(tmp_path))
    monkeypatch.setattr(convert, "_PLACES", ("${NoSuchVariable}/soffice", "${ProgramFiles(x86)}/program/soffice"))
    assert find_office() == str(place)


# Words.


def test_every_error_of_a_reader_has_words_for_its_fields() -> None:
    found = 0
    for module in sorted(Path(convert.__file__).parent.glob("*.py")):
        for node in ast.parse(module.read_text(encoding="utf-8")).body:
            codes = [
                part.value.value
                for part in getattr(node, "body", [])
                if isinstance(part, ast.Assign) and getattr(part.targets[0], "id", "") == "code" and isinstance(part.value, ast.Constant)
            ]
            if not isinstance(node, ast.ClassDef) or not codes:
                continue
            found += 1
            fields = " ".join((ast.get_docstring(node) or "").split()).partition("Fields: ")[2].rstrip(".").split(", ")
            for lang in LANGUAGES:
                text = catalogue(lang)[f"error.{codes[0]}"]
                blanks = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
                assert "0" in blanks and blanks <= {str(at) for at in range(len(fields))}, (codes[0], lang)
    assert found > 10
