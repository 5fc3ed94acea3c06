"""Tables of tasks: which column holds what, and what each row gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.folding import fold, marks
from kg.model import Deadline, Person, Role, Span
from kg.reading.characters import Line
from kg.reading.clauses import LONGEST, ClauseRun, Reading
from kg.reading.deadlines import read_deadline
from kg.reading.grammar import ROLES, find_labels, find_rules, find_verbs
from kg.reading.names import read_names
from kg.reading.segments import Party, divided_by_comma, parted_names, read_list, read_persons
from kg.reading.source import Grid
from kg.resources import per_lexicon, table

Row = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table: how many rows it takes, and the kind of each column."""

    rows: int
    kinds: tuple[str, ...]
    words: tuple[str, ...]
    rules: tuple[str, ...]
    """Kinds of the rules that the head prints: 责任单位（第一位为牵头单位）."""

    @property
    def responsible_leads(self) -> bool:
        """Whether 责任单位 are who leads: beside 配合单位, without 牵头单位 and without a rule."""
        return "lead" not in self.kinds and {"responsible", "cooperating"} <= set(self.kinds) and not self.rules


@dataclass(frozen=True, slots=True)
class TableRow:
    """One data row: its number, the cells of its wording, and the clause that its other cells make."""

    number: str | None
    wording: tuple[Line, ...]
    clause: Span
    reading: Reading
    section: Line | None
    """The cell of the last row of a single cell above it."""

    @property
    def start(self) -> int:
        """Position of its first character."""
        return min([self.clause.start, *(line.start for line in self.wording)])


@per_lexicon
def _columns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["kind"], re.compile(row["pattern"])) for row in table("lexicon/tables.toml")["column"])


def _kind(words: str) -> str:
    bare = "".join(words.split())
    without = re.sub(r"\(.*?\)|〔.*?〕", "", bare)
    return next((kind for kind, pattern in _columns() if pattern.fullmatch(bare) or pattern.fullmatch(without)), "none")


def read_head(text: str, grid: Grid) -> Head | None:
    """The head of a table of tasks, None where the table is none: no column of parties, or none of wording."""
    for first in range(min(4, len(grid.rows))):
        for rows in (1, 2):
            if first + rows >= len(grid.rows):
                continue
            words = _head_words(text, grid.rows[first : first + rows])
            kinds = tuple(map(_kind, words))
            if any(kind in ROLES for kind in kinds) and "task" in kinds and _is_head(text, grid.rows[first + rows - 1]):
                second = rows == 1 and first + 2 < len(grid.rows) and _goes_on(text, grid.rows[first], grid.rows[first + 1])
                if second:
                    continue
                printed = dict.fromkeys(rule.kind for word in words for rule in find_rules(word))
                return Head(first + rows, kinds, words, tuple(printed))
    return None


def _head_words(text: str, rows: Sequence[Row]) -> tuple[str, ...]:
    # A column under a merged cell takes its own word; the word above counts where it has none.
    words = []
    for column in zip(*rows, strict=True):
        parts = [fold("".join(text[cell.start : cell.end].split())) for cell in dict.fromkeys(column)]
        words.append(next((part for part in reversed(parts) if part), ""))
    return tuple(words)


def _is_head(text: str, row: Row) -> bool:
    cells = [fold("".join(text[cell.start : cell.end].split())) for cell in dict.fromkeys(row)]
    return sum(len(cell) <= 30 and not set(cell) & set(marks("sentence_end")) for cell in cells) == len(cells)


def _goes_on(text: str, above: Row, below: Row) -> bool:
    # A second row of the head: it shares merged cells with the first, and splits another.
    shared = sum(a == b and a.start < a.end for a, b in zip(above, below, strict=True))
    split = len(set(above)) < len(above)
    words = [fold("".join(text[cell.start : cell.end].split())) for cell in below]
    return bool(shared) and split and any(_kind(word) in (*ROLES, "task", "person", "deadline") for word in words)


def rows_of_tables(text: str, grids: Sequence[Grid]) -> tuple[list[Grid], list[TableRow], list[str]]:
    """The tables of tasks among the tables of a text, their rows, and the kinds of rules that their heads print.

    A table without a head that is as wide as the table of tasks right before it goes on with that.
    """
    found: list[Grid] = []
    rows: list[TableRow] = []
    rules: list[str] = []
    head: Head | None = None
    for grid in grids:
        own = read_head(text, grid)
        goes_on = own is None and head is not None and grid.rows and len(grid.rows[0]) == len(head.kinds)
        head = replace(head, rows=0) if goes_on and head else own
        if head is not None:
            found.append(grid)
            rows += read_rows(text, grid, head)
            rules += head.rules
    return found, rows, rules


