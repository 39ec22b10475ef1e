"""Bytes to text, lines and records, a block at a time: these files reach many gigabytes and are seldom clean."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from loaders.source import Refusal

KIND = "price_transparency"
BLOCK_BYTES = 1 << 20
LONGEST_LINE = 16 << 20
# A quoted field may hold line breaks; one that is still open after this many lines was never meant to be.
LONGEST_FIELD_LINES = 50
_FALLBACK = "owed-cp1252"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """What is no UTF-8 is read in the code page spreadsheets write, byte by byte: one file may hold both."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(_FALLBACK, _as_cp1252)


@dataclass(frozen=True)
class Record:
    """A record and its first line, from 1. `cells` is None where a quotation mark is opened and never closed."""

    line_number: int
    cells: list[str] | None


def encoding_of(head: bytes) -> str:
    """UTF-16 by its mark, or without one by the zero byte of its first character; else UTF-8, marked or not."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head[:2]:
        return "utf-16-be" if head.startswith(b"\0") else "utf-16-le"
    return "utf-8-sig"


def text_blocks(stream: BinaryIO) -> Iterator[str]:
    """Decoded text. What is not UTF-8 in an UTF-8 file is taken as Windows-1252."""
    block = stream.read(max(BLOCK_BYTES, 2))
    encoding = encoding_of(block)
    decoder = codecs.getincrementaldecoder(encoding)(errors=_FALLBACK if encoding == "utf-8-sig" else "replace")
    while block:
        yield decoder.decode(block).replace("\0", "")
        block = stream.read(BLOCK_BYTES)
    yield decoder.decode(b"", final=True)


def text_lines(blocks: Iterator[str]) -> Iterator[str]:
    """Physical lines, whatever ends them."""
    rest = ""
    for block in blocks:
        text = rest + block
        # A line feed may follow in the next block.
        held = "\r" if text.endswith("\r") else ""
        parts = text[: len(text) - len(held)].replace("\r\n", "\n").replace("\r", "\n").split("\n")
        rest = parts.pop() + held
        yield from parts
        if len(rest) > LONGEST_LINE:
            raise Refusal(
                "mrf_endless_line", f"A line has more than {LONGEST_LINE:,} characters: this is no CSV file.", kind=KIND
            )
    if rest:
        yield rest.removesuffix("\r")


class RecordReader:
    """Records of CSV lines. `width`, once known, is how many cells a record of several lines must have."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._returned: deque[str] = deque()
        self._line_number = 0
        self.width: int | None = None

    def __iter__(self) -> Iterator[Record]:
        while (line := self._next()) is not None:
            number = self._line_number
            if '"' not in line:
                yield Record(number, line.split(","))
            else:
                yield Record(number, _cells(line) or self._spanning(line))

    def _next(self) -> str | None:
        line = self._returned.popleft() if self._returned else next(self._lines, None)
        self._line_number += line is not None
        return line

    def _spanning(self, first: str) -> list[str] | None:
        """The record that goes on over the next lines; None, with those lines given back, if it never closes.

        It must fit the header exactly: otherwise a stray mark would swallow the rows up to the next one.
        """
        taken: list[str] = []
        text = first
        while len(taken) < LONGEST_FIELD_LINES and (line := self._next()) is not None:
            taken.append(line)
            text += "\n" + line
            cells = _cells(text) if '"' in line else None
            if cells is not None:
                if self.width is None or (len(cells) >= self.width and not any(map(str.strip, cells[self.width :]))):
                    return cells
                break
        self._line_number -= len(taken)
        self._returned.extendleft(reversed(taken))
        return None


def _cells(text: str) -> list[str] | None:
    """Cells of one record, or None if a quotation mark is still open at its end. A mark inside a value stays."""
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error as error:
        if "unexpected end" in str(error) or "field limit" in str(error):
            return None
    try:
        return next(csv.reader([text]), [])
    except csv.Error:
        return None
