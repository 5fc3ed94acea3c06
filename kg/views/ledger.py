"""What workbook and task sheets rest on: the ties by task and by unit, measured once, with the words of one language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.analysis.load import Standing, TaskKey, standings
from kg.messages import say
from kg.model import FindingRow, NoticeRow, Reference, Role, SectionRow, TaskRow, Tie, Ties, UnitRow
from kg.resources import per_lexicon, table
from kg.views.apart import labels
from kg.views.details import Detail, Details
from kg.views.facts import local, notice_name


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ties of a graph, looked up by task and by unit."""

    lang: str
    ties: Ties
    details: Details
    notices: Mapping[str, NoticeRow]
    sections: Mapping[tuple[str, int], SectionRow]
    tasks: Mapping[TaskKey, TaskRow]
    units: Mapping[str, UnitRow]
    standings: Mapping[str, Standing]
    """Every unit, those that are no territories first, by rank."""
    labels: Mapping[str, str]
    """Names of units and groups; units that share a name carry their place behind it."""
    named: Mapping[TaskKey, tuple[Tie, ...]]
    """The units printed in a task, in printed order."""
    held: Mapping[str, tuple[Tie, ...]]
    """All ties of a unit, printed and through groups, in the order of tasks."""
    references: Mapping[TaskKey, tuple[Reference, ...]]
    findings: Mapping[TaskKey, tuple[FindingRow, ...]]

    def say(self, key: str, **fields: object) -> str:
        """A message of the sheets in the ledger's language; the key without the leading ``sheets.``."""
        return say(f"sheets.{key}", lang=self.lang, **fields)

    def detail(self, key: TaskKey) -> Detail:
        """What the record tells of a task; nothing where there is no record."""
        return self.details.get(key, _NOTHING)

    def listed(self, words: Sequence[str]) -> str:
        """Several names as one cell."""
        return say("table.join", lang=self.lang).join(words)

    def parties(self, key: TaskKey, role: Role) -> str:
        """The units printed in one role of a task."""
        return self.listed([self.labels[tie.unit] for tie in self.named.get(key, ()) if tie.role is role])

    def groups(self, key: TaskKey) -> str:
        """The collective references of a task; each but the plain responsible with its role."""
        return self.listed(
            [
                self.labels[one.group]
                if one.role is Role.RESPONSIBLE
                else self.say("group-role", group=self.labels[one.group], role=self.role(one.role))
                for one in self.references.get(key, ())
            ]
        )

    def role(self, role: Role) -> str:
        """The word for a role."""
        return say(f"role.{role}", lang=self.lang)

    def targets(self, key: TaskKey) -> str:
        """The quantities that a task promises, each with what it is of."""
        words = [self.say("target", printed=one, of=of) if of else one for one, of in self.detail(key).targets]
        return self.say("join.item").join(words)

    def section(self, key: TaskKey) -> str:
        """The section of a task, with its number; empty for none."""
        row = self.sections.get((key[0], self.tasks[key].section or 0))
        if row is None:
            return ""
        return self.say("section", number=row.number, title=row.title) if row.number else row.title

    def notice(self, notice: str) -> str:
        """What a notice is called."""
        return notice_name(self.notices[notice])


_NOTHING = Detail()


def ledger_of(ties: Ties, details: Details, lang: str) -> Ledger:
    """The ledger of some ties, in one pass over each table."""
    named: defaultdict[TaskKey, list[Tie]] = defaultdict(list)
    held: defaultdict[str, list[Tie]] = defaultdict(list)
    for tie in ties.ties:
        held[tie.unit].append(tie)
        if not tie.through:
            named[tie.notice, tie.task].append(tie)
    references: defaultdict[TaskKey, list[Reference]] = defaultdict(list)
    for reference in ties.references:
        references[reference.notice, reference.task].append(reference)
    findings: defaultdict[TaskKey, list[FindingRow]] = defaultdict(list)
    for finding in ties.findings:
        findings[finding.notice, finding.task or 0].append(finding)
    return Ledger(
        lang=lang,
        ties=ties,
        details=details,
        notices={notice.id: notice for notice in ties.notices},
        sections={(section.notice, section.index): section for section in ties.sections},
        tasks={(task.notice, task.i): task for task in ties.tasks},
        units={unit.id: unit for unit in ties.units},
        standings={one.unit: one for one in standings(ties)},
        labels=labels(ties, lang) | {group.id: group.label for group in ties.groups},
        named={key: tuple(found) for key, found in named.items()},
        held={key: tuple(found) for key, found in held.items()},
        references={key: tuple(found) for key, found in references.items()},
        findings={key: tuple(found) for key, found in findings.items()},
    )


def place_name(ties: Ties, unit: UnitRow) -> str:
    """The place that a unit serves: its name where a notice of that place is there, else its code; empty where unknown."""
    code = local(unit.jurisdiction).partition("-")[0]
    return next((notice.place for notice in ties.notices if notice.jurisdiction == code and notice.place), code)


def finding_words(finding: FindingRow, lang: str) -> str:
    """What a finding says."""
    return say(f"finding.{finding.code}", lang=lang, **dict(finding.values))


def line_names(lines: Sequence[str], lang: str) -> str:
    """The lines of work of a unit in words; an id that no lexicon has stays as it is."""
    return say("table.join", lang=lang).join(_lines(lang).get(line, line) for line in lines)


@per_lexicon
def _lines(lang: str) -> dict[str, str]:
    return {row["id"]: row[lang] for row in table("lexicon/lines.toml")["line"] if lang in row}
