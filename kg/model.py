"""The frozen records that every room passes on: what was printed, where it stands, and what was made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

BUILD_FORMAT = 3
"""The version of what a build folder holds: store, ties table and manifest. Another one is refused with a message."""


class Role(StrEnum):
    """What a clause gives a party to do."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"
    COOPERATING = "cooperating"


class Comparator(StrEnum):
    """How the outcome of a target compares with its value."""

    AT_LEAST = "atLeast"
    AT_MOST = "atMost"
    ABOUT = "about"
    EXACTLY = "exactly"


class Severity(StrEnum):
    """How much a finding weighs, lightest first."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Closure(StrEnum):
    """Whether the members of a group can be listed: here, in another document, or not at all."""

    LISTED = "listed"
    EXTERNAL = "external"
    OPEN = "open"


class Kind(StrEnum):
    """What sort of body a unit is; the values are the local names of the code list in ``ontology/codes.ttl``."""

    DEPARTMENT = "department"
    PARTY_ORGAN = "partyOrgan"
    TERRITORY = "territory"
    ZONE = "zone"
    CENTRAL_AGENCY = "centralAgency"
    PROVINCIAL_AGENCY = "provincialAgency"
    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    UNIVERSITY = "university"
    MASS_ORGANISATION = "massOrganisation"
    COURT = "court"
    MILITARY = "military"
    TEMPORARY_OFFICE = "temporaryOffice"
    OTHER = "other"


class Level(StrEnum):
    """At which level of government a body stands; a branch of a vertical system stands where it serves."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    MUNICIPAL = "municipal"
    COUNTY = "county"
    TOWNSHIP = "township"


class ChangeKind(StrEnum):
    """What happened to a body: another name, several made one, one made several, another code or place in the order."""

    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    SUCCESSION = "succession"


TERRITORIAL = frozenset({Kind.TERRITORY, Kind.ZONE})
"""Kinds that stand for a piece of land; M3d leaves them out of every task."""

LOCAL_BODIES = frozenset({Kind.DEPARTMENT, Kind.PARTY_ORGAN, Kind.INSTITUTION, Kind.MASS_ORGANISATION, Kind.TEMPORARY_OFFICE})
"""Kinds that an open reference such as 市政府有关部门 can at most mean; the upper end of an interval counts them."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open run of code points of the frozen text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a part of the text stands in its file, from ``start`` to the start of the next place; all counted from 1."""

    start: int
    page: int | None = None
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One party printed in one role of one task."""

    role: Role
    printed: str
    span: Span
    name: str
    """``printed`` with a shared suffix given back."""
    unit: str | None = None
    """Identity of the party, ``unit:…`` or ``group:…``; None where it is unknown or not yet named."""
    collective: bool = False
    standing: bool = False
    example_of: str | None = None
    """The printed open reference that this unit is an example of (甲、乙等有关部门)."""
    group_kind: str | None = None
    """What sort of collective reference it is (a row of ``lexicon/collectives.toml``), None for a unit."""


@dataclass(frozen=True, slots=True)
class Target:
    """A quantity that a task or the preamble promises."""

    printed: str
    span: Span
    value: Decimal
    unit: str
    comparator: Comparator
    indicator: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The printed time limit of a task; ``due`` is the last day it allows, None where no day can be told."""

    printed: str
    span: Span
    due: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """A person named as responsible leader; never a unit, and shown only when asked for."""

    printed: str
    span: Span
    office: str


@dataclass(frozen=True, slots=True)
class Clause:
    """The characters that give a task to its parties."""

    printed: str
    span: Span
    rule: str
    """Which rule of the grammar read it (``kg extract --explain``)."""


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a notice; ``span`` covers its heading."""

    index: int
    number: str | None
    title: str
    span: Span


@dataclass(frozen=True, slots=True)
class Task:
    """The wording that one clause closes. ``i`` is its key in the notice, counted from 1."""

    i: int
    number: str | None
    section: int | None
    """Index of its section, from 1."""
    text: str
    span: Span
    clause: Clause | None
    assignments: tuple[Assignment, ...] = ()
    targets: tuple[Target, ...] = ()
    deadline: Deadline | None = None
    persons: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd in the print; its words come from the message catalogue (``finding.<code>``)."""

    code: str
    severity: Severity
    span: Span
    task: int | None = None
    values: tuple[tuple[str, str], ...] = ()
    """What fills the blanks of the message, as (name, text)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a notice prints once for all its clauses."""

    first_is_lead: bool = False
    comma_divides_lead: bool = False
    standing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Division:
    """A place in one period of validity; ``id`` is ``division:<code>-<first year>``."""

    id: str
    code: str
    name: str
    level: str
    parent: str | None
    first: date
    """First day on which the code and name hold."""
    last: date | None = None
    """Last day, None while it holds."""
    successors: tuple[str, ...] = ()
    """Codes of the divisions that followed."""
    first_exact: bool = True
    """Whether ``first`` is known to the day; else it is the first day of a year."""
    last_exact: bool = True
    """Whether ``last`` is known to the day; else it is the last day of a year."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One organisation that can hold responsibility."""

    id: str
    label: str
    """Preferred name, as a reader of the place would print it."""
    kind: Kind
    jurisdiction: str | None = None
    """Id of the division it serves."""
    level: Level | None = None
    """None where neither the name nor the issuer tells it."""
    lines: tuple[str, ...] = ()
    """ASCII ids of its lines of work, in the order in which its name prints them; a joint body has several."""
    aliases: tuple[str, ...] = ()
    rule: str = "register"
    """Why the name was taken for this unit: register, decision, form, line or name (``kg units --explain``)."""


