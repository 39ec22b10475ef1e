"""Whether a file is whole: its envelope segments in their order, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loaders.source import Refusal
from loaders.x12.loops import MAPS
from loaders.x12.tokens import Bools, Codes, segment_code

ISA, GS, ST, SE, GE, IEA = (segment_code(name) for name in ("ISA", "GS", "ST", "SE", "GE", "IEA"))
TRAILERS = (SE, GE, IEA)
SUPPORTED = tuple(segment_code(name) for name in MAPS)
_MARKS = np.array([ISA, GS, ST, SE, GE, IEA], dtype=np.uint32)
_GROUP_LIMITS = np.array([GS, GE, IEA], dtype=np.uint32)


def envelope_codes(code: Codes) -> Bools:
    """Which segments open or close an interchange, a group or a transaction."""
    is_mark: Bools = np.isin(code, _MARKS)
    return is_mark


@dataclass
class Envelope:
    """What the envelope segments of one file, met in their order, tell of it."""

    transactions: int = 0
    supported: int = 0
    is_broken: bool = False
    is_group_open: bool = False
    last_mark: int = 0
    last_code: int = 0
    tail: bytes = b""

    def add(self, marks: Codes, last_code: int, transaction_types: Sequence[int], tail: bytes) -> None:
        """Take up what comes next: its envelope segments, its last segment, the types of the transactions that begin
        in it, and the text at its end that has no terminator."""
        sequence = np.append(np.uint32(self.last_mark), marks)
        self.is_broken |= bool(((sequence[:-1] == ST) & (sequence[1:] != SE)).any())
        limits = marks[np.isin(marks, _GROUP_LIMITS)]
        if len(limits):
            self.is_group_open = bool(limits[-1] == GS)
        self.last_mark, self.last_code, self.tail = int(sequence[-1]), last_code, tail
        self.transactions += len(transaction_types)
        self.supported += sum(transaction_type in SUPPORTED for transaction_type in transaction_types)

    @property
    def unsupported(self) -> int:
        """Transactions that are neither 835 nor 837."""
        return self.transactions - self.supported

    def require_whole(self, position: int) -> None:
        """Raises `Refusal` where the file ends early, or holds no transaction that is read here.

        What a trailer says (counts, control numbers) and a trailer that another envelope segment shows to be
        forgotten lose nothing, so they are findings; see `loaders.quality`.
        """

        def refuse(rule: str, reason: str) -> None:
            raise Refusal(rule, reason, position=position)

        if not self.transactions:
            refuse("no_transaction", "the interchange holds no transaction set (no ST segment)")
        if self.is_broken or self.last_mark == ST:
            refuse("truncated", "a transaction set has no SE: the file ends early; ask for it again")
        if self.is_group_open:
            refuse("truncated", "a functional group has no GE: the file ends early; ask for it again")
        if self.last_mark == ISA:
            refuse("truncated", "the last interchange holds nothing: the file ends early; ask for it again")
        if self.tail and self.last_code not in TRAILERS and not self._is_closed_before_tail():
            refuse("truncated", "the last segment is cut off: the file ends early; ask for it again")
        if not self.supported:
            refuse("unsupported_transaction", "no 835 or 837 transaction set; nothing else is read")

    def _is_closed_before_tail(self) -> bool:
        """After an IEA only another ISA could be cut off; other text is no X12."""
        return self.last_mark == IEA and not b"ISA".startswith(self.tail[:3].upper())
