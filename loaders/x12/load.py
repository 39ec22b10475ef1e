"""One X12 file, or many small ones at once, into the `raw` tables.

`load` streams a file of any size in bounded memory; `load_batch` takes whole small files that share their delimiters
and indexes them as one chunk, since the cost of a table insert is by call. Both are run inside the transaction that
the landing has opened. What is wrong with a file as a whole (it ends early, it holds nothing we read) refuses it; what
is wrong within it is a finding (`loaders.quality`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

import duckdb
import numpy as np
import pyarrow as pa

from loaders.source import Finding, LoadResult, Refusal, SourceFile
from loaders.x12 import tables
from loaders.x12.delimiters import Delimiters, find_start
from loaders.x12.loops import MAPS, Carry, Narrow, Structure, follow
from loaders.x12.stream import Chunk, chunks
from loaders.x12.tables import Lineage, Rows
from loaders.x12.tokens import FRONT, Bools, Codes, Segments, as_text, segment_code, split, without_line_breaks

SUPPORTED = tuple(segment_code(name) for name in MAPS)
# Arrays are made chunk by chunk, small enough for the processor's cache; an insert costs by the call.
CHUNKS_AN_INSERT = 8
ST, SE, GS, GE, IEA = (segment_code(name) for name in ("ST", "SE", "GS", "GE", "IEA"))


def recognise(head: bytes) -> str | None:
    """`x12` if the content begins as X12 does; the landing asks for the kind after loading."""
    return "x12" if find_start(head) is not None else None


@dataclass
class Envelope:
    """What tells whether a file is whole: counts of its envelope segments, and how it ends."""

    counts: dict[int, int] = field(default_factory=lambda: dict.fromkeys((ST, SE, GS, GE), 0))
    supported: int = 0
    last_code: int = 0
    is_closed: bool = True
    is_latin1: bool = False

    def add(self, code: Codes, transaction_types: Sequence[int], is_closed: bool, is_latin1: bool) -> None:
        """Take up the codes of a chunk's segments and the types of the transactions that begin in it."""
        for envelope in self.counts:
            self.counts[envelope] += int(np.count_nonzero(code == envelope))
        self.supported += sum(transaction_type in SUPPORTED for transaction_type in transaction_types)
        self.last_code, self.is_closed = int(code[-1]) if len(code) else 0, is_closed
        self.is_latin1 |= is_latin1

    def require_whole(self, position: int) -> None:
        """Raises `Refusal` where the file ends early, or holds no transaction that is read here."""

        def refuse(rule: str, reason: str) -> None:
            raise Refusal(rule, reason, position=position)

        if not self.counts[ST]:
            refuse("no_transaction", "the interchange holds no transaction set (no ST segment)")
        if self.counts[SE] < self.counts[ST]:
            refuse("truncated", "a transaction set has no SE: the file ends early; ask for it again")
        if self.counts[GE] < self.counts[GS]:
            refuse("truncated", "a functional group has no GE: the file ends early; ask for it again")
        if not self.is_closed and self.last_code not in (IEA, GE, SE):
            refuse("truncated", "the last segment is cut off: the file ends early; ask for it again")
        if not self.supported:
            refuse("unsupported_transaction", "no 835 or 837 transaction set; nothing else is read")

    def result(self) -> LoadResult:
        findings = []
        if self.is_latin1:
            findings.append(Finding("encoding", "info", "not UTF-8: read as Latin-1"))
        if other := self.counts[ST] - self.supported:
            reason = f"{other} transaction sets are neither 835 nor 837 and were left out"
            findings.append(Finding("unsupported_transaction", "warn", reason))
        return LoadResult(kind="unknown", findings=findings)


def load(con: duckdb.DuckDBPyConnection, source: SourceFile) -> LoadResult:
    """Stream one file in. Raises `Refusal`; the caller rolls back. Memory is bounded by the chunk."""
    envelope = Envelope()
    with source.open() as stream:
        for rows in _ahead(_gathered(_read_chunks(chunks(stream), source.file_number, envelope))):
            _insert(con, rows)
    envelope.require_whole(source.size)
    return envelope.result()


def _gathered(items: Iterable[list[Rows]], count: int = CHUNKS_AN_INSERT) -> Iterator[list[Rows]]:
    """The rows of `count` chunks at once."""
    iterator = iter(items)
    while taken := list(islice(iterator, count)):
        yield [entry for item in taken for entry in item]


def _ahead(items: Iterator[list[Rows]]) -> Iterator[list[Rows]]:
    """The items, the next one being made in a thread while this one is used: the database lets Python run."""
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(next, items, None)
        while (item := following.result()) is not None:
            following = pool.submit(next, items, None)
            yield item


