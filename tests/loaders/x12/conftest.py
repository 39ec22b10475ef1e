"""Landing X12 from memory, for tests."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial

import duckdb
import pytest

from loaders.source import LoadResult, Refusal, SourceFile
from loaders.x12 import load, tables

Land = Callable[[dict[str, bytes]], dict[str, LoadResult | Refusal]]


@pytest.fixture(scope="session")
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA raw")
    tables.create_tables(connection)
    return connection


@pytest.fixture
def con(database: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in a transaction, as the landing opens it; the tables are empty again after the test."""
    database.execute("BEGIN")
    yield database
    database.execute("ROLLBACK")


def row_count(con: duckdb.DuckDBPyConnection) -> int:
    """Rows in all tables."""
    names = con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    rows = con.execute(" UNION ALL ".join(f"SELECT count(*) FROM raw.{name}" for (name,) in names)).fetchall()
    return sum(count for (count,) in rows)


def source(number: int, name: str, data: bytes) -> SourceFile:
    return SourceFile(number, f"{number:064d}", name, len(data), partial(io.BytesIO, data))


@pytest.fixture
def land(con: duckdb.DuckDBPyConnection) -> Land:
    """Land contents by name; the file number is the order, from 1."""

    def run(contents: dict[str, bytes]) -> dict[str, LoadResult | Refusal]:
        files = [load.BatchFile(source(number, name, data)) for number, (name, data) in enumerate(contents.items(), 1)]
        load.insert(con, load.read_batch(files))
        return {file.source.name: file.outcome for file in files if file.outcome is not None}

    return run
