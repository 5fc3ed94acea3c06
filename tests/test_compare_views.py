"""The comparison on paper and for programs: both languages, safe, and the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import html

from kg.analysis.compare import Comparison, compare
from kg.console import run
from kg.messages import catalogue, use_language
from kg.views.compare import compare_html, compare_markdown, compare_text
from kg.views.compare_records import compare_csv, compare_json

from .conftest import SEED
from .test_report import HOSTILE
from .years import CHANGES, NEW, NEW_TASKS, OLD, OLD_TASKS, UNITS, limits, two_years

LANGUAGES = ("zh", "en")
APART = ("荆州市", "宜昌市")


def compared(place: tuple[str, str] = ("荆州市", "荆州市")) -> Comparison:
    return compare(two_years(CHANGES, place), [OLD], [NEW], limits())


def hostile(text: str) -> Comparison:
    """Every name and wording that a document can set, set to something that wants out."""
    ties = two_years()
    return compare(
        replace(
            ties,
            units=tuple(replace(unit, label=text) for unit in ties.units),
            groups=tuple(replace(group, label=text) for group in ties.groups),
            tasks=tuple(replace(task, text=f"{text} {task.text}") for task in ties.tasks),
            notices=tuple(replace(notice, title=text, number=text, issuer=text) for notice in ties.notices),
            changes=tuple(replace(change, why=text) for change in ties.changes),
        ),
        [OLD],
        [NEW],
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("place", [("荆州市", "荆州市"), APART], ids=["one-place", "two-places"])
def test_every_link_of_the_page_leads_somewhere(lang: str, place: tuple[str, str]) -> None:
    page = html.document_fromstring(compare_html(compared(place), lang=lang))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    links = [link.removeprefix("#") for link in page.xpath("//a/@href")]
    assert links
    assert set(links) <= set(ids)
    assert not page.xpath("//script | //img | //link | //iframe")
    assert len(page.xpath("//table")) == len(page.xpath("//table/caption"))
    assert len(page.xpath("//ul[@class='numbers']/li")) == 5
    for table in page.xpath("//table"):
        width = max(sum(int(cell.get("colspan", 1)) for cell in row) for row in table.xpath("./thead/tr[1]"))
        assert {len(row) for row in table.xpath("./tbody/tr")} <= {width}
        assert all(row.xpath("./th[@scope='row']") for row in table.xpath("./tbody/tr"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_what_was_found(lang: str) -> None:
    page = html.document_fromstring(compare_html(compared(), lang=lang))
    title = page.xpath("string(//h1)")
    assert (
        re.findall(r"\d+", title)
        == {"zh": ["2024", "2023", "11", "9", "2", "2", "2"], "en": ["2024", "2023", "11", "9", "2", "2", "2"]}[lang]
    )
    rows = page.xpath("//table[starts-with(@id, 'claims-')]/tbody/tr")
    assert len(rows) == len(compared().claims)
    assert page.get("lang") == {"zh": "zh-CN", "en": "en"}[lang]
    continued = page.xpath("string(//table[@id='continued'])")
    assert "市文化局" in continued and "市文化和旅游局" in continued and "市机构改革方案" in continued
    assert "市体育事业局" in page.xpath("string(//table[@id='near'])")
    for svg in page.xpath("//*[local-name()='svg']"):
        ElementTree.fromstring(html.tostring(svg, encoding="unicode"))
    assert page.xpath("//figure//*[local-name()='rect']")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_catalogue_is_there_when_it_is_needed(lang: str) -> None:
    # Nothing unfilled, and no key shown in place of its words.
    for text in (compare_html(compared(), lang=lang), compare_markdown(compared(APART), lang=lang), compare_text(compared(), lang=lang)):
        assert not re.search(r"\{\w+\}|compare\.\w+\.", text)
        if lang == "en":
            said = {words for key, words in catalogue("zh").items() if key.startswith("compare.") and len(words) > 5 and "{" not in words}
            assert not [words for words in said if words in text]


def test_two_places_show_no_unit_beside_another() -> None:
    page = html.document_fromstring(compare_html(compared(APART), lang="zh"))
    assert not page.xpath("//table[@id='load'] | //table[@id='gained'] | //table[@id='continued'] | //table[@id='leads']")
    assert page.xpath("//table[@id='lines']") and page.xpath("//table[@id='kinds']")
    assert "宜昌市" in page.xpath("string(//h1)")


@pytest.mark.parametrize("text", HOSTILE)
def test_names_and_wordings_are_data(text: str) -> None:
    found = hostile(text)
    for lang in LANGUAGES:
        page = html.document_fromstring(compare_html(found, lang=lang))
        assert not page.xpath("//script | //img | //iframe | //@onerror | //@onload | //@onmouseover")
        assert not [link for link in page.xpath("//@href") if not link.startswith("#")]
        assert "<img" not in compare_markdown(found, lang=lang).replace("\\<img", "")
        compare_text(found, lang=lang)
    rows = list(csv.reader(io.StringIO(compare_csv(found))))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [cell for row in rows for cell in row if re.match(r"\s*[=+@]", cell)]
    assert json.loads(compare_json(found))["units"][0]["label"] == text


def test_csv_holds_one_row_a_claim() -> None:
    rows = list(csv.DictReader(io.StringIO(compare_csv(compared()))))
    assert len(rows) == len(compared().claims)
    by_task = {row["old_tasks"] or row["new_tasks"]: row for row in rows}
    assert by_task[f"{OLD}.2"]["leads_old"] == "市财政局"
    assert by_task[f"{OLD}.2"]["leads_new"] == "市发改委"
    assert by_task[f"{OLD}.2"]["units_lost"] == "开发区管委会"
    assert by_task[f"{OLD}.2"]["roles"] == "市财政局:lead>responsible;市发改委:responsible>lead"
    assert by_task[f"{OLD}.6"]["new_tasks"] == f"{NEW}.6;{NEW}.7"
    assert by_task[f"{OLD}.8"]["kind"] == "dropped"
    assert by_task[f"{NEW}.9"]["kind"] == "new"


def test_json_holds_the_whole_record() -> None:
    found = json.loads(compare_json(compared()))
    assert found["schema"] == 1
    assert set(found) == {"schema", *(field for field in Comparison.__dataclass_fields__)}
    assert [claim["kind"] for claim in found["claims"]] == [str(claim.kind) for claim in compared().claims]
    assert found["old"]["tasks"] == len(OLD_TASKS)
    assert found["new"]["notices"][0]["id"] == NEW
    assert len(found["claims"][5]["new"]) == 2
    assert found["loads"][0]["difference"]["relations"] == -1


def test_the_same_input_gives_the_same_bytes() -> None:
    for make in (compare_html, compare_markdown, compare_text):
        assert make(compared(), lang="zh") == make(compared(), lang="zh")
    assert compare_csv(compared()) == compare_csv(compared())
    assert compare_json(compared()) == compare_json(compared())


# The command.

PARTS = {"lead": "牵头单位：", "responsible": "责任单位：", "cooperating": "配合单位："}


def notice_text(year: int, rows: object) -> str:
    """The tasks of a year as a notice prints them."""
    lines = [f"荆州市人民政府办公室关于印发{year}年工作要点的通知", "", f"荆政办发〔{year}〕1号", ""]
    for i, (text, parties, _) in enumerate(rows, 1):  # type: ignore[misc, var-annotated, arg-type]
        held: dict[str, list[str]] = {}
        for unit, _, role in (party.partition(":") for party in parties.split()):
            held.setdefault(role, []).append("市政府各部门" if unit == "all" else UNITS[unit][0])
        clause = "；".join(PARTS[role] + "、".join(names) for role, names in held.items())
        lines.append(f"{i}.{text}（{clause}）")
    return "\n".join([*lines, "", f"{year}年2月1日", ""])


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "2023.txt", tmp_path / "2024.txt"
    for path, year, rows in zip(paths, (2023, 2024), (OLD_TASKS, NEW_TASKS), strict=True):
        path.write_text(notice_text(year, rows), encoding="utf-8")
    return paths


def kg(*words: object) -> int:
    from kg.cli import cli

    try:
        return run(cli, [*map(str, words)])
    finally:
        use_language(None)


def test_the_command_compares_two_files(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert kg("compare", *files, "--lang", "zh") == 0
    said = capsys.readouterr().out
    assert said.startswith("2024年与2023年相比：11项任务延续9项、不再列出2项，新增2项")


@pytest.mark.parametrize(
    ("ending", "begins"), [("html", "<!DOCTYPE"), ("md", "# "), ("csv", "\ufeffkind,"), ("json", "{"), ("txt", "2024")]
)
def test_the_ending_of_the_output_chooses_the_format(files: tuple[Path, Path], ending: str, begins: str, tmp_path: Path) -> None:
    assert kg("compare", *files, "-o", tmp_path / f"c.{ending}") == 0
    assert (tmp_path / f"c.{ending}").read_text(encoding="utf-8").startswith(begins)


def test_builds_are_compared_like_their_sources(files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    builds = [tmp_path / f"out-{path.stem}" for path in files]
    for path, build in zip(files, builds, strict=True):
        assert kg("build", path, "-o", build, "-q") == 0
    capsys.readouterr()
    said = []
    for pair in (files, builds, (files[0], builds[1])):
        assert kg("compare", *pair, "--format", "json") == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] == said[2]


def test_a_copy_of_a_notice_is_all_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_bytes(SEED.read_bytes())
    assert kg("compare", SEED, copy, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert {claim["kind"] for claim in found["claims"]} == {"same"}


def test_a_draft_and_its_final_text_under_one_number_are_two_notices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(SEED.read_text(encoding="utf-8").replace("2.持续加强长江岸线综合整治。", "2.停止。"), encoding="utf-8")
    assert kg("compare", draft, SEED, "--format", "json") == 0
    kinds = [claim["kind"] for claim in json.loads(capsys.readouterr().out)["claims"]]
    assert (kinds.count("same"), kinds.count("dropped"), kinds.count("new")) == (len(kinds) - 2, 1, 1)


def test_bad_input_is_one_clear_message(files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "prose.txt"
    empty.write_text("今天天气很好。\n", encoding="utf-8")
    folder = tmp_path / "empty"
    folder.mkdir()
    for words in ((files[0], files[0]), (files[0], tmp_path / "nowhere"), (files[0], empty), (folder, files[0]), (files[0],)):
        assert kg("compare", *words) == 2
        heard = capsys.readouterr()
        assert heard.out == ""
        assert heard.err.count("\n") <= 2
    assert kg("compare", files[0], tmp_path / "nowhere", "--lang", "en") == 2
    assert "nowhere" in capsys.readouterr().err
