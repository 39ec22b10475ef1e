"""A file's transactions by the plainest reading, without tables: for refused files, and to compare tables with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from loaders.source import Refusal
from loaders.x12.delimiters import WHITESPACE, Delimiters
from loaders.x12.stream import chunks
from loaders.x12.tokens import as_text


@dataclass
class PlainTransaction:
    """ST to SE as text: `number` is its ordinal in the file, from 1, `segment_number` the ordinal of its ST."""

    number: int
    interchange_number: int
    segment_number: int
    delimiters: Delimiters
    segments: list[str] = field(default_factory=list)
    is_closed: bool = False

    def elements(self, segment: str) -> list[str]:
        return segment.split(self.delimiters.element.decode())

    @property
    def transaction_type(self) -> str:
        """ST01."""
        return next(iter(self.elements(self.segments[0])[1:2]), "")

    @property
    def control_number(self) -> str:
        """ST02."""
        return next(iter(self.elements(self.segments[0])[2:3]), "")


def transactions(stream: BinaryIO) -> Iterator[PlainTransaction]:
    """The transactions in order, as far as the file can be read. A broken one ends where another envelope begins."""
    current: PlainTransaction | None = None
    interchange = transaction = 0
    for number, (text, delimiters) in enumerate(_readable(stream), start=1):
        identifier, _, _ = text.partition(delimiters.element.decode())
        name = identifier.rstrip().upper()
        if current is not None and name in ("ST", "ISA", "GS", "GE", "IEA"):
            yield current
            current = None
        interchange += name == "ISA"
        if name == "ST":
            transaction += 1
            current = PlainTransaction(transaction, max(interchange, 1), number, delimiters)
        if current is not None:
            current.segments.append(text)
            if name == "SE":
                current.is_closed = True
                yield current
                current = None
    if current is not None:
        yield current


def _readable(stream: BinaryIO) -> Iterator[tuple[str, Delimiters]]:
    """Each segment's text and delimiters, up to where the file cannot be read."""
    try:
        for chunk in chunks(stream):
            delimiters = chunk.delimiters
            blanks = bytes(set(WHITESPACE) - set(delimiters.element + delimiters.component + delimiters.terminator))
            data, _ = as_text(chunk.data, delimiters)
            for segment in data.split(delimiters.terminator):
                if text := segment.lstrip(blanks).decode():
                    yield text, delimiters
    except (Refusal, OSError, EOFError):
        return
