"""What people decided about identity: what a file may hold, everything that can be wrong with it, and what it does."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kg.errors import DecisionsError, SourceUnreadableError, TableError
from kg.model import Notice
from kg.naming.decisions import Verdict, read_decisions
from kg.naming.units import load_names, name_units
from kg.reading.notice import notice_of_text
from kg.reading.source import SourceText

SIGNED = 'why = "w"\nwhen = 2026-01-01\nby = "b"\n'
SAME = '[[decision]]\ndivision = "421000"\nnames = ["市交通运输局", "市路桥局"]\nverdict = "same"\n' + SIGNED
RENAME = '[[change]]\ndivision = "370900"\nkind = "rename"\nfrom = ["市扶贫办"]\nto = ["市乡村振兴局"]\nday = 2021-05-28\n' + SIGNED


def written(folder: Path, content: str) -> Path:
    path = folder / "决定 1.toml"
    path.write_text(content, encoding="utf-8")
    return path


def decision(verdict: str, *names: str, division: str = "421000", more: str = "") -> str:
    listed = ", ".join(f'"{name}"' for name in names)
    return f'[[decision]]\ndivision = "{division}"\nnames = [{listed}]\nverdict = "{verdict}"\n{more}{SIGNED}'


def change(kind: str, olds: list[str], news: list[str], day: str = "2020", division: str = "421000") -> str:
    return f'[[change]]\ndivision = "{division}"\nkind = "{kind}"\nfrom = {olds}\nto = {news}\nday = {day}\n{SIGNED}'.replace("'", '"')


def test_a_file_holds_decisions_and_changes(tmp_path: Path) -> None:
    more = "first = 2019-01-01\nlast = 2020-12-31\n"
    read = read_decisions([written(tmp_path, SAME + RENAME + decision("unsure", "甲局", "乙局", more=more))])
    assert [one.verdict for one in read.same] == [Verdict.SAME, Verdict.UNSURE]
    assert read.same[1].first is not None and read.same[1].last is not None
    assert (read.changes[0].originals, read.changes[0].results, read.changes[0].day) == (("市扶贫办",), ("市乡村振兴局",), "2021-05-28")
    nothing = read_decisions([])
    assert nothing.same == nothing.changes == ()


# What is wrong, and a word of what is said about it.
FAULTS = [
    pytest.param(SAME.replace('why = "w"\n', ""), "why", id="no-reason"),
    pytest.param(SAME.replace('by = "b"\n', 'by = ""\n'), "by", id="a-draft-that-nobody-signed"),
    pytest.param(SAME.replace("2026-01-01", '"today"'), "when", id="a-day-in-quotes"),
    pytest.param(SAME + "colour = 1\n", "colour", id="unknown-field"),
    pytest.param(SAME.replace('"same"', '"maybe"'), "maybe", id="unknown-verdict"),
    pytest.param(SAME.replace('"市路桥局"', '"市交通 运输局"'), "names", id="one-name-twice"),
    pytest.param(SAME.replace("421000", "429999"), "429999", id="unknown-code"),
    pytest.param(decision("same", "甲局", "乙局", more="first = 2021-01-01\nlast = 2020-01-01\n"), "2021-01-01", id="dates-reversed"),
    pytest.param(RENAME.replace('"rename"', '"vanish"'), "vanish", id="unknown-kind-of-change"),
    pytest.param(RENAME.replace('["市扶贫办"]', '["甲办", "乙办"]'), "from", id="a-rename-of-two"),
    pytest.param(change("merge", ["甲局"], ["乙局"]), "from", id="a-merger-of-one"),
    pytest.param(change("split", ["甲局"], ["乙局"]), "to", id="a-split-into-one"),
    pytest.param(RENAME.replace("2021-05-28", '"spring"'), "day", id="no-day"),
    pytest.param(decision("same", "甲局", "丙局") + decision("same", "乙局", "丙局"), "丙局", id="alias-of-two-units"),
    pytest.param(decision("same", "甲局", "乙局") + decision("same", "乙局", "丙局"), "乙局", id="alias-of-an-alias"),
    pytest.param(decision("same", "甲局", "乙局") + decision("same", "乙局", "甲局"), "甲局", id="each-the-other-s-alias"),
    pytest.param(decision("same", "甲局", "乙局") + decision("different", "乙局", "甲局"), "甲局", id="same-and-different"),
    pytest.param(decision("same", "甲局", "乙局") + decision("unsure", "乙局", "甲局"), "甲局", id="same-and-unsure"),
    pytest.param(decision("same", "甲局", "乙局") * 2, "甲局", id="one-row-twice"),
    pytest.param(SAME.replace("2026-01-01", "2026-01-01T10:00:00"), "when", id="a-time-of-day"),
    pytest.param(RENAME.replace("2021-05-28", "2021-05-28T10:00:00"), "day", id="a-change-at-a-time-of-day"),
    pytest.param(change("rename", ["甲局"], ["乙局"]) + change("rename", ["甲局"], ["丙局"]), "甲局", id="renamed-twice"),
    pytest.param(change("rename", ["甲局"], ["丙局"]) + change("rename", ["乙局"], ["丙局"]), "丙局", id="two-renamed-into-one"),
    pytest.param(change("merge", ["甲局", "乙局"], ["丙局"]) + change("succession", ["丙局"], ["甲局"]), "丙局", id="a-cycle-of-mergers"),
    pytest.param(
        change("rename", ["甲局"], ["乙局"], "2020") + change("rename", ["乙局"], ["丙局"], "2018"), "乙局", id="changes-in-the-wrong-order"
    ),
    pytest.param("[[verdicts]]\nx = 1\n", "verdicts", id="unknown-rows"),
    pytest.param("decision = 3\n", "[[decision]] 1", id="no-rows"),
]


@pytest.mark.parametrize(("content", "word"), FAULTS)
def test_a_fault_is_named_with_its_file(tmp_path: Path, content: str, word: str) -> None:
    with pytest.raises(DecisionsError) as error:
        read_decisions([written(tmp_path, content)])
    assert "决定 1.toml" in str(error.value) and word in str(error.value)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    content = SAME.replace("421000", "429999").replace("by", "bye") + decision("same", "甲", "丙") + decision("same", "乙", "丙")
    content += change("merge", ["甲", "乙"], ["丁"]) + change("succession", ["丁"], ["甲"]) + decision("other", "甲", "丁")
    with pytest.raises(DecisionsError) as error:
        read_decisions([written(tmp_path, content)])
    said = str(error.value).splitlines()[1:]
    assert error.value.args[1] == len(said) == 5, said
    assert [word for word in ("bye", "by", "丙", "丁", "other") if not any(word in line for line in said)] == []


def test_decisions_for_times_that_do_not_meet_may_differ(tmp_path: Path) -> None:
    one, two = (
        decision("same", "甲局", "乙局", more="last = 2020-12-31\n"),
        decision("different", "甲局", "乙局", more="first = 2021-01-01\n"),
    )
    assert len(read_decisions([written(tmp_path, one + two)]).same) == 2


def test_a_year_and_a_day_in_it_are_no_wrong_order(tmp_path: Path) -> None:
    content = change("rename", ["甲局"], ["乙局"], "2024-03-01") + change("rename", ["乙局"], ["丙局"], "2024")
    assert len(read_decisions([written(tmp_path, content)]).changes) == 2


def test_a_file_with_a_mark_at_its_beginning_is_read_and_another_encoding_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeff" + SAME)
    assert len(read_decisions([path]).same) == 1
    path.write_bytes(SAME.encode("gbk"))
    with pytest.raises(TableError, match="UTF-8"):
        read_decisions([path])
    with pytest.raises(SourceUnreadableError):
        read_decisions([tmp_path])


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"决定 1\.toml"):
        read_decisions([written(tmp_path, "[[decision")])


def test_a_place_that_a_register_declares_may_be_decided_about(tmp_path: Path) -> None:
    assert len(read_decisions([written(tmp_path, SAME.replace("421000", "999999"))], ["999999"]).same) == 1


def named(text: str, path: Path, issuer: str = "荆州市", day: str = "2020年8月1日") -> Notice:
    whole = f"{issuer}人民政府办公室关于分解任务的通知\n\n{day}\n\n{text}"
    notice = notice_of_text(SourceText("n.txt", whole, hashlib.sha256(whole.encode()).hexdigest(), "utf-8"))
    return name_units(notice, load_names([], [path]))


def test_same_gives_the_alias_the_identity_of_the_first_name(tmp_path: Path) -> None:
    notice = named("1.修路。(牵头单位:市路桥局)", written(tmp_path, SAME))
    assert notice.tasks[0].assignments[0].unit == "unit:421000-transport"
    assert notice.units[0].rule == "decision"


def test_a_decision_holds_in_its_place_and_time_only(tmp_path: Path) -> None:
    path = written(tmp_path, decision("same", "市交通运输局", "市路桥局", more="last = 2020-12-31\n"))
    units = [
        named("1.修路。(牵头单位:市路桥局)", path, issuer, day).tasks[0].assignments[0].unit
        for issuer, day in (("荆州市", "2020年8月1日"), ("荆州市", "2021年8月1日"), ("泰安市", "2020年8月1日"))
    ]
    assert units[0] == "unit:421000-transport"
    assert units[0] not in units[1:]


@pytest.mark.parametrize("verdict", ["different", "unsure"])
def test_what_people_keep_apart_is_apart_though_the_rules_would_join_it(tmp_path: Path, verdict: str) -> None:
    path = written(tmp_path, decision(verdict, "市发改委", "市发展改革委"))
    one, other = (a.unit for a in named("1.修路。(牵头单位:市发改委;责任单位:市发展改革委)", path).tasks[0].assignments)
    assert one == "unit:421000-development-reform", "the first name keeps its identity"
    assert other != one
    alone = named("1.修路。(牵头单位:市发展改革委)", path).tasks[0].assignments[0].unit
    assert alone == other, "whether or not the first name stands beside it"


def test_a_rename_keeps_the_unit_and_both_names(tmp_path: Path) -> None:
    path = written(tmp_path, RENAME)
    before = named("1.修路。(牵头单位:市扶贫办)", path, "泰安市").units[0]
    after = named("1.修路。(牵头单位:市乡村振兴局)", path, "泰安市", "2022年8月1日").units[0]
    assert before.id == after.id
    assert before.label == after.label == "市乡村振兴局"
    assert "市扶贫办" in before.aliases


def test_renames_one_after_another_keep_the_first_identity(tmp_path: Path) -> None:
    path = written(tmp_path, change("rename", ["市甲办"], ["市乙办"], "2018") + change("rename", ["市乙办"], ["市丙局"], "2020"))
    units = [named(f"1.修路。(牵头单位:{name})", path).units[0] for name in ("市甲办", "市乙办", "市丙局")]
    assert len({unit.id for unit in units}) == 1
    assert {unit.label for unit in units} == {"市丙局"}
