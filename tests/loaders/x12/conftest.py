"""Landing X12 from memory, for tests."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import duckdb
import pytest

from loaders.source import LoadResult, Refusal, SourceFile
from loaders.x12 import load, tables

Land = Callable[[dict[str, bytes]], dict[str, LoadResult | Refusal]]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA raw")
    tables.create_tables(connection)
    return connection


def source(number: int, name: str, data: bytes) -> SourceFile:
    return SourceFile(number, f"{number:064d}", name, len(data), partial(io.BytesIO, data))


@pytest.fixture
def land(con: duckdb.DuckDBPyConnection) -> Land:
    """Land contents by name; the file number is the order, from 1."""

    def run(contents: dict[str, bytes]) -> dict[str, LoadResult | Refusal]:
        files = [load.BatchFile(source(number, name, data)) for number, (name, data) in enumerate(contents.items(), 1)]
        load.load_batch(con, files)
        return {file.source.name: file.outcome for file in files if file.outcome is not None}

    return run
