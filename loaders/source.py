"""What every loader is given, and what it gives back.

A loader is a module with two functions:

    recognise(head: bytes) -> str | None
        the `kind` (INTERFACE rpt_files.kind) if the first 64 KiB of decompressed content are its own.
    load(con, source: SourceFile) -> LoadResult
        inserts the file's rows into `raw` inside the transaction the landing has opened; raises `Refusal` to
        refuse the file whole (the landing rolls back and writes the quarantine entry).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO, Literal

Severity = Literal["info", "warn", "fail"]


@dataclass(frozen=True)
class SourceFile:
    """One file of the inbox, or one member of a zip, after decompression.

    `file_number` is the warehouse's integer for it, `file_id` the SHA-256 (hex) of its content, `name` its path
    below the inbox ("outer.zip/inner.835" for a member). `open` gives a fresh binary stream at position 0.
    """

    file_number: int
    file_id: str
    name: str
    size: int
    open: Callable[[], BinaryIO]

    def read(self) -> bytes:
        with self.open() as stream:
            return stream.read()


@dataclass(frozen=True)
class Finding:
    """Something an operator should know of a record that was loaded, or of one that was refused on its own.

    `severity`: `info`, `warn` (loaded as it stands) or `fail` (the record went to quarantine). `position` is the
    byte offset in an X12 file and the line number in a text file, counted from 1.
    """

    rule: str
    severity: Severity
    message: str
    position: int | None = None
    transaction_number: int | None = None
    segment_number: int | None = None
    raw_text: str | None = None


@dataclass
class LoadResult:
    """What was landed; the counts and sums that `rpt_files` shows. None where the kind has no such thing."""

    kind: str
    interchange_count: int | None = None
    transaction_count: int | None = None
    claim_count: int | None = None
    service_line_count: int | None = None
    adjustment_count: int | None = None
    charge_amount: Decimal | None = None
    paid_amount: Decimal | None = None
    findings: list[Finding] = field(default_factory=list)


class Refusal(Exception):  # noqa: N818  a refusal is an outcome the landing handles, not a fault
    """A file refused whole: names the rule, the position and what to do.

    `position` as in `Finding`; `raw_text` the offending text, for the quarantine entry alone, never for a log.
    """

    def __init__(
        self, rule: str, reason: str, *, kind: str = "unknown", position: int | None = None, raw_text: str | None = None
    ) -> None:
        super().__init__(f"{rule}: {reason}")
        self.rule = rule
        self.reason = reason
        self.kind = kind
        self.position = position
        self.raw_text = raw_text
