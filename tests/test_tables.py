"""CSV that a spreadsheet opens without running anything, and that a program reads back as it was."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.views.tables import csv_text

FORMULAS = [
    pytest.param(
        "=cmd|' /C calc'!A0",
        id="command",
    ),
    pytest.param("+1+1", id="plus"),
    pytest.param("-1+1", id="minus"),
    pytest.param("@SUM(A1)", id="at"),
    pytest.param("\t=1", id="tab"),
    pytest.param("\n=1", id="line-end"),
    pytest.param(" =1+1", id="blank-before"),
    pytest.param("\uff1d1+1", id="full-width"),
    pytest.param("--1", id="two-signs"),
]

PLAIN = [
    pytest.param("市发改委", "市发改委", id="name"),
    pytest.param("-12.5", "-12.5", id="negative-number"),
    pytest.param(-0.25, "-0.25", id="negative-float"),
    pytest.param("+3e-5", "+3e-5", id="number-with-exponent"),
    pytest.param(None, "", id="absent"),
    pytest.param("a=b", "a=b", id="sign-inside"),
    pytest.param("a\r\nb\rc", "a\nb\nc", id="line-ends"),
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert next(csv.reader(io.StringIO(csv_text([text], []), newline="")))[0] == f"'{text}"


@pytest.mark.parametrize(("value", "expected"), PLAIN)
def test_what_is_no_formula_stays(value: object, expected: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_text(["head", "x"], [[value, "x"]]), newline="")))
    assert rows[1][0] == expected


@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8")), st.integers()), max_size=5))
def test_every_table_reads_back_with_its_shape(rows: list[tuple[str, int]]) -> None:
    read = list(csv.reader(io.StringIO(csv_text(["text", "number"], rows), newline="")))
    assert len(read) == len(rows) + 1
    for (text, number), back in zip(rows, read[1:], strict=True):
        kept = text.replace("\r\n", "\n").replace("\r", "\n")
        assert back[0] in (kept, f"'{kept}")
        assert back[1] == str(number)


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_no_cell_starts_like_a_formula(text: str) -> None:
    cell = next(csv.reader(io.StringIO(csv_text([text, "x"], []), newline="")))[0]
    assert cell[0] not in "=@\t\r\n" and (cell[0] not in "+-" or float(cell) is not None)
