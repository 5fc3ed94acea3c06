"""Files of old and other office formats → DOCX and XLSX, by a LibreOffice that is installed; and which format a file really has."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from kg.errors import KgError, TooLargeError

CONVERTED = dict.fromkeys((".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt"), ".docx") | dict.fromkeys(
    (".xls", ".xlt", ".et", ".ett", ".ods"), ".xlsx"
)
"""What LibreOffice has to convert, and into what: Word and Excel before 2007, WPS, OpenDocument."""
SECONDS = 120
"""How long one conversion may take: a notice takes two seconds, a table of ten thousand rows ten."""
LARGEST_OUTPUT = 64 * 1024 * 1024
"""Bytes of the largest file that a conversion may give, as for files that are read."""
LONGEST_SAID = 2**16
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = {
    b"PK\x03\x04": ".zip",
    b"PK\x05\x06": ".zip",
    b"%PDF-": ".pdf",
    b"{\\rtf": ".rtf",
    b"Rar!\x1a\x07": ".rar",
    b"7z\xbc\xaf\x27\x1c": ".7z",
    b"\x89PNG": ".png",
    b"\xff\xd8\xff": ".jpg",
}
_PACKAGES = {"word/": ".docx", "xl/": ".xlsx", "ppt/": ".pptx"}
_MIMETYPES = {b"text": ".odt", b"spreadsheet": ".ods"}
_MIMETYPE = re.compile(rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet)(?!-)")
_STREAMS = {"WordDocument": ".doc", "Workbook": ".xls", "Book": ".xls"}
"""What the parts of OLE files are called; Excel 95 has a Book."""
_PLAIN = frozenset((".txt", ".text"))
_TEXTUAL = _PLAIN | frozenset((".md", ".markdown", ".csv", ".tsv", ".html", ".htm", ".shtml", ".xhtml", ".mht", ".mhtml"))
_SHEETS = frozenset({".xlsx", ".xlsm"}) | {kind for kind, to in CONVERTED.items() if to == ".xlsx"}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HTML = re.compile(
    r"(?:<\?xml[^>]*>\s*|<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|table|div|style|script|center|span|font|p|br|h[1-6])\b",
    re.I | re.S,
)
_OFFICE_XML = re.compile(r"<\?xml[^>]*>\s*<\?mso-application\s+progid=[\"'](Word|Excel)\.")
"""The XML of Office 2003, which web systems write."""
_OFFICE_KINDS = {"Word": ".doc", "Excel": ".xls"}
_FILTERS = {".docx": "MS Word 2007 XML", ".xlsx": "Calc MS Excel 2007 XML"}
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "${ProgramFiles}/LibreOffice/program/soffice.com",
    "${ProgramFiles(x86)}/LibreOffice/program/soffice.com",
)
_SETTINGS = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
        "BlockUntrustedRefererLinks": "true",
    },
    "org.openoffice.Office.Writer/Content/Update": {"Link": "0", "Field": "false", "Chart": "false"},
    "org.openoffice.Office.Calc/Content/Update": {"Link": "1"},
}
"""Settings under which files are opened: no macro runs, nothing that a file links to is fetched, no date becomes today's."""


class ConverterMissingError(KgError):
    """A file that only LibreOffice can convert, where none is installed. Fields: path, suffix."""

    code = "converter-missing"


class ConversionError(KgError):
    """A file that LibreOffice could not convert. Fields: path, why."""

    code = "conversion-failed"


def true_suffix(content: bytes, suffix: str) -> str:
    """The suffix of the format that a file really has, by its first bytes; as given where they say nothing else.

    Pages and tables of web systems are often called .doc or .xls, and so are new Word files. What holds plain text under
    the name of another format is .txt, or .csv where a table was promised. ``suffix`` is lower case, with its dot.

    >>> true_suffix(b"%PDF-1.7", ".doc"), true_suffix(b"<html><p>", ".xls"), true_suffix(b"1,2", ".xls")
    ('.pdf', '.html', '.csv')
    """
    start = content[:1024].lstrip()
    found = next((kind for mark, kind in _STARTS.items() if start.startswith(mark)), None)
    if found == ".zip":
        return _zip_suffix(content, suffix)
    if content.startswith(_OLE):
        return _ole_suffix(content, suffix)
    if found or b"%PDF-" in start:
        return found or ".pdf"
    text = _text_start(content)
    if text is None:
        # Of bytes that say nothing LibreOffice makes a text; the reader of texts says that they are none.
        return ".txt" if suffix in CONVERTED else suffix
    if hit := _OFFICE_XML.match(text):
        return _OFFICE_KINDS[hit[1]]
    if suffix in _TEXTUAL - _PLAIN:
        return suffix
    if text.startswith("MIME-Version:"):
        return ".mht"
    return ".html" if _HTML.match(text) else ".csv" if suffix in _SHEETS else suffix if suffix in _PLAIN else ".txt"


