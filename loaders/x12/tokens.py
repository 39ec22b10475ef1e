"""Bytes to segments and elements, as arrays.

A chunk of whole segments is indexed once (where the separators and terminators stand), and elements are then handed
out as Arrow string views into the same bytes: nothing is copied but strings of up to twelve bytes, which the view
format holds inline. DuckDB reads such arrays as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from loaders.x12.delimiters import WHITESPACE, Delimiters

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

PADDING = b"\0" * 16
INLINE = 12
_MASKS = np.array([0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF], dtype=np.uint32)
_IS_BLANK = np.zeros(256, dtype=bool)
_IS_BLANK[list(WHITESPACE)] = True
_UPPER = np.arange(256, dtype=np.uint8)
_UPPER[ord("a") : ord("z") + 1] -= 32


def segment_code(name: str) -> int:
    """A segment identifier of two or three characters as the integer `Segments.code` holds."""
    return int.from_bytes(name.encode("ascii").ljust(4, b"\0"), "little")


def as_text(chunk: bytes) -> tuple[bytes, bool]:
    """The chunk as UTF-8, and whether it had to be read as Latin-1 (X12 names no encoding)."""
    if chunk.isascii():
        return chunk, False
    try:
        chunk.decode("utf-8")
    except UnicodeDecodeError:
        return chunk.decode("latin-1").encode("utf-8"), True
    return chunk, False


def without_line_breaks(chunk: bytes, delimiters: Delimiters) -> bytes:
    """Line breaks that are not the terminator are layout (files are wrapped at 80 columns): drop them."""
    drop = bytes(set(b"\r\n") - set(delimiters.terminator) - set(delimiters.element))
    return chunk.translate(None, drop) if any(byte in chunk for byte in drop) else chunk


@dataclass(frozen=True)
class Segments:
    """The segments of one chunk. Arrays have one entry a segment, in order; offsets are into `buffer`."""

    buffer: bytes
    component: int
    element: int
    start: Ints
    end: Ints
    code: npt.NDArray[np.uint32]
    first_separator: Ints
    element_count: Ints
    separators: Ints
    components: Ints

    def __len__(self) -> int:
        return len(self.start)

    def element_bounds(self, rows: Ints, number: int) -> tuple[Ints, Ints]:
        """Start and end of element `number` (from 1) of the segments `rows`; an absent one has end = start."""
        count = self.element_count[rows]
        present = count >= number
        at = np.where(present, self.first_separator[rows] + number - 1, 0)
        start = self.separators[at] + 1 if len(self.separators) else np.zeros(len(rows), dtype=np.int64)
        following = np.minimum(at + 1, max(len(self.separators) - 1, 0))
        end = np.where(count > number, self.separators[following] if len(self.separators) else 0, self.end[rows])
        return np.where(present, start, 0), np.where(present, end, 0)

    def component_bounds(self, start: Ints, end: Ints, number: int) -> tuple[Ints, Ints]:
        """Start and end of component `number` (from 1) within the elements from `start` to `end`."""
        if not len(self.components):
            return (start, end) if number == 1 else (start, start)
        first = np.searchsorted(self.components, start)
        count = np.searchsorted(self.components, end) - first
        last = len(self.components) - 1
        begins = start if number == 1 else self.components[np.minimum(first + number - 2, last)] + 1
        ends = np.where(count >= number, self.components[np.minimum(first + number - 1, last)], end)
        present = count >= number - 1
        return np.where(present, begins, 0), np.where(present, ends, 0)

    def strings(self, start: Ints, end: Ints) -> pa.Array:
        """Arrow string views of the given stretches; an empty one is null."""
        length = (end - start).astype(np.int64)
        np.maximum(length, 0, out=length)
        words = np.ndarray((len(self.buffer) - 3,), dtype="<u4", buffer=self.buffer, strides=(1,))
        views = np.empty((len(start), 4), dtype=np.uint32)
        views[:, 0] = length
        for word in range(3):
            bounded = np.clip(length - 4 * word, 0, 4)
            views[:, word + 1] = words[start + 4 * word] & _MASKS[bounded]
        is_long = length > INLINE
        if is_long.any():
            views[is_long, 2] = 0
            views[is_long, 3] = start[is_long]
        is_null = length == 0
        validity = pa.py_buffer(np.packbits(~is_null, bitorder="little").tobytes()) if is_null.any() else None
        return pa.Array.from_buffers(
            pa.string_view(),
            len(start),
            [validity, pa.py_buffer(views.tobytes()), pa.py_buffer(self.buffer)],
        )

    def short_codes(self, rows: Ints, number: int) -> npt.NDArray[np.uint32]:
        """The first four bytes of element `number`, upper case, as integers: for comparing code values."""
        start, end = self.element_bounds(rows, number)
        return _codes(self.buffer, start, np.minimum(end - start, 4))

    def text(self, row: int) -> str:
        return self.buffer[self.start[row] : self.end[row]].decode("utf-8")


def _codes(buffer: bytes, start: Ints, length: Ints) -> npt.NDArray[np.uint32]:
    words = np.ndarray((len(buffer) - 3,), dtype="<u4", buffer=buffer, strides=(1,))
    raw = (words[start] & _MASKS[np.clip(length, 0, 4)]).astype("<u4")
    return _UPPER[raw.view(np.uint8)].view("<u4")


def split(chunk: bytes, delimiters: Delimiters) -> Segments:
    """Index a chunk of whole segments (UTF-8, line breaks already dropped).

    Blank segments (a terminator followed by nothing but white space) are no segments and are left out.
    """
    buffer = chunk + PADDING
    data = np.frombuffer(chunk, dtype=np.uint8)
    end = np.flatnonzero(data == delimiters.terminator[0])
    start = np.empty_like(end)
    if len(end):
        start[0] = 0
        start[1:] = end[:-1] + 1
    pending = np.flatnonzero((start < end) & _IS_BLANK[data[np.minimum(start, max(len(data) - 1, 0))]])
    while len(pending):
        start[pending] += 1
        still = (start[pending] < end[pending]) & _IS_BLANK[data[start[pending]]]
        pending = pending[still]
    has_content = start < end
    start, end = start[has_content], end[has_content]
    separators = np.flatnonzero(data == delimiters.element[0])
    first = np.searchsorted(separators, start)
    count = np.searchsorted(separators, end) - first
    id_end = end.copy()
    has_elements = count > 0
    id_end[has_elements] = separators[first[has_elements]]
    length = id_end - start
    # Trailing blanks of an identifier ("IEA *1") are tolerated; an identifier of another length has no table.
    code = _codes(buffer, start, np.where((length >= 2) & (length <= 3), length, 0))
    return Segments(
        buffer=buffer,
        component=delimiters.component[0],
        element=delimiters.element[0],
        start=start,
        end=end,
        code=code,
        first_separator=first,
        element_count=count,
        separators=separators,
        components=np.flatnonzero(data == delimiters.component[0]),
    )
