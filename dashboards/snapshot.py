"""Reading the published snapshot: read-only, no access to anything outside it, results bounded and cached by build."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import streamlit as st

from dashboards.home import Snapshot, SnapshotError

Row = dict[str, Any]
ROW_LIMIT = 20_000
CHUNK_ROWS = 5_000
DAMAGED = "The current snapshot cannot be read. Run `owed rollback` to an earlier one, or `owed refresh --full`."


@dataclass(frozen=True)
class Query:
    """A select and the values bound to its question marks."""

    sql: str
    values: tuple[Any, ...] = ()


class MissingTableError(Exception):
    """The snapshot lacks a table or column a page asks for: it was built by another version."""


def connect(path: str) -> duckdb.DuckDBPyConnection:
    """A connection that can read this one file and do nothing else: not write, attach, load or read files.

    Raises SnapshotError when the file is damaged or gone.
    """
    try:
        return _open(path)
    except (duckdb.Error, OSError) as error:
        raise SnapshotError(DAMAGED) from error


def _open(path: str) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        path,
        read_only=True,
        config={
            "enable_external_access": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": "",
            "lock_configuration": "true",
        },
    )


@st.cache_resource(max_entries=4, show_spinner=False)
def _connection(path: str, build: str) -> duckdb.DuckDBPyConnection:
    return connect(path)


@st.cache_data(max_entries=2_000, show_spinner=False)
def _rows(path: str, build: str, sql: str, values: tuple[Any, ...]) -> list[Row]:
    with _connection(path, build).cursor() as cursor:
        cursor.execute(sql, list(values))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(ROW_LIMIT)]


@dataclass(frozen=True)
class Reader:
    """Answers queries from one snapshot. Cheap to make; every page run makes one."""

    snapshot: Snapshot

    def rows(self, query: Query) -> list[Row]:
        """Up to ROW_LIMIT rows, column name to value; money stays Decimal.

        Raises MissingTableError when the snapshot has no such table or column, SnapshotError when it is damaged.
        """
        try:
            return _rows(str(self.snapshot.path), self.snapshot.build, query.sql, query.values)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise MissingTableError(str(error).splitlines()[0]) from error
        except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException) as error:
            raise SnapshotError(DAMAGED) from error

    def one(self, query: Query) -> Row:
        """The first row; an empty dict when there is none."""
        rows = self.rows(query)
        return rows[0] if rows else {}

    def stream(self, query: Query) -> Iterator[Sequence[Any]]:
        """All rows of a query as tuples, in chunks, uncached: for exports."""
        with _connection(str(self.snapshot.path), self.snapshot.build).cursor() as cursor:
            cursor.execute(query.sql, list(query.values))
            while chunk := cursor.fetchmany(CHUNK_ROWS):
                yield from chunk

    def columns(self, table: str) -> dict[str, str]:
        """The columns of a published table, name to type in the table's order; empty when there is no such table."""
        return {str(row["column_name"]): str(row["data_type"]) for row in self.rows(Query(_COLUMNS, (table,)))}

    def pick(self, table: str, wanted: Sequence[str]) -> list[str]:
        """Those of the wanted columns that the table has. Raises MissingTableError when it has none of them."""
        there = self.columns(table)
        found = [name for name in wanted if name in there]
        if not found:
            raise MissingTableError(f"the snapshot has no table {table}, or none of its columns")
        return found


_COLUMNS = """
    select column_name, data_type from information_schema.columns
    where table_schema = 'marts' and table_name = ? order by ordinal_position
"""
