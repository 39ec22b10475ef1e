"""The reference files of the inbox: what recognises each kind, and what loads it."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

import loaders.accounts.tables
import loaders.contracts.tables
import loaders.rates.price_transparency.tables
import loaders.rates.tables
from loaders.accounts import payers, transactions
from loaders.contracts import load as contracts
from loaders.csv_table import Layout, matches
from loaders.rates import anesthesia, cms, fee_schedule, weights
from loaders.rates.price_transparency import load as price_transparency
from loaders.source import LoadResult, Refusal, SourceFile

Recognise = Callable[[bytes], str | None]
Load = Callable[[duckdb.DuckDBPyConnection, SourceFile], LoadResult]

HEAD_BYTES = 64 * 1024
TABLE_LOADERS: tuple[tuple[Layout, Load], ...] = (
    (payers.LAYOUT, payers.load),
    (fee_schedule.LAYOUT, fee_schedule.load),
    (weights.LAYOUT, weights.load),
    (anesthesia.LAYOUT, anesthesia.load),
    (transactions.LAYOUT, transactions.load),
)


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Creates the `raw` tables of every reference kind that are not there yet."""
    loaders.accounts.tables.create_tables(con)
    loaders.contracts.tables.create_tables(con)
    loaders.rates.tables.create_tables(con)
    loaders.rates.price_transparency.tables.create_tables(con)


def recognise_table(head: bytes) -> str | None:
    """The kind of one of our own CSV files, by its header."""
    return next((layout.kind for layout, _ in TABLE_LOADERS if matches(layout, head)), None)


def load_table(con: duckdb.DuckDBPyConnection, source: SourceFile) -> LoadResult:
    """Loads one of our own CSV files. Raises `Refusal` for a header that is of two kinds at once."""
    with source.open() as stream:
        head = stream.read(HEAD_BYTES)
    found = [(layout, load) for layout, load in TABLE_LOADERS if matches(layout, head)]
    kinds = [layout.kind for layout, _ in found]
    if len(found) != 1:
        raise Refusal(
            "csv_header_ambiguous",
            f"The header is of several kinds ({', '.join(kinds)}). Keep one kind a file.",
            kind=kinds[0] if kinds else "unknown",
            position=1,
        )
    return found[0][1](con, source)


LOADERS: tuple[tuple[Recognise, Load], ...] = (
    (recognise_table, load_table),
    (contracts.recognise, contracts.load),
    (price_transparency.recognise, price_transparency.load),
    (cms.recognise, cms.load),
)
