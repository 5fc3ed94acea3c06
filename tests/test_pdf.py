"""PDF files: paragraphs put together again, page numbers and running heads left out, ruled tables as grids."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, sync_playwright

from kg.errors import EmptySourceError, ExtraError, KgError, TooLargeError
from kg.folding import fold
from kg.reading import pdf as reader
from kg.reading.pdf import PdfBrokenError, PdfLockedError, PdfScannedError, PdfTooLongError, read_pdf
from kg.reading.source import SourceText

from .browser import ARGUMENTS, chromium
from .generator.formats import pdf_bytes

SIZE, LEFT, TOP, STEP, PER_LINE, PER_PAGE = 16, 80, 90, 28, 26, 24


class Put(NamedTuple):
    """Text at a place of a page, from its top left corner, in points."""

    x: float
    y: float
    text: str
    size: float = SIZE
    turn: str = "1 0 0 1"


def written(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF file of objects, the first of which is its root."""
    out, places = b"%PDF-1.4\n", []
    for number, made in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, made)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return out + head + table + b"trailer <</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(out))


def set_pages(pages: Sequence[Sequence[Put | tuple[float, float, float, float]]], *, images: bool = False, rotate: int = 0) -> bytes:
    """A PDF file by hand: what is put on each page, text in a font that is not embedded, or rules from x, y to x, y."""
    kids = b" ".join(b"%d 0 R" % (5 + 2 * at) for at in range(len(pages)))
    picture = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\nA\nendstream"
    last = 5 + 2 * len(pages)
    descendant = b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/W[1 95 500 814 939 500]>>"
    font = b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[%d 0 R]>>" % last
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)), font, picture]
    for at, page in enumerate(pages):
        body = "".join(
            f"BT /F {put.size} Tf {put.turn} {put.x} {842 - put.y - 0.88 * put.size} Tm <{put.text.encode('utf-16-be').hex()}> Tj ET\n"
            if isinstance(put, Put)
            else f"{put[0]} {842 - put[1]} m {put[2]} {842 - put[3]} l S\n"
            for put in page
        )
        body += "595 0 0 842 0 0 cm /I Do\n" * images
        resources = b"<</Font<</F 3 0 R>>/XObject<</I 4 0 R>>>>"
        kind = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate %d/Resources%s/Contents %d 0 R>>" % (rotate, resources, 6 + 2 * at)
        objects += [kind, b"<</Length %d>>stream\n%s\nendstream" % (len(body), body.encode())]
    return written([*objects, descendant])


@pytest.fixture
def read() -> Callable[[bytes], SourceText]:
    return lambda content: read_pdf(content, "notice.pdf")


def cells(text: SourceText, grid: int = 0) -> list[list[str]]:
    return [[fold(text.text[span.start : span.end]) for span in row] for row in text.grids[grid].rows]


def typeset(paragraphs: Sequence[str], *, number: str = "— {} —", head: str = "") -> list[list[Put]]:
    """Paragraphs with an indent of two, in lines of ``PER_LINE`` characters, with page numbers."""
    lines = []
    for paragraph in paragraphs:
        first = paragraph[: PER_LINE - 2]
        lines.append((LEFT + 2 * SIZE, first))
        lines += [(LEFT, paragraph[at : at + PER_LINE]) for at in range(len(first), len(paragraph), PER_LINE)]
    pages = []
    for page, at in enumerate(range(0, len(lines), PER_PAGE), 1):
        putting = [Put(x, TOP + STEP * row, text) for row, (x, text) in enumerate(lines[at : at + PER_PAGE])]
        pages.append([*putting, *[Put(270, 790, number.format(page), 14)] * bool(number), *[Put(200, 40, head, 10)] * bool(head)])
    return pages


CLAUSE = "（牵头单位：市经济和信息化局；责任单位：市财政局、市科学技术局、市人力资源和社会保障局、各县市区政府）"
PARAGRAPHS = [f"{at}.加快工业强市建设，大力实施技术改造行动，培育专精特新企业{at}家以上。{CLAUSE}" for at in range(1, 21)]

