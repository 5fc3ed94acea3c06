"""Building again: only what changed is read, and the result is that of a fresh build, triple for triple and text for text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.building.health import last_good
from kg.building.line import Knowledge
from kg.versions import current

from .builds import build, expected, folder_of, shown, text_of, texts_in, ties_in, triples_in, without_pages


def as_expected(out: Path, sources: Path, knowledge: Knowledge = Knowledge()) -> None:
    triples, records, ties = expected(sources, knowledge)
    assert triples_in(out) == triples
    assert texts_in(out)["notices.jsonl"].decode("utf-8") == records
    assert ties_in(out) == ties


def test_what_has_not_changed_is_not_read_again_and_the_version_stays(tmp_path: Path) -> None:
    sources = folder_of(tmp_path / "s", {"a.txt": text_of(0, 2020), "b.txt": text_of(1, 2021)})
    first = build(sources, tmp_path / "out")
    stamps = {path: path.stat().st_mtime_ns for path in current(tmp_path / "out").rglob("*")}
    second = build(sources, tmp_path / "out")
    assert (first.read, first.known, second.read, second.known) == (2, 0, 0, 2)
    assert second.folder == first.folder
    assert {path: path.stat().st_mtime_ns for path in current(tmp_path / "out").rglob("*")} == stamps


def test_one_changed_notice_among_many_is_the_only_one_that_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_pages(monkeypatch)
    texts = {f"{at}.txt": text_of(at, 2015 + at) for at in range(6)}
    sources = folder_of(tmp_path / "s", texts)
    build(sources, tmp_path / "out")
    folder_of(sources, {**texts, "3.txt": text_of(3, 2018, tasks=5)})
    again = build(sources, tmp_path / "out")
    assert (again.read, again.known, again.anew) == (1, 5, "")
    as_expected(tmp_path / "out", sources)


# What a file can hold: notices of four cities and some years, one under the number of another, the same text in other blanks,
# and what is no notice at all.
CONTENT = {
    "a": text_of(0, 2018),
    "b": text_of(0, 2020, tasks=4),
    "same number": text_of(0, 2020, tasks=2),
    "same text": text_of(0, 2020, tasks=4).replace("\n", "\n\n"),
    "c": text_of(1, 2019),
    "d": text_of(2, 2022),
    "elsewhere": text_of(3, 2021),
    "poem": "床前明月光\n",
}
NAMES = [f"{at}.txt" for at in range(6)]
KEPT = st.sampled_from(sorted(CONTENT))
EDIT = st.dictionaries(st.sampled_from(NAMES), st.none() | KEPT, min_size=1, max_size=2)
"""What becomes of one or two files: other content, or they go."""


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.fixed_dictionaries(dict.fromkeys(NAMES, KEPT)), st.lists(EDIT, min_size=1, max_size=3))
@example(
    dict(zip(NAMES, ["a", "b", "same text", "same number", "c", "d"], strict=True)),
    [{"1.txt": None}, {"1.txt": "b"}],
)
@example(
    dict(zip(NAMES, ["a", "b", "same number", "elsewhere", "c", "d"], strict=True)),
    [{"3.txt": None}, {"0.txt": "poem"}],
)
def test_any_sequence_of_additions_changes_and_removals_ends_like_a_fresh_build(
    tmp_path_factory: pytest.TempPathFactory, first: dict[str, str], edits: list[dict[str, str | None]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    state: dict[str, str | None] = {**first}
    with pytest.MonkeyPatch.context() as patch:
        without_pages(patch)
        # Small builds grow as large ones do.
        patch.setattr("kg.building.whole._GONE_COSTS", 0.1)
        for edit in [{}, *edits]:
            state |= edit
            held = {name: CONTENT[kept] for name, kept in state.items() if kept}
            if set(held.values()) <= {CONTENT["poem"]}:
                continue
            sources = folder_of(folder / "s", held)
            built = build(sources, folder / "out")
            as_expected(folder / "out", sources)
            assert built.figures.triples == len(triples_in(folder / "out"))
            assert last_good(folder / "out")[1] == ""


def test_growing_gives_the_bytes_of_report_picture_and_turtle_too(tmp_path: Path) -> None:
    texts = {f"{at}.txt": text_of(at, 2020 - at) for at in range(5)}
    sources = folder_of(tmp_path / "s", texts)
    build(sources, tmp_path / "grown")
    del texts["4.txt"]
    folder_of(sources, {**texts, "0.txt": text_of(0, 2020, tasks=4), "9.txt": text_of(1, 2022)})
    build(sources, tmp_path / "grown")
    build(sources, tmp_path / "fresh")
    grown, fresh = shown(tmp_path / "grown"), shown(tmp_path / "fresh")
    assert grown == fresh
    assert {"graph.ttl", "report.html", "report.md", "page.html", "notices.jsonl"} <= grown[1].keys()


def test_a_body_is_shown_with_its_place_until_that_place_has_a_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # 襄阳市财政局 of a notice of 荆州 is 市财政局 once 襄阳 has notices of its own, and is again what it was when they go.
    without_pages(monkeypatch)
    monkeypatch.setattr("kg.building.whole._GONE_COSTS", 0.1)
    first = text_of(0, 2020).replace("市水利局", "襄阳市财政局")
    texts = {"a.txt": first, **{f"{year}.txt": text_of(0, year) for year in range(2014, 2019)}}
    place = text_of(0, 2020).partition("人民政府")[0]
    other = text_of(0, 2021).replace(place, "襄阳市").replace(f"{place[0]}政", "襄政")
    labels = []
    for held in (texts, {**texts, "b.txt": other}, texts):
        sources = folder_of(tmp_path / "s", held)
        build(sources, tmp_path / "out")
        as_expected(tmp_path / "out", sources)
        labels.append({unit.label for unit in ties_in(tmp_path / "out").units if unit.id.startswith("unit:420600-finance")})
    assert labels == [{"襄阳市财政局"}, {"市财政局"}, {"襄阳市财政局"}]


def test_a_copy_takes_over_when_the_file_that_had_the_notice_goes(tmp_path: Path) -> None:
    texts = {
        "a.txt": text_of(0, 2020),
        "b.txt": text_of(0, 2020).replace("\n", "\r\n"),
        "c.txt": text_of(1, 2020),
        "d.txt": text_of(2, 2020),
    }
    sources = folder_of(tmp_path / "s", texts)
    first = build(sources, tmp_path / "out")
    assert first.copies == ((sources / "b.txt").as_posix(),)
    del texts["a.txt"]
    folder_of(sources, texts)
    assert build(sources, tmp_path / "out").copies == ()
    as_expected(tmp_path / "out", sources)
    assert ties_in(tmp_path / "out").notices[0].sha256 != "", "it is there"


def test_other_tables_of_the_user_are_read_with(tmp_path: Path) -> None:
    sources = folder_of(tmp_path / "s", {"a.txt": text_of(0, 2020).replace("牵头单位", "总负责单位"), "b.txt": text_of(1, 2020)})
    lexicon = tmp_path / "mine.toml"
    lexicon.write_text('[[roles.label]]\nrole = "lead"\nwords = ["总负责单位"]\nsource = "x"\n', encoding="utf-8")
    knowledge = Knowledge(lexicons=(lexicon,))
    build(sources, tmp_path / "out")
    plain = triples_in(tmp_path / "out")
    assert build(sources, tmp_path / "out", knowledge=knowledge).read == 2
    assert triples_in(tmp_path / "out") != plain
    as_expected(tmp_path / "out", sources, knowledge)
    lexicon.write_text('[[roles.label]]\nrole = "lead"\nwords = ["总负责甲"]\nsource = "x"\n', encoding="utf-8")
    build(sources, tmp_path / "out", knowledge=knowledge)
    assert triples_in(tmp_path / "out") == plain, "a table that says another thing is another table, in the same process too"


def test_what_failed_is_tried_again_and_listed_as_long_as_it_fails(tmp_path: Path) -> None:
    sources = folder_of(tmp_path / "s", {"a.txt": text_of(0, 2020), "b.txt": "=床前明月光"})
    for _ in range(2):
        built = build(sources, tmp_path / "out")
        assert [failure.source for failure in built.failures] == [(sources / "b.txt").as_posix()]
        assert "b.txt" in (tmp_path / "out" / "failures.csv").read_text(encoding="utf-8-sig")
    folder_of(sources, {"a.txt": text_of(0, 2020), "b.txt": text_of(1, 2020)})
    assert build(sources, tmp_path / "out").failures == ()
    assert not (tmp_path / "out" / "failures.csv").exists()
    as_expected(tmp_path / "out", sources)