def read_rows(text: str, grid: Grid, head: Head) -> Iterator[TableRow]:
    """The rows of tasks of a table, in order; heads printed again and rows of a single cell are none."""
    section: Line | None = None
    above: Row = ()
    for row in grid.rows[head.rows :]:
        filled = list(dict.fromkeys(cell for cell in row if text[cell.start : cell.end].strip()))
        words = tuple(fold("".join(text[cell.start : cell.end].split())) for cell in row)
        if not filled or words == head.words or sum(_kind(word) in ROLES for word in words) >= 2:
            continue
        if len(filled) == 1:
            section = _cell(text, filled[0])
            continue
        printed, row = row, _as_above(text, row, above)
        found = _row(text, row, head, frozenset(printed) - frozenset(above))
        above = row
        if found.wording and (found.number or found.reading.parties or found.reading.persons or found.reading.deadline):
            yield replace(found, section=section)


def _as_above(text: str, row: Row, above: Row) -> Row:
    # 同上 in a cell means what the cell above it holds.
    words = table("lexicon/tables.toml")["above"]["words"]
    if not above:
        return row
    return tuple(over if text[cell.start : cell.end].strip() in words else cell for cell, over in zip(row, above, strict=True))


def _row(text: str, row: Row, head: Head, own: frozenset[Span]) -> TableRow:
    # ``own`` are the cells that this row prints itself: a cell that is merged with the one above stands where that one is.
    by_kind: dict[str, list[Line]] = {}
    parties: list[Party] = []
    persons: list[Person] = []
    suspects: list[Span] = []
    deadline: Deadline | None = None
    seen: set[tuple[str, Span]] = set()
    for kind, cell, words in zip(head.kinds, row, head.words, strict=True):
        line = _cell(text, cell)
        if line is None or (kind, cell) in seen:
            continue
        seen.add((kind, cell))
        by_kind.setdefault(kind, []).append(line)
        if kind in ROLES and len(line.folded) <= LONGEST:
            role = Role.LEAD if kind == Role.RESPONSIBLE and head.responsible_leads else Role(kind)
            given, named = read_cell(line, role)
            known = {(party.name.span, party.role) for party in parties}
            behind = bool(parties)
            parties += [replace(p, behind_comma=p.behind_comma or behind) for p in given if (p.name.span, p.role) not in known]
            persons += named
            suspects += [person.span for person in named]
        elif kind == "person":
            persons += [person for person in read_persons(line, 0, len(line.folded), words) if person not in persons]
        elif kind == "deadline" and deadline is None:
            deadline = read_deadline(line, 0, len(line.folded))
    cells = [line for kind in (*ROLES, "person", "deadline") for line in by_kind.get(kind, []) if _stands_in(line, own)]
    cells = cells or [line for line in by_kind.get("task", []) if _stands_in(line, own)] or by_kind.get("task", [])
    span = Span(min(line.start for line in cells), max(line.end for line in cells)) if cells else Span(row[0].start, row[0].start)
    rule = "table-row+responsible-leads" if head.responsible_leads else "table-row"
    reading = Reading(ClauseRun(0, 0, True, rule), tuple(parties), deadline, tuple(persons), suspects=tuple(suspects))
    number = next((" ".join(line.text.split()) for line in by_kind.get("number", [])), None)
    return TableRow(number, tuple(sorted(by_kind.get("task", []), key=lambda line: line.start)), span, reading, None)


def _stands_in(line: Line, cells: frozenset[Span]) -> bool:
    return any(cell.start <= line.start and line.end <= cell.end for cell in cells)


def _cell(text: str, cell: Span) -> Line | None:
    printed = text[cell.start : cell.end]
    line = Line(printed, fold(printed), range(cell.start, cell.end))
    return line.part(0, len(printed))


def read_cell(line: Line, role: Role) -> tuple[list[Party], list[Person]]:
    """The parties of one cell under a role, and persons among them; labels and verbs inside the cell (甲牵头,乙配合) win over it."""
    folded = line.folded
    if find_labels(folded, 0, len(folded)) or find_verbs(folded, 0, len(folded)):
        return read_list(line, role)
    names, persons = parted_names(read_names(line, 0, len(folded)))
    parties = [Party(name, name.role or role, role is not Role.RESPONSIBLE, True) for name in names]
    return divided_by_comma(parties, folded, len(folded)), persons