NUMBERS = {
    "dashes": ("— {} —", "GB/T 9704-2012, 7.5"),
    "hyphens": ("-{}-", "hyphens in their place"),
    "bare": ("{}", "many programs"),
    "of-all": ("第{}页 共4页", "office programs"),
    "share": ("{}/4", "printed from a browser"),
    "full-width": ("－ {} －", "full-width marks"),
}


@pytest.mark.parametrize("number, why", NUMBERS.values(), ids=NUMBERS)
def test_paragraphs_are_whole_over_lines_and_pages_and_page_numbers_are_out(
    number: str, why: str, read: Callable[[bytes], SourceText]
) -> None:
    found = read(set_pages(typeset(PARAGRAPHS, number=number, head="某市人民政府公报 2026年第3期")))
    assert found.text.splitlines() == PARAGRAPHS, why
    assert found.whole_paragraphs and not found.grids


def test_places_give_the_page_and_the_paragraph_on_it(read: Callable[[bytes], SourceText]) -> None:
    found = read(set_pages(typeset(PARAGRAPHS)))
    pages = {place.page for place in found.places}
    assert pages == {1, 2, 3, 4}
    assert [place.paragraph for place in found.places if place.page == 1] == list(
        range(1, 1 + sum(place.page == 1 for place in found.places))
    )
    assert all(found.text[place.start :].startswith(line) for place, line in zip(found.places, PARAGRAPHS, strict=True))


LINES = {
    "number-in-the-text": (
        [Put(LEFT, 60, "50"), *typeset(["一、完成投资" + "甲" * 60], number="")[0]],
        ["50", "一、完成投资" + "甲" * 60],
        "a figure at the head of a page that counts no pages stays",
    ),
    "title-in-two-lines": (
        [
            Put(140, 90, "某市人民政府关于印发重点工作", 22),
            Put(230, 124, "责任分工的通知", 22),
            *(Put(put.x, put.y + 90, put.text) for put in typeset(["甲" * 70 + "。"], number="")[0]),
        ],
        ["某市人民政府关于印发重点工作责任分工的通知", "甲" * 70 + "。"],
        "large letters in the middle are one title",
    ),
    "signature": (
        [*typeset(["甲" * 60 + "。"], number="")[0], Put(352, 300, "某市人民政府办公室"), Put(368, 328, "2026年1月6日")],
        ["甲" * 60 + "。", "某市人民政府办公室", "2026年1月6日"],
        "lines at the right edge are lines of their own",
    ),
    "watermark": (
        [*typeset(["甲" * 60 + "。"], number="")[0], Put(200, 500, "内部资料", 60, "0.8 0.6 -0.6 0.8")],
        ["甲" * 60 + "。"],
        "letters aslant are no text",
    ),
    "footnote-mark": (
        [Put(LEFT, 100, "甲" * 20), Put(LEFT + 320, 97, "1", 8), Put(LEFT + 326, 100, "乙。")],
        ["甲" * 20 + "乙。"],
        "a small raised figure is the mark of a note",
    ),
    "printed-twice": (
        [Put(LEFT, 100, "一、总体要求"), Put(LEFT + 0.4, 100, "一、总体要求")],
        ["一、总体要求"],
        "bold letters made by printing twice",
    ),
    "gaps": (
        [
            Put(LEFT, 100, "某政办发〔2026〕3号"),
            Put(400, 100, "签发人"),
            Put(LEFT, 130, "到"),
            Put(LEFT + 20, 130, "2028"),
            Put(LEFT + 56, 130, "年"),
        ],
        ["某政办发〔2026〕3号 签发人", "到2028年"],
        "a wide gap is a blank; the quarter that programs set beside figures is none",
    ),
    "items-without-indent": (
        [
            *(Put(LEFT, 100 + 28 * at, text) for at, text in enumerate(["1.修路，" + "甲" * 21 + "。", "2.种树，" + "乙" * 22, "丙" * 10])),
        ],
        ["1.修路，" + "甲" * 21 + "。", "2.种树，" + "乙" * 22 + "丙" * 10],
        "a number begins a paragraph also behind a full line",
    ),
    "blank-line": (
        [Put(LEFT, 100, "甲" * 26), Put(LEFT, 128, "乙" * 25 + "。"), Put(LEFT, 200, "丙" * 26), Put(LEFT, 228, "丁。")],
        ["甲" * 26 + "乙" * 25 + "。", "丙" * 26 + "丁。"],
        "a gap divides paragraphs without indents",
    ),
}


