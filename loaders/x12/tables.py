"""Segments to the typed `raw.x12_<segment>` tables, one INSERT a table and chunk.

Elements go over as Arrow string views; DuckDB casts them on both cores. A row whose typed columns would not give its
own text back (a number written in another form, an element too many, a lower-case identifier) keeps that text in
`verbatim`, so that nothing is lost; most rows need only `number_form`: 0 numbers without trailing zeros, as X12 has
them, 1 amounts with two decimals, 2 see `verbatim`.
"""

from __future__ import annotations

from functools import cache

import duckdb
import numpy as np
import pyarrow as pa

from loaders.x12.loops import LABELS, Structure
from loaders.x12.segments import LINEAGE, SEGMENTS, Element, table_name
from loaders.x12.tokens import Bools, Ints, Segments, segment_code

_CODES = {segment_code(name): name for name in SEGMENTS}
_LABEL_ARRAY = pa.array(LABELS, type=pa.string())
NUMERIC = ("a", "q")


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create the `raw.x12_…` tables that are not there yet."""
    lineage = ", ".join(f"{name} {sql_type}" for name, sql_type in LINEAGE)
    for segment, elements in SEGMENTS.items():
        columns = ", ".join(f'"{column}" {element.sql_type}' for element in elements for column in element.columns)
        con.execute(
            f"CREATE TABLE IF NOT EXISTS {table_name(segment)} ({lineage}, {columns}, number_form UTINYINT, verbatim VARCHAR)"
        )
    con.execute(
        f"CREATE TABLE IF NOT EXISTS raw.x12_unmapped_segments ({lineage}, segment_id VARCHAR, verbatim VARCHAR)"
    )
    con.execute(
        "CREATE TABLE IF NOT EXISTS raw.x12_transactions (file_number INTEGER, transaction_number INTEGER, "
        "interchange_number INTEGER, group_number INTEGER, segment_number INTEGER, transaction_type VARCHAR, "
        "element_separator VARCHAR, component_separator VARCHAR, segment_terminator VARCHAR)"
    )


def tables() -> list[str]:
    """Every table this module fills."""
    return [table_name(name) for name in SEGMENTS] + ["raw.x12_unmapped_segments", "raw.x12_transactions"]


def insert(
    con: duckdb.DuckDBPyConnection,
    segments: Segments,
    structure: Structure,
    *,
    file_number: Ints,
    segment_number: Ints,
    transaction_number: Ints,
    keep: Bools,
) -> None:
    """Insert the segments marked `keep`. Positions in `structure` become ordinals in the file by `segment_number`."""
    # Structure holds positions in the stream; a file's ordinals differ from them by one constant a file.
    shift = segment_number - (structure.base + np.arange(len(segments), dtype=np.int64))
    lineage = {
        "file_number": file_number,
        "segment_number": segment_number,
        "transaction_number": transaction_number,
        "claim_number": np.where(structure.claim >= 0, structure.claim + shift, 0),
        "line_number": np.where(structure.line >= 0, structure.line + shift, 0),
        "owner_number": np.where(structure.owner >= 0, structure.owner + shift, 0),
        "parent_number": np.where(structure.parent >= 0, structure.parent + shift, 0),
    }
    kept = np.flatnonzero(keep)
    codes = segments.code[kept]
    order = np.argsort(codes, kind="stable")
    values, starts = np.unique(codes[order], return_index=True)
    bounds = [*starts.tolist(), len(order)]
    unmapped = []
    for value, begin, stop in zip(values.tolist(), bounds[:-1], bounds[1:], strict=True):
        rows = kept[order[begin:stop]]
        name = _CODES.get(value)
        if name is None:
            unmapped.append(rows)
        else:
            _insert_segment(con, name, segments, structure, lineage, rows)
    if unmapped:
        rows = np.sort(np.concatenate(unmapped))
        columns = _lineage_columns(structure, lineage, rows)
        id_start = segments.start[rows]
        id_end = np.where(
            segments.element_count[rows] > 0,
            segments.separators[segments.first_separator[rows]] if len(segments.separators) else 0,
            segments.end[rows],
        )
        columns["segment_id"] = segments.strings(id_start, id_end)
        columns["verbatim"] = segments.strings(segments.start[rows], segments.end[rows])
        _run(con, _INSERT_UNMAPPED, pa.table(columns))


def _lineage_columns(structure: Structure, lineage: dict[str, Ints], rows: Ints) -> dict[str, pa.Array]:
    columns: dict[str, pa.Array] = {}
    for name, _ in LINEAGE:
        if name == "loop":
            columns[name] = _LABEL_ARRAY.take(pa.array(structure.label[rows]))
        else:
            values = lineage[name][rows].astype(np.int32)
            columns[name] = pa.array(values, mask=values == 0)
    return columns


def _insert_segment(
    con: duckdb.DuckDBPyConnection,
    name: str,
    segments: Segments,
    structure: Structure,
    lineage: dict[str, Ints],
    rows: Ints,
) -> None:
    elements = SEGMENTS[name]
    columns = _lineage_columns(structure, lineage, rows)
    counts = segments.element_count[rows]
    most = int(counts.max(initial=0))
    is_odd = counts > len(elements)
    last = np.frombuffer(segments.buffer, dtype=np.uint8)[segments.end[rows] - 1]
    is_odd |= (last == segments.element) | (last == segments.component) & (name != "ISA")
    raw_id = np.frombuffer(segments.buffer, dtype=np.uint8)[segments.start[rows]]
    is_odd |= raw_id >= ord("a")
    present: list[int] = []
    for number, element in enumerate(elements[:most], start=1):
        start, end = segments.element_bounds(rows, number)
        if not (end > start).any():
            continue
        present.append(number)
        if element.type == "c":
            is_odd |= _components(columns, segments, element, number, start, end)
        else:
            columns[f"e{number}"] = segments.strings(start, end)
    columns["is_odd"] = pa.array(is_odd)
    columns["segment_text"] = segments.strings(segments.start[rows], segments.end[rows])
    _run(con, _insert_sql(name, tuple(present)), pa.table(columns))


def _components(
    columns: dict[str, pa.Array], segments: Segments, element: Element, number: int, start: Ints, end: Ints
) -> Bools:
    """Add the element's components; true where they would not give its text back."""
    buffer = np.frombuffer(segments.buffer, dtype=np.uint8)
    is_odd = (end > start) & (buffer[np.maximum(end - 1, 0)] == segments.component)
    inside = np.searchsorted(segments.components, end) - np.searchsorted(segments.components, start)
    is_odd |= inside >= len(element.components)
    most = int(inside.max(initial=0)) + 1
    for part in range(1, len(element.components) + 1):
        if part > most:
            break
        columns[f"e{number}_{part}"] = segments.strings(*segments.component_bounds(start, end, part))
    for part in range(most + 1, len(element.components) + 1):
        columns[f"e{number}_{part}"] = pa.nulls(len(start), type=pa.string())
    return is_odd


