"""Web pages and Markdown: only the notice is left, each paragraph whole, each table a grid."""

from __future__ import annotations

import html
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import EmptySourceError, NotTextError
from kg.reading.markdown import read_markdown
from kg.reading.source import SourceText
from kg.reading.web import MOST_PLACES, PageEmptyError, read_web
from kg.reading.webtree import DEEPEST, PageBrokenError

TITLE = "某市人民政府办公室关于印发2026年重点工作责任分工的通知"
BODY = [
    "各县（市、区）人民政府，市政府各部门：",
    "1.加快工业强市建设，完成技改投资100亿元。（牵头单位：市经信局；责任单位：市财政局、市科技局）",
    "2.推进乡村振兴，建成高标准农田30万亩。（牵头单位：市农业农村局；责任单位：市水利局）",
    "3.办好人民满意的教育，新增学位5000个。（牵头单位：市教育局；责任单位：各县市区政府）",
]
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in BODY)


def read(page: str) -> SourceText:
    return read_web(page.encode(), "page.html")


def lines(page: str) -> list[str]:
    return read(page).text.splitlines()


def cells(text: SourceText, grid: int = 0) -> list[list[str]]:
    return [[text.text[span.start : span.end] for span in row] for row in text.grids[grid].rows]


class Row(NamedTuple):
    page: str
    expected: list[str]
    why: str


