"""A folder of pages saved from government sites: what is read of them, what is passed over, and what a person is told."""

from __future__ import annotations

import base64
import quopri
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.verdicts import Change, Check, overturn_words
from kg.analysis.verdicts import Verdict as OneVerdict
from kg.building.doubts import doubts_of
from kg.building.line import read_notices
from kg.building.whole import Built, build_folder
from kg.cli import cli
from kg.console import BAD_INPUT, DONE, run
from kg.errors import KgError, NotANoticeError, OutputAsSourceError, UnitAmbiguousError
from kg.graph.queries import find_unit
from kg.graph.store import open_store
from kg.reading.companions import MOST_FRAMES, is_companion, page_stems, with_frames
from kg.reading.files import content_of, passed_over, read_file, source_files
from kg.reading.mhtml import MhtmlEmptyError, read_mhtml
from kg.reading.web import read_web
from kg.versions import is_build
from kg.views.sheets import units_named

from .builds import ties_in, without_pages

TITLE = "{city}人民政府办公室关于印发{year}年重点工作责任分工的通知"
TASKS = [
    "1.新建改扩建中小学20所，增加学位1.5万个。（牵头单位：市教育局；责任单位：市财政局、市发改委）",
    "2.改造老旧小区120个，新建停车位5000个。（牵头单位：市住建局；责任单位：市财政局）",
    "3.完成高标准农田建设21万亩。（牵头单位：市发改委；责任单位：市农业农村局）",
]
FOOT = "<div><p>主办：{city}人民政府办公室　承办：{city}大数据中心</p><p>网站标识码：4206000001　鄂ICP备05001234号</p><p>联系电话：0710-1</p></div>"
BAR = "<div>发布时间：{year}-02-18 09:12　来源：{city}人民政府办公室　浏览次数：{hits}　字体：【大 中 小】 打印</div>"


def page(
    body: str = "".join(f"<p>{task}</p>" for task in TASKS), city: str = "襄阳市", year: int = 2022, hits: int = 7, serial: int = 5
) -> str:
    title = TITLE.format(city=city, year=year)
    return (
        f"<html><head><title>{title}_{city}人民政府门户网站</title></head><body>"
        f"<div><a href=1>登录</a>|<a href=2>注册</a> 今天是2024年3月{hits}日 星期二</div><ul><li><a href=3>首页</a></li></ul><h1>{title}</h1>"
        f"{BAR.format(city=city, year=year, hits=hits)}<div id=zoom><p>{city[:1]}政办发〔{year}〕{serial}号</p>{body}</div>"
        f"{FOOT.format(city=city)}</body></html>"
    )


def mhtml(html: str, *frames: tuple[str, str], charset: str = "", encoding: str = "utf-8", packed: str = "quoted-printable") -> bytes:
    """A page as Chrome and Internet Explorer save it in one file, frames by their addresses."""

    def part(text: str, head: str) -> str:
        content = text.encode(encoding)
        body = base64.encodebytes(content) if packed == "base64" else quopri.encodestring(content)
        kind = f"text/html{f'; charset={charset}' if charset else ''}"
        return f"--B\nContent-Type: {kind}\nContent-Transfer-Encoding: {packed}\n{head}\n\n{body.decode('ascii')}\n"

    head = 'From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="B"\n\n'
    picture = f"--B\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n{base64.encodebytes(bytes(99)).decode()}\n"
    pages = [part(html, "Content-Location: https://example.gov.cn/a.html"), picture, *(part(text, name) for name, text in frames)]
    return (head + "".join(pages) + "--B--\n").replace("\n", "\r\n").encode("ascii")


class Row(NamedTuple):
    content: bytes
    why: str


FRAMED = '<html><body><p>通知</p><iframe src="{src}"></iframe></body></html>'
INNER = "<!DOCTYPE html><html><head><title>框</title></head><body>" + "".join(f"<p>{task}</p>" for task in TASKS) + "</body></html>"
SAVED = {
    "chrome": Row(mhtml(page()), "quoted-printable, the character set nowhere but in the bytes"),
    "base64": Row(mhtml(page(), packed="base64"), "as mail programs pack"),
    "gbk": Row(mhtml(page(), charset="gb2312", encoding="gbk", packed="base64"), "Internet Explorer names the character set of the site"),
    "unknown-charset": Row(mhtml(page(), charset="x-foo"), "the page itself tells"),
    "frame-by-cid": Row(mhtml(FRAMED.format(src="cid:f1@mhtml.blink"), ("Content-ID: <f1@mhtml.blink>", INNER)), "how Chrome saves frames"),
    "frame-by-address": Row(
        mhtml(FRAMED.format(src="https://a.cn/f.html"), ("Content-Location: https://a.cn/f.html", INNER)), "as IE does"
    ),
}


