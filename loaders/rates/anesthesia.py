"""Anesthesia base units CSV: CMS publishes them as a spreadsheet of its own, without a layout to rely on.

The columns are `procedure_code, base_units, effective_from, effective_to`. They complete the conversion factors of the
ANES file to rates of `mpfs-<year>`.
"""

from __future__ import annotations

import duckdb
import polars as pl

from loaders import reference_rows, typed_columns
from loaders.csv_table import Layout, read_table
from loaders.rates.fee_schedule import PERIOD_CHECK
from loaders.source import LoadResult, SourceFile
from loaders.typed_columns import RATE_PLACES, Check

LAYOUT = Layout(
    kind="cms_rates",
    signature=frozenset({"procedure_code", "base_units"}),
    required=("procedure_code", "base_units"),
    optional=("effective_from", "effective_to"),
)
COLUMNS = (
    typed_columns.text("procedure_code", required=True, upper=True),
    typed_columns.decimal("base_units", RATE_PLACES, required=True),
    typed_columns.date("effective_from"),
    typed_columns.date("effective_to"),
)
ROW_CHECKS = (
    PERIOD_CHECK,
    Check(
        "base_units_negative",
        "base_units",
        pl.col("base_units") < 0,
        "`base_units` is {value}; base units are not negative",
    ),
)
KEYS = ("procedure_code", "effective_from")


def load(con: duckdb.DuckDBPyConnection, source: SourceFile) -> LoadResult:
    """Rows to `raw.anesthesia_base_units`. A spreadsheet strips the leading zeros of 00100; they are put back."""
    table = read_table(source.read(), LAYOUT)
    typed, findings = typed_columns.type_rows(table.frame, COLUMNS, ROW_CHECKS)
    findings = table.findings + findings
    reference_rows.require_rows(typed, findings, LAYOUT.kind)
    typed = typed.with_columns(pl.col("procedure_code").str.zfill(5))
    rows, repeats = reference_rows.drop_repeats(typed, KEYS, "code's base units")
    repeats += reference_rows.repeats_in_force(con, "anesthesia_base_units", rows, KEYS, "the base units", source)
    reference_rows.insert_rows(con, "anesthesia_base_units", rows, source.file_number)
    return LoadResult(LAYOUT.kind, findings=findings + repeats)
