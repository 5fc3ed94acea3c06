"""The record of a build, and the details of tasks in it that its ties do not hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import GraphError
from kg.versions import current

if TYPE_CHECKING:
    from kg.views.details import Details


def read_records(folder: Path) -> list[dict[str, Any]]:
    """The extraction records of a build, one a notice.

    Raises:
        GraphError: they are missing or broken.
    """
    path = current(folder) / "notices.jsonl"
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    except (OSError, ValueError) as error:
        raise GraphError(path) from error


def read_details(folder: Path, *, persons: bool = False) -> Details:
    """Targets, time limits and positions of all tasks of a build.

    Args:
        folder: the output of a build.
        persons: whether the persons whom the clauses name are told.

    Raises:
        GraphError: the record of the build is missing or broken.
    """
    from kg.views.details import details_of

    folder = current(folder)
    records = read_records(folder)
    try:
        ids = [str(one["notice"]["id"]) for one in records]
        texts = {one: (folder / "texts" / f"{one}.txt").read_bytes().decode("utf-8") for one in ids}
        return details_of(records, texts, persons=persons)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GraphError(folder / "notices.jsonl") from error
