"""A draft checked by somebody for the first time: what Word leaves in it, names of yesterday, comments in a copy, wrong words typed."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.parser import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis.lint import lint_notice
from kg.building.line import read_notices
from kg.cli import cli
from kg.console import BAD_INPUT, DONE, FINDINGS, run
from kg.model import Level, Span
from kg.naming.bodies import divide
from kg.naming.reforms import successors_of
from kg.reading.numbering import W
from kg.reading.word import read_word
from kg.reading.word_comments import Comment, with_comments

HEAD = (
    "荆州市人民政府办公室关于分解2026年重点任务的通知",
    "荆政办发〔2026〕3号",
    "各县、市、区人民政府，市政府各部门：",
)
TAIL = ("荆州市人民政府办公室", "2026年2月10日")
GOOD = "1. 新建学校3所。（牵头单位：市教育局；责任单位：市财政局）"
LABELS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BY = 'w:id="9" w:author="王科长" w:date="2026-02-01T09:00:00Z"'


def drafted(*tasks: str) -> Document:
    """A notice of the city with these tasks, a paragraph each."""
    document = docx.Document()
    for line in (*HEAD, *tasks, *TAIL):
        document.add_paragraph(line)
    return document


def saved(document: Document, path: Path) -> Path:
    document.save(str(path))
    return path


def stream(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def found(path: Path) -> dict[str, list[str]]:
    """The findings of a file by code: the words that they stand on."""
    notice = read_notices([path]).notices[0]
    codes: dict[str, list[str]] = {}
    for finding in lint_notice(notice):
        codes.setdefault(finding.code, []).append(notice.text[finding.span.start : finding.span.end])
    return codes


# What Word leaves in a file.


def inserted(document: Document) -> None:
    document.paragraphs[3]._p.append(parse_xml(f"<w:ins {LABELS} {BY}><w:r><w:t>并验收。</w:t></w:r></w:ins>"))


def deleted(document: Document) -> None:
    document.paragraphs[3]._p.append(parse_xml(f"<w:del {LABELS} {BY}><w:r><w:delText>旧文</w:delText></w:r></w:del>"))


def remarked(document: Document) -> None:
    document.add_comment(document.paragraphs[3].runs, "请再核", "李主任", "李")


LEFT = [
    pytest.param((), set(), id="nothing is left in a clean file"),
    pytest.param((inserted,), {"revisions-left"}, id="an insertion that nobody accepted"),
    pytest.param((deleted,), {"revisions-left"}, id="a deletion that nobody accepted"),
    pytest.param((remarked,), {"comments-left"}, id="a comment"),
    pytest.param((inserted, remarked), {"revisions-left", "comments-left"}, id="both"),
]


@pytest.mark.parametrize(("edits", "codes"), LEFT)
def test_revisions_and_comments_are_told_before_they_go_out(
    edits: tuple[Callable[[Document], None], ...], codes: set[str], tmp_path: Path
) -> None:
    document = drafted(GOOD)
    for edit in edits:
        edit(document)
    told = found(saved(document, tmp_path / "a.docx"))
    assert told.keys() & {"revisions-left", "comments-left"} == codes
    assert all(words[0].startswith("1. 新建学校") for code, words in told.items() if code in codes)


def test_revisions_in_a_table_and_in_several_paragraphs_are_counted_together() -> None:
    document = drafted(GOOD)
    inserted(document)
    cell = document.add_table(rows=1, cols=2).cell(0, 1)
    cell.text = "市教育局"
    cell.paragraphs[0]._p.append(parse_xml(f"<w:del {LABELS} {BY}><w:r><w:delText>旧文</w:delText></w:r></w:del>"))
    (left,) = read_word(io.BytesIO(stream(document)), "a.docx").leftovers
    assert (left.code, left.count) == ("revisions-left", 2)


# Names.

BODIES = [
    pytest.param("安全生产监督管理局", date(2026, 2, 10), (2018, ("应急管理",)), id="renamed in 2018"),
    pytest.param("安监局", date(2026, 2, 10), (2018, ("应急管理",)), id="by its short name"),
    pytest.param("安监局", date(2018, 6, 1), None, id="while the reform was carried out nobody can say"),
    pytest.param("扶贫办", date(2022, 3, 1), (2021, ("乡村振兴",)), id="the body that followed"),
    pytest.param("扶贫办", date(2026, 2, 10), (2021, ("农业农村",)), id="what took over from the body that followed"),
    pytest.param("工商局", date(2026, 2, 10), (2013, ("市场监督管理",)), id="merged"),
    pytest.param("民政局", date(2026, 2, 10), None, id="goes on without a part"),
    pytest.param("应急管理局", date(2026, 2, 10), None, id="the new body, whose name an office of before had"),
    pytest.param("水利局", date(2026, 2, 10), None, id="renamed in some places only"),
    pytest.param("老龄办", date(2026, 2, 10), None, id="went into another body and may have kept its plate"),
    pytest.param("消防救援支队", date(2026, 2, 10), None, id="both names go on", marks=()),
    pytest.param("甲乙丙局", date(2026, 2, 10), None, id="nothing is known about it"),
]


@pytest.mark.parametrize(("name", "day", "expected"), BODIES)
def test_a_body_is_gone_only_where_it_is_gone_everywhere(name: str, day: date, expected: tuple[int, tuple[str, ...]] | None) -> None:
    assert successors_of(divide(name), Level.MUNICIPAL, day) == expected


NAMES = [
    pytest.param("市扶贫办", "unit-abolished", id="a registered body that a reform has ended"),
    pytest.param("市卫计委", "unit-abolished", id="a body that no register has"),
    pytest.param("市经信据", "unknown-unit-near", id="a slip of the pen in a short name without an ending"),
    pytest.param("荆洲区政府", "unknown-unit-near", id="a slip of the pen in the name of a district"),
    pytest.param("荆州区政府", "", id="the district"),
    pytest.param("市水利和湖泊局", "", id="a registered body"),
    pytest.param("XX局", "placeholder", id="never filled in"),
]
ABOUT_NAMES = {"unit-abolished", "unknown-unit", "unknown-unit-near", "placeholder"}


@pytest.mark.parametrize(("name", "code"), NAMES)
def test_a_name_that_reaches_nobody_is_told(name: str, code: str, tmp_path: Path) -> None:
    told = found(saved(drafted(f"1. 新建学校3所。（牵头单位：市教育局；责任单位：{name}）"), tmp_path / "a.docx"))
    assert set(told) & ABOUT_NAMES - ({"unknown-unit"} if code == "placeholder" else set()) == {code} - {""}
    assert all(told[one] == [name] for one in ABOUT_NAMES & set(told))


def test_a_draft_without_its_number_and_day_is_placed_by_its_signature_and_dated_by_its_year(tmp_path: Path) -> None:
    document = docx.Document()
    for line in (
        "关于分解2026年重点任务的通知（征求意见稿）",
        "荆政办发〔2026〕  号",
        "各县、市、区人民政府，市政府各部门：",
        "1. 2025年6月底前新建学校3所。（牵头单位：市教育局；责任单位：市安监局、市财政局）",
        "2. 修路。（牵头单位：市交通运输局；责任单位：荆洲区政府）",
        "荆州市人民政府办公室",
        "2026年  月  日",
    ):
        document.add_paragraph(line)
    told = found(saved(document, tmp_path / "a.docx"))
    assert told == {
        "deadline-before-plan-year": ["2025年6月底前"],
        "unit-abolished": ["市安监局"],
        "unknown-unit-near": ["荆洲区政府"],
    }


# Comments in a copy.


def marked(content: bytes) -> dict[str, str]:
    """The words under each comment, by what it says."""
    document = docx.Document(io.BytesIO(content))
    said = {str(comment.comment_id): comment.text for comment in document.comments}
    words: dict[str, str] = dict.fromkeys(said, "")
    open_now: set[str] = set()
    for node in document.element.body.iter():
        if node.tag == f"{W}commentRangeStart":
            open_now.add(node.get(f"{W}id"))
        elif node.tag == f"{W}commentRangeEnd":
            open_now.discard(node.get(f"{W}id"))
        elif node.tag == f"{W}t":
            for one in open_now:
                words[one] += node.text or ""
    assert not open_now, "every range ends"
    return {text: words[key] for key, text in said.items()}


def commented(content: bytes, *words: str) -> tuple[bytes, bytes]:
    """A file with a comment at the last place where each of these words stands, and its frozen text before and after."""
    source = read_word(io.BytesIO(content), "a.docx")
    comments = [Comment(Span(at, at + len(one)), f"说{i}") for i, one in enumerate(words) for at in [source.text.rindex(one)]]
    made = with_comments(content, "a.docx", source.text, source.places, comments)
    assert read_word(io.BytesIO(made), "a.docx").text == source.text
    return made, content


def with_table() -> Document:
    document = drafted()
    grid = document.add_table(rows=2, cols=3)
    for at, text in enumerate(["重点任务", "牵头单位", "责任单位", "新建学校3所", "市教育局", "市财政局、市财政局"]):
        grid.cell(at // 3, at % 3).text = text
    grid.cell(0, 0).merge(grid.cell(0, 1))
    return document


def numbered() -> Document:
    document = drafted()
    for text in ("新建学校。（牵头单位：市教育局）", "修路。（牵头单位：市交通局）"):
        document.add_paragraph(text, style="List Number")
    return document


def with_revision() -> Document:
    document = drafted("1. 修路。（牵头单位：")
    for tag, text in (("del", "<w:delText>市交通局</w:delText>"), ("ins", "<w:t>市公路局</w:t>")):
        document.paragraphs[3]._p.append(parse_xml(f"<w:{tag} {LABELS} {BY}><w:r>{text}</w:r></w:{tag}>"))
    document.paragraphs[3].add_run("）")
    return document


COPIES = [
    pytest.param(lambda: drafted(GOOD), ("市教育局", "市财政局"), ("市教育局", "市财政局"), id="two places in one run"),
    pytest.param(lambda: drafted(GOOD), ("教育局；责任单位", "市教育局"), ("教育局；责任单位", "市教育局"), id="overlapping words"),
    pytest.param(lambda: drafted("市教育局、市教育局，各司其职"), ("市教育局",), ("市教育局",), id="the second of two equal names"),
    pytest.param(with_table, ("市财政局", "新建学校3所"), ("市财政局", "新建学校3所"), id="cells"),
    pytest.param(numbered, ("市交通局",), ("市交通局",), id="an item whose number Word computes"),
    pytest.param(numbered, ("2.",), ("修路。（牵头单位：市交通局）",), id="the number itself, which no run holds, is the whole paragraph"),
    pytest.param(with_revision, ("市公路局",), ("市公路局",), id="inserted words beside deleted ones"),
]


@pytest.mark.parametrize(("make", "words", "under"), COPIES)
def test_a_comment_stands_at_its_words_and_the_text_stays(
    make: Callable[[], Document], words: tuple[str, ...], under: tuple[str, ...]
) -> None:
    made, _ = commented(stream(make()), *words)
    assert marked(made) == {f"说{i}": one for i, one in enumerate(under)}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=12), st.integers(0, 20), st.integers(1, 8))
def test_words_are_found_however_word_has_cut_the_runs(sizes: list[int], start: int, length: int) -> None:
    text = "新建城区学校三所并于年底前验收交付使用，由市教育局牵头办理。"
    document = docx.Document()
    paragraph = document.add_paragraph()
    at = 0
    for size in [*sizes, len(text)]:
        paragraph.add_run(text[at : at + size])
        at += size
    made, _ = commented(stream(document), text[start : start + length])
    assert marked(made) == {"说0": text[start : start + length]}


def test_comments_that_were_there_stay() -> None:
    document = drafted(GOOD)
    remarked(document)
    made, _ = commented(stream(document), "市财政局")
    assert marked(made) == {"请再核": GOOD, "说0": "市财政局"}


# The command.


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a clerk, entered."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KG_LANG", "zh")
    saved(drafted(GOOD, "2. 修路。（责任单位：市交通运输局、市财政局、市财政局）"), tmp_path / "通知草稿.docx")
    (tmp_path / "~$知草稿.docx").write_bytes(b"\x05admin" + bytes(156))
    (tmp_path / "纯文本.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "坏.docx").write_bytes((tmp_path / "通知草稿.docx").read_bytes()[:9000])
    scan = docx.Document()
    scan.add_paragraph()._p.append(parse_xml(f"<w:r {LABELS}><w:pict/></w:r>"))
    saved(scan, tmp_path / "扫描.docx")
    return tmp_path


WRONG = [
    pytest.param(["lint", "通知草稿"], "是不是 通知草稿.docx", id="the ending that Windows hides is left out"),
    pytest.param(["lint", "“通知草稿.docx”"], "是不是 通知草稿.docx", id="quotation marks were copied along"),
    pytest.param(["lint", "通知草搞.docx"], "是不是 通知草稿.docx", id="a slip in the name"),
    pytest.param(["lint", "别的.docx"], "请检查路径", id="nothing of nearly that name"),
    pytest.param(["lint", "~$知草稿.docx"], "临时文件", id="the lock file of an open document"),
    pytest.param(["lint", "扫描.docx"], "扫描件", id="pictures alone"),
    pytest.param(["lint", "坏.docx"], "没有传完", id="cut off"),
    pytest.param(["lint", "通知草稿.docx", "—format", "html"], "请写成 --format", id="the dash that Word makes of two hyphens"),
    pytest.param(["lint", "通知草稿.docx", "－－format", "html"], "请写成 --format", id="hyphens in full width"),
    pytest.param(["check", "通知草稿.docx"], "是不是 lint", id="an English word for it"),
    pytest.param(["检查", "通知草稿.docx"], "是不是 lint", id="the Chinese name of the command"),
    pytest.param(["通知草稿.docx"], "kg lint 通知草稿.docx", id="the command is left out"),
    pytest.param(["lint", "通知草稿.docx", "-o", "检查.wps"], ".wps", id="an ending that is no format"),
    pytest.param(["lint", "通知草稿.docx", "-o", "通知草稿.docx"], "覆盖", id="the draft itself as the output"),
    pytest.param(["lint", "通知草稿.docx", "-o", "没有/../通知草稿.docx"], "覆盖", id="the draft by a way around"),
    pytest.param(["lint", "通知草稿.docx", "--write-baseline", "通知草稿.docx"], "覆盖", id="the draft as the baseline"),
    pytest.param(["extract", "纯文本.txt", "-o", "纯文本.txt"], "覆盖", id="another command"),
    pytest.param(["lint", "通知草稿.docx", "--ignore", "no-leed"], "no-lead", id="a code misspelt"),
    pytest.param(["lint", "纯文本.txt", "-o", "批注.docx"], "--format html", id="comments for a text"),
    pytest.param(["lint", "通知草稿.docx", "纯文本.txt", "-o", "批注.docx"], "2 份", id="comments for two files"),
    pytest.param(["lint", "通知草稿.docx", "--format", "docx"], "-o", id="a Word file on the screen"),
]


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_wrong_words_are_answered_with_the_right_ones_and_no_file_is_touched(
    words: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert run(cli, words) == BAD_INPUT
    out, err = capsys.readouterr()
    assert said in err and out == ""
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


FORMS = [
    pytest.param("检查.html", b"<!DOCTYPE html>", id="html"),
    pytest.param("检查.HTM", b"<!DOCTYPE html>", id="htm in capitals"),
    pytest.param("检查.json", b"[\n {", id="json"),
    pytest.param("检查.sarif", b'{\n "$schema"', id="sarif"),
    pytest.param("检查.docx", b"PK\x03\x04", id="docx"),
    pytest.param("检查", "通知草稿.docx:".encode(), id="no ending: text"),
]


@pytest.mark.parametrize(("name", "start"), FORMS)
def test_the_ending_of_the_output_says_its_format_and_the_console_what_is_in_it(
    name: str, start: bytes, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(cli, ["lint", "通知草稿.docx", "-o", name]) == FINDINGS
    first = (folder / name).read_bytes()
    assert first.startswith(start)
    assert capsys.readouterr().err == f"写好 {name}：错误 0，注意 2，提示 0\n"
    assert run(cli, ["lint", "通知草稿.docx", "-o", name]) == FINDINGS
    assert (folder / name).read_bytes() == first, "the same bytes each time"


def test_the_copy_tells_every_finding_once_at_its_words(folder: Path) -> None:
    run(cli, ["lint", "通知草稿.docx", "-o", "批注.docx"])
    said = {text.splitlines()[0]: words for text, words in marked((folder / "批注.docx").read_bytes()).items()}
    assert said == {
        "【注意】没有写明牵头单位": "（责任单位：市交通运输局、市财政局、市财政局）",
        "【注意】同一任务、同一角色中“市财政局”列了两次": "市财政局",
    }
    assert all("改法：" in text for text in marked((folder / "批注.docx").read_bytes()))


def test_a_kind_of_finding_can_be_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["lint", "通知草稿.docx", "--ignore", "unit-twice"]) == FINDINGS
    assert "unit-twice" not in capsys.readouterr().out
    assert run(cli, ["lint", "通知草稿.docx", "--ignore", "unit-twice", "--ignore", "no-lead"]) == DONE


def test_a_folder_is_checked_without_what_earlier_checks_left_in_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("坏.docx", "扫描.docx", "纯文本.txt"):
        (folder / name).unlink()
    run(cli, ["lint", "."])
    first = capsys.readouterr()
    for name in ("检查.html", "批注.docx"):
        run(cli, ["lint", "通知草稿.docx", "-o", name])
    capsys.readouterr()
    run(cli, ["lint", "."])
    assert capsys.readouterr() == first
    run(cli, ["lint", "批注.docx"])
    assert "[comments-left]" in capsys.readouterr().out, "one that is named is read"


def test_help_is_also_asked_for_by_one_letter(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["lint", "-h"]) == DONE
    short = capsys.readouterr().out
    assert run(cli, ["lint", "--help"]) == DONE
    assert short == capsys.readouterr().out != ""
