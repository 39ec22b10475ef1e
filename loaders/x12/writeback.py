"""The original transactions again, from `raw` alone: the proof that the landing loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter

import duckdb

from loaders.x12.segments import SEGMENTS, Element, table_name

_FILES = "file_number BETWEEN $low AND $high"
_WANTED = f"{_FILES} AND transaction_number BETWEEN $first AND $last"
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
        f"SELECT file_number, transaction_number, segments.segment_number, "
        f"rtrim(concat_ws({ELEMENT}, '{name}', {elements}), {ELEMENT}) AS segment_text "
        f"FROM {table_name(name)} AS segments "
        "INNER JOIN raw.x12_transactions AS transactions USING (file_number, transaction_number) "
        f"WHERE {_WANTED}"
    )


_UNMAPPED_SQL = (
    f"SELECT file_number, transaction_number, segment_number, verbatim FROM raw.x12_unmapped_segments WHERE {_WANTED}"
)
# Envelope segments stand outside of transactions.
ENVELOPE = ("ISA", "IEA", "GS", "GE", "TA1")


@cache
def _sql(names: tuple[str, ...]) -> str:
    """The segments with these identifiers, or all that are in transactions."""
    parts = [_segment_sql(name) for name in names or SEGMENTS if name not in ENVELOPE]
    return f"""
        SELECT rendered.file_number, rendered.transaction_number, rendered.segment_number,
            coalesce(odd.verbatim, rendered.segment_text)
        FROM ({" UNION ALL ".join([*parts, *([] if names else [_UNMAPPED_SQL])])}) AS rendered
        LEFT JOIN (FROM raw.x12_verbatim WHERE {_FILES}) AS odd USING (file_number, segment_number)
        ORDER BY 1, 3
    """


def written_back(
    con: duckdb.DuckDBPyConnection,
    files: tuple[int, int],
    transactions: tuple[int, int] = (1, 2**31 - 1),
    names: tuple[str, ...] = (),
) -> Iterator[tuple[int, int, list[tuple[int, str]]]]:
    """By transaction: file_number, transaction_number, and (segment_number, text) of all its segments, or of those
    with the identifiers `names`. `files` and `transactions` are the first and the last number.

    `con` is busy until the last is taken. Line breaks inside elements, blanks around segments and the encoding are
    layout and are not given back.
    """
    wanted = {"low": files[0], "high": files[1], "first": transactions[0], "last": transactions[1]}
    rows = con.execute(_sql(names), wanted)
    for (file, transaction), group in groupby(iter(rows.fetchone, None), key=itemgetter(0, 1)):
        yield file, transaction, [(number, text) for _, _, number, text in group]


def transaction_segments(
    con: duckdb.DuckDBPyConnection, file_number: int, transaction_number: int
) -> list[tuple[int, str]]:
    """(segment_number, text) of every segment of one landed transaction, ST to SE, in order."""
    one = (transaction_number, transaction_number)
    for _, _, segments in written_back(con, (file_number, file_number), one):
        return segments
    raise LookupError(f"no transaction {transaction_number} in file {file_number}")
