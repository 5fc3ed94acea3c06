"""O5, relations against staff: the user's table with all its faults at once, and the funnel by hand."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import pytest

from kg.analysis.capacity import dispersion, limits, measure_capacity, read_staff
from kg.errors import SourceMissingError, TableError
from kg.messages import use_language
from kg.model import Kind, Ties, UnitRow

READ = [
    pytest.param("unit,staff\n市发改委,60\n市财政局,45\n", "utf-8", "names", id="names"),
    pytest.param("﻿单位,编制\r\n市发改委,60\r\n市财政局,45\r\n", "utf-8", "byte order mark, Chinese heads", id="excel-utf8"),
    pytest.param("单位,编制\r\n市发改委,60\r\n市财政局,45\r\n", "gb18030", "as Chinese spreadsheet programs save", id="excel-gbk"),
    pytest.param(
        "note,Staff, unit \nx,60,市发改委\n\n,45,市财政局\n", "utf-8", "other columns, order, blanks, an empty line", id="columns"
    ),
    pytest.param('unit,staff\n"市发改委","60"\n市 财政局, 45 \n', "utf-8", "quotes and blanks", id="quotes"),
    pytest.param("unit,staff\nunit:421000-development-reform,60\nunit:421000-finance,45\n", "utf-8", "ids", id="ids"),
    pytest.param("unit,staff\n市发展和改革委员会,60\n市财政局,45\n", "utf-8", "a full name is an alias", id="alias"),
    pytest.param("unit,staff\n荆州市发展和改革委员会,60\n荆州市财政局,45\n", "utf-8", "with the place in front", id="place"),
]


@pytest.mark.parametrize(("text", "encoding", "why"), READ)
def test_staff_is_read(ties: Ties, tmp_path: Path, text: str, encoding: str, why: str) -> None:
    (tmp_path / "staff.csv").write_bytes(text.encode(encoding))
    assert read_staff(tmp_path / "staff.csv", ties) == {"unit:421000-development-reform": 60, "unit:421000-finance": 45}, why


def test_all_faults_are_told_at_once_with_their_lines(ties: Ties, tmp_path: Path) -> None:
    rows = [
        "unit,staff",
        "市发改委,60",
        "市发改局,60",
        "市财政局,0",
        "",
        "市住建局,12.5",
        ",9",
        "市发改委,61",
        "市商务局",
        "市教育局,八",
        "市审计局,²",
    ]
    (tmp_path / "staff.csv").write_text("\n".join(rows), encoding="utf-8")
    use_language("en")
    try:
        with pytest.raises(TableError) as raised:
            read_staff(tmp_path / "staff.csv", ties)
        told = str(raised.value)
    finally:
        use_language(None)
    for part in (
        "line 3: the notice has no unit '市发改局'",
        "line 4: the staff of '市财政局' must be a whole number above 0, not '0'",
        "line 6:",
        "line 7: no unit",
        "line 8: '市发改委' stood in line 2 already",
        "line 9:",
        "line 10:",
        "line 11:",
    ):
        assert part in told, told
    assert "line 2:" not in told


FAULTY = [
    pytest.param(b"", "unit, staff", "an empty file has no columns", id="empty"),
    pytest.param(b"unit,people\na,1\n", "staff", "a column is missing", id="column"),
    pytest.param(b"unit,staff\n", "", "a head alone", id="no-rows"),
    pytest.param(b"unit,staff\n\xff\xff\xff,3\n", "GB 18030", "no known encoding", id="encoding"),
    pytest.param(b'unit,staff\n"a,3\n', "", "an open quote", id="quote"),
]


@pytest.mark.parametrize(("raw", "part", "why"), FAULTY)
def test_a_file_that_is_no_table_is_refused(ties: Ties, tmp_path: Path, raw: bytes, part: str, why: str) -> None:
    (tmp_path / "staff.csv").write_bytes(raw)
    with pytest.raises(TableError) as raised:
        read_staff(tmp_path / "staff.csv", ties)
    assert part in str(raised.value), why
    with pytest.raises(SourceMissingError):
        read_staff(tmp_path / "other.csv", ties)
    with pytest.raises(TableError):
        read_staff(tmp_path, ties)


def units(count: int, kind: Kind = Kind.DEPARTMENT) -> dict[str, UnitRow]:
    return {f"u{n:02}": UnitRow(f"u{n:02}", f"U{n}", kind, "", (), "", (), "name") for n in range(count)}


def test_the_funnel_by_hand() -> None:
    rows = units(12)
    relations = dict.fromkeys(rows, 20) | {"u00": 90}
    staff = dict.fromkeys(rows, 20)
    found = {one.unit: one for one in measure_capacity(relations, staff, rows)}
    mean = (90 + 11 * 20) / 240
    z = 2 * sqrt(20) * (1 - sqrt(mean))
    # Two of twelve are drawn in at either end, so the odd one counts as the others do.
    wide = sqrt(max(1.0, z * z))
    first = found["u00"]
    assert (first.ratio, first.mean, first.above) == (4.5, pytest.approx(mean), True)
    assert first.limits_998 == pytest.approx(limits(mean, 20, 3.090232 * wide))
    assert first.limits_998 is not None
    assert first.limits_998[1] == pytest.approx((sqrt(mean) + 3.090232 * wide / (2 * sqrt(20))) ** 2)
    assert not any(one.above for unit, one in found.items() if unit != "u00")
    assert next(iter(found)) == "u00", "highest first"


def test_a_small_unit_may_stray_further_than_a_large_one() -> None:
    assert limits(1.0, 4, 3.0)[1] > limits(1.0, 100, 3.0)[1] > 1
    assert limits(0.01, 1, 3.0)[0] == 0.0


def test_peers_that_vary_widen_the_funnel() -> None:
    assert dispersion([(20, 20)] * 9 + [(200, 20)], 1.0) == 1.0
    assert dispersion([(5, 20), (80, 20)] * 10, 1.0) > 10


def test_fewer_than_ten_peers_have_no_funnel() -> None:
    rows = units(9)
    assert {one.limits_95 for one in measure_capacity({"u00": 100}, dict.fromkeys(rows, 5), rows)} == {None}
    assert not any(one.above for one in measure_capacity({"u00": 100}, dict.fromkeys(rows, 5), rows))
    mixed = units(10) | {"z": UnitRow("z", "Z", Kind.ZONE, "", (), "", (), "name")}
    found = {one.unit: one for one in measure_capacity({"z": 900, "u00": 3}, dict.fromkeys(mixed, 5), mixed)}
    assert (found["z"].mean, found["u01"].mean) == (None, 3 / 50)
    assert measure_capacity({}, {}, {}) == []
