"""Bytes to segments and elements, as arrays.

A chunk of whole segments is indexed once: where its separators and terminators stand. Elements are then handed out as
Arrow string views, sixteen bytes each, which hold strings of up to twelve bytes and point into the chunk for longer
ones; DuckDB reads such arrays as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from loaders.x12.delimiters import BOM, WHITESPACE, Delimiters

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint32]
Blocks = npt.NDArray[np.void]

# Bytes before and after a chunk, so that sixteen can be read around any position in it.
FRONT = 16
BACK = 16
INLINE = 12
_UPPER = np.arange(256, dtype=np.uint8)
_UPPER[ord("a") : ord("z") + 1] -= 32
_CODE_MASKS = np.array([0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF], dtype=np.uint32)


def _view_mask(first: int) -> npt.NDArray[np.uint64]:
    """By length, which of the eight bytes from position `first` of a string belong to it."""
    widths = [min(max(length - first, 0), 8) for length in range(INLINE + 1)]
    return np.array([(1 << 8 * width) - 1 for width in widths], dtype=np.uint64)


# A view is the length in four bytes, then twelve of text; as two integers of eight bytes.
_FIRST_HALF = (_view_mask(0) << np.uint64(32)) | np.uint64(0xFFFFFFFF)
_SECOND_HALF = _view_mask(4)


def segment_code(name: str) -> int:
    """A segment identifier of two or three characters as the integer `Segments.code` holds."""
    return int.from_bytes(name.encode("ascii").ljust(4, b"\0"), "little")


def as_text(chunk: bytes, delimiters: Delimiters) -> tuple[bytes, bool]:
    """The chunk as UTF-8 without its layout, and whether segments had to be read as Latin-1 (X12 names no encoding).

    Layout are line breaks that are not the terminator (files are wrapped at 80 columns), and byte order marks before
    a segment (files are appended to each other).
    """
    drop = bytes(set(b"\r\n") - set(delimiters.element + delimiters.component + delimiters.terminator))
    if any(byte in chunk for byte in drop):
        chunk = chunk.translate(None, drop)
    if chunk.isascii():
        return chunk, False
    chunk = chunk.replace(delimiters.terminator + BOM, delimiters.terminator)
    if _is_utf8(chunk):
        return chunk, False
    # Segment by segment, so that it does not matter how the file is cut into chunks.
    segments = chunk.split(delimiters.terminator)
    return delimiters.terminator.join(
        segment if _is_utf8(segment) else segment.decode("latin-1").encode("utf-8") for segment in segments
    ), True


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True)
class Segments:
    """The segments of one chunk. Arrays have one entry a segment, in order; positions are into `buffer`.

    Text lies in stretches between separators and terminators: stretch `k` begins at `stretch_start[k]` and is
    `stretch_length[k]` bytes long. A segment's identifier is the stretch `first`, its element `n` the stretch
    `first + n`; the last stretch of all is empty. `is_irregular` marks segments whose identifier is not in capitals or
    has blanks after it, and those that end in a separator.
    """

    buffer: bytes
    data: npt.NDArray[np.uint8]
    component: int
    start: Ints
    end: Ints
    code: Codes
    is_irregular: Bools
    first: Ints
    element_count: Ints
    stretch_start: Ints
    stretch_length: Ints
    components: Ints

    def __len__(self) -> int:
        return len(self.start)

    def stretches(self, rows: Ints, number: int) -> Ints:
        """The stretches that are element `number` (from 1) of the segments `rows`: the empty one where absent."""
        found = self.first[rows] + number
        found[self.element_count[rows] < number] = len(self.stretch_start) - 1
        return found

    def identifier_length(self, rows: Ints) -> Ints:
        """Length of the segment identifiers, blanks after them included."""
        first = self.first[rows]
        return self.stretch_start[first] + self.stretch_length[first] - self.start[rows]

    def separators_within(self, start: Ints, length: Ints) -> tuple[Ints, Ints]:
        """Index of the first component separator at or after `start`, and how many are among the `length` bytes."""
        if not len(self.components):
            return np.zeros_like(start), np.zeros_like(start)
        first = np.searchsorted(self.components, start)
        return first, np.searchsorted(self.components, start + length) - first

    def component_at(self, start: Ints, length: Ints, first: Ints, count: Ints, number: int) -> tuple[Ints, Ints]:
        """Start and length of component `number` (from 1) of elements whose separators are known."""
        if not len(self.components):
            return (start, length) if number == 1 else (start, np.zeros_like(length))
        last = len(self.components) - 1
        begins = start if number == 1 else self.components[np.minimum(first + number - 2, last)] + 1
        ends = np.where(count >= number, self.components[np.minimum(first + number - 1, last)], start + length)
        return begins, np.where(count >= number - 1, ends - begins, 0)

    def strings(self, start: Ints, length: Ints) -> pa.Array:
        """Arrow string views of `length` bytes each from `start` on; an empty one is null."""
        views = blocks(self.buffer, 16)[start - 4]
        halves = views.view("<u8").reshape(-1, 2)
        quarters = views.view("<u4").reshape(-1, 4)
        inline = np.minimum(length, INLINE)
        halves[:, 0] &= _FIRST_HALF[inline]
        halves[:, 1] &= _SECOND_HALF[inline]
        quarters[:, 0] = length
        long = np.flatnonzero(length > INLINE)
        quarters[long, 2] = 0
        quarters[long, 3] = start[long]
        return pa.Array.from_buffers(
            pa.string_view(), len(views), [validity(length > 0), pa.py_buffer(views), pa.py_buffer(self.buffer)]
        )

    def element_strings(self, stretches: Ints) -> pa.Array:
        """Arrow string views of the stretches; an empty one is null."""
        return self.strings(self.stretch_start[stretches], self.stretch_length[stretches])

    def whole(self, rows: Ints) -> pa.Array:
        """The segments `rows` as they stand."""
        return self.strings(self.start[rows], self.end[rows] - self.start[rows])

    def short_codes(self, rows: Ints, number: int) -> Codes:
        """The first four bytes of element `number`, upper case, as integers: for comparing code values."""
        stretches = self.stretches(rows, number)
        return _codes(self.buffer, self.stretch_start[stretches], self.stretch_length[stretches])


def validity(is_valid: Bools) -> pa.Buffer | None:
    """Arrow's bitmap, or None where nothing is null."""
    return None if is_valid.all() else pa.py_buffer(np.packbits(is_valid, bitorder="little"))