def _insert(con: duckdb.DuckDBPyConnection, rows: Iterable[Rows]) -> None:
    """One statement a table and set of columns, since each costs a millisecond."""
    batches: dict[tuple[str, ...], list[pa.RecordBatch]] = {}
    for table, batch in rows:
        batches.setdefault((table, *batch.schema.names), []).append(batch)
    for (table, *_), parts in batches.items():
        tables.insert(con, table, parts)


def _read_chunks(pieces: Iterable[Chunk], file_number: int, envelope: Envelope) -> Iterator[list[Rows]]:
    """The rows of each chunk, by table; `envelope` is brought up to date."""
    carry = Carry()
    for chunk in pieces:
        data, is_latin1 = as_text(without_line_breaks(chunk.data, chunk.delimiters))
        segments = split(data, chunk.delimiters)
        if not len(segments):
            continue
        structure = follow(segments, carry)
        starts = np.flatnonzero(segments.code == ST)
        envelope.add(segments.code, segments.short_codes(starts, 1).tolist(), chunk.is_closed, is_latin1)
        lineage = Lineage(
            np.full(len(segments), file_number, dtype=np.int32),
            np.arange(structure.base + 1, structure.base + 1 + len(segments), dtype=np.int32),
            _is_read(structure),
        )
        yield list(_rows(segments, structure, lineage, chunk.delimiters))


def _is_read(structure: Structure) -> Bools:
    """Segments of the envelope and of transactions that are read here."""
    is_read: Bools = np.isin(structure.transaction_type, SUPPORTED) | (structure.transaction_number == 0)
    return is_read[structure.place]


def _rows(segments: Segments, structure: Structure, lineage: Lineage, delimiters: Delimiters) -> Iterator[Rows]:
    yield from tables.arranged(segments, structure, lineage)
    rows = np.flatnonzero((segments.code == ST) & lineage.keep)
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


def load_batch(con: duckdb.DuckDBPyConnection, files: Sequence[BatchFile]) -> None:
    """Load whole small files, filling each one's `outcome`. A file that changes its delimiters is streamed alone."""
    groups: dict[Delimiters, list[tuple[BatchFile, Chunk]]] = {}
    for file in files:
        try:
            with file.source.open() as stream:
                pieces = list(chunks(stream))
            if len(pieces) == 1:
                groups.setdefault(pieces[0].delimiters, []).append((file, pieces[0]))
            else:
                _load_alone(con, file, pieces)
        except Refusal as refusal:
            file.outcome = refusal
    for delimiters, members in groups.items():
        _load_group(con, delimiters, members)


def _load_alone(con: duckdb.DuckDBPyConnection, file: BatchFile, pieces: Sequence[Chunk]) -> None:
    """A file of several chunks is inserted once it is known to be whole: a batch is not rolled back for one file."""
    envelope = Envelope()
    rows = list(_gathered(_read_chunks(pieces, file.source.file_number, envelope), len(pieces)))
    envelope.require_whole(file.source.size)
    for entries in rows:
        _insert(con, entries)
    file.outcome = envelope.result()


def _load_group(
    con: duckdb.DuckDBPyConnection, delimiters: Delimiters, members: Sequence[tuple[BatchFile, Chunk]]
) -> None:
    """Files of the same delimiters as one run of segments."""
    texts = [as_text(without_line_breaks(chunk.data, delimiters)) for _, chunk in members]
    segments = split(b"".join(text for text, _ in texts), delimiters)
    limits = np.cumsum([len(text) for text, _ in texts])
    file_of_segment = np.searchsorted(limits, segments.start - FRONT, side="right")
    counts = np.bincount(file_of_segment, minlength=len(members))
    begins = np.cumsum(counts) - counts
    structure = follow(segments, Carry(), begins)
    keep = _is_read(structure)
    starts = np.flatnonzero(segments.code == ST)
    types = segments.short_codes(starts, 1)
    first_start = np.searchsorted(starts, np.append(begins, len(segments)))
    for number, (file, chunk) in enumerate(members):
        rows = slice(int(begins[number]), int(begins[number] + counts[number]))
        envelope = Envelope()
        file_types = types[first_start[number] : first_start[number + 1]].tolist()
        envelope.add(segments.code[rows], file_types, chunk.is_closed, texts[number][1])
        try:
            envelope.require_whole(file.source.size)
            file.outcome = envelope.result()
        except Refusal as refusal:
            file.outcome = refusal
            keep[rows] = False
    file_numbers: Narrow = np.array([file.source.file_number for file, _ in members], dtype=np.int32)
    lineage = Lineage(
        file_numbers[file_of_segment],
        (np.arange(len(segments)) - begins[file_of_segment] + 1).astype(np.int32),
        keep,
    )
    _insert(con, _rows(segments, structure, lineage, delimiters))
