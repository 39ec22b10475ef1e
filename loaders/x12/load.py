"""One X12 file, or many small ones at once, into the `raw` tables.

`load` streams a file of any size in bounded memory; `load_batch` takes whole small files that share their delimiters
and indexes them as one chunk, since the cost of a table insert is by call. Both are run inside the transaction that
the landing has opened. What is wrong with a file as a whole (it ends early, it holds nothing we read) refuses it; what
is wrong within it is a finding (`loaders.quality`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from loaders.source import Finding, LoadResult, Refusal, SourceFile
from loaders.x12 import tables
from loaders.x12.delimiters import Delimiters, find_start
from loaders.x12.loops import MAPS, Carry, Structure, follow
from loaders.x12.stream import Chunk, chunks
from loaders.x12.tokens import Bools, Ints, Segments, as_text, segment_code, split, without_line_breaks

SUPPORTED = tuple(segment_code(name) for name in MAPS)
ST, SE, GS, GE, ISA, IEA = (segment_code(name) for name in ("ST", "SE", "GS", "GE", "ISA", "IEA"))


def recognise(head: bytes) -> str | None:
    """`x12` if the content begins as X12 does; the landing asks for the kind after loading."""
    return "x12" if find_start(head) is not None else None


@dataclass
class _Envelope:
    """Counts that tell whether a file is whole."""

    st: int = 0
    se: int = 0
    gs: int = 0
    ge: int = 0
    isa: int = 0
    iea: int = 0
    supported: int = 0

    def add(self, segments: Segments, structure: Structure, rows: Ints | slice) -> None:
        code = segments.code[rows]
        self.st += int((code == ST).sum())
        self.se += int((code == SE).sum())
        self.gs += int((code == GS).sum())
        self.ge += int((code == GE).sum())
        self.isa += int((code == ISA).sum())
        self.iea += int((code == IEA).sum())
        self.supported += int(((code == ST) & np.isin(structure.transaction_type[rows], SUPPORTED)).sum())

    def refusal(self, last_code: int, is_closed: bool) -> Refusal | None:
        """Why the file cannot be taken: it ends early, or holds no transaction that is read here."""
        if not self.st:
            return Refusal("no_transaction", "the interchange holds no transaction set (no ST segment)")
        if self.se < self.st:
            return Refusal("truncated", "a transaction set has no SE: the file ends early; ask for it again")
        if self.ge < self.gs:
            return Refusal("truncated", "a functional group has no GE: the file ends early; ask for it again")
        if not is_closed and last_code not in (IEA, GE, SE):
            return Refusal("truncated", "the last segment is cut off: the file ends early; ask for it again")
        if not self.supported:
            return Refusal("unsupported_transaction", "no 835 or 837 transaction set; nothing else is read")
        return None


def _keep(segments: Segments, structure: Structure) -> Bools:
    """Segments of the envelope and of transactions that are read here."""
    is_ours = np.isin(structure.transaction_type, SUPPORTED)
    return is_ours | (structure.transaction == 0)


def _insert_transactions(
    con: duckdb.DuckDBPyConnection,
    segments: Segments,
    structure: Structure,
    delimiters: Delimiters,
    file_number: Ints,
    segment_number: Ints,
    numbers: dict[str, Ints],
    keep: Bools,
) -> None:
    rows = np.flatnonzero((segments.code == ST) & keep & (structure.transaction > 0))
    start, end = segments.element_bounds(rows, 1)
    size = len(rows)
    chunk = pa.table(
        {
            "file_number": file_number[rows],
            "transaction_number": numbers["transaction"][rows],
            "interchange_number": numbers["interchange"][rows],
            "group_number": numbers["group"][rows],
            "segment_number": segment_number[rows],
            "transaction_type": segments.strings(start, end),
            "element_separator": pa.array([delimiters.element.decode("latin-1")] * size, type=pa.string()),
            "component_separator": pa.array([delimiters.component.decode("latin-1")] * size, type=pa.string()),
            "segment_terminator": pa.array([delimiters.terminator.decode("latin-1")] * size, type=pa.string()),
        }
    )
    con.register("chunk", chunk)
    con.execute("INSERT INTO raw.x12_transactions SELECT * FROM chunk")
    con.unregister("chunk")


def load(con: duckdb.DuckDBPyConnection, source: SourceFile) -> LoadResult:
    """Stream one file in. Raises `Refusal`; the caller rolls back. Memory is bounded by the chunk."""
    carry, envelope, result = Carry(), _Envelope(), LoadResult(kind="unknown")
    is_closed, last_code, has_latin1 = True, 0, False
    with source.open() as stream:
        for chunk in chunks(stream):
            segments, structure, is_latin1 = _read(chunk, carry)
            has_latin1 |= is_latin1
            size = len(segments)
            if not size:
                continue
            envelope.add(segments, structure, slice(None))
            is_closed, last_code = chunk.is_closed, int(segments.code[-1])
            number = np.full(size, source.file_number, dtype=np.int64)
            segment_number = structure.base + 1 + np.arange(size, dtype=np.int64)
            keep = _keep(segments, structure)
            numbers = {
                "transaction": structure.transaction,
                "interchange": np.maximum(structure.interchange, 1),
                "group": structure.group,
            }
            _insert_transactions(con, segments, structure, chunk.delimiters, number, segment_number, numbers, keep)
            tables.insert(
                con,
                segments,
                structure,
                file_number=number,
                segment_number=segment_number,
                transaction_number=structure.transaction,
                keep=keep,
            )
    refusal = envelope.refusal(last_code, is_closed)
    if refusal is not None:
        refusal.position = source.size
        raise refusal
    result.findings = _encoding_finding(has_latin1) + _unsupported_findings(envelope)
    return result


def _read(chunk: Chunk, carry: Carry, file_start: Ints | None = None) -> tuple[Segments, Structure, bool]:
    data, is_latin1 = as_text(without_line_breaks(chunk.data, chunk.delimiters))
    segments = split(data, chunk.delimiters)
    return segments, follow(segments, carry, file_start), is_latin1


def _encoding_finding(has_latin1: bool) -> list[Finding]:
    if not has_latin1:
        return []
    return [Finding("encoding", "info", "not UTF-8: read as Latin-1")]


def _unsupported_findings(envelope: _Envelope) -> list[Finding]:
    other = envelope.st - envelope.supported
    if not other:
        return []
    return [
        Finding("unsupported_transaction", "warn", f"{other} transaction sets are neither 835 nor 837 and were left out")
    ]


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
        except Refusal as refusal:
            file.outcome = refusal
            continue
        if len(pieces) == 1:
            groups.setdefault(pieces[0].delimiters, []).append((file, pieces[0]))
        else:
            _load_alone(con, file, pieces)
    for members in groups.values():
        _load_group(con, members)


def _load_alone(con: duckdb.DuckDBPyConnection, file: BatchFile, pieces: Sequence[Chunk]) -> None:
    """Check a file of several chunks before any of it is inserted: a batch cannot be rolled back for one file."""
    carry, envelope = Carry(), _Envelope()
    is_closed, last_code = True, 0
    for piece in pieces:
        segments, structure, _ = _read(piece, carry)
        if len(segments):
            envelope.add(segments, structure, slice(None))
            is_closed, last_code = piece.is_closed, int(segments.code[-1])
    refusal = envelope.refusal(last_code, is_closed)
    if refusal is not None:
        refusal.position = file.source.size
        file.outcome = refusal
    else:
        file.outcome = load(con, file.source)


def _load_group(con: duckdb.DuckDBPyConnection, members: Sequence[tuple[BatchFile, Chunk]]) -> None:
    """Files of the same delimiters as one run of segments."""
    delimiters = members[0][1].delimiters
    data, sizes = [], []
    for _, chunk in members:
        text, is_latin1 = as_text(without_line_breaks(chunk.data, delimiters))
        data.append(text)
        sizes.append((len(text), is_latin1))
    segments = split(b"".join(data), delimiters)
    limits = np.cumsum([length for length, _ in sizes])
    index = np.searchsorted(limits, segments.start, side="right")
    counts = np.bincount(index, minlength=len(members))
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    file_start = begins[index]
    structure = follow(segments, Carry(), file_start)
    numbers = {}
    for name, code, running in (
        ("transaction", ST, structure.transaction),
        ("interchange", ISA, structure.interchange),
        ("group", GS, structure.group),
    ):
        total = np.concatenate([[0], np.cumsum(segments.code == code)])
        numbers[name] = np.where(running > 0, running - total[file_start], 0)
    numbers["interchange"] = np.maximum(numbers["interchange"], 1)
    keep = _keep(segments, structure)
    for number, (file, chunk) in enumerate(members):
        rows = slice(int(begins[number]), int(begins[number] + counts[number]))
        envelope = _Envelope()
        envelope.add(segments, structure, rows)
        last_code = int(segments.code[rows][-1]) if counts[number] else 0
        refusal = envelope.refusal(last_code, chunk.is_closed)
        if refusal is not None:
            refusal.position = file.source.size
            file.outcome = refusal
            keep[rows] = False
        else:
            file.outcome = LoadResult(
                kind="unknown", findings=_encoding_finding(sizes[number][1]) + _unsupported_findings(envelope)
            )
    file_numbers = np.array([file.source.file_number for file, _ in members], dtype=np.int64)[index]
    segment_number = np.arange(len(segments), dtype=np.int64) - file_start + 1
    _insert_transactions(con, segments, structure, delimiters, file_numbers, segment_number, numbers, keep)
    tables.insert(
        con,
        segments,
        structure,
        file_number=file_numbers,
        segment_number=segment_number,
        transaction_number=numbers["transaction"],
        keep=keep,
    )
