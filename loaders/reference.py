"""The reference files of the inbox: what recognises each kind, and what loads it."""

from __future__ import annotations

import duckdb

import loaders.accounts.tables
import loaders.contracts.tables
import loaders.rates.tables


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Creates the `raw` tables of every reference kind that are not there yet."""
    loaders.accounts.tables.create_tables(con)
    loaders.contracts.tables.create_tables(con)
    loaders.rates.tables.create_tables(con)
