"""Where the files that ship beside the code are found, and how its tables are read."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from importlib.resources import files
from inspect import signature
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from kg.errors import ResourceError, SourceMissingError, SourceUnreadableError, TableEncodingError, TableError
from kg.messages import say

_EXTRA: ContextVar[tuple[tuple[Path, int], ...]] = ContextVar("extra_lexicons", default=())
"""The lexicon files in use, each with the time of its last change: one that was changed is read again."""
P = ParamSpec("P")
T = TypeVar("T")


def ontology_file(name: str) -> Path:
    """The path of one file of the ontology, in a wheel, an editable install or a bare checkout.

    Args:
        name: its path below ``ontology/``, as ``queries/load.rq``.

    Raises:
        ResourceError: there is no such file in either place.
    """
    package = Path(str(files("kg")))
    for folder in (package / "ontology", package.parent / "ontology"):
        if (folder / name).exists():
            return folder / name
    raise ResourceError(name)


def package_file(name: str) -> Path:
    """The path of one file inside the package, as ``lexicon/roles.toml``."""
    path = Path(str(files("kg"))) / name
    if not path.exists():
        raise ResourceError(name)
    return path


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file of a user.

    Raises:
        SourceMissingError, SourceUnreadableError: there is no such file, or it is none.
        TableError: it is not TOML, or not UTF-8 (with or without a mark at its beginning).
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SourceMissingError(path) from None
    except UnicodeDecodeError as error:
        raise TableEncodingError(path) from error
    except (ValueError, RecursionError) as error:
        # A TOMLDecodeError is a ValueError; so is a number of thousands of digits. Brackets in brackets go too deep.
        raise TableError(path, error) from error
    except OSError as error:
        raise SourceUnreadableError(path, error.strerror or error) from error


def rows_of(
    path: Path, key: str, fields: Mapping[str, type], optional: Mapping[str, type], beside: Collection[str] = ()
) -> list[dict[str, Any]]:
    """The rows ``[[key]]`` of a user's TOML file, every field there and of its type.

    Args:
        path: the file.
        key: the name of the rows.
        fields: what each row must have; text must not be empty.
        optional: what it may have.
        beside: other names that may stand at the top of the file.

    Raises:
        SourceMissingError, TableError: there is no such file, or something in it does not fit: the message names it.
    """
    content = read_toml(path)
    if unknown := sorted(content.keys() - {key, "source", *beside}):
        raise TableError(path, f"{unknown[0]} ≠ [[{key}]]")
    rows = content.get(key)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise TableError(path, f"[[{key}]]")
    for at, row in enumerate(rows, 1):
        known = {**fields, **optional, "source": str}
        wrong = [name for name in fields if not row.get(name)]
        wrong += [name for name, value in row.items() if name not in known or not isinstance(value, known[name])]
        wrong += [name for name, value in row.items() if known.get(name) is list and name in ("names", "aliases") and not _all_text(value)]
        if wrong:
            raise TableError(path, f"[[{key}]] {at}: {_fault(wrong[0], row, known)}")
    return rows


def _fault(name: str, row: Mapping[str, Any], known: Mapping[str, type]) -> str:
    # What is wrong with a field of a row, in words.
    if name not in known:
        return say("table-fault.unknown", name, ", ".join(known))
    return say("table-fault.missing" if row.get(name) in (None, "") else f"table-fault.{known[name].__name__}", name)


def _all_text(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) and value for value in values)


@contextmanager
def use_lexicons(paths: Sequence[Path]) -> Iterator[None]:
    """Read with these lexicon files beside the package's own while the block runs.

    A user's file names the table and adds to it: ``[[roles.label]]`` adds a row before the package's rows,
    ``[names.endings] words = […]`` adds words.
    """
    token = _EXTRA.set(tuple((Path(path).resolve(), _stamp(Path(path))) for path in paths))
    try:
        yield
    finally:
        _EXTRA.reset(token)


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        # That it is not there is told when it is read.
        return 0


def per_lexicon(build: Callable[P, T]) -> Callable[P, T]:
    """Keep what was built from the lexicon, once for each set of lexicon files in use."""
    kept: dict[object, T] = {}
    if not signature(build).parameters:
        # Most are asked for thousands of times in a notice.
        current = _EXTRA.get

        @wraps(build)
        def built_once(*_args: P.args, **_kwargs: P.kwargs) -> T:
            try:
                return kept[current()]
            except KeyError:
                return kept.setdefault(current(), build())  # type: ignore[call-arg]  # it takes none

        return built_once

    @wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> T:
        key = (_EXTRA.get(), args, *kwargs.items()) if args or kwargs else _EXTRA.get()
        try:
            return kept[key]
        except KeyError:
            return kept.setdefault(key, build(*args, **kwargs))

    return built


def table(name: str) -> dict[str, Any]:
    """A TOML table of the package, as ``lexicon/roles.toml``, with the rows that the lexicons in use add.

    Read once; callers must not change it.
    """
    extra = _EXTRA.get() if name.startswith("lexicon/") else ()
    return _extended(name, extra)


@cache
def _extended(name: str, extra: tuple[tuple[Path, int], ...]) -> dict[str, Any]:
    found = tomllib.loads(package_file(name).read_text(encoding="utf-8"))
    subject = Path(name).stem
    for path, _ in extra:
        added = read_toml(path)
        if unknown := sorted(key for key in added if key != "source" and not _is_table(key)):
            raise TableError(path, unknown[0])
        found = _merge(found, added.get(subject, {}), path)
    return found


def _is_table(subject: str) -> bool:
    # By the names that are there: a key of a user may be too long for a file, or lead elsewhere.
    return subject in {path.stem for path in (Path(str(files("kg"))) / "lexicon").glob("*.toml")}


def _merge(own: dict[str, Any], added: dict[str, Any], path: Path) -> dict[str, Any]:
    merged = dict(own)
    for key, value in added.items():
        if isinstance(value, list) and isinstance(own.get(key), list):
            merged[key] = value + own[key]
        elif isinstance(value, dict) and isinstance(own.get(key), dict):
            merged[key] = _merge(own[key], value, path)
        elif key in own and type(value) is type(own[key]):
            merged[key] = value
        else:
            raise TableError(path, key)
    return merged
