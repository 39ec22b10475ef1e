"""What was written: files with their counts, payments with their balances, and the control numbers they took."""

from __future__ import annotations

from typing import NamedTuple

from owed.sample import x12
from owed.sample.calendar import Calendar
from owed.sample.remittance_text import ProviderAdjustment


class Written(NamedTuple):
    """One file; the counts and sums (cents) that `rpt_files` should show. A byte copy of another has none."""

    name: str
    kind: str
    transactions: int
    claims: int
    service_lines: int
    adjustments: int
    charge: int
    paid: int
    is_copy: bool = False


class Payment(NamedTuple):
    """One 835; cents. `is_duplicate`: the same payment was sent before."""

    file: str
    payer: str
    trace: str
    day: int
    amount: int
    claim_paid: int
    adjustments: tuple[ProviderAdjustment, ...]
    is_duplicate: bool


class Envelopes:
    """Numbers interchanges in the order they are written."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.control = 0

    def next(self, sender: str, receiver: str, day: int, hour: int) -> x12.Envelope:
        self.control += 1
        time = f"{hour:02d}{self.control % 60:02d}"
        return x12.Envelope(sender, receiver, self.calendar.x12(day), time, self.control)


def triplets(text: str) -> int:
    """Single adjustments in the CAS segments of a text in plain delimiters."""
    return sum(segment.count("*") // 3 for segment in text.split("~") if segment.startswith("CAS*"))
