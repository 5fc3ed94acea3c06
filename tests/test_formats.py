"""The same tasks in every format give the same tasks; bad files of a batch never stop the good ones."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from kg.building.line import read_notices
from kg.errors import KgError
from kg.model import Notice
from kg.reading.convert import find_office
from kg.reading.files import source_files

from .conftest import ROOT

PROSE = [
    "甲市人民政府办公室关于分解落实2024年重点工作的通知",
    "甲政办发〔2024〕3号",
    "一、道路建设",
    "1.修建县道二百公里，改造危桥三十座。（牵头单位：市交通运输局；责任单位：市发展改革委、市财政局，各县（市、区）政府）",
    "2.完善农村客运网络。（市交通运输局牵头，市公安局、市财政局等有关部门配合，2024年10月底前完成）",
    "二、环境保护",
    "3.空气质量优良天数比率达到90%以上。（责任单位：市生态环境局、市委组织部（人才办）；完成时限：长期坚持）",
    "4.整治黑臭水体12处。（甲区、乙区、丙县政府负责）",
]
HEAD = ["序号", "工作任务", "牵头单位", "配合单位", "完成时限"]
CELLS = [
    ["1", "修建县道二百公里。", "市交通运输局", "市发展改革委、市财政局", "6月底"],
    ["2", "完善农村客运网络。", "市交通运输局", "市公安局\n市财政局", "2024年10月"],
    ["3", "空气质量优良天数比率达到90%以上。", "市生态环境局", "/", "长期坚持"],
]


def essence(notice: Notice) -> list[object]:
    """Numbers, wording, roles, names, deadlines and targets of the tasks, without positions and blanks."""
    return [
        (
            task.number,
            "".join(task.text.split()),
            [(a.role.value, a.name, a.collective) for a in task.assignments],
            "".join(task.deadline.printed.split()) if task.deadline else None,
            task.deadline.due if task.deadline else None,
            [(t.printed, t.unit) for t in task.targets],
        )
        for task in notice.tasks
    ]


def page_of(body: str) -> str:
    """A web page with menus around its body."""
    menu = "<ul><li><a href='/'>首页</a></li><li><a href='/zw'>政务公开</a></li></ul>"
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>甲市</title><script>alert('牵头单位：乙局')</script></head><body>{menu}<div class='article'>{body}</div><div>版权所有：甲市人民政府 ICP备00000000号</div></body></html>"


def write_txt(path: Path) -> None:
    path.write_text("\n".join(PROSE), encoding="utf-8")


def write_html(path: Path) -> None:
    path.write_text(page_of("".join(f"<p>{line}</p>" for line in PROSE)), encoding="utf-8")


def write_docx(path: Path) -> None:
    document = docx.Document()
    for line in PROSE:
        document.add_paragraph(line)
    document.save(str(path))


def write_md(path: Path) -> None:
    path.write_text(
        "\n\n".join(["# " + PROSE[0], PROSE[1], *(("## " if line[1] == "、" else "") + line for line in PROSE[2:])]), encoding="utf-8"
    )


def write_gbk(path: Path) -> None:
    path.write_bytes("\r\n".join(PROSE).encode("gb18030"))


WRITERS = {"notice.txt": write_txt, "gbk.txt": write_gbk, "notice.html": write_html, "notice.docx": write_docx, "notice.md": write_md}


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_prose_gives_the_same_tasks(name: str, tmp_path: Path) -> None:
    write_txt(tmp_path / "plain.txt")
    WRITERS[name](tmp_path / name)
    plain, other = (read_notices([tmp_path / file]).notices[0] for file in ("plain.txt", name))
    assert essence(other) == essence(plain)
    assert [len(task.assignments) for task in plain.tasks] == [4, 4, 2, 3]
    assert (other.title, other.number, other.plan_year) == (PROSE[0], PROSE[1], 2024)
    assert [section.title for section in other.sections] == ["道路建设", "环境保护"]


def to_pdf(source: Path, folder: Path) -> Path:
    program = find_office()
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed")
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / f"{source.stem}.pdf"


def test_the_same_prose_printed_as_pdf_gives_the_same_tasks(tmp_path: Path) -> None:
    write_txt(tmp_path / "plain.txt")
    write_docx(tmp_path / "notice.docx")
    path = to_pdf(tmp_path / "notice.docx", tmp_path)
    plain, printed = (read_notices([file]).notices[0] for file in (tmp_path / "plain.txt", path))
    assert essence(printed) == essence(plain)


def write_table_html(path: Path) -> None:
    cells = [[cell.replace("\n", "<br>") for cell in row] for row in [HEAD, *CELLS]]
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells)
    path.write_text(page_of(f"<h1>甲市2024年重点工作任务分解表</h1><table border='1'>{rows}</table>"), encoding="utf-8")


def write_table_docx(path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("甲市2024年重点工作任务分解表")
    table = document.add_table(rows=0, cols=len(HEAD))
    table.style = "Table Grid"
    for row in [HEAD, *CELLS]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(path))


def write_table_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["甲市2024年重点工作任务分解表"])
    sheet.merge_cells("A1:E1")
    for row in [HEAD, *CELLS]:
        sheet.append(row)
    book.save(path)


def write_table_csv(path: Path) -> None:
    rows = [["甲市2024年重点工作任务分解表", "", "", "", ""], HEAD, *CELLS]
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows), encoding="utf-8-sig")


def write_table_md(path: Path) -> None:
    rows = [HEAD, ["---"] * len(HEAD), *CELLS]
    lines = ["| " + " | ".join(cell.replace("\n", "<br>") for cell in row) + " |" for row in rows]
    path.write_text("甲市2024年重点工作任务分解表\n\n" + "\n".join(lines), encoding="utf-8")


TABLES: dict[str, Callable[[Path], None]] = {
    "table.html": write_table_html,
    "table.docx": write_table_docx,
    "table.xlsx": write_table_xlsx,
    "table.csv": write_table_csv,
    "table.md": write_table_md,
}
EXPECTED = [
    (
        "1",
        "修建县道二百公里。",
        [("lead", "市交通运输局", False), ("cooperating", "市发展改革委", False), ("cooperating", "市财政局", False)],
        "6月底",
    ),
    (
        "2",
        "完善农村客运网络。",
        [("lead", "市交通运输局", False), ("cooperating", "市公安局", False), ("cooperating", "市财政局", False)],
        "2024年10月",
    ),
    ("3", "空气质量优良天数比率达到90%以上。", [("lead", "市生态环境局", False)], "长期坚持"),
]


@pytest.mark.parametrize("name", TABLES)
def test_the_same_table_gives_the_same_tasks(name: str, tmp_path: Path) -> None:
    TABLES[name](tmp_path / name)
    (notice,) = read_notices([tmp_path / name]).notices
    assert [task[:4] for task in essence(notice)] == EXPECTED  # type: ignore[index]
    assert (notice.title, notice.plan_year) == ("甲市2024年重点工作任务分解表", 2024)


def test_the_same_table_printed_as_pdf_gives_the_same_tasks(tmp_path: Path) -> None:
    write_table_docx(tmp_path / "table.docx")
    (notice,) = read_notices([to_pdf(tmp_path / "table.docx", tmp_path)]).notices
    assert [task[:4] for task in essence(notice)] == EXPECTED  # type: ignore[index]


def test_findings_of_other_formats_say_where(tmp_path: Path) -> None:
    write_docx(tmp_path / "notice.docx")
    write_table_xlsx(tmp_path / "table.xlsx")
    done = subprocess.run(
        [sys.executable, "-m", "kg", "lint", str(tmp_path), "--format", "json", "--fail-on", "never"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    places = {entry["source"].rsplit("/", 1)[-1]: [f["place"] for f in entry["findings"] if f["task"]] for entry in json.loads(done.stdout)}
    assert "第6段" not in places["notice.docx"]
    assert all(place and place.startswith("第") for place in places["notice.docx"])
    record = subprocess.run(
        [sys.executable, "-m", "kg", "extract", str(tmp_path / "notice.docx")], capture_output=True, encoding="utf-8", check=True
    )
    assert {finding["place"] for finding in json.loads(record.stdout)["findings"] if finding["task"] == 3} == {"第7段"}


# A batch with everything that can be wrong.


def half_of(write: Callable[[Path], None]) -> Callable[[Path], None]:
    def cut(path: Path) -> None:
        write(path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return cut


def write_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("notice.txt", "w") as member:
        for _ in range(300):
            member.write(b"0" * 2**20)


def write_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notice.txt", "\n".join(PROSE))


def write_entities(path: Path) -> None:
    write_docx(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    lol = "".join(f'<!ENTITY l{at} "' + f"&l{at - 1};" * 10 + '">' for at in range(1, 12))
    body = parts["word/document.xml"].decode().split("?>", 1)[1]
    parts["word/document.xml"] = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "x">{lol}]>{body}'.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def write_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200 * 2**20)


def write_long_line(path: Path) -> None:
    path.write_text("市发改委、" * (50 * 2**20 // 15), encoding="utf-8")


def write_picture_pdf(path: Path) -> None:
    path.write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "cut.docx": (half_of(write_docx), "docx-broken"),
    "cut.xlsx": (half_of(write_table_xlsx), "xlsx-broken"),
    "bomb.zip": (write_bomb, "archive-bomb"),
    "entities.docx": (write_entities, "docx-broken"),
    "large.txt": (write_large, "too-large"),
    "line.txt": (write_long_line, "too-large"),
    "none.pdf": (write_picture_pdf, "pdf-broken"),
    "empty.txt": (lambda path: path.write_bytes(b"") and None, "source-empty"),
    "binary.html": (lambda path: path.write_bytes(bytes(range(1, 256)) * 9) and None, "not-text"),
    "script.html": (
        lambda path: path.write_text("<html><body><script>document.write('牵头单位：甲局')</script></body></html>") and None,
        "web-empty",
    ),
    "cut.zip": (half_of(write_zip), "archive-broken"),
    "poem.txt": (lambda path: path.write_text("春眠不觉晓，处处闻啼鸟。", encoding="utf-8") and None, "not-a-notice"),
}


def test_bad_files_are_named_and_the_good_ones_done(tmp_path: Path) -> None:
    for name, (write, _) in BAD.items():
        write(tmp_path / name)
    write_txt(tmp_path / "good.txt")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    batch = read_notices([tmp_path])
    assert [len(notice.tasks) for notice in batch.notices] == [4]
    codes = {str(failure.args[0]).removeprefix(f"{tmp_path.as_posix()}/").split("/")[0]: failure.code for failure in batch.failures}
    assert codes == {name: code for name, (_, code) in BAD.items()}
    assert all(isinstance(failure, KgError) and "\n" not in str(failure) for failure in batch.failures)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600 * 1024


def test_a_batch_with_bad_files_ends_with_2_and_writes_the_good_ones(tmp_path: Path) -> None:
    write_txt(tmp_path / "good.txt")
    half_of(write_docx)(tmp_path / "cut.docx")
    done = subprocess.run(
        [sys.executable, "-m", "kg", "extract", str(tmp_path)], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, len(done.stdout.splitlines()), done.stderr.count("cut.docx")) == (2, 1, 1)


def test_a_zip_is_read_as_a_folder(tmp_path: Path) -> None:
    write_txt(tmp_path / "one.txt")
    write_table_xlsx(tmp_path / "two.xlsx")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in ("one.txt", "two.xlsx"):
            archive.write(tmp_path / name, f"公文/{name}")
    assert [file.member for file in source_files([tmp_path / "all.zip"])] == ["公文/one.txt", "公文/two.xlsx"]
    assert sorted(len(notice.tasks) for notice in read_notices([tmp_path / "all.zip"]).notices) == [3, 4]


def test_an_output_inside_the_folder_is_no_source(tmp_path: Path) -> None:
    import kg

    write_txt(tmp_path / "notice.txt")
    kg.build(tmp_path, tmp_path / "out")
    (notice,) = read_notices([tmp_path]).notices
    assert [finding.code for finding in notice.findings if finding.code == "duplicate-notice"] == []


def test_the_same_notice_in_two_formats_is_one(tmp_path: Path) -> None:
    write_txt(tmp_path / "a.txt")
    write_docx(tmp_path / "b.docx")
    (notice,) = read_notices([tmp_path]).notices
    assert [finding.code for finding in notice.findings][0] == "duplicate-notice"
    assert notice.source.endswith("a.txt")


def test_a_table_of_ten_thousand_rows_is_read(tmp_path: Path) -> None:
    rows = "".join(f"{at},任务{at}做好,市甲{at % 50}局,市乙局、市丙局,6月底\n" for at in range(1, 10_001))
    (tmp_path / "long.csv").write_text("序号,工作任务,牵头单位,配合单位,完成时限\n" + rows, encoding="utf-8")
    (notice,) = read_notices([tmp_path / "long.csv"]).notices
    assert (len(notice.tasks), notice.tasks[-1].number, len(notice.tasks[-1].assignments)) == (10_000, "10000", 3)


def test_persons_stay_in_the_record_and_out_of_graph_report_and_page(tmp_path: Path) -> None:
    import kg

    text = "甲市2024年重点工作\n1.修路。\n分管领导：钱某某\n牵头单位：市交通局\n2.架桥。（市水利局负责）"
    (tmp_path / "notice.txt").write_text(text, encoding="utf-8")
    kg.build(tmp_path / "notice.txt", tmp_path / "out")
    kg.build(tmp_path / "notice.txt", tmp_path / "named", persons=True)

    def holds(folder: str) -> set[str]:
        return {path.name for path in (tmp_path / folder).iterdir() if path.is_file() and "钱某某".encode() in path.read_bytes()}

    assert holds("out") == {"notices.jsonl"}
    assert {"notices.jsonl", "graph.ttl", "ties.sqlite"} <= holds("named")
