"""The rules of the linter: one table, in the order in which they are explained."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from kg.analysis import rules_dates as dates
from kg.analysis import rules_lists as lists
from kg.analysis import rules_numbers as numbers
from kg.analysis import rules_parties as parties
from kg.analysis import rules_wording as wording
from kg.analysis.rules_words import Hit
from kg.model import Notice, Severity


class Scope(StrEnum):
    """What a rule looks at."""

    TASK = "task"
    SECTION = "section"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class LintRule:
    """One rule: its code (messages ``finding.``, ``lint.why.`` and ``lint.mend.<code>``), weight and scope."""

    code: str
    severity: Severity
    scope: Scope
    check: Callable[[Notice], Iterator[Hit]] | None = None
    """Where it fires; None for what the reader and the naming of units find themselves."""


_INFO, _WARNING = Severity.INFO, Severity.WARNING
_TASK, _SECTION, _NOTICE = Scope.TASK, Scope.SECTION, Scope.NOTICE

RULES: tuple[LintRule, ...] = (
    # Who leads.
    LintRule("no-lead", _WARNING, _TASK),
    LintRule("several-leads", _INFO, _TASK),
    LintRule("lead-also-shares", _WARNING, _TASK),
    LintRule("group-leads", _WARNING, _TASK, parties.group_leads),
    LintRule("enterprise-leads", _INFO, _TASK, parties.enterprise_leads),
    LintRule("enterprise-alone", _WARNING, _TASK, parties.enterprise_alone),
    LintRule("text-lead", _WARNING, _TASK, parties.text_lead),
    LintRule("sole-lead", _INFO, _TASK, parties.sole_lead),
    LintRule("lead-not-first", _INFO, _TASK, parties.lead_not_first),
    # Who shares.
    LintRule("no-party", _WARNING, _TASK, parties.no_party),
    LintRule("person-as-party", _WARNING, _TASK),
    LintRule("person-alone", _WARNING, _TASK, parties.person_alone),
    LintRule("open-reference", _WARNING, _TASK),
    LintRule("open-list", _WARNING, _TASK, lists.open_list),
    LintRule("everyone", _INFO, _TASK),
    LintRule("members-undefined", _INFO, _TASK),
    LintRule("too-many-parties", _INFO, _TASK, parties.too_many_parties),
    LintRule("unit-twice", _WARNING, _TASK, parties.unit_twice),
    LintRule("unit-two-roles", _WARNING, _TASK, parties.unit_two_roles),
    LintRule("unit-in-group", _INFO, _TASK, parties.unit_in_group),
    LintRule("list-broken", _WARNING, _NOTICE, lists.list_broken),
    LintRule("not-addressed", _INFO, _NOTICE, parties.not_addressed),
    # Names.
    LintRule("alias-varies", _INFO, _NOTICE),
    LintRule("alias-twice", _WARNING, _TASK, parties.alias_twice),
    LintRule("issuer-unplaced", _WARNING, _NOTICE),
    LintRule("unknown-unit", _WARNING, _TASK),
    LintRule("unknown-unit-near", _WARNING, _TASK),
    LintRule("unit-abolished", _WARNING, _TASK),
    LintRule("blank-in-name", _WARNING, _TASK, parties.blank_in_name),
    # Marks of the clause.
    LintRule("no-responsibility", _WARNING, _NOTICE),
    LintRule("unread-clause", _WARNING, _NOTICE),
    LintRule("unread-part", _WARNING, _TASK),
    LintRule("bracket-unbalanced", _WARNING, _TASK),
    LintRule("empty-role", _WARNING, _TASK, lists.empty_role),
    LintRule("separator-irregular", _INFO, _TASK),
    LintRule("list-separator", _INFO, _NOTICE, lists.list_separator),
    LintRule("trailing-separator", _WARNING, _TASK, lists.trailing_separator),
    LintRule("doubled-separator", _WARNING, _TASK, lists.doubled_separator),
    LintRule("width-mixed", _INFO, _TASK, lists.width_mixed),
    LintRule("bracket-irregular", _INFO, _NOTICE, lists.bracket_irregular),
    LintRule("label-varies", _INFO, _NOTICE, lists.label_varies),
    # Numbers and headings.
    LintRule("number-gap", _WARNING, _SECTION, numbers.number_gap),
    LintRule("number-repeats", _WARNING, _SECTION, numbers.number_repeats),
    LintRule("number-restarts", _WARNING, _SECTION, numbers.number_restarts),
    LintRule("item-without-clause", _WARNING, _SECTION, numbers.item_without_clause),
    LintRule("section-empty", _INFO, _SECTION, numbers.section_empty),
    # Time and quantity.
    LintRule("no-deadline", _INFO, _NOTICE, dates.no_deadline),
    LintRule("deadline-before-issue", _WARNING, _TASK, dates.deadline_before_issue),
    LintRule("deadline-before-plan-year", _WARNING, _TASK, dates.deadline_before_plan_year),
    LintRule("deadline-impossible", _WARNING, _TASK, dates.deadline_impossible),
    LintRule("deadline-after-plan-year", _INFO, _TASK, dates.deadline_after_plan_year),
    LintRule("deadline-year-far", _WARNING, _TASK, dates.deadline_year_far),
    LintRule("deadline-without-date", _INFO, _TASK, dates.deadline_without_date),
    LintRule("nothing-measurable", _INFO, _NOTICE, dates.nothing_measurable),
    # Wording.
    LintRule("placeholder", _WARNING, _TASK, wording.placeholder),
    LintRule("no-wording", _WARNING, _TASK, wording.no_wording),
    LintRule("long-task", _INFO, _TASK, wording.long_task),
    LintRule("wording-no-stop", _INFO, _TASK, wording.wording_no_stop),
    LintRule("duplicate-task", _WARNING, _NOTICE, wording.duplicate_task),
    LintRule("near-duplicate", _INFO, _NOTICE, wording.near_duplicate),
    # Files.
    LintRule("revisions-left", _WARNING, _NOTICE),
    LintRule("comments-left", _WARNING, _NOTICE),
    LintRule("correction-stale", _WARNING, _NOTICE),
    LintRule("duplicate-notice", _INFO, _NOTICE),
)
"""Every code that ``kg lint`` can give."""
