"""The ties as Parquet, for DuckDB, Spark, Polars and pandas: a folder with one file a table, which each of them opens as it is.

A ZIP of them would have to be unpacked first, and one file cannot hold nine tables. Columns that mean the same have the same name
in every table, so that ``JOIN … USING (notice, task)`` works, and none is a reserved word. The same ties give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import ExtraError
from kg.messages import LANGUAGES, say
from kg.model import BUILD_FORMAT

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 122_880
"""Rows of a row group, all that is ever in memory: what DuckDB scans as one piece of work, some 16 MB of task texts."""
Column = tuple[str, str, str]
"""Name, kind (one of ``_CONVERT``) and the field of the record that it comes from."""
TABLES: Mapping[str, tuple[Column, ...]] = {
    "notices": (
        ("notice", "text", "id"),
        ("title", "text?", "title"),
        ("document_number", "text?", "number"),
        ("issuer", "text?", "issuer"),
        ("issued", "day?", "date"),
        ("year", "int?", "year"),
        ("jurisdiction", "code?", "jurisdiction"),
        ("place", "code?", "place"),
        ("sha256", "text", "sha256"),
    ),
    "sections": (
        ("notice", "text", "notice"),
        ("section", "int", "index"),
        ("section_number", "text?", "number"),
        ("title", "text", "title"),
    ),
    "tasks": (
        ("notice", "text", "notice"),
        ("task", "int", "i"),
        ("task_number", "text?", "number"),
        ("section", "int?", "section"),
        ("text", "text", "text"),
        ("clause", "text?", "clause"),
        ("start_offset", "int", "start"),
        ("end_offset", "int", "end"),
    ),
    "units": (
        ("unit", "text", "id"),
        ("label", "text", "label"),
        ("kind", "code", "kind"),
        ("level", "code?", "level"),
        ("lines", "texts", "lines"),
        ("jurisdiction", "code?", "jurisdiction"),
        ("aliases", "texts", "aliases"),
        ("recognised_by", "code", "rule"),
    ),
    "groups": (
        ("unit_group", "text", "id"),
        ("label", "text", "label"),
        ("kind", "code", "kind"),
        ("closure", "code", "closure"),
    ),
    "ties": (
        ("notice", "text", "notice"),
        ("task", "int", "task"),
        ("unit", "text", "unit"),
        ("role", "code", "role"),
        ("through", "code?", "through"),
    ),
    "references": (
        ("notice", "text", "notice"),
        ("task", "int", "task"),
        ("unit_group", "text", "group"),
        ("role", "code", "role"),
    ),
    "findings": (
        ("notice", "text", "notice"),
        ("task", "int?", "task"),
        ("code", "code", "code"),
        ("severity", "code", "severity"),
        ("start_offset", "int", "start"),
        ("end_offset", "int", "end"),
        ("line", "int", "line"),
        ("details", "pairs", "values"),
    ),
    "changes": (
        ("change", "text", "id"),
        ("kind", "code", "kind"),
        ("since", "day?", "day"),
        ("since_year", "year?", "day"),
        ("originals", "texts", "originals"),
        ("results", "texts", "results"),
        ("method", "code", "method"),
        ("why", "text", "why"),
        ("label", "text?", "label"),
    ),
}
"""The columns of every table, in order; a kind with ``?`` is null where the notice does not tell."""


def _day(value: str) -> date | None:
    # A change of which only the year is known has no day.
    return date.fromisoformat(value) if len(value) == len("2020-01-07") else None


_CONVERT: Mapping[str, Callable[[Any], Any]] = {
    "text": str,
    "text?": lambda value: str(value) or None,
    "code": str,
    "code?": lambda value: str(value) or None,
    "int": int,
    "int?": lambda value: value,
    "day?": _day,
    "year?": lambda value: int(value[:4]) if value else None,
    "texts": list,
    "pairs": lambda value: [{"name": name, "value": text} for name, text in value],
}


def write_parquet(folder: Path, tables: Iterable[tuple[str, Iterable[Any]]]) -> None:
    """Write tables of records into a folder, one file each, a row group at a time.

    Args:
        folder: one that exists; its files are ``<table>.parquet``.
        tables: name of a table (one of ``TABLES``) and its records, as the fields of ``Ties`` hold them; read once, in order.

    Raises:
        ExtraError: pyarrow is not installed.
        OSError: the folder cannot be written to.
    """
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise ExtraError("Parquet", "parquet") from error
    for name, records in tables:
        schema = table_schema(name)
        # Zstandard: half of Snappy's size on Chinese text, read by every engine of the last years.
        with parquet.ParquetWriter(folder / f"{name}.parquet", schema, compression="zstd", version="2.6") as writer:
            for batch in _batches(name, records, schema):
                writer.write_batch(batch, row_group_size=ROWS)


def is_parquet_folder(folder: Path) -> bool:
    """Whether a folder holds what ``write_parquet`` made, and nothing else."""
    return {path.name for path in folder.iterdir()} == {f"{name}.parquet" for name in TABLES}


def _batches(name: str, records: Iterable[Any], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    waiting = iter(records)
    while rows := list(islice(waiting, ROWS)):
        columns = []
        for (_, kind, source), field in zip(TABLES[name], schema, strict=True):
            convert = _CONVERT[kind]
            columns.append(pa.array([convert(getattr(row, source)) for row in rows], type=field.type))
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


def table_schema(name: str) -> pa.Schema:
    """The schema of a table.

    Its columns say what they hold, in Chinese and English, in their own metadata (``description.zh``) for Arrow, and as JSON under
    ``govresp.columns`` of the file for engines that show only the metadata of files.
    """
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "code": pa.dictionary(pa.int32(), pa.string()),
        "int": pa.int32(),
        "day": pa.date32(),
        "year": pa.int32(),
        "texts": pa.list_(pa.field("element", pa.string(), nullable=False)),
        "pairs": pa.list_(pa.field("element", pa.struct([("name", pa.string()), ("value", pa.string())]), nullable=False)),
    }
    described = {column: {lang: say(f"parquet.{name}.{column}", lang=lang) for lang in LANGUAGES} for column, _, _ in TABLES[name]}
    fields = [
        pa.field(column, types[kind.rstrip("?")], nullable=kind.endswith("?"), metadata=_keyed(described[column]))
        for column, kind, _ in TABLES[name]
    ]
    about = {f"govresp.description.{lang}": say(f"parquet.table.{name}", lang=lang) for lang in LANGUAGES}
    about |= {"govresp.table": name, "govresp.format": str(BUILD_FORMAT), "govresp.columns": json.dumps(described, ensure_ascii=False)}
    return pa.schema(fields, metadata=dict(sorted(about.items())))


def _keyed(texts: Mapping[str, str]) -> dict[str, str]:
    return {f"description.{lang}": text for lang, text in texts.items()}
