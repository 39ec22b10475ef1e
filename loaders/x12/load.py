"""One X12 file, or many small ones at once, into the `raw` tables.

`load` streams a file of any size in bounded memory; `read_batch` reads whole small files, for `insert`, and indexes
those of the same delimiters as chunks, since what an array or a table insert costs is by the call. Rows are inserted in
the transaction that the landing has opened. What is wrong with a file as a whole (it ends early, it holds nothing we
read) refuses it; what is wrong within it is a finding (`loaders.quality`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import duckdb
import numpy as np
import pyarrow as pa

from loaders.ahead import ahead
from loaders.memory import give_back
from loaders.source import Finding, LoadResult, Refusal, SourceFile
from loaders.x12 import tables
from loaders.x12.delimiters import Delimiters, find_start
from loaders.x12.doubts import Doubts
from loaders.x12.envelope import SE, ST, SUPPORTED, Envelope, envelope_codes
from loaders.x12.loops import ENVELOPE, TA1, Carry, Narrow, Structure, follow
from loaders.x12.stream import CHUNK_BYTES, Chunk, chunks
from loaders.x12.tables import Lineage, Rows
from loaders.x12.tokens import FRONT, Bools, Ints, Segments, as_text, split

Item = TypeVar("Item")

# Arrays are made chunk by chunk, small enough for the processor's cache; an insert costs by the call.
BYTES_AN_INSERT = 8 << 20
INSERTS_A_RELEASE = 4  # freed memory is given back every 32 MB


def recognise(head: bytes) -> str | None:
    """`x12` if the content begins as X12 does; the landing asks for the kind after loading."""
    return "x12" if find_start(head) is not None else None


def load(con: duckdb.DuckDBPyConnection, source: SourceFile) -> LoadResult:
    """Stream one file in. Raises `Refusal`; the caller rolls back. Memory is bounded by the chunk."""
    envelope, doubts = Envelope(), Doubts()
    with source.open() as stream:
        read = _read_chunks(chunks(stream), source.file_number, envelope, doubts)
        for number, rows in enumerate(ahead(_gathered(read, BYTES_AN_INSERT)), 1):
            insert(con, rows)
            if number % INSERTS_A_RELEASE == 0:
                give_back()
    envelope.require_whole(source.size)
    return _result(source.file_number, envelope, doubts)


def _result(file_number: int, envelope: Envelope, doubts: Doubts) -> LoadResult:
    findings = doubts.findings(file_number)
    if envelope.unsupported:
        reason = f"{envelope.unsupported} transaction sets are neither 835 nor 837 and were left out"
        findings.append(Finding("unsupported_transaction", "warn", reason))
    return LoadResult(kind="unknown", findings=findings)


def _gathered(items: Iterable[tuple[int, list[Item]]], most_bytes: int) -> Iterator[list[Item]]:
    """What comes with its size in bytes, put together until it has hardly more than `most_bytes`."""
    together: list[Item] = []
    gathered = 0
    for size, some in items:
        together += some
        gathered += size
        if gathered >= most_bytes:
            yield together
            together, gathered = [], 0
    if together:
        yield together


def insert(con: duckdb.DuckDBPyConnection, rows: Iterable[Rows]) -> None:
    """Insert what was read: one statement a table and set of columns, since each costs a millisecond."""
    batches: dict[tuple[str, ...], list[pa.RecordBatch]] = {}
    for table, batch in rows:
        batches.setdefault((table, *batch.schema.names), []).append(batch)
    for (table, *_), parts in batches.items():
        tables.insert(con, table, parts)


def _read_chunks(
    pieces: Iterable[Chunk], file_number: int, envelope: Envelope, doubts: Doubts
) -> Iterator[tuple[int, list[Rows]]]:
    """The size of each chunk and its rows by table; `envelope` and `doubts` are brought up to date."""
    carry = Carry()
    for chunk in pieces:
        data, is_latin1 = as_text(chunk.data, chunk.delimiters)
        segments = split(data, chunk.delimiters)
        if not len(segments):
            continue
        structure = follow(segments, carry)
        starts = np.flatnonzero(segments.code == ST)
        marks = segments.code[envelope_codes(segments.code)]
        envelope.add(marks, int(segments.code[-1]), segments.short_codes(starts, 1).tolist(), chunk.tail)
        if is_latin1:
            doubts.latin1.add(file_number)
        lineage = Lineage(
            np.full(len(segments), file_number, dtype=np.int32),
            np.arange(structure.base + 1, structure.base + 1 + len(segments), dtype=np.int32),
            _is_read(segments, structure),
        )
        yield len(data), list(_rows(segments, structure, lineage, chunk.delimiters, doubts))


def _is_read(segments: Segments, structure: Structure) -> Bools:
    """Segments of transactions that are read here, and all that are in none; of others ST and SE, which GE01 counts."""
    is_read: Bools = np.isin(structure.transaction_type, SUPPORTED) | (structure.transaction_number == 0)
    return is_read[structure.place] | np.isin(segments.code, (ST, SE))


def _without_strays(segments: Segments, structure: Structure, lineage: Lineage, doubts: Doubts) -> Segments:
    """Segments outside of transactions that are no envelope are kept as they stand, and are nobody's claim; so is a
    TA1 inside of one, since its table has no place for transactions."""
    is_outside = (structure.transaction_number == 0)[structure.place]
    outside = np.flatnonzero(is_outside & lineage.keep)
    outside = outside[~np.isin(segments.code[outside], (TA1, *ENVELOPE))]
    inside = np.flatnonzero((segments.code == TA1) & ~is_outside)
    if not len(outside) and not len(inside):
        return segments
    doubts.add_outside(lineage.file_number[outside], lineage.segment_number[outside])
    code = segments.code.copy()
    code[outside] = code[inside] = 0
    return replace(segments, code=code)


def _rows(
    segments: Segments, structure: Structure, lineage: Lineage, delimiters: Delimiters, doubts: Doubts
) -> Iterator[Rows]:
    segments = _without_strays(segments, structure, lineage, doubts)
    yield from tables.arranged(segments, structure, lineage, doubts)
    rows = np.flatnonzero((segments.code == ST) & lineage.keep)
    rows = rows[np.isin(structure.transaction_type[structure.place[rows]], SUPPORTED)]
    if not len(rows):
        return
    place = structure.place[rows]
    constants = {
        "element_separator": delimiters.element,
        "component_separator": delimiters.component,
        "segment_terminator": delimiters.terminator,
    }
    yield (
        "raw.x12_transactions",
        pa.record_batch(
            {
                "file_number": lineage.file_number[rows],
                "transaction_number": structure.transaction_number[place],
                "interchange_number": np.maximum(structure.interchange_number[place], 1),
                "group_number": structure.group_number[place],
                "segment_number": lineage.segment_number[rows],
                "transaction_type": segments.element_strings(segments.stretches(rows, 1)),
                **{name: pa.repeat(value.decode("latin-1"), len(rows)) for name, value in constants.items()},
            }
        ),
    )


@dataclass
class BatchFile:
    """A small file on its way in: `outcome` is its result, or the reason it was refused."""

    source: SourceFile
    outcome: LoadResult | Refusal | None = None


def read_batch(files: Sequence[BatchFile]) -> list[Rows]:
    """The rows of whole small files; fills each one's `outcome`. One that changes its delimiters is read alone."""
    rows: list[Rows] = []
    groups: dict[Delimiters, list[tuple[BatchFile, Chunk]]] = {}
    for file in files:
        try:
            with file.source.open() as stream:
                pieces = list(chunks(stream))
            if len(pieces) == 1:
                groups.setdefault(pieces[0].delimiters, []).append((file, pieces[0]))
            else:
                rows += _read_alone(file, pieces)
        except Refusal as refusal:
            file.outcome = refusal
    for delimiters, members in groups.items():
        for part in _gathered(((len(chunk.data), [(file, chunk)]) for file, chunk in members), CHUNK_BYTES):
            rows += _read_group(delimiters, part)
    return rows


