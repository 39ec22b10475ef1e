"""The `raw` tables of fee schedules, case-mix weights and CMS's own rate files.

Rates are exact decimals; relative value units keep the places CMS prints. Descriptors are never stored: they are
copyrighted (CPT) and no figure needs them.
"""

from __future__ import annotations

import duckdb

TABLES: dict[str, str] = {
    "fee_schedule_rates": """
        schedule_id varchar not null,
        procedure_code varchar not null,
        modifier varchar not null,
        setting varchar not null,
        effective_from date,
        effective_to date,
        amount decimal(18,6) not null
    """,
    "drg_weights": """
        weight_set varchar not null,
        drg varchar not null,
        relative_weight decimal(18,6) not null,
        geometric_mean_los decimal(18,6),
        effective_from date,
        effective_to date
    """,
    "cms_pprrvu": """
        schedule_id varchar not null,
        rate_year integer not null,
        effective_from date not null,
        procedure_code varchar not null,
        modifier varchar not null,
        status_code varchar not null,
        work_rvu decimal(18,6) not null,
        non_facility_pe_rvu decimal(18,6) not null,
        facility_pe_rvu decimal(18,6) not null,
        malpractice_rvu decimal(18,6) not null,
        is_non_facility_na boolean not null,
        is_facility_na boolean not null,
        pctc_indicator varchar,
        global_days varchar,
        preoperative_percent decimal(18,6),
        intraoperative_percent decimal(18,6),
        postoperative_percent decimal(18,6),
        multiple_procedure_indicator varchar,
        bilateral_indicator varchar,
        assistant_indicator varchar,
        cosurgeon_indicator varchar,
        team_indicator varchar,
        endoscopic_base_code varchar,
        conversion_factor decimal(18,6) not null,
        imaging_family_indicator varchar,
        opps_non_facility_pe_rvu decimal(18,6) not null,
        opps_facility_pe_rvu decimal(18,6) not null,
        opps_malpractice_rvu decimal(18,6) not null
    """,
    "cms_gpci": """
        rate_year integer not null,
        locality varchar not null,
        work_gpci decimal(18,6) not null,
        pe_gpci decimal(18,6) not null,
        malpractice_gpci decimal(18,6) not null
    """,
    "cms_oppscap": """
        rate_year integer,
        locality varchar not null,
        procedure_code varchar not null,
        modifier varchar not null,
        status_code varchar not null,
        facility_amount decimal(18,2) not null,
        non_facility_amount decimal(18,2) not null
    """,
    "anesthesia_base_units": """
        procedure_code varchar not null,
        base_units decimal(18,6) not null,
        effective_from date,
        effective_to date
    """,
    "cms_anes": """
        rate_year integer,
        locality varchar not null,
        conversion_factor decimal(18,6) not null,
        national_conversion_factor decimal(18,6)
    """,
    "cms_opps_addendum_a": """
        rate_year integer not null,
        apc varchar not null,
        status_indicator varchar,
        relative_weight decimal(18,6),
        payment_rate decimal(18,6),
        national_copayment_amount decimal(18,6),
        minimum_copayment_amount decimal(18,6),
        adjusted_copayment_amount decimal(18,6)
    """,
    "cms_opps_addendum_b": """
        rate_year integer not null,
        procedure_code varchar not null,
        status_indicator varchar,
        apc varchar,
        relative_weight decimal(18,6),
        payment_rate decimal(18,6),
        national_copayment_amount decimal(18,6),
        minimum_copayment_amount decimal(18,6),
        adjusted_copayment_amount decimal(18,6)
    """,
}


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Creates what is not there yet."""
    con.execute("create schema if not exists raw")
    for name, columns in TABLES.items():
        lineage = "file_number integer not null, line_number integer not null"
        con.execute(f"create table if not exists raw.{name} ({lineage}, {columns})")
