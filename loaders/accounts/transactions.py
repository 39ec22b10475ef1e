"""`account_transactions.csv` (INTERFACE 2.5): what the provider posted, and what happened to an account."""

from __future__ import annotations

import duckdb
import polars as pl

from loaders import reference_rows, typed_columns
from loaders.csv_table import Layout, read_table
from loaders.source import Finding, LoadResult, SourceFile
from loaders.typed_columns import MONEY_PLACES, Check

POSTINGS = (
    "patient_payment",
    "payer_payment",
    "contractual_adjustment",
    "denial_write_off",
    "administrative_write_off",
    "small_balance_write_off",
    "charity",
    "bad_debt",
    "patient_refund",
    "payer_refund",
    "charge_correction",
)
EVENTS = (
    "statement_sent",
    "payment_plan_started",
    "payment_plan_broken",
    "appeal_filed",
    "appeal_upheld",
    "appeal_overturned",
    "dispute_opened",
    "dispute_closed",
    "fap_application_opened",
    "fap_application_closed",
    "agency_notice_sent",
    "agency_placed",
    "credit_identified",
    "credit_investigation_started",
    "credit_investigation_ended",
)
LAYOUT = Layout(
    kind="account_transactions",
    signature=frozenset({"transaction_id", "transaction_type"}),
    required=("transaction_id", "claim_id", "posted_date", "transaction_type", "amount"),
    optional=("payer_id", "note"),
)
COLUMNS = (
    typed_columns.text("transaction_id", required=True),
    typed_columns.text("claim_id", required=True),
    typed_columns.date("posted_date", required=True),
    typed_columns.choice("transaction_type", POSTINGS + EVENTS),
    typed_columns.decimal("amount", MONEY_PLACES),
    typed_columns.text("payer_id"),
    typed_columns.text("note"),
)
IS_EVENT = pl.col("transaction_type").is_in(list(EVENTS))
ROW_CHECKS = (
    Check(
        "event_with_amount",
        "transaction_type",
        IS_EVENT & (pl.col("amount") != 0),
        "`{value}` is an event and moves no money: its amount is 0",
    ),
    Check(
        "value_missing",
        "transaction_type",
        ~IS_EVENT & pl.col("amount").is_null(),
        "`amount` is blank; a `{value}` needs one",
    ),
)


def load(con: duckdb.DuckDBPyConnection, source: SourceFile) -> LoadResult:
    """Rows to `raw.account_transactions`; a header without rows is a quiet day, not a fault."""
    table = read_table(source.read(), LAYOUT)
    typed, findings = typed_columns.type_rows(table.frame, COLUMNS, ROW_CHECKS, may_name_patients=True)
    typed = typed.with_columns(
        pl.when(IS_EVENT).then(pl.lit(0)).otherwise(pl.col("amount")).cast(pl.Decimal(18, 2)).alias("amount")
    )
    findings = table.findings + findings
    if any(finding.severity == "fail" for finding in findings):
        reference_rows.require_rows(typed, findings, LAYOUT.kind)
    unmoving = typed.filter(~IS_EVENT & (pl.col("amount") == 0)).get_column("line_number").to_list()
    findings += [
        Finding("amount_zero", "warn", f"Line {line}: a posting of 0.00 moves nothing.", position=line)
        for line in unmoving
    ]
    rows, repeats = reference_rows.drop_repeats(typed, ["transaction_id"], "transaction")
    if _note_repeated(con, rows, source.file_number):
        repeats += reference_rows.repeats_in_force(
            con, "account_transactions", rows, ["transaction_id"], "the transaction", source
        )
    reference_rows.insert_rows(con, "account_transactions", rows, source.file_number)
    return LoadResult(LAYOUT.kind, findings=findings + repeats)


def _note_repeated(con: duckdb.DuckDBPyConnection, rows: pl.DataFrame, file_number: int) -> bool:
    """Rows whose ids earlier files have too go to `raw.repeated_transactions`; whether there are any."""
    new_rows = rows.select("line_number", "transaction_id").to_arrow()
    (count,) = con.execute(
        "insert into raw.repeated_transactions select ?, line_number, transaction_id from new_rows "
        "where transaction_id in (select transaction_id from raw.account_transactions)",
        [file_number],
    ).fetchall()[0]
    del new_rows
    return bool(count)