@cache
def _insert_sql(name: str, present: tuple[int, ...]) -> str:
    """INSERT for one table and the elements that occur in a chunk; `chunk` is the Arrow table."""
    elements = SEGMENTS[name]
    lineage = [column for column, _ in LINEAGE]
    targets, casts, exact, fixed = list(lineage), list(lineage), [], []
    for number in present:
        element = elements[number - 1]
        for part, column in enumerate(element.columns, start=1):
            source = f"e{number}_{part}" if element.components else f"e{number}"
            targets.append(f'"{column}"')
            if element.type in NUMERIC:
                casts.append(f"try_cast({source} AS {element.sql_type}) AS {column}")
                # Without trailing zeros or a bare point: 100.00 is 100, 12.50 is 12.5.
                plain = f"rtrim(rtrim(CAST({column} AS VARCHAR), '0'), '.')"
                exact.append(f"({source} IS NULL OR coalesce({plain} = {source}, false))")
                whole = f"CAST({column} AS VARCHAR)" if element.type == "a" else plain
                fixed.append(f"({source} IS NULL OR coalesce({whole} = {source}, false))")
            elif element.type == "d":
                casts.append(f"CAST(try_strptime({source}, '%Y%m%d') AS DATE) AS {column}")
                same = f"({source} IS NULL OR coalesce(strftime({column}, '%Y%m%d') = {source}, false))"
                exact.append(same)
                fixed.append(same)
            else:
                casts.append(f"{source} AS {column}")
    is_exact = " AND ".join(["NOT is_odd", *exact])
    is_fixed = " AND ".join(["NOT is_odd", *fixed])
    columns = ", ".join(targets)
    sources = ", ".join(f"e{n}" for n in present if not elements[n - 1].components)
    extra = f", {sources}" if sources else ""
    return (
        f"INSERT INTO {table_name(name)} ({columns}, number_form, verbatim) "
        f"SELECT {columns}, form, CASE WHEN form = 2 THEN segment_text END FROM ("
        f"SELECT *, CASE WHEN {is_exact} THEN 0 WHEN {is_fixed} THEN 1 ELSE 2 END AS form FROM ("
        f"SELECT {', '.join(casts)}, is_odd, segment_text{extra} FROM chunk))"
    )


_INSERT_UNMAPPED = (
    f"INSERT INTO raw.x12_unmapped_segments SELECT {', '.join(column for column, _ in LINEAGE)}, "
    "segment_id, verbatim FROM chunk"
)


def _run(con: duckdb.DuckDBPyConnection, sql: str, chunk: pa.Table) -> None:
    con.register("chunk", chunk)
    try:
        con.execute(sql)
    finally:
        con.unregister("chunk")
