"""How units, tasks, notices and their rows are written and linked on every page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import partial
from string import Formatter

from kg.analysis.load import Standing, TaskKey
from kg.graph.iris import section_id, task_id
from kg.messages import catalogue, say
from kg.model import FindingRow, Kind, NoticeRow, Role, SectionRow
from kg.serve.pages_parts import Asked, Column, Listing, NotThereError, Ref, Value, path_of, with_query
from kg.serve.site import Site
from kg.views.facts import notice_name
from kg.views.findings import why_and_mend
from kg.views.ledger import Ledger, finding_words, line_names

PART = 30_000
"""Characters of a notice on one page; with all its links that is some 300 KB."""
TASK_ROWS = 50
_MANY = 5000

TASK_COLUMNS = (
    Column("item", head=True),
    Column("wording", wide=True),
    Column("leads"),
    Column("shares", wide=True),
    Column("groups"),
)
UNIT_COLUMNS = (
    Column("rank", numeric=True),
    Column("unit", head=True),
    Column("kind"),
    Column("led", numeric=True),
    Column("shared", numeric=True),
    Column("relations", numeric=True),
    Column("without", numeric=True),
    Column("interval", numeric=True),
    Column("partners", numeric=True),
)
FINDING_COLUMNS = (
    Column("severity"),
    Column("item", head=True),
    Column("finding", wide=True),
    Column("at-line", numeric=True, bare=True),
    Column("mend", wide=True),
)


def ledger(site: Site, asked: Asked) -> Ledger:
    """The ties in the language of the request."""
    return site.ledgers[asked.lang]


def party(site: Site, asked: Asked, identity: str) -> Ref:
    """A unit or group by its name."""
    return Ref(ledger(site, asked).labels.get(identity, identity), path_of(identity), identity)


def task_ref(site: Site, asked: Asked, key: TaskKey) -> Ref:
    """A task by its running number, with its notice where there are several."""
    book = ledger(site, asked)
    several = len(site.ties.notices) > 1
    label = asked.say("item-in", notice=book.notice(key[0]), i=key[1]) if several else asked.say("item", i=key[1])
    return Ref(label, path_of(task_id(*key)), task_id(*key))


def notice_ref(row: NoticeRow) -> Ref:
    """A notice by its number, else its title, else its id."""
    return Ref(notice_name(row), path_of(f"notice:{row.id}"), f"notice:{row.id}")


def section_words(asked: Asked, row: SectionRow) -> str:
    """The heading of a section with its number."""
    return asked.say("section", number=row.number, title=row.title) if row.number else row.title


def section_ref(asked: Asked, row: SectionRow) -> Ref:
    """A section by its heading."""
    identity = section_id(row.notice, row.index)
    return Ref(section_words(asked, row), path_of(identity), identity)


def kind_words(asked: Asked, kind: str) -> str:
    """The word for a kind of unit."""
    return say(f"report.kind.{kind}", lang=asked.lang)


def line_words(asked: Asked, line: str) -> str:
    """The word for a line of work."""
    return line_names([line], asked.lang)


def place_in_text(site: Site, notice: str, at: int, anchor: str) -> str:
    """The path to a place in the text of a notice, on the page of the text where it stands."""
    page = at // PART + 1
    listed = {"list": "text", "page": page} if page > 1 else {}
    return with_query(path_of(f"notice:{notice}"), **listed) + f"#{anchor}"


def task_row(site: Site, asked: Asked, key: TaskKey) -> tuple[Value, ...]:
    """A task as a row of ``TASK_COLUMNS``."""
    book = ledger(site, asked)
    named, refer = book.named.get(key, ()), partial(party, site, asked)
    leads = dict.fromkeys(tie.unit for tie in named if tie.role is Role.LEAD)
    shares = dict.fromkeys(tie.unit for tie in named if tie.unit not in leads)
    groups = dict.fromkeys(one.group for one in book.references.get(key, ()))
    return task_ref(site, asked, key), book.tasks[key].text, [*map(refer, leads)], [*map(refer, shares)], [*map(refer, groups)]


def task_listing(site: Site, asked: Asked, name: str, keys: Sequence[TaskKey], *, note: str = "") -> Listing:
    """A table of tasks."""
    return Listing(name, TASK_COLUMNS, keys, partial(task_row, site, asked), note=note, size=TASK_ROWS)


def unit_row(site: Site, asked: Asked, one: Standing) -> tuple[Value, ...]:
    """A unit with its load as a row of ``UNIT_COLUMNS``."""
    figures: tuple[Value, ...] = (one.led, one.shared, one.relations, one.relations_without_territories, list(one.interval), one.partners)
    return (one.rank, party(site, asked, one.unit), kind_words(asked, one.kind), *figures)


def unit_listing(site: Site, asked: Asked, name: str, units: Sequence[Standing], *, note: str = "") -> Listing:
    """A table of units with their load."""
    return Listing(name, UNIT_COLUMNS, units, partial(unit_row, site, asked), note=note)


def finding_row(site: Site, asked: Asked, one: FindingRow) -> tuple[Value, ...]:
    """A finding as a row of ``FINDING_COLUMNS``."""
    severity = say(f"severity.{one.severity}", lang=asked.lang)
    item = task_ref(site, asked, (one.notice, one.task)) if one.task else notice_ref(ledger(site, asked).notices[one.notice])
    place = Ref(str(one.line), place_in_text(site, one.notice, one.start, f"l{one.line}"))
    return severity, item, finding_words(one, asked.lang), place, why_and_mend(one.code, lang=asked.lang)[1]


def finding_listing(site: Site, asked: Asked, found: Sequence[FindingRow], *, note: str = "") -> Listing:
    """A table of findings."""
    return Listing("findings", FINDING_COLUMNS, found, partial(finding_row, site, asked), note=note)


def code_words(asked: Asked, code: str) -> str:
    """What findings of a code say, whatever they are about."""
    parts = Formatter().parse(catalogue(asked.lang).get(f"finding.{code}", code))
    return "".join(literal + ("…" if name is not None else "") for literal, name, _, _ in parts)


def missing(site: Site, asked: Asked, kind: str, local: str) -> NotThereError:
    """What is said where there is no such unit, task, notice, group or section: the nearest by id and by name."""
    book = ledger(site, asked)
    words: dict[str, Ref] = {}
    if kind in {"unit", "group"}:
        for identity, label in book.labels.items():
            for name in (label, identity.partition(":")[2]):
                words.setdefault(name, party(site, asked, identity))
    elif kind == "task":
        notice = local.rpartition(".")[0]
        for task in site.tasks_of.get(notice, ()):
            words[f"{notice}.{task.i}"] = task_ref(site, asked, (notice, task.i))
    if not words:
        words = {row.id: notice_ref(row) for row in book.notices.values()}
    return NotThereError(local, [words[name] for name in _near(local, list(words))])


def _near(name: str, names: list[str]) -> list[str]:
    # Comparing takes long; among very many names only those that begin or end alike are compared.
    kept = names if len(names) <= _MANY else [one for one in names if one[:2] == name[:2] or one[-3:] == name[-3:]][:_MANY]
    return get_close_matches(name[:200], kept, 5, 0.4)


def counted(values: Sequence[str], keep: Callable[[str], bool] = bool) -> dict[str, int]:
    """How often each value stands in a list, empty ones left out.

    >>> counted(["a", "b", "", "a"])
    {'a': 2, 'b': 1}
    """
    found: dict[str, int] = {}
    for value in values:
        if keep(value):
            found[value] = found.get(value, 0) + 1
    return found


def kinds_there(site: Site) -> list[str]:
    """The kinds of the units, in the order of the code list."""
    present = {unit.kind for unit in site.ties.units}
    return [kind.value for kind in Kind if kind in present]
