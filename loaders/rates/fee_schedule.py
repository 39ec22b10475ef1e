"""Fee schedule CSV (INTERFACE 2.4): a contract's own rates by code, modifier, setting and period."""

from __future__ import annotations

import duckdb
import polars as pl

from loaders import reference_rows, typed_columns
from loaders.csv_table import Layout, read_table
from loaders.source import LoadResult, SourceFile
from loaders.typed_columns import RATE_PLACES, Check

LAYOUT = Layout(
    kind="fee_schedule",
    signature=frozenset({"schedule_id", "procedure_code"}),
    required=("schedule_id", "procedure_code", "amount"),
    optional=("modifier", "setting", "effective_from", "effective_to"),
)
COLUMNS = (
    typed_columns.text("schedule_id", required=True),
    typed_columns.text("procedure_code", required=True, upper=True),
    typed_columns.text("modifier", upper=True, blank=""),
    typed_columns.choice("setting", ("facility", "non_facility"), blank=""),
    typed_columns.date("effective_from"),
    typed_columns.date("effective_to"),
    typed_columns.decimal("amount", RATE_PLACES, required=True),
)
PERIOD_CHECK = Check(
    "period_reversed",
    "effective_to",
    pl.col("effective_to") < pl.col("effective_from"),
    "`effective_to` ({value}) is before `effective_from`",
)
ROW_CHECKS = (
    PERIOD_CHECK,
    Check("amount_negative", "amount", pl.col("amount") < 0, "`amount` is {value}; a rate is not negative"),
)
KEYS = ("schedule_id", "procedure_code", "modifier", "setting", "effective_from")


def load(con: duckdb.DuckDBPyConnection, source: SourceFile) -> LoadResult:
    """Rows to `raw.fee_schedule_rates`; blank modifier and setting are '', blank dates are open."""
    table = read_table(source.read(), LAYOUT)
    typed, findings = typed_columns.type_rows(table.frame, COLUMNS, ROW_CHECKS)
    findings = table.findings + findings
    reference_rows.require_rows(typed, findings, LAYOUT.kind)
    rows, repeats = reference_rows.drop_repeats(typed, KEYS, "rate")
    repeats += reference_rows.repeats_in_force(con, "fee_schedule_rates", rows, KEYS, "the rate", source)
    reference_rows.insert_rows(con, "fee_schedule_rates", rows, source.file_number)
    return LoadResult(LAYOUT.kind, findings=findings + repeats)