def _read_alone(file: BatchFile, pieces: Sequence[Chunk]) -> list[Rows]:
    """A file of several chunks gives rows once it is known to be whole: a batch is not rolled back for one file."""
    envelope, doubts = Envelope(), Doubts()
    rows = [entry for _, rows in _read_chunks(pieces, file.source.file_number, envelope, doubts) for entry in rows]
    envelope.require_whole(file.source.size)
    file.outcome = _result(file.source.file_number, envelope, doubts)
    return rows


def _read_group(delimiters: Delimiters, members: Sequence[tuple[BatchFile, Chunk]]) -> list[Rows]:
    """Files of the same delimiters as one run of segments."""
    texts = [as_text(chunk.data, delimiters) for _, chunk in members]
    segments = split(b"".join(text for text, _ in texts), delimiters)
    limits = np.cumsum([len(text) for text, _ in texts])
    file_of_segment = np.searchsorted(limits, segments.start - FRONT, side="right")
    begins = np.searchsorted(file_of_segment, np.arange(len(members) + 1))
    structure = follow(segments, Carry(), begins[:-1])
    keep = _is_read(segments, structure)
    envelopes = list(_envelopes(segments, begins, [chunk.tail for _, chunk in members]))
    for number, ((file, _), envelope) in enumerate(zip(members, envelopes, strict=True)):
        try:
            envelope.require_whole(file.source.size)
        except Refusal as refusal:
            file.outcome = refusal
            keep[begins[number] : begins[number + 1]] = False
    file_numbers: Narrow = np.array([file.source.file_number for file, _ in members], dtype=np.int32)
    lineage = Lineage(
        file_numbers[file_of_segment],
        (np.arange(len(segments)) - begins[file_of_segment] + 1).astype(np.int32),
        keep,
    )
    doubts = Doubts(
        {file.source.file_number for (file, _), (_, is_latin1) in zip(members, texts, strict=True) if is_latin1}
    )
    rows = list(_rows(segments, structure, lineage, delimiters, doubts))
    for (file, _), envelope in zip(members, envelopes, strict=True):
        file.outcome = file.outcome or _result(file.source.file_number, envelope, doubts)
    return rows


def _envelopes(segments: Segments, begins: Ints, tails: Sequence[bytes]) -> Iterator[Envelope]:
    """Of each file, whose segments are those from `begins[n]` to `begins[n + 1]`."""
    rows = np.flatnonzero(envelope_codes(segments.code))
    marks = segments.code[rows]
    starts = rows[marks == ST]
    types = segments.short_codes(starts, 1).tolist()
    first_mark, first_start = (np.searchsorted(found, begins).tolist() for found in (rows, starts))
    last_codes = segments.code[begins[1:] - 1].tolist()
    for number, tail in enumerate(tails):
        envelope = Envelope()
        here = slice(first_mark[number], first_mark[number + 1])
        begun = types[first_start[number] : first_start[number + 1]]
        envelope.add(marks[here], last_codes[number], begun, tail)
        yield envelope