@pytest.mark.parametrize("page, expected, why", LINES.values(), ids=LINES)
def test_lines_of_a_page(page: list[Put], expected: list[str], why: str, read: Callable[[bytes], SourceText]) -> None:
    assert read(set_pages([page])).text.splitlines() == expected, why


def test_a_turned_page_is_read_upright(read: Callable[[bytes], SourceText]) -> None:
    upward = [Put(100 + 28 * at, 842 - 80, text, SIZE, "0 1 -1 0") for at, text in enumerate(["甲" * 44, "乙" * 44, "丙。"])]
    assert read(set_pages([upward])).text == "甲" * 44 + "乙" * 44 + "丙。\n"
    assert read(set_pages([upward], rotate=90)).text == "甲" * 44 + "乙" * 44 + "丙。\n"


def ruled(
    rows: Sequence[Sequence[str]], *, top: float = 100, widths: Sequence[float] = (60, 200, 120), height: float = 40
) -> list[Put | tuple[float, float, float, float]]:
    """A table with rules around every cell; ``None`` continues the cell above, its upper rule left out."""
    edges = [LEFT + sum(widths[:at]) for at in range(len(widths) + 1)]
    out: list[Put | tuple[float, float, float, float]] = []
    for at, row in enumerate(rows):
        y = top + at * height
        for column, text in enumerate(row):
            if text is not None:
                out.append((edges[column], y, edges[column + 1], y))
                out.append(Put(edges[column] + 5, y + 8, text, 10))
            out += [(edge, y, edge, y + height) for edge in edges[column : column + 2]]
    bottom = top + len(rows) * height
    return [*out, (edges[0], bottom, edges[-1], bottom)]


HEAD = ["序号", "任务", "牵头单位"]


def test_a_ruled_table_is_a_grid_and_its_text_no_paragraph(read: Callable[[bytes], SourceText]) -> None:
    rows = [HEAD, ["1", "修路", "市交通局"], ["2", "种树", None], ["3", "治水", "市水利局"]]
    found = read(set_pages([[Put(LEFT, 60, "责任分工表"), *ruled(rows), Put(LEFT, 300, "附则甲")]]))
    assert found.text.splitlines()[0] == "责任分工表" and found.text.splitlines()[-1] == "附则甲"
    assert cells(found) == [HEAD, ["1", "修路", "市交通局"], ["2", "种树", "市交通局"], ["3", "治水", "市水利局"]]
    assert found.text.count("市交通局") == 1
    place = next(place for place in found.places if found.text[place.start :].startswith("治水"))
    assert (place.page, place.table, place.row, place.column) == (1, 1, 4, 2)


def test_a_box_around_text_is_no_table(read: Callable[[bytes], SourceText]) -> None:
    found = read(set_pages([[*ruled([["一、修路"], ["二、种树"]], widths=(300,))]]))
    assert not found.grids and found.text.splitlines() == ["一、修路", "二、种树"]


