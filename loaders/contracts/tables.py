"""The `raw` tables a contract file lands in. One row set a file; `contract_id` is unique among files in force."""

from __future__ import annotations

import duckdb

CONTRACT_COLUMNS = """
    file_number integer not null,
    contract_id varchar not null,
    contract_name varchar not null,
    payer_id varchar not null,
    effective_from date not null,
    effective_to date,
    date_basis varchar not null,
    timely_filing_days integer,
    appeal_days integer,
    prompt_pay_days integer,
    annual_interest_percent decimal(18,6),
    tolerance_amount decimal(18,2) not null,
    tolerance_percent decimal(18,6) not null,
    lesser_of varchar not null,
    sequestration_percent decimal(18,6) not null,
    modifiers_basis varchar not null,
    multiple_procedures_basis varchar not null,
    stop_loss_kind varchar,
    stop_loss_threshold decimal(18,2),
    stop_loss_percent decimal(18,6),
    stop_loss_source_line integer,
    default_method varchar,
    default_percent decimal(18,6),
    default_amount decimal(18,6),
    default_schedule_id varchar,
    default_locality varchar,
    default_source_line integer,
    source_text varchar not null
"""

CHILD_TABLES: dict[str, str] = {
    "contract_products": "product varchar not null",
    "contract_claim_types": "claim_type varchar not null",
    "contract_providers": "id_type varchar not null, provider_id varchar not null",
    "contract_modifiers": "modifier varchar not null, percent decimal(18,6) not null",
    "contract_multiple_procedures": "rank_number integer not null, percent decimal(18,6) not null",
    "contract_terms": """
        term_number integer not null,
        term_id varchar not null,
        scope varchar not null,
        is_carve_out boolean not null,
        method varchar not null,
        amount decimal(18,6),
        percent decimal(18,6),
        base_rate decimal(18,6),
        weight_set varchar,
        schedule_id varchar,
        locality varchar,
        minimum_charge decimal(18,2),
        maximum_charge decimal(18,2),
        minimum_units decimal(18,6),
        source_line integer not null
    """,
    "contract_term_tiers": """
        term_id varchar not null,
        tier_number integer not null,
        through_day integer,
        amount decimal(18,6) not null
    """,
    "contract_term_matches": """
        term_id varchar not null,
        match_key varchar not null,
        low_value varchar not null,
        high_value varchar not null
    """,
    "contract_examples": """
        example_number integer not null,
        example_name varchar not null,
        service_from date not null,
        service_to date,
        admission date,
        place_of_service varchar,
        bill_type varchar,
        drg varchar,
        diagnosis varchar,
        expects_allowed boolean not null,
        expected_allowed decimal(18,2),
        source_line integer not null
    """,
    "contract_example_lines": """
        example_number integer not null,
        line_number integer not null,
        procedure_code varchar,
        modifier_1 varchar,
        modifier_2 varchar,
        modifier_3 varchar,
        modifier_4 varchar,
        revenue_code varchar,
        units decimal(18,6) not null,
        charge_amount decimal(18,2),
        service_date date,
        rendering varchar,
        expects_amount boolean not null,
        expected_amount decimal(18,2)
    """,
}


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Creates what is not there yet."""
    con.execute("create schema if not exists raw")
    con.execute(f"create table if not exists raw.contracts ({CONTRACT_COLUMNS})")
    for name, columns in CHILD_TABLES.items():
        con.execute(
            f"create table if not exists raw.{name} "
            f"(file_number integer not null, contract_id varchar not null, {columns})"
        )
