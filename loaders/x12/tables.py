"""Segments to the typed `raw.x12_<segment>` tables.

A segment with columns that are seldom filled has two tables: `raw.x12_cas_short` without them, for the rows that need
none, and `raw.x12_cas_long`; `raw.x12_cas` is then the view of both. A row whose typed columns would not give its own
text back (a number written in another form, an element too many, a lower-case identifier) has that text in
`raw.x12_verbatim`, so that nothing is lost; most rows need only `number_form`: 0 numbers without trailing zeros, as
X12 has them, 1 amounts with two decimals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from loaders.x12.doubts import DECIMALS, Doubt, Doubts, sentence
from loaders.x12.loops import LABELS, Narrow, Structure
from loaders.x12.numbers import Numbers, dates, decimals
from loaders.x12.segments import PLACES, SEGMENTS, Element, places_of, table_name
from loaders.x12.tokens import Bools, Ints, Segments, segment_code, validity

_CODES = {segment_code(name): name for name in SEGMENTS}
_LABELS = pa.array(LABELS, type=pa.string())
_KEY = "file_number INTEGER, segment_number INTEGER"
_OTHER_TABLES = {
    "raw.x12_unmapped_segments": ", ".join(
        [_KEY, *(f"{name} {sql_type}" for name, sql_type in PLACES.items()), "segment_id VARCHAR, verbatim VARCHAR"]
    ),
    "raw.x12_verbatim": f"{_KEY}, verbatim VARCHAR",
    "raw.x12_transactions": (
        "file_number INTEGER, transaction_number INTEGER, interchange_number INTEGER, group_number INTEGER, "
        "segment_number INTEGER, transaction_type VARCHAR, element_separator VARCHAR, component_separator VARCHAR, "
        "segment_terminator VARCHAR"
    ),
}
Rows = tuple[str, pa.RecordBatch]


@dataclass(frozen=True)
class Lineage:
    """Of every segment of a chunk: its file and its ordinal there, from 1; and which segments are taken."""

    file_number: Narrow
    segment_number: Narrow
    keep: Bools


def has_short_table(segment: str) -> bool:
    return any(element.is_rare for element in SEGMENTS[segment])


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create the `raw.x12_…` tables and views that are not there yet."""
    for name, columns in _OTHER_TABLES.items():
        con.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
    for segment in SEGMENTS:
        table = table_name(segment)
        if not has_short_table(segment):
            con.execute(f"CREATE TABLE IF NOT EXISTS {table} ({_columns(segment, False)})")
            continue
        con.execute(f"CREATE TABLE IF NOT EXISTS {table}_long ({_columns(segment, False)})")
        con.execute(f"CREATE TABLE IF NOT EXISTS {table}_short ({_columns(segment, True)})")
        con.execute(f"CREATE OR REPLACE VIEW {table} AS FROM {table}_long UNION ALL BY NAME FROM {table}_short")


def _columns(segment: str, is_short: bool) -> str:
    columns = [_KEY, *(f"{name} {PLACES[name]}" for name in places_of(segment))]
    for element in SEGMENTS[segment]:
        names = element.columns[: element.common] if is_short else element.columns
        columns += [f'"{name}" {element.sql_type}' for name in names]
    return ", ".join([*columns, *(["number_form UTINYINT"] if has_amounts(segment) else [])])


def has_amounts(segment: str) -> bool:
    return any(element.type == "a" for element in SEGMENTS[segment])


def arranged(segments: Segments, structure: Structure, lineage: Lineage, doubts: Doubts) -> Iterator[Rows]:
    """The rows of a chunk by table, as batches of Arrow arrays whose columns are some or all of the table's."""

    def doubt_of(name: str, rows: Ints) -> Doubt:
        def doubt(rule: str, number: int, element: Element, places: Ints) -> None:
            at = rows[places]
            transaction_number = structure.transaction_number[structure.place[at]]
            message = sentence(rule, name, number, element)
            doubts.add_values(rule, message, lineage.file_number[at], transaction_number, lineage.segment_number[at])

        return doubt

    odd: list[Ints] = []
    unmapped: list[Ints] = []
    for code in np.unique(segments.code).tolist():
        rows = np.flatnonzero((segments.code == code) & lineage.keep)
        name = _CODES.get(code)
        if name is None:
            unmapped.append(rows)
            continue
        is_long = _has_rare(segments, name, rows) if has_short_table(name) else None
        for table, part, is_short in _parts(name, rows, is_long):
            if len(part):
                columns = _places(structure, lineage, part, places_of(name))
                is_odd = _add_elements(columns, segments, name, part, is_short, doubt_of(name, part))
                odd.append(part[is_odd])
                yield table, pa.record_batch(columns)
    if any(map(len, unmapped)):
        rows = np.sort(np.concatenate(unmapped))
        columns = _places(structure, lineage, rows, tuple(PLACES))
        columns["segment_id"] = segments.strings(segments.start[rows], segments.identifier_length(rows))
        columns["verbatim"] = segments.whole(rows)
        yield "raw.x12_unmapped_segments", pa.record_batch(columns)
    if any(map(len, odd)):
        rows = np.concatenate(odd)
        columns = _places(structure, lineage, rows, ()) | {"verbatim": segments.whole(rows)}
        yield "raw.x12_verbatim", pa.record_batch(columns)