CONTINUED = {
    "head-again": (
        [[HEAD, ["1", "修路", "市交通局"]], [HEAD, ["2", "种树", "市林业局"]]],
        [HEAD, ["1", "修路", "市交通局"], ["2", "种树", "市林业局"]],
        "the head is printed on each page and stands once",
    ),
    "no-head": (
        [[HEAD, ["1", "修路", "市交通局"]], [["2", "种树", "市林业局"]]],
        [HEAD, ["1", "修路", "市交通局"], ["2", "种树", "市林业局"]],
        "one row without a head goes on as well",
    ),
    "divided-row": (
        [[HEAD, ["1", "修路", "市交通局"], ["2", "种树和防", "市林业局、市"]], [HEAD, ["", "火", "财政局"], ["3", "治水", "市水利局"]]],
        [HEAD, ["1", "修路", "市交通局"], ["2", "种树和防火", "市林业局、市财政局"], ["3", "治水", "市水利局"]],
        "a row without a number is the rest of the row above",
    ),
    "merged-over-pages": (
        [[HEAD, ["1", "修路", "市交通局"], ["2", "种树", None]], [HEAD, ["3", "治水", ""], ["4", "治沙", None]]],
        [HEAD, ["1", "修路", "市交通局"], ["2", "种树", "市交通局"], ["3", "治水", "市交通局"], ["4", "治沙", "市交通局"]],
        "a merged cell that goes on is printed once",
    ),
    "empty-stays-empty": (
        [[HEAD, ["1", "修路", "市交通局"]], [HEAD, ["2", "种树", ""]]],
        [HEAD, ["1", "修路", "市交通局"], ["2", "种树", ""]],
        "nobody is nobody where no cell is merged",
    ),
}


@pytest.mark.parametrize("pages, expected, why", CONTINUED.values(), ids=CONTINUED)
def test_a_table_over_pages_is_one_grid(
    pages: list[list[list[str]]], expected: list[list[str]], why: str, read: Callable[[bytes], SourceText]
) -> None:
    found = read(set_pages([[*ruled(page), Put(290, 790, f"{at}", 10)] for at, page in enumerate(pages, 1)]))
    assert len(found.grids) == 1 and cells(found) == expected, why


def test_tables_with_text_between_are_two(read: Callable[[bytes], SourceText]) -> None:
    rows = [HEAD, ["1", "修路", "市交通局"]]
    assert len(read(set_pages([ruled(rows), [Put(LEFT, 60, "二、第二类任务"), *ruled(rows)]])).grids) == 2


WORDS = st.text(st.sampled_from("市财政局甲乙丙"), min_size=1, max_size=5)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=2, max_size=6), st.integers(0, 5))
def test_spans_lie_in_the_text_and_cells_are_what_was_put(
    read: Callable[[bytes], SourceText], rows: list[tuple[str, ...]], merged: int
) -> None:
    put: list[list[str | None]] = [list(row) for row in rows]
    expected = [list(row) for row in rows]
    if 0 < merged < len(rows):
        put[merged][1], expected[merged][1] = None, expected[merged - 1][1]
    found = read(set_pages([ruled(put)]))  # type: ignore[arg-type]
    assert cells(found) == expected
    assert all(0 <= span.start <= span.end <= len(found.text) for row in found.grids[0].rows for span in row)


SHORT_LINES = """
　　额敏县人民政府办公室关于印发2024年重点工作任务分解的通知
　　额政办发〔2024〕47号
　　各有关单位：
　　为做好2024年各项重点工作，现将《额敏县2024年重点工作任务分解》印发给
你们，请认真贯彻执行。
　　额敏县人民政府办公室
　　2024年1月23日
　　额敏县2024年重点工作任务分解
　　一、聚焦重点难点，防范化解重大风险
　　1.加强土壤污染源头防控。（牵头单位：县生态环境局；责任单位：县发改
局）
　　二、大力实施创新驱动发展战略
　　2.推进两化融合，支持中小企业健康发展，建立健全工作台账。（牵头单位：
县工信局；责任单位：县农业农村局、县财政局、县自然资源和规划局、县城管
局，各乡镇政府、额敏开发区、额敏高新区管委会）
　　三、加快产业转型升级，构建现代产业体系
　　3.实施技术改造提升工程。（牵头单位：县工信局；责任单位：县科技局）
　　四、扩大有效投资，激活消费潜力
　　4.巩固农村饮水安全，实施病险水库除险加固，治理水土流失面积45平方公
里。（牵头单位：县水利局）
"""


