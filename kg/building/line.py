"""The first half of the line: files in, notices with their units out."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.building.company import Head, essence_of, in_company, settled
from kg.errors import BatchError, KgError, NotANoticeError, TableError
from kg.model import Change, Notice
from kg.naming.changes import changes_of
from kg.naming.units import Names, load_names, name_units
from kg.reading.corrections import Correction, correct, read_corrections
from kg.reading.files import SourceFile, source_files
from kg.reading.notice import notice_of_text, read_notice
from kg.reading.source import SourceText
from kg.resources import table, use_lexicons
from kg.versions import is_build

Tell = Callable[[str, int, int], None]
"""Progress: what is being done, how many are done, how many there are."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a user adds to the package's own knowledge, as TOML files."""

    registers: tuple[Path, ...] = ()
    lexicons: tuple[Path, ...] = ()
    decisions: tuple[Path, ...] = ()
    corrections: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """The notices that were read, in the order of their ids, and what stood in the way of the others."""

    notices: tuple[Notice, ...]
    failures: tuple[KgError, ...]
    changes: tuple[Change, ...] = ()
    """What became of their units."""


def silent(what: str, done: int, all_of: int) -> None:
    """Tell nobody."""


def read_notices(sources: Sequence[str | Path], knowledge: Knowledge = Knowledge(), tell: Tell = silent) -> Batch:
    """The notices of some files and folders, read and named.

    A file that cannot be read does not stop the others.

    Raises:
        SourceMissingError, NoNoticesError: a path leads nowhere.
        TableError: one of the user's own tables does not fit.
        KgError: the only file cannot be read.
    """
    files = source_files(sources, is_build)
    names = load_names(knowledge.registers, knowledge.decisions)
    corrections = read_corrections(knowledge.corrections)
    notices: list[Notice] = []
    failures: list[KgError] = []
    with use_lexicons(knowledge.lexicons):
        check_lexicons(knowledge.lexicons)
        for done, file in enumerate(files):
            tell("read", done, len(files))
            try:
                notices.append(one_notice(file, names, corrections))
            except KgError as error:
                if len(files) == 1:
                    raise
                failures.append(error)
    if not notices:
        raise BatchError(len(failures), "\n".join(map(str, failures)))
    read = tuple(sorted(_once(notices), key=lambda notice: notice.id))
    return Batch(read, tuple(failures), changes_of(read, names))


def check_lexicons(paths: Sequence[Path]) -> None:
    """Build every pattern once, so that a row that does not fit is said before anything is read.

    Raises:
        TableError: a lexicon of the user has such a row.
    """
    if not paths:
        return
    try:
        with warnings.catch_warnings():
            # A pattern that another Python may read otherwise, as [[甲], fits as little as one that none reads.
            warnings.simplefilter("error", FutureWarning)
            name_units(notice_of_text(SourceText("", _probe(), "0" * 64, "utf-8")))
    except NotANoticeError as error:
        raise TableError(paths[-1], "roles") from error
    except (AttributeError, FutureWarning, KeyError, TypeError, ValueError, re.error) as error:
        raise TableError(paths[-1], f"{type(error).__name__}: {error}") from error


def _probe() -> str:
    # The smallest notice, in the words of the lexicon itself.
    labels = (row for row in table("lexicon/roles.toml")["label"] if row["role"] in {"lead", "responsible"})
    word = next(word for row in labels for word in (*row.get("words", ()), *row.get("whole", ())))
    return f"1.100%({word}:A)"


def one_notice(source: SourceFile | Path, names: Names = Names(), corrections: Sequence[Correction] = ()) -> Notice:
    """One file → one notice with its units."""
    return name_units(correct(read_notice(source), corrections), names)


def _once(notices: Sequence[Notice]) -> list[Notice]:
    places = settled([Head(notice.id, notice.sha256, essence_of(notice.text)) for notice in notices])
    return [in_company(notices[one.at], one.hashed, [notices[copy].source for copy in one.copies]) for one in places]
