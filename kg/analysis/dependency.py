"""Who depends on whom: leads and those who share with them, said in sentences that name the tasks."""

from __future__ import annotations

from dataclasses import dataclass

from kg.analysis.network import Dependency, dependencies
from kg.messages import say
from kg.model import Ties


@dataclass(frozen=True, slots=True)
class Reciprocity:
    """How far leading and sharing go both ways, in the directed graph lead → other unit."""

    weighted: float
    """Part (0–1) of the weight of all ties that has its like the other way: Σ min(w_ij, w_ji) / Σ w_ij."""
    ties: int
    """Ordered pairs lead → other unit."""
    returned: int
    """Of these, pairs with at least one task the other way round."""
    tasks: int
    """Σ w_ij: leads and others counted pair by pair, task by task."""


def reciprocity(ties: Ties, *, territorial: bool = False) -> Reciprocity:
    """Weighted reciprocity (Squartini, Picciolli, Ruzzenenti & Garlaschelli 2013), and how many pairs are returned at all.

    Without territories and zones by default, for those seldom lead. Low values are what lead and share mean, not a fault.
    """
    found = dependencies(ties, territorial=territorial)
    tasks = sum(len(one.tasks) for one in found)
    both = sum(min(len(one.tasks), one.back) for one in found)
    return Reciprocity(both / tasks if tasks else 0.0, len(found), sum(one.back > 0 for one in found), tasks)


def dependency_sentence(ties: Ties, dependency: Dependency, *, lang: str | None = None) -> str:
    """One plain sentence: who leads, who shares, how many of the lead's tasks, which ones, and how many the other way.

    Tasks are named by running number, with the notice's where there are several; the caveat is ``measure.dependency.caveat``.
    """
    label = {unit.id: unit.label for unit in ties.units}
    number = {notice.id: notice.number or notice.title or notice.id for notice in ties.notices}
    key = "dependency.task-of" if len(ties.notices) > 1 else "dependency.task"
    names = [say(key, notice=number[notice], task=task, lang=lang) for notice, task in dependency.tasks]
    return say(
        "dependency.mutual" if dependency.back else "dependency.one-way",
        lead=label[dependency.lead],
        share=label[dependency.share],
        count=len(dependency.tasks),
        tasks=say("dependency.join", lang=lang).join(names),
        back=dependency.back,
        lang=lang,
    )