def test_lines_that_end_one_character_before_the_edge_are_full(read: Callable[[bytes], SourceText]) -> None:
    # In a short notice more lines end so than at the edge, for a mark may not begin a line.
    text = read(pdf_bytes(SHORT_LINES.strip("\n").splitlines())).text
    assert "治理水土流失面积45平方公里。" in text
    assert "县城管局，各乡镇政府" in text


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.sampled_from(["市财政局", "甲、", "乙，", "（丙）", "丁戊；"]), min_size=1, max_size=30).map(
            lambda words: "".join(words) + "。"
        ),
        min_size=1,
        max_size=30,
    )
)
def test_paragraphs_set_in_lines_are_found_again(read: Callable[[bytes], SourceText], paragraphs: list[str]) -> None:
    assert read(set_pages(typeset(paragraphs))).text.splitlines() == paragraphs


LOCK = b"/Encrypt<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -4>>/ID[(a)(a)]" % (b"x" * 32, b"y" * 32)
GOOD = set_pages(typeset(PARAGRAPHS))
FILES: dict[str, tuple[bytes, type[KgError], str]] = {
    "scanned": (set_pages([[], []], images=True), PdfScannedError, "pictures only"),
    "scanned-with-page-numbers": (
        set_pages([[Put(270, 790, "— 1 —")]], images=True),
        PdfScannedError,
        "a page number over a picture is no text",
    ),
    "letters-without-codes": (GOOD.replace(b"/UniGB-UTF16-H", b"/Identity-H   "), PdfScannedError, "the font says shapes, not characters"),
    "empty-pages": (set_pages([[], []]), EmptySourceError, "nothing on them"),
    "cut-off": (GOOD[: len(GOOD) * 2 // 3], PdfBrokenError, "half a notice looks like a notice"),
    "cut-off-at-the-end": (GOOD[:-200], PdfBrokenError, "the table of objects is missing"),
    "no-pdf": (b"<html>", PdfBrokenError, "only the name says so"),
    "nothing": (b"", PdfBrokenError, "no byte"),
    "noise": (b"%PDF-1.7\n" + bytes(range(256)) * 20, PdfBrokenError, "no object"),
    "no-pages": (written([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]), PdfBrokenError, "nothing to read"),
    "locked": (written([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"], LOCK), PdfLockedError, "asks for a password"),
}


@pytest.mark.parametrize("content, error, why", FILES.values(), ids=FILES)
def test_a_file_that_gives_no_text_is_an_error(content: bytes, error: type[KgError], why: str, read: Callable[[bytes], SourceText]) -> None:
    with pytest.raises(error):
        read(content)
    assert why


def test_too_many_pages_and_bombs_are_refused(read: Callable[[bytes], SourceText], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_PAGES", 2)
    with pytest.raises(PdfTooLongError):
        read(GOOD)
    monkeypatch.setattr(reader, "LARGEST_STREAM", 2**20)
    packed = zlib.compress(b" " * 2**22)
    with pytest.raises(TooLargeError):
        read(written([b"<</Type/Catalog>>", b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)]))


def test_without_the_extra_the_error_names_it(read: Callable[[bytes], SourceText], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pdfplumber", None)
    with pytest.raises(ExtraError) as error:
        read(GOOD)
    assert error.value.args[-1] == "pdf"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=30))
def test_a_damaged_file_gives_a_text_or_an_error_of_ours(read: Callable[[bytes], SourceText], at: int, noise: bytes) -> None:
    with suppress(PdfBrokenError, PdfLockedError, PdfScannedError, EmptySourceError):
        read(GOOD[:at] + noise + GOOD[at + len(noise) :])


STYLE = """<meta charset=utf-8><style>@page{size:A4;margin:28mm 22mm 30mm 26mm} body{font:16pt/1.9 'Noto Sans CJK SC',sans-serif;margin:0;text-align:justify}
p{margin:0;text-indent:2em} h1{font-size:22pt;line-height:1.5;text-align:center;margin:0} table{border-collapse:collapse;width:100%;font-size:11pt;line-height:1.5}
td,th{border:1px solid #000;padding:3px 5px}</style>"""
HEADER = "<div style='font-size:9px;width:100%;text-align:center'>某市人民政府公报 2026年第3期</div>"
FOOTER = "<div style='font-size:10px;width:100%;text-align:center'>— <span class=pageNumber></span> —</div>"
GROUPS = ["工业强市建设重点任务", "乡村振兴重点任务", "民生保障重点任务", "改革开放重点任务", "生态环境重点任务"]
TASKS = [
    [
        f"{at}",
        GROUPS[(at - 1) // 5],
        f"推进第{at}项任务，开展技术改造，建成绿色工厂{at}家，培育专精特新企业。",
        "市经济和信息化局",
        "市财政局、市科学技术局、市人力资源和社会保障局",
        "2026年底前" if at % 2 else "持续推进",
    ]
    for at in range(1, 26)
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def printed(browser: Browser, tmp_path: Path) -> Callable[[str], SourceText]:
    def printing(page: str) -> SourceText:
        opened = browser.new_page()
        opened.set_content(STYLE + page)
        path = tmp_path / "printed.pdf"
        opened.pdf(path=path, prefer_css_page_size=True, display_header_footer=True, header_template=HEADER, footer_template=FOOTER)
        opened.close()
        return read_pdf(path.read_bytes(), path.name)

    return printing


@pytest.mark.browser
def test_a_notice_printed_by_a_browser(printed: Callable[[str], SourceText]) -> None:
    lines = [line.replace("技术改造", "AI and big data platforms 2.0") for line in PARAGRAPHS]
    body = "".join(f"<p>{line}</p>" for line in lines)
    found = printed(
        f"<h1>某市人民政府办公室关于印发2026年重点工作<br>责任分工的通知</h1><p style='text-indent:0'>各县（市、区）人民政府：</p><p>一、任务</p>{body}"
    )
    expected = ["某市人民政府办公室关于印发2026年重点工作责任分工的通知", "各县（市、区）人民政府：", "一、任务", *lines]
    assert [fold(line) for line in found.text.splitlines()] == [fold(line) for line in expected]
    assert all("（责任单位" not in line or line.endswith("）") for line in found.text.splitlines())


@pytest.mark.browser
@pytest.mark.parametrize("avoid", [pytest.param("auto", id="rows-divided-by-pages"), pytest.param("avoid", id="rows-whole")])
def test_a_table_printed_over_pages_by_a_browser(avoid: str, printed: Callable[[str], SourceText]) -> None:
    rows = ""
    for at, (number, group, *rest) in enumerate(TASKS):
        merged = f"<td rowspan=5>{group}</td>" * (at % 5 == 0)
        rows += f"<tr style='break-inside:{avoid}'><td>{number}</td>{merged}{''.join(f'<td>{text}</td>' for text in rest)}</tr>"
    head = "<thead><tr><th rowspan=2>序号<th rowspan=2>类别<th rowspan=2>工作任务<th colspan=2>单位<th rowspan=2>完成时限</tr><tr><th>牵头单位<th>责任单位</tr></thead>"
    found = printed(f"<p>任务分工如下。</p><table>{head}{rows}</table><p>以上任务按月调度。</p>")
    first = ["序号", "类别", "工作任务", "单位", "单位", "完成时限"]
    expected = [first, ["序号", "类别", "工作任务", "牵头单位", "责任单位", "完成时限"], *TASKS]
    assert len(found.grids) == 1
    assert cells(found) == [[fold(text) for text in row] for row in expected]
    assert [fold(found.text.splitlines()[at]) for at in (0, -1)] == ["任务分工如下。", "以上任务按月调度。"]