def _zip_suffix(content: bytes, suffix: str) -> str:
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            names = [name.lower().replace("\\", "/") for name in archive.namelist()]
    except (BadZipFile, NotImplementedError, ValueError, OSError):
        # Cut off; the names of the parts also stand before each of them.
        names = [name for name in ("[content_types].xml", "word/document.xml", "xl/workbook.xml") if name.encode() in content.lower()]
        if not names:
            return CONVERTED.get(suffix, suffix)
    if "mimetype" in names and (hit := _MIMETYPE.search(content[:200])):
        return _MIMETYPES[hit[1]]
    if "ofd.xml" in names:
        return ".ofd"
    kinds = (kind for folder, kind in _PACKAGES.items() if any(name.startswith(folder) for name in names))
    return next(kinds, suffix) if "[content_types].xml" in names else ".zip"


def _ole_suffix(content: bytes, suffix: str) -> str:
    # A text may hold a table as an object, and the other way round: the name of the file counts if it can be right.
    found = _ole_kinds(content)
    if not found and _has_stream(content, "EncryptedPackage"):
        return ".xlsx" if suffix in _SHEETS else ".docx"
    fitting = [kind for kind in found if CONVERTED.get(suffix, suffix) == CONVERTED[kind]]
    return suffix if fitting and suffix in CONVERTED else (fitting or found or [suffix])[0]


def _ole_kinds(content: bytes) -> list[str]:
    return [kind for stream, kind in _STREAMS.items() if _has_stream(content, stream)]


def _has_stream(content: bytes, name: str) -> bool:
    # An entry of the directory: the name, filled up to 64 bytes, and its length.
    printed = name.encode("utf-16-le")
    return printed.ljust(64, b"\x00") + (len(printed) + 2).to_bytes(2, "little") in content


def _text_start(content: bytes) -> str | None:
    # The first characters, None of bytes that are no text. Chinese may be cut in two by the end of the piece.
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return content[2:4096].decode(encoding, "replace").lstrip()
    if _CONTROL.search(content[:4096]):
        return None
    return content[:4096].decode("utf-8", "replace").lstrip("\ufeff \t\r\n\f")


def to_open_xml(content: bytes, path: str, suffix: str) -> bytes:
    """The DOCX or XLSX that LibreOffice makes of a file; which of them, ``CONVERTED`` says.

    It runs without a window, with settings and a folder of its own that are gone afterwards; macros do not run, links are
    not followed, fields keep their print. It takes some two seconds a file.

    Args:
        content: the file.
        path: its name in messages.
        suffix: what ``true_suffix`` gives, a key of ``CONVERTED``.

    Raises:
        ConverterMissingError: LibreOffice is not installed.
        ConversionError: it refuses the file, or takes longer than ``SECONDS``.
        TooLargeError: it gives more than ``LARGEST_OUTPUT`` bytes.
    """
    if content.startswith(_OLE) and not _ole_kinds(content):
        raise ConversionError(path, f"{' / '.join(_STREAMS)}?")
    program = find_office()
    if program is None:
        raise ConverterMissingError(path, suffix)
    target = CONVERTED[suffix]
    with tempfile.TemporaryDirectory(prefix="govresp-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # LibreOffice goes by what is in the file; the suffixes of WPS mean other programs to it.
        source = folder / ("source.doc" if target == ".docx" else "source.xls")
        source.write_bytes(content)
        _write_profile(folder / "profile")
        said = _run(program, source, target, path)
        made = folder / "made" / f"source{target}"
        if not made.is_file():
            raise ConversionError(path, said)
        if (size := made.stat().st_size) > LARGEST_OUTPUT:
            raise TooLargeError(path, size // 2**20, LARGEST_OUTPUT // 2**20)
        return made.read_bytes()


def find_office() -> str | None:
    """The program of LibreOffice: on the path, or where it is usually installed; None where there is none."""
    found = (shutil.which(name) for name in ("soffice", "libreoffice"))
    places = (os.path.expandvars(place) for place in _PLACES)
    return next((name for name in found if name), None) or next((name for name in places if Path(name).is_file()), None)


def _write_profile(folder: Path) -> None:
    rows = "".join(
        f'<item oor:path="/{group}"><prop oor:name="{name}" oor:op="fuse"><value>{setting}</value></prop></item>'
        for group, settings in _SETTINGS.items()
        for name, setting in settings.items()
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">{rows}</oor:items>',
        encoding="utf-8",
    )


def _run(program: str, source: Path, target: str, path: str) -> str:
    # What LibreOffice says; whether a file came out tells if it worked, its exit status does not.
    folder = source.parent
    options = ["--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"]
    command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", *options]
    command += ["--convert-to", f"{target[1:]}:{_FILTERS[target]}", "--outdir", str(folder / "made"), str(source)]
    places = {name: str(folder) for name in ("TMPDIR", "TEMP", "TMP")}
    with (folder / "said").open("w+b") as said:
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **places, "SAL_USE_VCLPLUGIN": "svp"},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise ConversionError(path, error.strerror) from error
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired as error:
            raise ConversionError(path, f"> {SECONDS} s") from error
        finally:
            _end(process)
        said.seek(0)
        lines = said.read(LONGEST_SAID).decode("utf-8", "replace").replace(str(source), path).splitlines()
    return next((line for line in reversed(lines) if line.startswith("Error")), f"exit {process.returncode}")


def _end(process: subprocess.Popen[bytes]) -> None:
    # LibreOffice starts a process of its own, which would go on without the one that was started here.
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
