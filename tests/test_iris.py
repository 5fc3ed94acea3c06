"""IRIs: ASCII, stable, made of keys, and shown short again."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph.iris import ID, PREFIXES, assignment_id, curie, deadline_id, iri, line_code, section_id, target_id, task_id
from kg.model import Notice

LOCAL = st.text(string.ascii_letters + string.digits + "-._", min_size=1)

MINTED = [
    pytest.param(section_id("421000-2020-jzbf-1", 2), "section:421000-2020-jzbf-1.s2", id="section"),
    pytest.param(task_id("421000-2020-jzbf-1", 66), "task:421000-2020-jzbf-1.66", id="task"),
    pytest.param(assignment_id("421000-2020-jzbf-1", 66, 2), "assignment:421000-2020-jzbf-1.66.2", id="assignment"),
    pytest.param(target_id("421000-2020-jzbf-1", 66, 1), "target:421000-2020-jzbf-1.66.t1", id="target-of-a-task"),
    pytest.param(target_id("421000-2020-jzbf-1", None, 1), "target:421000-2020-jzbf-1.t1", id="target-of-the-preamble"),
    pytest.param(deadline_id("421000-2020-jzbf-1", 66), "deadline:421000-2020-jzbf-1.66.d", id="deadline"),
    pytest.param(line_code("finance"), "kgv:line-finance", id="line-of-work"),
]


@pytest.mark.parametrize(("minted", "expected"), MINTED)
def test_an_identifier_is_made_of_keys(minted: str, expected: str) -> None:
    assert minted == expected
    assert iri(minted).isascii()


@given(st.sampled_from(sorted(PREFIXES)), LOCAL)
def test_a_curie_and_its_iri_are_two_forms_of_one_name(prefix: str, local: str) -> None:
    assert curie(iri(f"{prefix}:{local}")) == f"{prefix}:{local}"


REFUSED = [
    pytest.param("unit:市发改委", "an IRI never depends on Chinese", id="chinese"),
    pytest.param("unit:a/b", "no slash in local names", id="slash"),
    pytest.param("unit:a b", "a blank ends an IRI", id="blank"),
    pytest.param("unit:a> <urn:b", "the end of an IRI would let a triple in", id="bracket"),
    pytest.param("unit:a\nb", "a line end would let a triple in", id="line-end"),
    pytest.param('unit:a"b', "not allowed in an IRI", id="quote"),
    pytest.param("unit:a\\u003E", "an escape would be read as what it stands for", id="escape"),
]


@pytest.mark.parametrize(("name", "why"), REFUSED)
def test_a_name_that_is_no_key_is_refused(name: str, why: str) -> None:
    with pytest.raises(ValueError, match="unit"):
        pytest.fail(f"{why}: {iri(name)}")


def test_an_unknown_prefix_is_refused() -> None:
    with pytest.raises(KeyError):
        iri("nothing:x")


def test_a_line_of_work_in_chinese_gets_an_ascii_code() -> None:
    codes = {line_code(line) for line in ("发改", "经信", "finance")}
    assert len(codes) == 3
    assert all(iri(code).isascii() for code in codes)
    assert line_code("发改") == line_code("发改")


def test_every_identifier_of_the_notice_gives_an_iri_of_its_own(jingzhou: Notice) -> None:
    names = [record.id for record in (*jingzhou.units, *jingzhou.groups, *jingzhou.divisions)]
    minted = [iri(name) for name in names]
    assert len(set(minted)) == len(names)
    assert all(one.startswith(ID) for one in minted)
