"""Case-mix weights CSV (INTERFACE 2.4): relative weights by diagnosis-related group and period."""

from __future__ import annotations

import duckdb
import polars as pl

from loaders import reference_rows, typed_columns
from loaders.csv_table import Layout, read_table
from loaders.rates.fee_schedule import PERIOD_CHECK
from loaders.source import LoadResult, SourceFile
from loaders.typed_columns import RATE_PLACES, Check

LAYOUT = Layout(
    kind="weights",
    signature=frozenset({"weight_set", "drg"}),
    required=("weight_set", "drg", "relative_weight"),
    optional=("geometric_mean_los", "effective_from", "effective_to"),
)
COLUMNS = (
    typed_columns.text("weight_set", required=True),
    typed_columns.text("drg", required=True, upper=True),
    typed_columns.decimal("relative_weight", RATE_PLACES, required=True),
    typed_columns.decimal("geometric_mean_los", RATE_PLACES),
    typed_columns.date("effective_from"),
    typed_columns.date("effective_to"),
)
ROW_CHECKS = (
    PERIOD_CHECK,
    Check(
        "weight_negative",
        "relative_weight",
        pl.col("relative_weight") < 0,
        "`relative_weight` is {value}; a weight is not negative",
    ),
)
KEYS = ("weight_set", "drg", "effective_from")


def load(con: duckdb.DuckDBPyConnection, source: SourceFile) -> LoadResult:
    """Rows to `raw.drg_weights`. A spreadsheet strips a group's leading zeros; they are put back to three digits."""
    table = read_table(source.read(), LAYOUT)
    typed, findings = typed_columns.type_rows(table.frame, COLUMNS, ROW_CHECKS)
    findings = table.findings + findings
    reference_rows.require_rows(typed, findings, LAYOUT.kind)
    typed = typed.with_columns(
        pl.when(pl.col("drg").str.contains(r"^\d+$"))
        .then(pl.col("drg").str.zfill(3))
        .otherwise(pl.col("drg"))
        .alias("drg")
    )
    rows, repeats = reference_rows.drop_repeats(typed, KEYS, "weight")
    repeats += reference_rows.repeats_in_force(con, "drg_weights", rows, KEYS, "the weight", source)
    reference_rows.insert_rows(con, "drg_weights", rows, source.file_number)
    return LoadResult(LAYOUT.kind, findings=findings + repeats)
