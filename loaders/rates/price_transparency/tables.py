"""The `raw` tables of hospital price-transparency files. Dollar figures keep six decimals: some are per drug unit."""

from __future__ import annotations

import duckdb

TABLES: dict[str, str] = {
    # One row a file. `layout`: tall, wide or json.
    "price_transparency_files": """
        file_number integer not null,
        hospital_name varchar,
        location_names varchar,
        license_number varchar,
        license_state varchar,
        npis varchar,
        version varchar,
        layout varchar not null,
        general_contract_provisions varchar,
        item_count bigint not null,
        charge_count bigint not null,
        last_updated_on date
    """,
    # One row an item and payer's plan; without a payer, the item's own charges. `line_number` is the line of a CSV
    # file and the item's place in a JSON file; `charge_number` counts within it.
    "price_transparency_charges": """
        file_number integer not null,
        line_number bigint not null,
        charge_number integer not null,
        setting varchar,
        billing_class varchar,
        modifiers varchar,
        drug_unit decimal(18,6),
        drug_unit_type varchar,
        payer_name varchar,
        plan_name varchar,
        methodology varchar,
        gross_charge_amount decimal(18,6),
        discounted_cash_amount decimal(18,6),
        minimum_amount decimal(18,6),
        maximum_amount decimal(18,6),
        negotiated_amount decimal(18,6),
        negotiated_percent decimal(18,6),
        negotiated_algorithm varchar,
        estimated_amount decimal(18,6),
        median_amount decimal(18,6),
        percentile_10_amount decimal(18,6),
        percentile_90_amount decimal(18,6),
        remittance_count varchar,
        first_day integer,
        last_day integer,
        payer_notes varchar,
        generic_notes varchar
    """,
    # One row a code of an item; all charges of the line are for it.
    "price_transparency_codes": """
        file_number integer not null,
        line_number bigint not null,
        code_number integer not null,
        code_type varchar,
        code varchar not null
    """,
}


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Creates what is not there yet."""
    con.execute("create schema if not exists raw")
    for name, columns in TABLES.items():
        con.execute(f"create table if not exists raw.{name} ({columns})")
