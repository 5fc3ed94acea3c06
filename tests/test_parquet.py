"""The Parquet tables: what DuckDB and Arrow read from them is what the graph answers and the ties hold."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import dataset
from pyarrow import parquet as pq

from kg import api
from kg.building.output import MANIFEST
from kg.errors import ExtraError, GraphError, OutputForeignError
from kg.graph.queries import ask, ask_text
from kg.graph.store import memory_store
from kg.graph.ties import ties_of, ties_tables, write_ties
from kg.graph.triples import graph_triples
from kg.messages import LANGUAGES, catalogue
from kg.model import Change, ChangeKind, Notice, Ties
from kg.views import parquet as views
from kg.views.parquet import TABLES, table_schema, write_parquet
from tests.test_cli import kg
from tests.test_queries import second_city

from .conftest import SEED

CHANGES = (
    Change("change:a", ChangeKind.RENAME, "2021-05-20", ("unit:1",), ("unit:1",), "decision", "a decision", "甲 → 乙"),
    Change("change:b", ChangeKind.MERGE, "2018", ("unit:1", "unit:2"), ("unit:3",), "reform", "reform of 2018"),
    Change("change:c", ChangeKind.SPLIT, "", ("unit:3",), ("unit:4", "unit:5"), "decision", "not known when"),
)


@pytest.fixture(scope="module")
def cities(jingzhou: Notice) -> list[Notice]:
    return [jingzhou, second_city(jingzhou)]


@pytest.fixture(scope="module")
def whole(cities: list[Notice]) -> Ties:
    return ties_of(cities, CHANGES)


@pytest.fixture(scope="module")
def store(cities: list[Notice]) -> pyoxigraph.Store:
    return memory_store(graph_triples(cities))


def written(ties: Ties, folder: Path) -> Path:
    """The tables of some ties, by way of the ties table as in a build."""
    folder.mkdir(parents=True)
    write_ties(ties, folder / "ties.sqlite")
    write_parquet(folder, ties_tables(folder / "ties.sqlite"))
    (folder / "ties.sqlite").unlink()
    return folder


@pytest.fixture(scope="module")
def tables(whole: Ties, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(whole, tmp_path_factory.mktemp("表 格") / "it's ties")


def sql(tables: Path, text: str) -> list[tuple[Any, ...]]:
    """The rows of a query by DuckDB, each table a view of its name."""
    with duckdb.connect() as connection:
        for name in TABLES:
            path = str(tables / f"{name}.parquet").replace("'", "''")
            connection.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM '{path}'")
        return connection.execute(text).fetchall()


COUNTS: Sequence[tuple[str, str, str]] = (
    ("notices", "FROM notices", "?x a kg:Notice"),
    ("sections", "FROM sections", "?x a kg:Section"),
    ("tasks", "FROM tasks", "?x a kg:Task"),
    ("units", "FROM units", "?x a kg:Unit"),
    ("groups", "FROM groups", "?x a kg:UnitGroup"),
    ("leads", "FROM ties WHERE role = 'lead' AND through IS NULL", "?x kg:ledBy ?u . ?u a kg:Unit"),
    ("shares", "FROM ties WHERE role <> 'lead' AND through IS NULL", "?x kg:sharedWith ?u . ?u a kg:Unit"),
    ("references", 'FROM "references"', "?x kg:ledBy|kg:sharedWith ?u . ?u a kg:UnitGroup"),
    ("without a lead", "FROM tasks ANTI JOIN (FROM ties WHERE role = 'lead') USING (notice, task)",
     "?x a kg:Task MINUS { ?x kg:ledBy|kg:ledThroughGroup ?u . ?u a kg:Unit }"),
    ("other spellings", "FROM (SELECT unnest(aliases) FROM units)", "?x a kg:Unit ; skos:altLabel ?a"),
    ("lines of work", "FROM (SELECT unnest(lines) FROM units)", "?x a kg:Unit ; kg:portfolio ?l"),
)  # fmt: skip


@pytest.mark.parametrize(("relation", "pattern"), [pytest.param(*row[1:], id=row[0]) for row in COUNTS])
def test_duckdb_counts_what_sparql_counts(tables: Path, store: pyoxigraph.Store, relation: str, pattern: str) -> None:
    prefixes = "PREFIX kg: <https://w3id.org/govresp/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
    ((expected,),) = ask_text(store, f"{prefixes} SELECT (COUNT(*) AS ?n) {{ {pattern} }}").rows
    ((found,),) = sql(tables, f"SELECT count(*) {relation}")
    assert found == expected > 0


RANKING = """
SELECT label, count(DISTINCT (notice, task)) FILTER (role = 'lead') AS leads,
       count(DISTINCT (notice, task)) FILTER (role <> 'lead') AS shares, count(DISTINCT (notice, task)) AS tasks