def _parts(name: str, rows: Ints, is_long: Bools | None) -> list[tuple[str, Ints, bool]]:
    if is_long is None:
        return [(table_name(name), rows, False)]
    return [(f"{table_name(name)}_short", rows[~is_long], True), (f"{table_name(name)}_long", rows[is_long], False)]


def insert(con: duckdb.DuckDBPyConnection, table: str, batches: Sequence[pa.RecordBatch]) -> None:
    """Insert batches of the same columns."""
    columns = ", ".join(f'"{name}"' for name in batches[0].schema.names)
    # Until the transaction ends the database holds on to what was registered; a reader that was read holds nothing.
    con.register("chunk", pa.RecordBatchReader.from_batches(batches[0].schema, iter(batches)))
    try:
        con.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM chunk")
    finally:
        con.unregister("chunk")


def _places(structure: Structure, lineage: Lineage, rows: Ints, names: tuple[str, ...]) -> dict[str, pa.Array]:
    """Key and place columns of the segments `rows`."""
    columns = {
        "file_number": _integers(lineage.file_number[rows]),
        "segment_number": _integers(lineage.segment_number[rows]),
    }
    place = structure.place[rows]
    for name in names:
        if name == "loop":
            labels = structure.label[place]
            indices = pa.Array.from_buffers(pa.int8(), len(rows), [validity(labels > 0), pa.py_buffer(labels)])
            columns[name] = pa.DictionaryArray.from_arrays(indices, _LABELS, safe=False)
        else:
            columns[name] = _integers(getattr(structure, name)[place])
    return columns


def _integers(values: Narrow) -> pa.Array:
    """As INTEGER; 0 is null."""
    return pa.Array.from_buffers(pa.int32(), len(values), [validity(values > 0), pa.py_buffer(values)])


def _has_rare(segments: Segments, name: str, rows: Ints) -> Bools:
    """Which rows have anything in the columns that the short table lacks."""
    found = np.zeros(len(rows), dtype=bool)
    most = int(segments.element_count[rows].max(initial=0))
    for number, element in enumerate(SEGMENTS[name][:most], start=1):
        if element.is_rare:
            stretches = segments.stretches(rows, number)
            length = segments.stretch_length[stretches]
            if element.common:
                found |= segments.separators_within(segments.stretch_start[stretches], length)[1] >= element.common
            else:
                found |= length > 0
    return found


def _add_elements(
    columns: dict[str, pa.Array], segments: Segments, name: str, rows: Ints, is_short: bool, doubt: Doubt
) -> Bools:
    """Add the element columns that occur; true where they would not give the segment's text back."""
    elements = SEGMENTS[name]
    counts = segments.element_count[rows]
    is_odd: Bools = (counts > len(elements)) | segments.is_irregular[rows]
    is_plain, is_fixed = np.ones(len(rows), dtype=bool), np.ones(len(rows), dtype=bool)
    for number, element in enumerate(elements[: int(counts.max(initial=0))], start=1):
        if is_short and not element.common:
            continue
        stretches = segments.stretches(rows, number)
        if element.type == "t":
            columns[element.name] = segments.element_strings(stretches)
        elif element.type == "c":
            is_odd |= _add_components(columns, segments, element, stretches, is_short)
        else:
            numbers = _add_numbers(columns, segments, element, stretches)
            is_plain &= numbers.is_plain
            is_fixed &= numbers.is_fixed if element.type == "a" else numbers.is_plain
            for rule, places in (("value_not_read", numbers.unread), ("value_rounded", numbers.rounded)):
                if len(places):
                    doubt(rule, number, element, places)
    if has_amounts(name):
        columns["number_form"] = pa.array((~is_plain).astype(np.uint8))
        return is_odd | ~(is_plain | is_fixed)
    return is_odd | ~is_plain


def _add_numbers(columns: dict[str, pa.Array], segments: Segments, element: Element, stretches: Ints) -> Numbers:
    """Add an element's dates, amounts or quantities."""
    if element.type == "d":
        numbers = dates(segments, stretches)
        columns[element.name] = _array(numbers, numbers.values.astype(np.int32), pa.date32())
    else:
        scale = DECIMALS[element.type]
        numbers = decimals(segments, stretches, scale)
        columns[element.name] = _array(numbers, numbers.values, pa.decimal64(18, scale))
    return numbers


def _array(numbers: Numbers, values: Ints | Narrow, arrow_type: pa.DataType) -> pa.Array:
    return pa.Array.from_buffers(arrow_type, len(values), [validity(numbers.is_valid), pa.py_buffer(values)])


def _add_components(
    columns: dict[str, pa.Array], segments: Segments, element: Element, stretches: Ints, is_short: bool
) -> Bools:
    """Add the element's components; true where they would not give its text back."""
    start, length = segments.stretch_start[stretches], segments.stretch_length[stretches]
    first, count = segments.separators_within(start, length)
    is_odd: Bools = (length > 0) & (segments.data[start + length - 1] == segments.component)
    is_odd |= count >= len(element.components)
    names = element.columns[: element.common] if is_short else element.columns
    for part, column in enumerate(names[: int(count.max(initial=0)) + 1], start=1):
        columns[column] = segments.strings(*segments.component_at(start, length, first, count, part))
    return is_odd