ROWS = {
    "inline-tags-do-not-end-a-line": Row(
        "<p>（牵头单位：<b>市</b><span>经信局</span>；<font color=red>责任</font>单位：<a href=x>市财政局</a>）</p>",
        ["（牵头单位：市经信局；责任单位：市财政局）"],
        "Word wraps every few characters in span tags; a name must not be broken",
    ),
    "source-line-ends-inside-a-name": Row(
        "<p>牵头单位：市农业\n      农村局，  use\n AI\ttools</p>",
        ["牵头单位：市农业农村局， use AI tools"],
        "editors wrap the source; a browser shows a name in one piece and one blank between Latin words",
    ),
    "ideographic-space-stays": Row(
        "<p>　　一、总体　要求 </p>", ["　　一、总体　要求"], "the print has it; only blanks of the source collapse"
    ),
    "br-ends-a-line": Row(
        "<p>牵头单位：市经信局<br>责任单位：市财政局<br/><br></p>",
        ["牵头单位：市经信局", "责任单位：市财政局"],
        "labels on lines of their own",
    ),
    "pre-keeps-its-lines": Row("<pre>一、任务\n二、保障</pre>", ["一、任务", "二、保障"], "small sites paste plain text"),
    "unclosed-paragraphs": Row(
        "<p>一、任务<p>修路，。<div>二、保障<br>种树", ["一、任务", "修路，。", "二、保障", "种树"], "tags are often left open"
    ),
    "text-without-a-tag": Row("一、任务", ["一、任务"], "a file of text that was named .html"),
    "nbsp-indent": Row("<p>&nbsp;&nbsp;&nbsp; 一、任务&#12288;甲</p>", ["一、任务　甲"], "indentation by no-break spaces is no text"),
    "scripts-and-hidden": Row(
        "<script>var a='一、假';</script><style>p{}</style><noscript>请开启</noscript><!-- 注释 --><p hidden>藏</p>"
        "<div style='DISPLAY : none'>藏<p>藏</p></div><template>藏</template><svg><title>图</title></svg><p>一、任务</p>",
        ["一、任务"],
        "what a reader does not see is not the notice",
    ),
    "numbered-list": Row(
        "<ol start=3><li>修路<li><p>种树</p><p>续</p><ul><li>松</ul><li value=9>治水</ol><ol><li>甲</ol>",
        ["3. 修路", "4. 种树", "续", "松", "9. 治水", "1. 甲"],
        "the browser prints the numbers",
    ),
    "numbers-printed-by-the-author": Row(
        "<ol><li>1.修路<li>（二）种树</ol><ol style='list-style-type:none'><li>治水</ol>",
        ["1.修路", "（二）种树", "治水"],
        "a style sheet hides the list's own numbers",
    ),
    "metadata-table": Row(
        "<table><tr><td>索 引 号：</td><td>0001/2019</td><td>主题分类：</td><td></td></tr>"
        "<tr><td>发文字号</td><td colspan=3>国发〔2019〕3号</td></tr></table>" + PARAGRAPHS,
        ["索引号：0001/2019", "发文字号：国发〔2019〕3号", *BODY],
        "the table above a notice of gov.cn: label and value on one line, empty values left out",
    ),
    "labels-of-a-task": Row(
        f"<p>一、任务</p><table><tr><td>牵头单位：</td><td>市经信局</td></tr><tr><td>责任单位：</td><td>市财政局</td></tr></table>{PARAGRAPHS}",
        ["一、任务", "牵头单位：市经信局", "责任单位：市财政局", *BODY],
        "a table that alternates labels and values is lines also inside the text",
    ),
    "layout-table": Row(
        f"<table><tr><td><table><tr><td>{PARAGRAPHS}</td></tr></table></td><td><a href=x>国务院</a></td></tr><tr><td>&nbsp;</td></tr></table>",
        BODY,
        "old pages are laid out by tables",
    ),
    "menus": Row(
        "<nav><a href=a>首页</a><a href=b>公开</a></nav><div><ul><li><a href=1>新闻</a><li><a href=2>政务</a><li><a href=3>服务</a></ul></div>"
        f"<div role=navigation>当前栏目</div><div id=c><h1>{TITLE}</h1>{PARAGRAPHS}<p>附件：<a href=x>1.任务清单.docx</a></p></div>"
        "<p>【打印本页】【关闭窗口】</p><p>上一篇：<a href=u>某市通知</a></p><aside>热门，推荐。</aside><div>扫一扫在手机打开当前页</div>"
        "<footer>主办：某市人民政府 备案号</footer><div>版权所有：某市人民政府办公室 鄂ICP备05000001号</div>",
        [TITLE, *BODY, "附件：1.任务清单.docx"],
        "nothing but the notice; one link in the text is no menu",
    ),
    "clauses-like-menus": Row(
        "<p>一、推广扫码乘车。（市交通局负责）</p><p>主办单位：市商务局；承办单位：市文旅局</p><p>编制单位：市财政局</p>"
        "<p>资金来源：市级财政</p><p>二、加强ICP备案管理</p><p>三、返乡创业</p>",
        [
            "一、推广扫码乘车。（市交通局负责）",
            "主办单位：市商务局；承办单位：市文旅局",
            "编制单位：市财政局",
            "资金来源：市级财政",
            "二、加强ICP备案管理",
            "三、返乡创业",
        ],
        "words of menus inside a notice are the notice",
    ),
    "form-around-the-page": Row(f"<form id=aspnetForm><div>{PARAGRAPHS}</div></form>", BODY, "some systems put the whole page in a form"),
    "around-the-notice": Row(
        f"<div><h1>某市人民政府门户网站</h1><span>长者版</span></div><div><h2>{TITLE}</h2><div>发布日期：2026-03-17 </div><div>来源：市政府办</div></div>"
        f"<div>{PARAGRAPHS * 3}</div><p>某市人民政府办公室</p><p>2026年1月6日</p><p>各成员单位要按月报送进展情况，年底汇总。</p><div>微信公众号</div>"
        "<div><p>附表</p><p>4.修路（市交通局负责）</p><p>牵头单位：市交通局</p></div>",
        [
            TITLE,
            "发布日期：2026-03-17",
            *BODY * 3,
            "某市人民政府办公室",
            "2026年1月6日",
            "各成员单位要按月报送进展情况，年底汇总。",
            "附表",
            "4.修路（市交通局负责）",
            "牵头单位：市交通局",
        ],
        "outside the block of the notice stay title, date, signature, whole sentences, items and clauses",
    ),
    "title-broken-in-two": Row(
        f"<head><title>{TITLE}_政府信息公开_某市人民政府</title></head><p>{TITLE[:10]}</p><p>{TITLE[10:20]}<br>{TITLE[20:]}</p>{PARAGRAPHS}",
        [TITLE, *BODY],
        "centred titles are set in several paragraphs; the page's title says that they are one",
    ),
    "title-only-in-the-head": Row(
        f"<html><head><title>某市人民政府 - {TITLE}</title></head><body>{PARAGRAPHS}",
        [TITLE, *BODY],
        "the body does not print it",
    ),
    "title-of-the-metadata": Row(
        f'<meta name="ArticleTitle" content="{TITLE}"><title>政府信息公开</title>{PARAGRAPHS}',
        [TITLE, *BODY],
        "the name that the site guideline prescribes",
    ),
    "front-matter": Row(
        f"---\nlayout: default\ntitle: '{TITLE}'\n---\n\n{PARAGRAPHS}", [TITLE, *BODY], "pages of Jekyll are stored with it"
    ),
    "entity-bomb": Row(
        "<!DOCTYPE html [" + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20)) + "]><p>一、任务&a19;</p>",
        ["一、任务&a19;"],
        "entities of a document type are not expanded",
    ),
    "deep-nesting": Row(
        "<div>" * 5000 + "一、任务" + "</div>" * 5000 + "<p>二、保障</p>",
        ["一、任务", "二、保障"],
        "libxml2's own tree drops all text here",
    ),
    "unclosed-fonts": Row(
        "".join(f"<p><font color=red>第{n}项，完成。" for n in range(1, 400)),
        [f"第{n}项，完成。" for n in range(1, 400)],
        "each open tag nests the next: libxml2's own tree stops after 256",
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_page_gives_the_lines_of_its_notice(row: Row) -> None:
    assert lines(row.page) == row.expected, row.why


def test_nesting_beyond_the_bound_loses_no_text() -> None:
    deep = DEEPEST + 50
    assert lines("<div>" * deep + "甲" + "</div><p>乙" * deep)[:3] == ["甲", "乙", "乙"]


ENCODED = {
    "gbk-said": ('<meta charset="gb2312">', "gbk", "gb18030", "GB2312 is said where GBK or GB18030 is meant"),
    "gbk-not-said": ("", "gbk", "gb18030", "not UTF-8, so GB18030"),
    "gbk-said-to-be-utf8": ('<meta charset="utf-8">', "gb18030", "gb18030", "what is said does not fit"),
    "utf8-said-to-be-gbk": (
        '<meta http-equiv="Content-Type" content="text/html; charset=gbk">',
        "utf-8",
        "utf-8",
        "what is said does not fit",
    ),
    "latin1-said": ('<meta charset="iso-8859-1">', "utf-8", "utf-8", "Latin-1 fits every byte and says nothing"),
    "unknown-said": ('<meta charset="x-nonsense">', "utf-8", "utf-8", "no such encoding"),
    "utf16-with-mark": ("", "utf-16", "utf-16-le", "byte order mark"),
    "utf16-without-mark": ("", "utf-16-be", "utf-16-be", "noughts tell"),
    "big5-said": ('<meta charset="big5">', "big5", "big5", "pages of Hong Kong"),
    "utf8-mark": ("", "utf-8-sig", "utf-8", "byte order mark"),
}


@pytest.mark.parametrize("said, written, read_as, why", ENCODED.values(), ids=ENCODED)
def test_the_encoding_of_a_page(said: str, written: str, read_as: str, why: str) -> None:
    line = "一、加快工業強市建設，（牽頭單位：市財政局）" if written == "big5" else "一、加快工业强市建设，（牵头单位：市财政局）。"
    found = read_web(f"<html><head>{said}<body><p>{line}</p></body></html>".encode(written), "a.html")
    assert (found.text, found.encoding) == (line + "\n", read_as), why


def test_one_broken_byte_in_a_thousand_is_shown_and_more_are_refused() -> None:
    good = ("<p>" + "一、加快建设。" * 300 + "</p>").encode()
    assert "\ufffd" in read_web(good + b"<p>\xff\xff</p>", "a.html").text
    with pytest.raises(NotTextError):
        read_web(bytes(range(128, 256)) * 40, "a.html")
    with pytest.raises(NotTextError):
        read_web(b"<p>" + b"\x00\x01\x02\xff" * 99, "a.html")


BROKEN = {
    "nothing": (b"", EmptySourceError, "nothing to read"),
    "blank": (b" \n\xe3\x80\x80", EmptySourceError, "nothing to read"),
    "front-matter-only": (b"---\ntitle: a\n---\n", EmptySourceError, "nothing behind it"),
    "drawn-by-a-script": (b"<html><body><div id=app></div><script>draw('x')</script></body></html>", PageEmptyError, "no text of its own"),
    "only-menus": (
        "<ul><li><a href=1>首页</a><li><a href=2>政务</a><li><a href=3>服务</a></ul>".encode(),
        PageEmptyError,
        "a list of links",
    ),
    "a-piece-beyond-the-parser": (
        b"<p>" + b"a," * 6_000_000 + b"</p><p>b</p>",
        PageBrokenError,
        "libxml2 drops what follows without a word",
    ),
}


@pytest.mark.parametrize("content, error, why", BROKEN.values(), ids=BROKEN)
def test_a_page_without_text_is_an_error(content: bytes, error: type[Exception], why: str) -> None:
    with pytest.raises(error):
        read_web(content, "a.html")
    assert why


TABLE = """<p>任务分工，如下表。</p><table border=1><caption>责任分工表</caption>
<thead><tr><th>序号</th><th>工 作<br>任 务</th><th colspan=2>单位</th></tr></thead>
<tr><td>1</td><td rowspan=2><p>修路</p><p>种树</p></td><td>市交通局</td><td><ul><li>市财政局<li>市林业局</ul></td></tr>
<tr><td>2</td><td>市水利局</td><td></td></tr><tr></tr></table><p>附则。</p>"""


def test_a_table_of_data_is_a_grid_with_merged_cells_in_every_place() -> None:
    found = read(TABLE)
    assert cells(found) == [
        ["序号", "工 作\n任 务", "单位", "单位"],
        ["1", "修路\n种树", "市交通局", "市财政局\n市林业局"],
        ["2", "修路\n种树", "市水利局", ""],
    ]
    rows = found.grids[0].rows
    assert rows[0][2] == rows[0][3] and rows[1][1] == rows[2][1]
    assert found.text.count("修路") == 1
    assert found.text.splitlines()[:2] == ["任务分工，如下表。", "责任分工表"]
    assert found.text.endswith("附则。\n") and found.whole_paragraphs


def test_places_count_paragraphs_and_cells() -> None:
    found = read(TABLE)
    at = {found.text[place.start :].split("\n")[0].split("\t")[0]: place for place in found.places}
    assert (at["附则。"].paragraph, at["附则。"].table) == (3, None)
    assert (at["市水利局"].table, at["市水利局"].row, at["市水利局"].column) == (1, 3, 3)


SPANS = {
    "rowspan-of-a-thousand-million": (
        "<tr><td rowspan=1000000000>甲<td>乙<tr><td>丙",
        [["甲", "乙"], ["甲", "丙"]],
        "to the end of the table",
    ),
    "rowspan-of-nought": ("<tr><td rowspan=0>甲<td>乙<tr><td>丙<tr><td>丁", [["甲", "乙"], ["甲", "丙"], ["甲", "丁"]], "HTML: to the end"),
    "colspan-of-a-thousand-million": (
        "<tr><td colspan=1000000000>甲<tr><td>乙<td>丙",
        [["甲", "甲"], ["乙", "丙"]],
        "columns in which no cell begins are none",
    ),
    "negative-and-words": ("<tr><td colspan=-3 rowspan=all>甲<td>乙<tr><td>丙<td>丁", [["甲", "乙"], ["丙", "丁"]], "one place each"),
    "ragged": ("<tr><td>甲<td>乙<td>丙<tr><td>丁", [["甲", "乙", "丙"], ["丁", "", ""]], "rows of one table are equally long"),
    "no-row-tags": (
        "<tbody><tr><th>甲<th>乙</tr></tbody><td>丙<tr><td>丁<td>戊",
        [["甲", "乙"], ["丙", ""], ["丁", "戊"]],
        "a cell outside a row is a row",
    ),
}


@pytest.mark.parametrize("page, expected, why", SPANS.values(), ids=SPANS)
def test_spans_of_cells_are_resolved_and_bounded(page: str, expected: list[list[str]], why: str) -> None:
    assert cells(read(f"<p>一、任务，。</p><table border=1>{page}</table>")) == expected, why


def test_a_table_with_too_many_places_is_read_as_lines() -> None:
    wide = MOST_PLACES // 1000
    found = read("<table><tr>" + "<td rowspan=9999 colspan=1000>甲" * wide + "<tr><td>乙<td>丙" * 9 + "</table>")
    assert not found.grids and found.text.splitlines()[-2:] == ["乙", "丙"]


def test_stray_text_of_a_table_is_kept() -> None:
    assert "备注，见下。" in read("<table border=1>备注，见下。<tr><td>甲<td>乙<tr><td>丙<td>丁</table>").text


WORDS = (
    st.text(st.sampled_from('市财政局、甲乙 a1（）<&"\u3000'), min_size=1, max_size=8)
    .map(lambda text: " ".join(text.split(" ")))
    .filter(str.strip)
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """A table as HTML, its cells merged at random, and the text of each place."""
    height, width = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    places: list[list[str | None]] = [[None] * width for _ in range(height)]
    rows = []
    for row in range(height):
        out = ""
        for column in range(width):
            if places[row][column] is not None:
                continue
            free = next((n for n in range(width - column) if places[row][column + n] is not None), width - column)
            across, down = draw(st.integers(1, min(free, 2))), draw(st.integers(1, min(2, height - row)))
            text = draw(WORDS)
            for below in range(row, row + down):
                for right in range(column, column + across):
                    places[below][right] = text
            out += f"<td rowspan={down} colspan={across}>{html.escape(text)}</td>"
        rows.append(f"<tr>{out}</tr>")
    return f"<p>一、任务分工，如下。</p><table border=1>{''.join(rows)}</table>", [[text or "" for text in row] for row in places]


@given(tables())
def test_spans_lie_in_the_text_and_cells_are_what_was_put(made: tuple[str, list[list[str]]]) -> None:
    page, expected = made
    found = read(page)
    for grid in found.grids:
        assert all(0 <= span.start <= span.end <= len(found.text) for row in grid.rows for span in row)
        assert len({len(row) for row in grid.rows}) == 1
        put = {"".join(text.split()) for row in expected for text in row}
        assert {"".join(text.split()) for row in cells(found) for text in row} <= put | {""}
    assert all("".join(text.split()) in "".join(found.text.split()) for row in expected for text in row)


@given(st.text(st.sampled_from("<>/apdivtrl ol=&;!-\"'\n一，。甲"), max_size=80))
def test_any_page_gives_a_text_or_an_error_of_ours(page: str) -> None:
    try:
        found = read_web(page.encode(), "a.html")
    except (EmptySourceError, PageEmptyError, PageBrokenError):
        return
    assert found.text.strip()


MARKDOWN = {
    "headings": (
        "# 一、任务 ##\n\n##二、保障\n\n标题\n===\n#hash",
        ["一、任务", "二、保障", "标题", "#hash"],
        "the marks go; without a blank only before Chinese",
    ),
    "emphasis": (
        "**牵头单位：**市经信局，*责任*单位：~~无~~ __市财政局__ `x` a_b_c",
        ["牵头单位：市经信局，责任单位：无 市财政局 x a_b_c"],
        "marks off, names whole",
    ),
    "asterisk-of-a-lead": (
        "（责任单位：*县人社局、县科技局；*县财政局）",
        ["（责任单位：*县人社局、县科技局；*县财政局）"],
        "苍南县 2026: an asterisk marks the lead",
    ),
    "links": (
        '见[附件](a_(b).docx "说明")、[二][2]，![图](x.png)<https://a.cn/b>\n\n[2]: http://x',
        ["见附件、二，https://a.cn/b"],
        "links are their text",
    ),
    "wrapped": (
        "加快工业强市建设，（牵头单位：市农业\n农村局；责任单位：市财政局）use\nAI tools",
        ["加快工业强市建设，（牵头单位：市农业农村局；责任单位：市财政局）use AI tools"],
        "hard wraps are joined, Latin words with a blank",
    ),
    "labels": (
        "修路\n牵头单位：市交通局\n责任单位：市财政局",
        ["修路", "牵头单位：市交通局", "责任单位：市财政局"],
        "lines that their author ended",
    ),
    "numbers-in-one-paragraph": (
        "一、任务任务任务任务\n（一）修路修路修路修路\n（二）种树",
        ["一、任务任务任务任务", "（一）修路修路修路修路", "（二）种树"],
        "an item is a paragraph",
    ),
    "items-of-a-list": ("修路；\n2.种树，\n治水", ["修路；", "2.种树，治水"], "a comma goes on, a number begins a line"),
    "hard-breaks": ("甲乙丙丁  \n戊己庚辛\\\n壬癸<br>子", ["甲乙丙丁", "戊己庚辛", "壬癸", "子"], "two blanks, a backslash, a tag"),
    "lists": (
        "1. 修路\n2. 种树\n   - 松\n3) 治水\n\n* [x] 完成\n+ 甲",
        ["1. 修路", "2. 种树", "松", "3) 治水", "完成", "甲"],
        "numbers stay, bullets go",
    ),
    "all-ones": ("1. 修路\n1. 种树\n1. 治水", ["1. 修路", "2. 种树", "3. 治水"], "counted as a renderer does"),
    "quote-rule-fence": ("> 引文\n\n---\n\n```\n代码\n\n# 行\n```\n后", ["引文", "代码", "# 行", "后"], "marks only"),
    "comment-and-tags": ("甲<!-- 藏\n藏 --><b>乙</b> &amp; \\*丙\\* 5 < 6", ["甲乙 & *丙* 5 < 6"], "HTML inside"),
    "front-matter": (f"---\ntitle: {TITLE}\n---\n一、任务", [TITLE, "一、任务"], "the title is kept"),
    "front-matter-printed": (f"---\ntitle: {TITLE}\n---\n# {TITLE}\n一、任务", [TITLE, "一、任务"], "once"),
}


@pytest.mark.parametrize("text, expected, why", MARKDOWN.values(), ids=MARKDOWN)
def test_markdown_loses_its_marks(text: str, expected: list[str], why: str) -> None:
    assert read_markdown(text, "a.md").text.splitlines() == expected, why


def test_markdown_tables_are_grids() -> None:
    text = "表\n\n| 序号 | 任务\\|事项 | 单位 |\n|:-|:-:|-:|\n| 1 | **修**<br>路 |\n2 | 种树 | 市林业局\n\n<table><tr><th rowspan=2>甲</th><th>乙</th></tr>\n<tr><td>丙</td></tr></table>\n"
    found = read_markdown(text, "a.md")
    assert cells(found) == [["序号", "任务|事项", "单位"], ["1", "修\n路", ""], ["2", "种树", "市林业局"]]
    assert cells(found, 1) == [["甲", "乙"], ["甲", "丙"]]
    assert [place.table for place in found.places if place.table] == [1] * 8 + [2] * 3


def test_markdown_of_nothing_is_an_error() -> None:
    for text in ("", "\n\n", "<!-- a -->", "---\n\n***\n"):
        with pytest.raises(EmptySourceError):
            read_markdown(text, "a.md")
