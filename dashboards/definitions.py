"""What figures mean, in the words the snapshot itself carries: the KPI seed's and the models' descriptions."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards import formats
from dashboards.snapshot import MissingTableError, Query, Reader, Row


@dataclass(frozen=True)
class Indicator:
    """An indicator's name and words; `row` holds whatever else its definition says."""

    kpi_id: str
    name: str
    words: str
    row: Row


def indicators(reader: Reader) -> dict[str, Indicator]:
    """Definitions by indicator; empty when the snapshot carries none."""
    try:
        rows = reader.rows(Query("select * from marts.dim_kpis order by kpi_id"))
    except MissingTableError:
        return {}
    return {row["kpi_id"]: _indicator(row) for row in rows}


def _indicator(row: Row) -> Indicator:
    name = row.get("kpi_name") or row.get("name") or unnamed(row["kpi_id"]).name
    words = row.get("definition") or row.get("description") or ""
    return Indicator(row["kpi_id"], name, words, row)


def unnamed(kpi_id: str) -> Indicator:
    """An indicator without a definition in the snapshot."""
    text = formats.words(kpi_id.removesuffix("_amount"))
    for short in ("Ar ", " ar"):
        text = text.replace(short, short.upper())
    return Indicator(kpi_id, text, "", {})


def tables(reader: Reader) -> list[Row]:
    """`table_name, comment` of every published table."""
    return reader.rows(
        Query("select table_name, comment from duckdb_tables() where schema_name = 'marts' order by table_name")
    )


def columns(reader: Reader, table: str) -> dict[str, str]:
    """Column to its description, for one published table; columns without words are left out."""
    rows = reader.rows(Query(_COLUMNS, (table,)))
    return {row["column_name"]: row["comment"] for row in rows if row["comment"]}


_COLUMNS = "select column_name, comment from duckdb_columns() where schema_name = 'marts' and table_name = ?"