FROM ties JOIN units USING (unit) WHERE through IS NULL GROUP BY unit, label ORDER BY tasks DESC, leads DESC, label COLLATE "C", unit
"""


def test_the_ranking_by_duckdb_is_the_ranking_by_sparql(tables: Path, store: pyoxigraph.Store) -> None:
    rows = sql(tables, RANKING)
    assert len(rows) > 100
    assert rows == [row[:4] for row in ask(store, "load").rows], "the place stands behind"


def test_pairs_by_duckdb_are_the_pairs_by_sparql(tables: Path, store: pyoxigraph.Store) -> None:
    rows = sql(
        tables,
        """
        WITH printed AS (SELECT DISTINCT notice, task, unit FROM ties WHERE through IS NULL)
        SELECT count(*), sum(together) FROM (
          SELECT a.unit, b.unit, count(*) AS together FROM printed a JOIN printed b USING (notice, task)
          WHERE a.unit < b.unit GROUP BY ALL HAVING together >= 2)
        """,
    )
    pairs = ask(store, "pairs").rows
    assert rows == [(len(pairs), sum(int(str(row[2])) for row in pairs))]


def test_every_record_of_the_ties_is_read_back_by_arrow(tables: Path, whole: Ties) -> None:
    read = dataset.dataset(tables / "ties.parquet", format="parquet").to_table().to_pylist()
    assert [tuple(row.values()) for row in read] == [(t.notice, t.task, t.unit, t.role, t.through or None) for t in whole.ties]
    for name in TABLES:
        assert pq.read_metadata(tables / f"{name}.parquet").num_rows == len(getattr(whole, name)), name
    (notice, _) = pq.read_table(tables / "notices.parquet").to_pylist()
    assert (notice["issued"], notice["year"], notice["jurisdiction"]) == (date(2020, 1, 7), 2020, "421000")
    changes = pq.read_table(tables / "changes.parquet").to_pylist()
    assert [(row["since"], row["since_year"]) for row in changes] == [(date(2021, 5, 20), 2021), (None, 2018), (None, None)]
    assert changes[1]["originals"] == ["unit:1", "unit:2"]
    finding = pq.read_table(tables / "findings.parquet").to_pylist()[0]
    assert [(pair["name"], pair["value"]) for pair in finding["details"]] == list(whole.findings[0].values)


def test_every_field_of_the_ties_has_a_column() -> None:
    for field in dataclasses.fields(Ties):
        (record,) = [part for part in field.type.split("[")[1:] for part in [part.split(",")[0]]]  # type: ignore[union-attr]  # written as text
        fields = {field.name for field in dataclasses.fields(getattr(sys.modules["kg.model"], record))}
        assert {source for _, _, source in TABLES[field.name]} == fields, field.name


def test_columns_have_the_types_of_what_they_hold(tables: Path) -> None:
    code = pa.dictionary(pa.int32(), pa.string())
    arrow = pq.read_schema(tables / "ties.parquet")
    assert [(field.name, field.type, field.nullable) for field in arrow][3:] == [("role", code, False), ("through", code, True)]
    described = {row[0]: row[1] for row in sql(tables, "DESCRIBE notices")}
    assert (described["issued"], described["year"]) == ("DATE", "INTEGER")
    assert {row[0]: row[1] for row in sql(tables, "DESCRIBE units")}["lines"] == "VARCHAR[]"


@pytest.mark.parametrize("name", TABLES)
def test_every_column_says_what_it_holds_in_both_languages(tables: Path, name: str) -> None:
    schema = pq.read_schema(tables / f"{name}.parquet")
    (_, stored), *_ = [row[1:] for row in sql_metadata(tables / f"{name}.parquet") if row[1] == b"govresp.columns"]
    columns = json.loads(stored)
    for field in schema:
        assert {lang: field.metadata[f"description.{lang}".encode()].decode() for lang in LANGUAGES} == columns[field.name]
        assert columns[field.name] == {lang: catalogue(lang)[f"parquet.{name}.{field.name}"] for lang in LANGUAGES}
    assert schema.metadata[b"govresp.description.zh"].decode() == catalogue("zh")[f"parquet.table.{name}"]


def sql_metadata(path: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute("SELECT * FROM parquet_kv_metadata(?)", [str(path)]).fetchall()


def test_no_column_needs_quotes_in_sql() -> None:
    with duckdb.connect() as connection:
        reserved = {
            word
            for (word,) in connection.execute("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'").fetchall()
        }
    assert reserved
    assert {column for columns in TABLES.values() for column, _, _ in columns} & reserved == set()


def test_the_same_ties_give_the_same_bytes(tables: Path, whole: Ties, tmp_path: Path) -> None:
    again = written(whole, tmp_path / "again")
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {path.name: path.read_bytes() for path in tables.iterdir()}


def test_a_table_is_written_in_pieces_and_read_as_one(whole: Ties, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "ROWS", 100)
    pieces = written(whole, tmp_path / "pieces")
    meta = pq.read_metadata(pieces / "ties.parquet")
    assert meta.num_row_groups == -(-len(whole.ties) // 100)
    assert max(meta.row_group(i).num_rows for i in range(meta.num_row_groups)) == 100
    for name in TABLES:
        assert pq.read_table(pieces / f"{name}.parquet").to_pylist() == pq.read_table(tables / f"{name}.parquet").to_pylist()


def test_no_notices_are_tables_without_rows(tmp_path: Path) -> None:
    empty = written(ties_of([]), tmp_path / "empty")
    assert sql(empty, "SELECT count(*) FROM ties JOIN tasks USING (notice, task)") == [(0,)]
    assert pq.read_schema(empty / "units.parquet") == table_schema("units")


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=30)
@given(
    label=TEXT,
    aliases=st.lists(TEXT, max_size=3),
    values=st.lists(st.tuples(TEXT, TEXT), max_size=2),
    section=st.none() | st.integers(1, 9),
)
def test_whatever_a_text_holds_is_read_back(
    ties: Ties, label: str, aliases: list[str], values: list[tuple[str, str]], section: int | None
) -> None:
    odd = dataclasses.replace(
        ties,
        units=(dataclasses.replace(ties.units[0], label=label, aliases=tuple(aliases)),),
        tasks=(dataclasses.replace(ties.tasks[0], text=label, section=section),),
        findings=(dataclasses.replace(ties.findings[0], task=None, values=tuple(values)),),
        ties=(),
    )
    with tempfile.TemporaryDirectory() as folder:
        tables = written(odd, Path(folder) / "tables")
        (unit,), (task,), (finding,) = (pq.read_table(tables / f"{name}.parquet").to_pylist() for name in ("units", "tasks", "findings"))
    assert (unit["label"], unit["aliases"]) == (label, aliases)
    assert (task["text"], task["section"]) == (label, section)
    assert (finding["task"], [tuple(pair.values()) for pair in finding["details"]]) == (None, values)


@pytest.fixture(scope="module")
def graph(built: Path) -> api.KG:
    return api.load(built)


def test_the_command_writes_a_folder_and_says_how_to_read_it(graph: api.KG, tmp_path: Path) -> None:
    folder = tmp_path / "关系 表"
    done = kg("export", graph.path, "--format", "parquet", "-o", folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert {path.name for path in folder.iterdir()} == {f"{name}.parquet" for name in TABLES}
    with duckdb.connect() as connection:
        said = done.stderr.split('-c "')[1].rsplit('"', 1)[0]
        assert len(connection.execute(said).fetchall()) == len(graph.ties.units), "the example of the message runs"
    again = kg("export", SEED, "--format", "parquet", "-o", folder)
    assert again.returncode == 0, "a folder of such tables may be replaced"


def test_without_a_folder_the_command_says_what_is_missing(graph: api.KG) -> None:
    for words in ([], ["-o", "-"]):
        done = kg("export", graph.path, "--format", "parquet", *words)
        assert done.returncode == 2
        assert "-o" in done.stderr and "Traceback" not in done.stderr


def test_a_folder_with_other_things_is_left_alone(graph: api.KG, tmp_path: Path) -> None:
    (tmp_path / "mine.parquet").write_bytes(b"mine")
    with pytest.raises(OutputForeignError):
        graph.parquet(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.parquet"]


def test_a_damaged_ties_table_leaves_the_tables_of_before(graph: api.KG, ties: Ties, tmp_path: Path) -> None:
    graph.parquet(tmp_path / "tables")
    before = {path.name: path.read_bytes() for path in (tmp_path / "tables").iterdir()}
    broken = tmp_path / "broken"
    broken.mkdir()
    write_ties(ties, broken / "ties.sqlite")
    content = bytearray((broken / "ties.sqlite").read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = bytes(8192)
    (broken / "ties.sqlite").write_bytes(content)
    (broken / MANIFEST).write_bytes((graph.path / MANIFEST).read_bytes())
    with pytest.raises(GraphError):
        api.load(broken).parquet(tmp_path / "tables")
    assert {path.name: path.read_bytes() for path in (tmp_path / "tables").iterdir()} == before


def test_a_graph_file_gives_the_tables_that_its_graph_tells(graph: api.KG, tmp_path: Path) -> None:
    api.load(graph.path / "graph.ttl").parquet(tmp_path / "tables")
    graph.parquet(tmp_path / "whole")
    for name in ("units", "ties", "tasks"):
        assert (tmp_path / "tables" / f"{name}.parquet").read_bytes() == (tmp_path / "whole" / f"{name}.parquet").read_bytes()


def test_a_missing_extra_is_one_line_that_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExtraError, match=r"govresp\[parquet\]"):
        write_parquet(tmp_path, [])


def test_help_and_other_exports_load_no_arrow(graph: api.KG) -> None:
    code = "import sys; from kg.console import run; from kg.cli import cli; run(cli, sys.argv[1:]); print('pyarrow' in sys.modules)"
    for words in (["--help"], ["export", str(graph.path), "--format", "csv"]):
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout.endswith("False\n")
