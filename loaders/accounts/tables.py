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
}
TRANSACTIONS = ("account_transactions", "repeated_transactions")


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Creates what is not there yet."""
    con.execute("create schema if not exists raw")
    for name, columns in TABLES.items():
        lineage = "file_number integer not null, line_number integer not null"
        con.execute(f"create table if not exists raw.{name} ({lineage}, {columns})")
    # Rows of which an earlier file, in force or not, has the id: of these alone staging must find out which stands.
    con.execute(
        "create table if not exists raw.repeated_transactions as "
        "select file_number, line_number, transaction_id from raw.account_transactions "
        "qualify row_number() over (partition by transaction_id order by file_number) > 1"
    )