def blocks(buffer: bytes, size: int) -> Blocks:
    """The `size` bytes from each position of the buffer on; numpy copies such blocks fastest as opaque ones."""
    return np.ndarray((len(buffer) - size + 1,), dtype=f"V{size}", buffer=buffer, strides=(1,))


def _codes(buffer: bytes, start: Ints, length: Ints) -> Codes:
    return _upper(_as_written(buffer, start, length))


def _as_written(buffer: bytes, start: Ints, length: Ints) -> Codes:
    raw: Codes = blocks(buffer, 4)[start].view("<u4") & _CODE_MASKS[np.clip(length, 0, 4)]
    return raw


def _upper(codes: Codes) -> Codes:
    return _UPPER[codes.view(np.uint8)].view("<u4")


def split(chunk: bytes, delimiters: Delimiters) -> Segments:
    """Index a chunk of whole segments (UTF-8, line breaks already dropped).

    Blank segments (a terminator followed by nothing but white space) are no segments and are left out; so are blanks
    around a segment identifier.
    """
    terminator = delimiters.terminator
    is_blank = np.zeros(256, dtype=bool)
    is_blank[list(set(WHITESPACE) - set(delimiters.element + delimiters.component + terminator))] = True
    # Terminators around the chunk: the mark before the first segment, and at the end an empty stretch.
    buffer = b"".join((terminator * FRONT, chunk, terminator * BACK))
    data = np.frombuffer(buffer, dtype=np.uint8)
    marks = np.flatnonzero((data == terminator[0]) | (data == delimiters.element[0]))[FRONT - 1 : 1 - BACK]
    ends = np.flatnonzero(data[marks] == terminator[0])[:-1]
    stretch_start = marks[:-1] + 1
    stretch_length = marks[1:] - stretch_start
    first, last = ends[:-1], ends[1:]
    start, end = marks[first] + 1, marks[last]
    pending = np.flatnonzero((start < end) & is_blank[data[start]])
    while len(pending):
        start[pending] += 1
        pending = pending[(start[pending] < end[pending]) & is_blank[data[start[pending]]]]
    has_content = start < end
    if not has_content.all():
        first, last, start, end = first[has_content], last[has_content], start[has_content], end[has_content]
    id_end = marks[first + 1]
    is_irregular: Bools = (data[end - 1] == delimiters.element[0]) | is_blank[data[id_end - 1]]
    pending = np.flatnonzero((start < id_end) & is_blank[data[id_end - 1]])
    while len(pending):
        id_end[pending] -= 1
        pending = pending[is_blank[data[id_end[pending] - 1]]]
    length = id_end - start
    # An identifier of another length has no table.
    written = _as_written(buffer, start, np.where((length >= 2) & (length <= 3), length, 0))
    code = _upper(written)
    is_irregular |= written != code
    return Segments(
        buffer=buffer,
        data=data,
        component=delimiters.component[0],
        start=start,
        end=end,
        code=code,
        is_irregular=is_irregular,
        first=first,
        element_count=last - first - 1,
        stretch_start=stretch_start,
        stretch_length=stretch_length,
        components=np.flatnonzero(data == delimiters.component[0]),
    )
