"""Prices claims in a scratch warehouse with the project's own pricing models, in this process."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from owed.errors import OwedError, redact
from owed.models import invoke

REFERENCE = "path:models/staging/reference"
RATES = "path:models/intermediate/rates"
PRICING = "path:models/intermediate/pricing"
RULES = "path:seeds/pricing"

# What the pricing models read of claims; a scratch warehouse has none, or those a test writes.
CLAIM_COLUMNS = """
    claim_key bigint, claim_type varchar, payer_id varchar, product_group varchar, plan_name varchar,
    filing_code varchar, billing_npi varchar, billing_tax_id varchar, place_of_service varchar, bill_type varchar,
    drg varchar, principal_diagnosis varchar, admission_date date, discharge_date date, service_from_date date,
    service_to_date date, charge_amount decimal(18,2)"""
LINE_COLUMNS = """
    line_number integer, procedure_code varchar, modifier_1 varchar, modifier_2 varchar, modifier_3 varchar,
    modifier_4 varchar, revenue_code varchar, units decimal(18,6), unit_basis varchar, service_date date,
    charge_amount decimal(18,2), place_of_service varchar, rendering_npi varchar"""
UPSTREAM = {
    "int_submissions": f"submission_id bigint, payer_sequence varchar, {CLAIM_COLUMNS}",
    "int_submission_lines": f"submission_id bigint, {LINE_COLUMNS}",
    "int_claims": f"origin varchar, {CLAIM_COLUMNS}",
    "int_claim_lines": f"claim_key bigint, {LINE_COLUMNS}",
}


def create_claims(con: duckdb.DuckDBPyConnection) -> None:
    """Creates the relations of claims that pricing reads, empty, in schema `intermediate`."""
    con.execute("create schema if not exists intermediate")
    for name, columns in UPSTREAM.items():
        con.execute(f"create table if not exists intermediate.{name} ({columns})")


def price(root: Path, target: Path, select: Iterable[str] = (REFERENCE, RATES)) -> None:
    """Runs the pricing models, and those selected, in `root`/warehouse.duckdb, where the tables they rest on are.

    No connection to it may be open in this process. `target` is as in `models.invoke`. Raises
    `OwedError` naming the models that cannot be built.
    """
    kinds = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    results = invoke(["build", *kinds, "--select", RULES, PRICING, *select], root, target).results
    broken = [f"{result.node.name}: {result.message}" for result in results if result.status == "error"]
    if broken:
        raise OwedError(f"The pricing models cannot be run: {redact('; '.join(broken))}")
