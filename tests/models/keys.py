"""Readable names for the keys of hand-written rows: numbers in the warehouse, names again where a test looks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import duckdb

_IS_KEY = "data_type = 'BIGINT' and (column_name like '%\\_key' escape '\\' or column_name like '%\\_id' escape '\\')"


def insert(con: duckdb.DuckDBPyConnection, relation: str, row: Mapping[str, Any]) -> None:
    """Writes one row; a name given for a key becomes its number, which `name_keys` knows again."""
    con.execute("create schema if not exists tests")
    con.execute("create table if not exists tests.key_names (key bigint primary key, name varchar unique)")
    kinds = {name: kind for name, kind, *_ in con.execute(f"describe {relation}").fetchall()}
    values = [
        _key(con, value) if kinds[name] == "BIGINT" and isinstance(value, str) else value for name, value in row.items()
    ]
    con.execute(f"insert into {relation} ({', '.join(row)}) values ({', '.join('?' for _ in row)})", values)


def _key(con: duckdb.DuckDBPyConnection, name: str) -> int:
    """Short names keep their order, which breaks ties in worklists."""
    text = name.encode()
    key = int.from_bytes(text.ljust(7, b"\0") if len(text) <= 7 else hashlib.md5(text).digest()[:7])
    con.execute("insert or ignore into tests.key_names values (?, ?)", [key, name])
    return key


def name_keys(con: duckdb.DuckDBPyConnection) -> None:
    """Gives the keys in the built tables their names back; those that the models made become texts of digits."""
    tables: dict[str, list[str]] = {}
    for schema, table, column in con.execute(
        "select table_schema, table_name, column_name from information_schema.columns "
        f"inner join information_schema.tables using (table_schema, table_name) where table_type = 'BASE TABLE' "
        f"and table_schema in ('intermediate', 'marts') and {_IS_KEY}"
    ).fetchall():
        tables.setdefault(f"{schema}.{table}", []).append(column)
    for table, columns in tables.items():
        named = ", ".join(
            f"coalesce((select name from tests.key_names where key = rows.{column}), cast(rows.{column} as varchar)) "
            f"as {column}"
            for column in columns
        )
        con.execute(f"create or replace table {table} as select * replace ({named}) from {table} as rows")
