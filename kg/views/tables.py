"""Tables as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_STARTS_A_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""A table as CSV text: a head, one line a row, ``\n`` at each end, absent values empty.

    Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers; a line end inside a
    cell becomes ``\n``, so that every reader keeps the rows apart.

    >>> csv_text(["unit", "tasks"], [["市发改委", 27], ["=1+1", None], ["a,b", -0.5]])
    'unit,tasks\n市发改委,27\n\'=1+1,\n"a,b",-0.5\n'
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_cell(column) for column in columns])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    """One value as text, a formula disarmed.

    >>> _cell("=cmd|' /C calc'!A0"), _cell("-12.5"), _cell("-x"), _cell(0.1), _cell(None)
    ("'=cmd|' /C calc'!A0", '-12.5', "'-x", '0.1', '')
    """
    if value is None:
        return ""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    if _STARTS_A_FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
