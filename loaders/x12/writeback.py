"""The original transactions again, from `raw` alone: the proof that the landing loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter

import duckdb

from loaders.x12.segments import SEGMENTS, Element, table_name

COMPONENT, ELEMENT = "transactions.component_separator", "transactions.element_separator"


def _rendered(element: Element) -> str:
    """SQL text of one element from its typed columns, by the row's `number_form`."""
    if element.components:
        joined = ", ".join(f"coalesce(segments.\"{column}\", '')" for column in element.columns)
        return f"rtrim(concat_ws({COMPONENT}, {joined}), {COMPONENT})"
    column = f'segments."{element.name}"'
    if element.type == "d":
        return f"coalesce(strftime({column}, '%Y%m%d'), '')"
    if element.type in ("a", "q"):
        plain = f"rtrim(rtrim(CAST({column} AS VARCHAR), '0'), '.')"
        if element.type == "a":
            plain = f"CASE WHEN segments.number_form = 1 THEN CAST({column} AS VARCHAR) ELSE {plain} END"
        return f"coalesce({plain}, '')"
    return f"coalesce({column}, '')"


def _segment_sql(name: str) -> str:
    elements = ", ".join(_rendered(element) for element in SEGMENTS[name])
    return (
        f"SELECT transaction_number, segments.segment_number, "
        f"rtrim(concat_ws({ELEMENT}, '{name}', {elements}), {ELEMENT}) AS segment_text "
        f"FROM {table_name(name)} AS segments "
        "INNER JOIN raw.x12_transactions AS transactions USING (file_number, transaction_number) "
        "WHERE file_number = $file AND $first <= transaction_number AND transaction_number <= $last"
    )


_UNMAPPED_SQL = (
    "SELECT transaction_number, segment_number, verbatim FROM raw.x12_unmapped_segments "
    "WHERE file_number = $file AND $first <= transaction_number AND transaction_number <= $last"
)
# Envelope segments stand outside of transactions.
ENVELOPE = ("ISA", "IEA", "GS", "GE", "TA1")


@cache
def _sql(names: tuple[str, ...]) -> str:
    """The segments with these identifiers, or all that are in transactions."""
    parts = [_segment_sql(name) for name in names or SEGMENTS if name not in ENVELOPE]
    return f"""
        SELECT rendered.transaction_number, rendered.segment_number, coalesce(odd.verbatim, rendered.segment_text)
        FROM ({" UNION ALL ".join([*parts, *([] if names else [_UNMAPPED_SQL])])}) AS rendered
        LEFT JOIN (FROM raw.x12_verbatim WHERE file_number = $file) AS odd USING (segment_number)
        ORDER BY 2
    """


def file_segments(
    con: duckdb.DuckDBPyConnection,
    file_number: int,
    first: int = 1,
    last: int = 2**31 - 1,
    names: tuple[str, ...] = (),
) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """By transaction, from `first` to `last`: its number and the (segment_number, text) of all its segments, or of
    those with the identifiers `names`.

    `con` is busy until the last is taken. Line breaks inside elements, blanks around segments and the encoding are
    layout and are not given back.
    """
    rows = con.execute(_sql(names), {"file": file_number, "first": first, "last": last})
    for transaction_number, group in groupby(iter(rows.fetchone, None), key=itemgetter(0)):
        yield transaction_number, [(number, text) for _, number, text in group]


def transaction_segments(
    con: duckdb.DuckDBPyConnection, file_number: int, transaction_number: int
) -> list[tuple[int, str]]:
    """(segment_number, text) of every segment of one landed transaction, ST to SE, in order."""
    for _, segments in file_segments(con, file_number, transaction_number, transaction_number):
        return segments
    raise LookupError(f"no transaction {transaction_number} in file {file_number}")
