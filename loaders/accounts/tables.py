"""The `raw` tables of the provider's own records."""

from __future__ import annotations

import duckdb

TABLES: dict[str, str] = {
    "payers": "payer_id varchar not null, payer_name varchar not null, payer_class varchar not null",
    "payer_aliases": "payer_id varchar not null, alias varchar not null",
    "account_transactions": """
        transaction_id varchar not null,
        claim_id varchar not null,
        posted_date date not null,
        transaction_type varchar not null,
        amount decimal(18,2) not null,
        payer_id varchar,
        note varchar
    """,
    "repeated_transactions": "transaction_id varchar not null",
}
TRANSACTIONS = ("account_transactions", "repeated_transactions")


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Creates what is not there yet."""
    con.execute("create schema if not exists raw")
    for name, columns in TABLES.items():
        lineage = "file_number integer not null, line_number integer not null"
        con.execute(f"create table if not exists raw.{name} ({lineage}, {columns})")


def note_repeated(con: duckdb.DuckDBPyConnection) -> None:
    """Fills `raw.repeated_transactions` anew: rows of which an earlier file, in force or not, has the id.

    Of these alone staging must find out which stands. The loader adds those of each file; this is for what another
    version landed.
    """
    con.execute("delete from raw.repeated_transactions")
    con.execute(
        "insert into raw.repeated_transactions select file_number, line_number, transaction_id "
        "from raw.account_transactions qualify row_number() over (partition by transaction_id order by file_number) > 1"
    )