@pytest.mark.parametrize("row", SAVED.values(), ids=SAVED)
def test_a_page_saved_as_one_file_is_read(row: Row, tmp_path: Path) -> None:
    path = tmp_path / "通知 2022.mhtml"
    path.write_bytes(row.content)
    lines = read_file(path).text.splitlines()
    assert [line for line in lines if line in TASKS] == TASKS, row.why


@pytest.mark.parametrize(
    "content", [b"MIME-Version: 1.0\r\n\r\nx", b"\xff\xfe", b"From: a\n\n<p>x</p>"], ids=["no-parts", "noise", "no-type"]
)
def test_one_file_without_a_page_says_so(content: bytes) -> None:
    with pytest.raises(MhtmlEmptyError, match="MHTML"):
        read_mhtml(content, "a.mhtml")


@given(st.binary(max_size=400))
def test_any_bytes_as_a_saved_page_give_a_text_or_one_clear_error(content: bytes) -> None:
    for whole in (content, mhtml(page())[:-200] + content):
        try:
            read_mhtml(whole, "a.mhtml")
        except KgError as error:
            assert "a.mhtml" in str(error)


COMPANIONS = {
    "chrome-and-firefox": ("通知_files", ["通知.html"], True),
    "upper-case": ("A_files", ["A.HTM"], True),
    "word": ("通知.files", ["通知.htm"], True),
    "page-moved-away": ("通知_files", ["另一页.html"], False),
    "of-a-document": ("通知_files", ["通知.docx"], False),
    "a-name-only": ("_files", [".html"], False),
    "a-folder-of-notices": ("files", ["files.html"], False),
}


@pytest.mark.parametrize(("folder", "beside", "expected"), COMPANIONS.values(), ids=COMPANIONS)
def test_the_folder_of_a_saved_page_is_told_from_one_of_notices(folder: str, beside: list[str], expected: bool) -> None:
    assert is_companion(folder, page_stems(beside)) is expected


def saved(folder: Path) -> Path:
    """A page whose notice stands in a frame, as a browser leaves it, with advertisements in frames and a script."""
    folder.mkdir(parents=True)
    parts = folder / "通 知_files"
    parts.mkdir()
    address = "./%E9%80%9A%20%E7%9F%A5_files/saved_resource"
    frames = f'<iframe src="{address}.html"></iframe><iframe src="{address}(1).html"></iframe><iframe src="../secret.html"></iframe>'
    (folder / "通 知.html").write_bytes(page(frames).encode("gbk", "xmlcharrefreplace"))
    (parts / "saved_resource.html").write_text(INNER, encoding="utf-8")
    (parts / "saved_resource(1).html").write_text("<body>分享</body>", encoding="utf-8")
    (parts / "main.js").write_text("牵头单位：甲局", encoding="utf-8")
    return folder


def test_a_notice_in_a_frame_is_read_with_its_page_and_the_parts_are_passed_over(tmp_path: Path) -> None:
    folder = saved(tmp_path / "网页")
    (tmp_path / "secret.html").write_text("<p>秘密内容，不在旁边的文件夹里。</p>", encoding="utf-8")
    (file,) = source_files([folder])
    (notice,) = read_notices([folder]).notices
    assert file.path.name == "通 知.html"
    assert notice.title == TITLE.format(city="襄阳市", year=2022)
    assert [task.text for task in notice.tasks] == [task[2:].partition("（")[0] for task in TASKS]
    assert "秘密" not in notice.text


