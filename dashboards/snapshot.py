"""Reading the published snapshot: read-only, no access to anything outside it, results bounded and cached by build.

Who may see identifiers is decided here and not by the pages: without a trail that writes down what is shown, or for a
role that sees none, every query reads masked tables of the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import streamlit as st

from dashboards.audit import AuditError, Trail
from dashboards.home import Snapshot, SnapshotError
from dashboards.masking import KEY, identifying, masked_view
from owed import encryption
from owed.encryption import EncryptionError

Row = dict[str, Any]
Config = dict[str, str | bool | int | float | list[str]]
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

    Raises SnapshotError when the file is damaged or gone, or encrypted with a key that is not the site's.
    """
    with _explained():
        shut: Config = {"enable_external_access": "false", **_SHUT, "lock_configuration": "true"}  # in DuckDB's order
        return encryption.connect(Path(path), shut, read_only=True)


def connect_masked(path: str) -> duckdb.DuckDBPyConnection:
    """As `connect`, but `marts` holds views that mask what identifies a patient. Raises SnapshotError likewise."""
    with _explained():
        return _open_masked(path)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except EncryptionError as error:
        raise SnapshotError(str(error)) from error
    except (duckdb.Error, OSError) as error:
        raise SnapshotError(DAMAGED) from error


def _open_masked(path: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config=_SHUT)
    encryption.attach(connection, Path(path), _SOURCE, read_only=True)
    connection.execute("create schema marts")
    columns: dict[str, list[tuple[str, str]]] = {}
    for table, name, kind in connection.execute(_EVERY_COLUMN).fetchall():
        columns.setdefault(table, []).append((name, kind))
    for table, found in columns.items():
        connection.execute(masked_view(table, found, _SOURCE))
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


@st.cache_resource(max_entries=4, show_spinner=False)
def _connection(path: str, build: str, is_masked: bool) -> duckdb.DuckDBPyConnection:
    return connect_masked(path) if is_masked else connect(path)


def _cursor(path: str, build: str, is_masked: bool) -> duckdb.DuckDBPyConnection:
    cursor = _connection(path, build, is_masked).cursor()
    if not is_masked:
        cursor.execute(f'use "{encryption.catalog_of(Path(path))}"')  # an encrypted file's cursors begin elsewhere
    return cursor


@st.cache_data(max_entries=2_000, show_spinner=False)
def _rows(path: str, build: str, is_masked: bool, sql: str, values: tuple[Any, ...]) -> list[Row]:
    with _cursor(path, build, is_masked) as cursor:
        cursor.execute(sql, list(values))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(ROW_LIMIT)]


@dataclass(frozen=True)
class Reader:
    """Answers queries from one snapshot. Cheap to make; every page run makes one.

    `trail` says who looks and writes down the identified rows and files they get; without one all rows are masked.
    """

    snapshot: Snapshot
    trail: Trail | None = None

    @property
    def is_masked(self) -> bool:
        return self.trail is None or not self.trail.access.sees_identifiers

    def rows(self, query: Query) -> list[Row]:
        """Up to ROW_LIMIT rows, column name to value; money stays Decimal.

        Raises MissingTableError when the snapshot has no such table or column, SnapshotError when it is damaged,
        AuditError when rows that identify someone cannot be written to the audit log.
        """
        try:
            rows = _rows(str(self.snapshot.path), self.snapshot.build, self.is_masked, query.sql, query.values)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise MissingTableError(str(error).splitlines()[0]) from error
        except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException) as error:
            raise SnapshotError(DAMAGED) from error
        if self.trail and not self.is_masked and rows and (columns := identifying(rows[0])):
            self.trail.viewed(columns, len(rows), [str(row[KEY]) for row in rows if row.get(KEY)])
        return rows

    def one(self, query: Query) -> Row:
        """The first row; an empty dict when there is none."""
        rows = self.rows(query)
        return rows[0] if rows else {}

    def export(self, query: Query, name: str, form: str) -> Iterator[Sequence[Any]]:
        """All rows of a query as tuples, in chunks, uncached, for a file; the audit log has it before the last row.

        `name` is the table's, `form` the file's ending. Raises AuditError when the log cannot be written.
        """
        count = 0
        with _cursor(str(self.snapshot.path), self.snapshot.build, self.is_masked) as cursor:
            cursor.execute(query.sql, list(query.values))
            names = [column[0] for column in cursor.description or ()]
            while chunk := cursor.fetchmany(CHUNK_ROWS):
                count += len(chunk)
                yield from chunk
        if self.trail:
            self.trail.exported(name, form, [] if self.is_masked else identifying(names), count)

    def for_packet(self, name: str, form: str, make: Callable[[duckdb.DuckDBPyConnection], tuple[bytes, int]]) -> bytes:
        """A file that names claims, made by `make` (its bytes and rows) from the snapshot as it is, and logged.

        Raises AuditError for a reader who sees no identifiers, or when the log cannot be written.
        """
        if self.trail is None or self.is_masked:
            raise AuditError("This file names claims, which your role does not see.")
        with _cursor(str(self.snapshot.path), self.snapshot.build, False) as cursor:
            content, count = make(cursor)
        self.trail.exported(name, form, ["claim_id", "payer_claim_control_number"], count)
        return content

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


_SOURCE = "snapshot"
_SHUT: Config = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "temp_directory": ""}
_EVERY_COLUMN = """
    select table_name, column_name, data_type from information_schema.columns
    where table_schema = 'marts' and table_catalog = 'snapshot' order by table_name, ordinal_position
"""
_COLUMNS = """
    select column_name, data_type from information_schema.columns
    where table_catalog = current_database() and table_schema = 'marts' and table_name = ? order by ordinal_position
"""
