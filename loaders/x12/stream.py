"""A file's bytes as chunks of whole segments, each with the delimiters that hold there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from loaders.source import Refusal
from loaders.x12.delimiters import (
    BOM,
    ENVELOPE_LESS,
    ISA_ELEMENTS,
    ISA_LIMIT,
    LINE_BREAKS,
    WHITESPACE,
    Delimiters,
    find_start,
    read_isa,
)

CHUNK_BYTES = 2 << 20
# A segment longer than this is no segment: the terminator was lost, or the file is not what it says.
LONGEST_SEGMENT = 32 << 20
HEAD_BYTES = 64 << 10


@dataclass(frozen=True)
class Chunk:
    """Whole segments. `offset` is the position of the first byte in the file; `tail` the last segment if its terminator
    was not there (in `data` it is)."""

    data: bytes
    delimiters: Delimiters
    offset: int
    tail: bytes = b""


def chunks(stream: BinaryIO, size: int = CHUNK_BYTES) -> Iterator[Chunk]:
    """Read a file in bounded chunks, beginning a new one where an ISA changes the delimiters.

    Raises `Refusal`: `not_x12`, `isa_malformed`, `segment_too_long`.
    """
    size = max(size, ISA_LIMIT)
    buffer = stream.read(max(size, HEAD_BYTES))
    found = find_start(buffer[:HEAD_BYTES])
    if found is None:
        raise Refusal("not_x12", "no ISA or ST segment at the beginning of the file", position=0)
    kind, offset = found
    buffer = buffer[offset:]
    delimiters = read_isa(buffer, 0, offset) if kind == "ISA" else ENVELOPE_LESS
    at_end = False
    while True:
        wanted = size
        stop = 0
        while not stop:
            while not at_end and len(buffer) < wanted:
                more = stream.read(size)
                at_end = not more
                buffer += more
            if _is_isa(buffer, 0, delimiters, at_end):
                delimiters = read_isa(buffer, 0, offset)
            stop = len(buffer) if at_end else buffer.rfind(delimiters.terminator) + 1
            stop = _next_delimiters(buffer, stop, delimiters, at_end)
            if not stop:
                if at_end:
                    return
                if len(buffer) > LONGEST_SEGMENT:
                    raise Refusal("segment_too_long", "no segment terminator found", position=offset)
                wanted = len(buffer) + size
        piece, buffer = buffer[:stop], buffer[stop:]
        content = _without_blanks(piece, delimiters)
        tail = content[content.rfind(delimiters.terminator) + 1 :]
        yield Chunk(content + delimiters.terminator if tail else content, delimiters, offset, tail)
        offset += stop


def _without_blanks(piece: bytes, delimiters: Delimiters) -> bytes:
    """Without blanks at the end, and without the byte order mark of a file that was appended."""
    blanks = bytes(set(WHITESPACE) - set(delimiters.element + delimiters.component + delimiters.terminator))
    content = piece.rstrip(blanks)
    return content[: -len(BOM)].rstrip(blanks) if content.endswith(BOM) else content


def _next_delimiters(buffer: bytes, stop: int, current: Delimiters, at_end: bool) -> int:
    """Where to cut before `stop`: at an interchange that has other delimiters or is not wholly read yet."""
    letters = np.frombuffer(buffer, dtype=np.uint8, count=stop) | 0x20
    is_header = (letters[1:-2] == ord("i")) & (letters[2:-1] == ord("s")) & (letters[3:] == ord("a"))
    for at in (np.flatnonzero(is_header) + 1).tolist():
        if _is_isa(buffer, at, current, at_end) and not _continues(buffer, at, current, at_end):
            return int(at)
    return stop


def _continues(buffer: bytes, at: int, current: Delimiters, at_end: bool) -> bool:
    if at + ISA_LIMIT > len(buffer) and not at_end:
        return False
    try:
        return read_isa(buffer, at) == current
    except Refusal:
        # A broken header where the delimiters still hold is read with them; the envelope checks report it.
        return buffer[at + 3 : at + 4] == current.element


def _is_isa(buffer: bytes, at: int, current: Delimiters, at_end: bool) -> bool:
    """Whether an interchange header begins at `at`, and not data that has these letters in it."""
    window = buffer[at : at + ISA_LIMIT]
    separator = window[3:4]
    # A blank cannot separate, since an ISA is padded with blanks.
    if window[:3].upper() != b"ISA" or not separator or separator in b" " + LINE_BREAKS:
        return False
    is_cut = len(window) < ISA_LIMIT and not at_end
    if separator in WHITESPACE and not is_cut and window.count(separator) < ISA_ELEMENTS:
        return False
    before = at - len(BOM) if buffer[max(at - len(BOM), 0) : at] == BOM else at
    while before > 0 and buffer[before - 1] in WHITESPACE and buffer[before - 1 : before] != current.terminator:
        before -= 1
    if before == 0 or buffer[before - 1 : before] == current.terminator:
        return True
    # The terminator before the header was lost: a line break must stand there, and the delimiters still hold.
    has_break = any(byte in b"\r\n" for byte in buffer[before:at])
    return has_break and buffer[at + 3 : at + 4] == current.element
