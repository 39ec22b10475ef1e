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

    @property
    def better(self) -> int:
        """+1 where more is better, -1 where less is, 0 where neither is or nobody says."""
        return {"higher": 1, "lower": -1}.get(str(self.row.get("better_when")), 0)


def indicators(reader: Reader) -> dict[str, Indicator]:
    """Definitions by indicator; empty when the snapshot carries none."""
    try:
        rows = reader.rows(Query("select * from marts.dim_kpis"))
    except MissingTableError:
        return {}
    return {
        row["kpi_id"]: Indicator(
            row["kpi_id"], row.get("kpi_name") or unnamed(row["kpi_id"]).name, row.get("definition") or "", row
        )
        for row in rows
    }


def unnamed(kpi_id: str) -> Indicator:
    """An indicator without a definition in the snapshot."""
    return Indicator(kpi_id, formats.words(kpi_id.removesuffix("_amount")), "", {})


def facts(indicator: Indicator) -> list[tuple[str, str]]:
    """What is to be said of an indicator: heading and text, in reading order; what is not stated is left out."""
    row = indicator.row
    said = [
        ("In words", indicator.words),
        ("Numerator", row.get("numerator_words")),
        ("Denominator", row.get("denominator_words")),
        ("By date of", row.get("date_basis")),
        ("Window", row.get("window_words")),
        ("Left out", row.get("exclusions")),
        ("Goal", _goal(row)),
        ("Others reach", _benchmark(row)),
        ("HFMA MAP key", row.get("map_key")),
        ("Known as", indicator.kpi_id),
    ]
    return [(name, str(text)) for name, text in said if text]


def _goal(row: Row) -> str:
    low, high, unit = row.get("target_low"), row.get("target_high"), row.get("unit")
    named = [
        f"{word} {formats.target(limit, unit)}"
        for word, limit in (("at least", low), ("at most", high))
        if limit is not None
    ]
    return " and ".join(named)


def _benchmark(row: Row) -> str:
    low, high, unit = row.get("benchmark_low"), row.get("benchmark_high"), row.get("unit")
    if low is None or high is None:
        return ""
    shown = [formats.target(limit, unit) for limit in ((low, high) if low <= high else (high, low))]
    span = shown[0] if shown[0] == shown[1] else f"{shown[0]} to {shown[1]}"
    source = ", ".join(str(row[name]) for name in ("benchmark_source", "benchmark_year") if row.get(name) is not None)
    return f"{span} ({'; '.join(text for text in (row.get('benchmark_basis'), source) if text)})"


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