def test_the_same_pages_in_an_archive_are_read_alike(tmp_path: Path) -> None:
    folder = saved(tmp_path / "网页")
    with zipfile.ZipFile(tmp_path / "网页.zip", "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    assert len(source_files([tmp_path / "网页.zip"])) == 1
    assert [n.text for n in read_notices([tmp_path / "网页.zip"]).notices] == [n.text for n in read_notices([folder]).notices]


def test_a_page_of_many_frames_costs_no_more_than_some() -> None:
    asked: list[str] = []

    def part(address: str) -> bytes | None:
        asked.append(address)
        return None

    crowded = b"".join(b"<iframe src='a%d'>" % at for at in range(500))
    assert with_frames(crowded, part) == crowded and len(asked) == MOST_FRAMES


class Foot(NamedTuple):
    tail: str
    kept: bool
    why: str


FEET = {
    "host-and-registration": Foot(
        "<p>主办：襄阳市人民政府办公室　承办：襄阳市大数据中心</p><p>鄂ICP备05001234号</p>", False, "the usual foot"
    ),
    "host-alone": Foot("<p>主办：襄阳市人民政府办公室　承办：襄阳市政务服务局</p>", False, "its registration number is drawn by a script"),
    "units-of-words": Foot(
        "<p>主办单位：襄阳市人民政府</p><p>承办单位：襄阳市数据局</p><p>版权所有：襄阳市</p>", False, "on lines of their own"
    ),
    "a-task-of-an-event": Foot("<p>主办单位：市文旅局；承办单位：市体育局</p>", True, "a clause of a notice that ends with it"),
    "a-task-before-the-foot": Foot(
        "<p>主办单位：市文旅局</p><p>承办单位：市体育局</p><p>版权所有：襄阳市</p>", True, "bureaus run no site"
    ),
}


@pytest.mark.parametrize("row", FEET.values(), ids=FEET)
def test_who_runs_the_site_has_no_task_by_that(row: Foot) -> None:
    text = read_web(f"<body><p>4.办好马拉松赛事。</p>{row.tail}</body>".encode(), "a.html").text
    assert ("承办" in text) is row.kept, row.why
    assert "办好马拉松赛事" in text


@pytest.mark.parametrize(
    ("name", "body"),
    [
        pytest.param("404.html", "<h1>404</h1><p>抱歉，您访问的页面不存在或已删除！</p>", id="not-found"),
        pytest.param(
            "list.html", "<ul><li><a href=1>襄阳市人民政府办公室关于加强安全生产工作的通知</a> 2022-01-01</li></ul>", id="list-of-links"
        ),
        pytest.param("plan.html", "<p>各位代表：</p><p>（一）全力扩大有效需求。全年完成投资1500亿元。</p>", id="report-on-the-work"),
    ],
)
def test_a_page_without_a_notice_is_none_though_its_foot_names_units(name: str, body: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(f"<html><body>{body}{FOOT.format(city='襄阳市')}</body></html>", encoding="utf-8")
    with pytest.raises(NotANoticeError):
        read_notices([path])


ANNEX = "<p>现将分解方案印发给你们，请认真组织实施。</p><p>附件：<a href=x>2022年重点工作责任分解方案.docx</a></p>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages of three cities: one saved twice, one corrected and saved again, one that only links to its tasks, and pictures."""
    root = tmp_path_factory.mktemp("网页 2024")
    files = {
        "襄阳.html": page(),
        "襄阳 (1).html": page(hits=9),
        "襄阳更正.html": page("".join(f"<p>{task}</p>" for task in (*TASKS[:2], "3.新增一项工作任务。（牵头单位：市司法局）"))),
        "绵阳.htm": page(city="绵阳市", serial=6),
        "岳阳.html": page(ANNEX, city="岳阳市", serial=3),
    }
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    (root / "扫描.jpg").write_bytes(b"\xff\xd8\xff")
    (root / "公文.ofd").write_bytes(b"x")
    return root


@pytest.fixture(scope="module")
def built(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Built]:
    """A build of these pages."""
    out = tmp_path_factory.mktemp("b") / "out"
    with pytest.MonkeyPatch.context() as patch:
        without_pages(patch)
        return out, build_folder([folder], out)


def test_a_page_saved_on_another_day_is_a_copy(built: tuple[Path, Built], folder: Path) -> None:
    assert built[1].copies == ((folder / "襄阳.html").as_posix(),), "its counter and the day of the visit are no part of the notice"


def test_what_may_be_missing_or_counted_twice_is_found(built: tuple[Path, Built], folder: Path) -> None:
    doubts = doubts_of(built[1].folder)
    assert [(Path(one.source).name, one.annexes) for one in doubts.empty] == [("岳阳.html", ("2022年重点工作责任分解方案.docx",))]
    assert [({Path(one.source).name, Path(one.other).name}, one.tasks) for one in doubts.again] == [({"襄阳 (1).html", "襄阳更正.html"}, 2)]
    assert passed_over([folder], is_build) == {".jpg": 1, ".ofd": 1}


def test_a_build_tells_it(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    without_pages(monkeypatch)
    assert run(cli, ["build", str(folder), "-o", str(tmp_path / "out"), "--lang", "zh"]) == DONE
    said = capsys.readouterr().err
    for words in (
        "其中 1 份没有读到任何任务",
        "任务可能在附件里：2022年重点工作责任分解方案.docx",
        "有 2 项任务文字相同",
        ".jpg 1 份、.ofd 1 份",
        "只计一次",
    ):
        assert words in said


UNITS = {
    "place-and-name": ("襄阳市发改委", "420600"),
    "short-place": ("绵阳发改委", "510700"),
    "place-before-the-whole-name": ("绵阳市市发展改革委", "510700"),
    "its-only-name": ("市司法局", "420600"),
}


@pytest.mark.parametrize(("name", "code"), UNITS.values(), ids=UNITS)
def test_a_unit_goes_by_its_place_and_name(name: str, code: str, built: tuple[Path, Built]) -> None:
    assert f"/{code}-" in find_unit(open_store(built[1].folder), name)
    assert [unit.partition(":")[2].partition("-")[0] for unit in units_named(ties_in(built[0]), [name])] == [code]


def test_a_name_of_several_places_is_answered_with_the_places(built: tuple[Path, Built]) -> None:
    for find in (lambda name: find_unit(open_store(built[1].folder), name), lambda name: units_named(ties_in(built[0]), [name])):
        with pytest.raises(UnitAmbiguousError, match=r"绵阳市 unit:510700-\S+、襄阳市 unit:420600-"):
            find("市发改委")


class Run(NamedTuple):
    words: tuple[str, ...]
    status: int
    said: str
    why: str


RUNS = {
    "graph-behind-the-question": Run(("query", "load", "OUT"), DONE, "襄阳市", "report and draw name it there; places tell 市发改委 apart"),
    "one-city-and-year": Run(
        ("report", "OUT", "--place", "绵阳", "--year", "2022", "--format", "md"), DONE, "地方 绵阳市；年度 2022", "a part"
    ),
    "no-such-city": Run(("report", "OUT", "--place", "宜昌"), BAD_INPUT, "没有地方“宜昌”的文件；有：", "the places there are"),
    "no-such-year": Run(("report", "OUT", "--year", "1998"), BAD_INPUT, "没有1998年度的文件；有：2022", "each once"),
    "names-told-apart": Run(
        ("report", "OUT", "--format", "md"), DONE, "市发展改革委（绵阳市）", "a chart with two bars of one name says nothing"
    ),
    "output-as-source": Run(("units", "OUT"), BAD_INPUT, "kg build 的输出文件夹", "its report was read as a notice before"),
    "a-word-the-ontology-lacks": Run(
        ("query", "SELECT ?t { ?t kg:ledby ?u }", "OUT"), DONE, "kg:ledBy", "no rows would look like an answer"
    ),
    "labels-for-gephi": Run(
        ("export", "OUT", "--format", "gexf"), DONE, 'label="市财政局（绵阳市）"', "the label is all that is seen of a node"
    ),
    "cities-for-pandas": Run(("export", "OUT", "--format", "csv"), DONE, ",绵阳市", "rows are grouped by city"),
    "address": Run(("build", "http://example.cn/a.html"), BAD_INPUT, "另存为网页", "a path would make http:/ of it"),
    "export-by-ending": Run(("export", "OUT", "-o", "TMP/a.gexf"), DONE, "", "the ending says it"),
    "export-nowhere": Run(("export", "OUT"), BAD_INPUT, "gexf", "which there are"),
    "export-unknown": Run(("export", "OUT", "-o", "TMP/a.xls"), BAD_INPUT, ".xlsx", "which there are"),
    "picture-as-png": Run(("draw", "OUT", "-o", "TMP/a.png"), BAD_INPUT, ".html", "a page under the name of a picture opens nowhere"),
    "report-by-ending": Run(("report", "OUT", "-o", "TMP/a.csv"), DONE, "", "no page under the name of a table"),
}


@pytest.mark.parametrize("row", RUNS.values(), ids=RUNS)
def test_what_a_new_user_types_is_done_or_answered(
    row: Run, built: tuple[Path, Built], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word.replace("OUT", str(built[0])).replace("TMP", str(tmp_path)) for word in row.words]
    assert run(cli, [*words, "--lang", "zh"]) == row.status
    shown = capsys.readouterr()
    assert row.said in shown.out + shown.err, row.why
    assert not [path for path in tmp_path.iterdir() if path.read_bytes().lstrip(b"\xef\xbb\xbf").startswith(b"<!doctype")]


def test_an_output_folder_is_no_source_of_its_own(built: tuple[Path, Built]) -> None:
    with pytest.raises(OutputAsSourceError):
        source_files([built[0]], is_build)


def test_what_would_overturn_a_verdict_over_several_notices_is_counted_not_numbered() -> None:
    checks = (Check(Change.SECTION, False, "a", 3), Check(Change.SECTION, False, "b", 3), Check(Change.TASK, False, "a", 8))
    verdict = OneVerdict.__new__(OneVerdict)
    object.__setattr__(verdict, "checks", checks)
    assert overturn_words(verdict, "zh") == "但不计各份文件中2个章节里的任何一个，或者少了第8项任务，这一结论就不成立"


REGISTER = '{top}\n[[unit]]\nid = "{id}"\nlabel = "市铁建办"\nkind = "{kind}"\n{more}\n'
REGISTERS = {
    "place-by-name": ({"top": 'division = "襄阳市"'}, "420600", "the code is offered"),
    "kind-unknown": ({"kind": "办公室"}, "temporaryOffice（临时机构）", "the kinds, in words too"),
    "aliases-as-text": ({"more": 'aliases = "市铁办"'}, 'aliases = ["甲", "乙"]', "how it is written"),
    "unknown-field": ({"more": 'alias = "市铁办"'}, "aliases", "what there may be"),
    "id-empty": ({"id": ""}, "缺少 id", "what is missing"),
    "id-in-characters": ({"id": "铁建"}, "420600-railway", "as an example"),
}


@pytest.mark.parametrize(("fields", "said", "why"), REGISTERS.values(), ids=REGISTERS)
def test_a_register_that_does_not_fit_is_told_in_words(
    fields: dict[str, str], said: str, why: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "my.toml"
    known = {"top": 'division = "420600"', "id": "420600-railway", "kind": "政府部门", "more": ""}
    path.write_text(REGISTER.format(**{**known, **fields}), encoding="utf-8")
    assert run(cli, ["units", str(folder / "绵阳.htm"), "--register", str(path), "--lang", "zh"]) == BAD_INPUT
    assert said in capsys.readouterr().err, why


def test_a_register_takes_the_word_of_a_kind_that_people_are_shown(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "my.toml"
    path.write_text(
        REGISTER.format(top='division = "510700"', id="510700-schools", kind="事业单位", more="").replace("市铁建办", "市教育局")
    )
    assert run(cli, ["units", str(folder / "绵阳.htm"), "--register", str(path), "--format", "csv", "--lang", "zh"]) == DONE
    assert "510700-schools" in (shown := capsys.readouterr().out) and "institution" in shown


def test_the_draft_of_a_register_names_every_unknown_unit_and_moves_no_identity(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = "<p>1.建设中央商务区。（牵头单位：东津新区管委会；责任单位：市铁建办、市汉江办、市财政局）</p>"
    (tmp_path / "a.html").write_text(page(body), encoding="utf-8")
    drafts = tmp_path / "登记表"
    assert run(cli, ["units", str(tmp_path / "a.html"), "--write-register", str(drafts), "--format", "csv"]) == DONE
    before = capsys.readouterr().out
    (path,) = drafts.iterdir()
    assert path.name == "420600-襄阳市.toml" and "市财政局" not in path.read_text(encoding="utf-8")
    assert run(cli, ["units", str(tmp_path / "a.html"), "--register", str(drafts), "--format", "csv"]) == DONE
    after = capsys.readouterr().out
    assert (before.count(",name,"), after.count(",name,"), after.count(",register,")) == (3, 0, 3)
    assert after.replace(",register,", ",name,") == before


def test_the_reason_of_a_failure_does_not_say_the_file_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_pages(monkeypatch)
    (tmp_path / "a.html").write_text(page(), encoding="utf-8")
    (tmp_path / "b.html").write_bytes(b"")
    build_folder([tmp_path], tmp_path / "out")
    (row,) = (tmp_path / "out" / "failures.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert row.count("b.html") == 1 and "文件是空的" in row


NOT_PLACED = Run(
    ("units", "--explain", "市铁建办", "--issuer", "襄阳"), BAD_INPUT, "襄阳市人民政府", "without a place a name is read as that of nowhere"
)


def test_an_issuer_without_a_place_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, [*NOT_PLACED.words, "--lang", "zh"]) == NOT_PLACED.status
    assert NOT_PLACED.said in capsys.readouterr().err, NOT_PLACED.why


def test_a_frame_with_an_address_that_is_none_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "page_files").mkdir()
    for at, address in enumerate(("./page_files/%00.html", "./page_files/..%5C..%5Csecret.html", "./page_files/%ff%fe.html", "%2f%2f")):
        (tmp_path / f"page{at}.html").write_text(FRAMED.format(src=address), encoding="utf-8")
    assert [content_of(file)[:6] for file in source_files([tmp_path])] == [b"<html>"] * 4