@dataclass(frozen=True, slots=True)
class Group:
    """A collective reference as used in one jurisdiction, over one span of its member list."""

    id: str
    label: str
    kind: str
    closure: Closure
    jurisdiction: str | None = None
    members: tuple[str, ...] = ()
    """Ids of the units it stands for; empty unless ``closure`` is listed."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of some units: a claim with its ground, never silently applied to the counts of a notice."""

    id: str
    kind: ChangeKind
    day: str
    """The day from which the results stand, as ``2020-06-12``, or the year alone; empty where unknown."""
    originals: tuple[str, ...]
    """Ids of units; in a rename the same one as in ``results``."""
    results: tuple[str, ...]
    method: str
    """``decision`` (a person said so), ``division`` (the table of divisions) or ``reform`` (a reform of the whole country)."""
    why: str
    """The reason or source, as given by the decision or the table."""
    label: str = ""
    """The names before and after, as ``市扶贫办 → 市乡村振兴局``."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: its head, its frozen text and all that was read from it. Head fields it does not print are None."""

    id: str
    title: str | None
    number: str | None
    issuer: str | None
    date: date | None
    plan_year: int | None
    jurisdiction: Division | None
    source: str
    sha256: str
    text: str = field(repr=False)
    rules: Rules = Rules()
    sections: tuple[Section, ...] = ()
    targets: tuple[Target, ...] = ()
    tasks: tuple[Task, ...] = ()
    findings: tuple[Finding, ...] = ()
    units: tuple[Unit, ...] = ()
    groups: tuple[Group, ...] = ()
    divisions: tuple[Division, ...] = ()
    """Divisions that the notice, its units and its groups point at."""
    places: tuple[Place, ...] = field(default=(), repr=False)
    """Where parts of the text stand in the file, for formats other than plain text."""


# The ties table: the graph's edges as rows, so that rankings and pairs never scan the graph.


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice of the ties table."""

    id: str
    title: str
    number: str
    issuer: str
    date: str
    year: int | None
    jurisdiction: str
    """Code of the division, empty where unknown."""
    place: str
    """Name of the division, empty where unknown."""
    sha256: str


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section of the ties table."""

    notice: str
    index: int
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of the ties table; positions are code points of the frozen text."""

    notice: str
    i: int
    number: str
    section: int | None
    text: str
    clause: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the ties table."""

    id: str
    label: str
    kind: Kind
    level: str
    """Level of government, empty where unknown."""
    lines: tuple[str, ...]
    """ASCII ids of the lines of work; a joint body has several."""
    jurisdiction: str
    aliases: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of the ties table."""

    id: str
    label: str
    kind: str
    closure: Closure


@dataclass(frozen=True, slots=True)
class Tie:
    """One unit in one role of one task, printed itself (``through`` is "") or reached through a listed group."""

    notice: str
    task: int
    unit: str
    role: Role
    through: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """One collective reference as printed in one task."""

    notice: str
    task: int
    group: str
    role: Role


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding of the ties table, with the line of the frozen text it stands on (from 1)."""

    notice: str
    task: int | None
    code: str
    severity: Severity
    start: int
    end: int
    line: int
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ties:
    """Everything that measures and views need, in a fixed order: notices by id, tasks by running number, units by id."""

    notices: tuple[NoticeRow, ...]
    sections: tuple[SectionRow, ...]
    tasks: tuple[TaskRow, ...]
    units: tuple[UnitRow, ...]
    groups: tuple[GroupRow, ...]
    ties: tuple[Tie, ...]
    references: tuple[Reference, ...]
    findings: tuple[FindingRow, ...]
    changes: tuple[Change, ...] = ()
