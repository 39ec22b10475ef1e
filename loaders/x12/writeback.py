"""The original transactions again, from `raw` alone: the proof that the landing loses nothing."""

from __future__ import annotations

import duckdb

from loaders.x12.segments import SEGMENTS, Element, table_name

LITERAL = "chr(31)"


def _rendered(element: Element) -> str:
    """SQL text of one element from its typed columns, by the row's `number_form`."""
    if element.components:
        joined = ", ".join(f"coalesce(\"{column}\", '')" for column in element.columns)
        return f"rtrim(concat_ws({LITERAL}, {joined}), {LITERAL})"
    column = f'"{element.name}"'
    if element.type == "d":
        return f"coalesce(strftime({column}, '%Y%m%d'), '')"
    if element.type in ("a", "q"):
        plain = f"rtrim(rtrim(CAST({column} AS VARCHAR), '0'), '.')"
        if element.type == "a":
            plain = f"CASE WHEN number_form = 1 THEN CAST({column} AS VARCHAR) ELSE {plain} END"
        return f"coalesce({plain}, '')"
    return f"coalesce({column}, '')"


def _segment_sql(name: str) -> str:
    elements = [f"$element || {_rendered(element)}" for element in SEGMENTS[name]]
    text = f"replace(rtrim('{name}' || {' || '.join(elements)}, $element), {LITERAL}, $component)"
    return (
        f"SELECT segment_number, coalesce(verbatim, {text}) AS segment_text FROM {table_name(name)} "
        "WHERE file_number = $file AND transaction_number = $transaction"
    )


_UNMAPPED_SQL = (
    "SELECT segment_number, verbatim FROM raw.x12_unmapped_segments "
    "WHERE file_number = $file AND transaction_number = $transaction"
)
_SQL = " UNION ALL ".join([*(_segment_sql(name) for name in SEGMENTS), _UNMAPPED_SQL]) + " ORDER BY 1"


def transaction_segments(
    con: duckdb.DuckDBPyConnection, file_number: int, transaction_number: int
) -> list[tuple[int, str]]:
    """(segment_number, text) of every segment of one landed transaction, ST to SE, in order.

    Line breaks inside elements, blanks around segments and the encoding are layout and are not given back.
    """
    separators = con.execute(
        "SELECT element_separator, component_separator FROM raw.x12_transactions "
        "WHERE file_number = ? AND transaction_number = ?",
        [file_number, transaction_number],
    ).fetchone()
    if separators is None:
        raise LookupError(f"no transaction {transaction_number} in file {file_number}")
    element, component = separators
    return con.execute(
        _SQL,
        {"file": file_number, "transaction": transaction_number, "element": element, "component": component},
    ).fetchall()
