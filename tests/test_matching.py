"""Tasks matched by wording: what counts as the same, and what became of the others."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis.load import TaskKey
from kg.analysis.matching import Match, MatchKind, match_tasks, wording
from kg.building.line import read_notices

from .conftest import ROOT

CORPUS = ROOT.parent / "shared" / "corpus"
PHRASES = (
    "推进老旧小区改造", "完善电梯加装政策", "新增普惠性幼儿园学位", "规范校外培训机构", "建设县域医共体", "推广家庭医生签约",
    "清理拖欠企业账款", "培育低空经济产业园", "建设网上办事大厅", "举办全民健身运动会", "公开财政预决算", "整治背街小巷",
)  # fmt: skip


def side(name: str, texts: Sequence[str]) -> dict[TaskKey, str]:
    return {(name, i): text for i, text in enumerate(texts, 1)}


def kinds(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, list[int], list[int]]]:
    found = match_tasks(side("old", old), side("new", new))
    return [(claim.kind.value, [i for _, i in claim.old], [i for _, i in claim.new]) for claim in found]


BACKGROUND = ["清理拖欠中小企业账款，建立台账并逐月通报。", "举办全民健身运动会，新建社区步道。", "整治背街小巷，增设口袋公园。"]
CASES = [
    pytest.param(["做好养老服务信息公开。"], ["做好养老服务信息公开。"], [("same", [1], [1])], id="equal"),  # the plainest case
    pytest.param(
        ["新建驿站50个，2023年10月底前完成。"], ["新建驿站80个，2024年9月底前完成。"], [("same", [1], [1])], id="numbers-and-dates"
    ),  # a target or a date that moved is no other wording
    pytest.param(
        ["做好 养老服务；"], ["做好养老服务。"], [("same", [1], [1])], id="blanks-and-marks"
    ),  # blanks and marks come from the file, not from the writer
    pytest.param(
        ["于2023年10月底前完成。"], ["由市财政局于2023年10月底前拨付。"], [("dropped", [1], []), ("new", [], [1])], id="only-a-date"
    ),  # a date in common is no likeness
    pytest.param(
        ["推进老旧小区改造，加装电梯，更新管网，发布典型案例，做好租赁信息发布。"],
        ["推进老旧小区改造，加装电梯。"],
        [("narrowed", [1], [1])],
        id="narrowed",
    ),  # all that is left stood there before
    pytest.param(
        ["推进老旧小区改造，加装电梯。"],
        ["推进老旧小区改造，加装电梯，更新管网，发布典型案例，做好租赁信息发布。"],
        [("widened", [1], [1])],
        id="widened",
    ),  # all that was there is still there
    pytest.param(
        ["建设网上办事大厅，推行跨区通办。"], ["建设网上办事大厅，推行省内通办。"], [("continued", [1], [1])], id="continued"
    ),  # as much gone as come
    pytest.param(
        ["新增普惠性幼儿园学位，规范校外培训机构；建设县域医共体，推广家庭医生签约服务。"],
        ["新增普惠性幼儿园学位，规范校外培训机构。", "建设县域医共体，推广家庭医生签约服务。"],
        [("split", [1], [1, 2])],
        id="split",
    ),
    pytest.param(
        ["新增普惠性幼儿园学位，规范校外培训机构。", "建设县域医共体，推广家庭医生签约服务。"],
        ["新增普惠性幼儿园学位，规范校外培训机构；建设县域医共体，推广家庭医生签约服务。"],
        [("merged", [1, 2], [1])],
        id="merged",
    ),
    pytest.param(
        ["整治背街小巷。", "整治背街小巷。"], ["整治背街小巷。"], [("same", [1], [1]), ("dropped", [2], [])], id="twice-on-one-side"
    ),  # what is already whole takes no second part
    pytest.param(["水"], ["水", "火"], [("same", [1], [1]), ("new", [], [2])], id="too-short-for-runs"),
    pytest.param([], ["水"], [("new", [], [1])], id="nothing-before"),
    pytest.param([], [], [], id="nothing-at-all"),
]


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_what_became_of_a_task(old: list[str], new: list[str], expected: list[tuple[str, list[int], list[int]]]) -> None:
    assert kinds(old, new) == expected


def test_an_unmatched_task_names_the_nearest_one() -> None:
    old = ["建立政策前置审核制度，评估政策可操作性，凡涉及财政资金的惠企政策均须通过平台一口兑现，统筹考虑政策兑现问题。", *BACKGROUND]
    new = ["搭建统一的政策标签库，强化与企业协会商会的联络协作，扩大政策服务覆盖面，惠企政策集中兑现。", *BACKGROUND]
    dropped = [claim for claim in match_tasks(side("old", old), side("new", new)) if claim.kind is MatchKind.DROPPED]
    assert all(set(claim.near) <= {("new", i) for i in range(1, 5)} for claim in dropped)


def test_a_task_that_would_split_and_merge_at_once_goes_one_way() -> None:
    old = ["新增普惠性幼儿园学位，规范校外培训机构；建设县域医共体，推广家庭医生签约服务。", "改善乡镇卫生院条件，培训乡村医生。"]
    new = ["新增普惠性幼儿园学位，规范校外培训机构。", "建设县域医共体，推广家庭医生签约服务，改善乡镇卫生院条件，培训乡村医生。"]
    found = match_tasks(side("old", old), side("new", new))
    assert_a_partition(found, side("old", old), side("new", new))
    assert all(len(claim.old) <= 1 or len(claim.new) <= 1 for claim in found)


def test_wording_leaves_out_numbers_dates_and_marks() -> None:
    assert wording("（1）2023年底前，新建５处ABC驿站；") == ("新建", "处abc驿站")


texts = st.lists(st.lists(st.sampled_from(PHRASES), min_size=0, max_size=4).map("，".join), max_size=8)


def assert_a_partition(found: Sequence[Match], old: Mapping[TaskKey, str], new: Mapping[TaskKey, str]) -> None:
    assert sorted(key for claim in found for key in claim.old) == sorted(old)
    assert sorted(key for claim in found for key in claim.new) == sorted(new)
    for claim in found:
        sides = (len(claim.old), len(claim.new))
        expected = {MatchKind.DROPPED: (1, 0), MatchKind.NEW: (0, 1)}.get(claim.kind, (1, 1))
        assert (
            sides == expected
            or (claim.kind is MatchKind.SPLIT and sides[0] == 1 < sides[1])
            or (claim.kind is MatchKind.MERGED and sides[1] == 1 < sides[0])
        )
        assert 0 <= claim.score <= 1 + 1e-9 and 0 <= claim.kept <= 1 + 1e-9 and 0 <= claim.known <= 1 + 1e-9


@settings(deadline=None)
@given(texts, texts)
def test_every_task_is_in_exactly_one_claim(old: list[str], new: list[str]) -> None:
    assert_a_partition(match_tasks(side("old", old), side("new", new)), side("old", old), side("new", new))


@settings(deadline=None)
@given(texts)
def test_a_list_compared_with_itself_is_all_the_same(both: list[str]) -> None:
    found = match_tasks(side("a", both), side("a", both))
    assert all(claim.kind is MatchKind.SAME and claim.old == claim.new or both.count(both[claim.old[0][1] - 1]) > 1 for claim in found)
    assert {claim.kind for claim in found} <= {MatchKind.SAME}


@settings(deadline=None)
@given(texts, texts, st.randoms(use_true_random=False))
def test_the_order_of_the_tasks_plays_no_part(old: list[str], new: list[str], chance: random.Random) -> None:
    sides = [list(side("old", old).items()), list(side("new", new).items())]
    first = match_tasks(dict(sides[0]), dict(sides[1]))
    for one in sides:
        chance.shuffle(one)
    assert match_tasks(dict(sides[0]), dict(sides[1])) == first


def test_other_numbers_of_the_tasks_change_nothing() -> None:
    # Keys say where a task stands; what became of it depends on its wording alone.
    old = ["、".join(PHRASES[at : at + 3]) for at in range(0, 9)]
    new = ["、".join(PHRASES[at : at + 4]) for at in range(0, 8, 2)]
    turned = match_tasks(side("old", old[::-1]), side("new", new[::-1]))
    told = {(c.kind, frozenset(old[len(old) - i] for _, i in c.old), frozenset(new[len(new) - i] for _, i in c.new)) for c in turned}
    straight = match_tasks(side("old", old), side("new", new))
    assert told == {(c.kind, frozenset(old[i - 1] for _, i in c.old), frozenset(new[i - 1] for _, i in c.new)) for c in straight}


def test_three_thousand_tasks_a_side_are_matched_in_seconds() -> None:
    chance = random.Random(1)
    signs = [chr(0x4E00 + at) for at in range(900)]
    phrases = ["".join(chance.choices(signs, k=9)) for _ in range(4000)]
    old = [chance.sample(phrases, 8) for _ in range(3000)]
    new = [[*chance.sample(phrases, 4), *task[:4]] for task in old]
    start = process_time()
    found = match_tasks(side("old", ["，".join(task) for task in old]), side("new", ["，".join(task) for task in new]))
    assert process_time() - start < 30  # some four seconds on the machine where it was written
    assert sum(claim.old[0][1] == claim.new[0][1] for claim in found if claim.old and claim.new) > 2900


def corpus(name: str) -> dict[TaskKey, str]:
    (notice,) = read_notices([CORPUS / "docs" / name]).notices
    return {(name, task.i): task.text for task in notice.tasks}


@pytest.mark.skipif(not (CORPUS / "years").exists(), reason="the corpus is not on this machine")
def test_two_years_of_one_city_are_matched_as_by_hand() -> None:
    gold = json.loads((CORPUS / "years" / "pair_D.json").read_text(encoding="utf-8"))
    clear = {(match["old"], match["new"]) for match in gold["matches"] if match["confidence"] == "clear"}
    open_to_doubt = {(match["old"], match["new"]) for match in (*gold["matches"], *gold["not_matched_but_near"])} - clear
    found = match_tasks(corpus(gold["old"]), corpus(gold["new"]))
    pairs = {(a, b) for claim in found for _, a in claim.old for _, b in claim.new} - open_to_doubt
    precision, recall = len(pairs & clear) / len(pairs), len(pairs & clear) / len(clear)
    assert precision >= 0.97
    assert recall >= 0.94
    allowed = {(match["old"], match["new"]): {match["kind"], *match["kind_also"]} for match in gold["matches"]}
    single = [claim for claim in found if claim.method in ("equal", "assigned")]
    fitting = [claim.kind.value in allowed.get((claim.old[0][1], claim.new[0][1]), set()) for claim in single]
    assert sum(fitting) / len(fitting) >= 0.85
    together = {(claim.kind.value, tuple(i for _, i in claim.old), tuple(i for _, i in claim.new)) for claim in found}
    assert {("split", (40,), (39, 40)), ("merged", (35, 36), (31,)), ("merged", (38, 39), (33,))} <= together


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not on this machine")
def test_notices_that_have_nothing_in_common_are_hardly_matched() -> None:
    names = [
        "001_gwy_zonghebaoshuiqu.html",
        "010_chongqing_xiaofeibangfu2021.txt",
        "018_beijing_zwgk2023.txt",
        "059_zj_renxingjiqiren2024.txt",
    ]
    sides = [corpus(name) for name in names]
    found = [claim for at, old in enumerate(sides) for new in sides[at + 1 :] for claim in match_tasks(old, new)]
    assert sum(bool(claim.old and claim.new) for claim in found) <= 3
