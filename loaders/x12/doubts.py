"""What the reader could not take as it stands, while it lands a file: told by file, as findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from loaders.source import Finding
from loaders.x12.loops import Narrow
from loaders.x12.segments import Element
from loaders.x12.tokens import Bools, Ints

# Past so many doubtful values of one element, the rest is counted in one finding.
MOST_FINDINGS = 20
KINDS = {"a": "an amount", "q": "a number", "d": "a date CCYYMMDD"}
DECIMALS = {"a": 2, "q": 6}

# Told of doubtful values: the rule, the element's number and definition, and the places of their rows among those at
# hand.
Doubt = Callable[[str, int, Element, Ints], None]


@dataclass
class Values:
    """Doubtful values of one element: how many, and the first ones' (transaction_number, segment_number)."""

    count: int = 0
    first: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Doubts:
    """By file number; values by rule and message. Nothing here is lost: such text stays in `raw.x12_verbatim`."""

    latin1: set[int] = field(default_factory=set)
    outside: dict[int, tuple[int, int]] = field(default_factory=dict)
    values: dict[int, dict[tuple[str, str], Values]] = field(default_factory=dict)

    def add_outside(self, file_number: Narrow, segment_number: Narrow) -> None:
        """Segments that are in no transaction and are no envelope."""
        for file, at in _by_file(file_number):
            count, first = self.outside.get(file, (0, int(segment_number[at][0])))
            self.outside[file] = count + int(np.count_nonzero(at)), first

    def add_values(
        self, rule: str, message: str, file_number: Narrow, transaction_number: Narrow, segment_number: Narrow
    ) -> None:
        """Values that are not of their element's type, or not exactly."""
        for file, at in _by_file(file_number):
            values = self.values.setdefault(file, {}).setdefault((rule, message), Values())
            values.count += int(np.count_nonzero(at))
            room = MOST_FINDINGS - len(values.first)
            places = zip(transaction_number[at].tolist(), segment_number[at].tolist(), strict=True)
            values.first += islice(places, room)

    def findings(self, file_number: int) -> list[Finding]:
        """What is to be told of one file."""
        found = []
        if file_number in self.latin1:
            found.append(Finding("encoding", "info", "not UTF-8: read as Latin-1"))
        if outside := self.outside.get(file_number):
            reason = f"{outside[0]} segments stand outside of transactions and are in no figure"
            found.append(Finding("outside_transaction", "warn", reason, segment_number=outside[1]))
        for (rule, message), values in self.values.get(file_number, {}).items():
            for transaction, segment in values.first:
                found.append(Finding(rule, "warn", message, None, transaction or None, segment))
            if values.count > MOST_FINDINGS:
                rest = f"{message}: {values.count - MOST_FINDINGS} more in this file"
                found.append(Finding(rule, "warn", rest))
        return found


def _by_file(file_number: Narrow) -> Iterator[tuple[int, Bools]]:
    for file in np.unique(file_number).tolist():
        yield file, file_number == file


def sentence(rule: str, segment: str, number: int, element: Element) -> str:
    """Which element is doubtful, and why. The value is not told: it may say who somebody is."""
    what = f"{segment}{number:02d} ({element.name.replace('_', ' ')})"
    if rule == "value_rounded":
        return f"{what} has more than {DECIMALS[element.type]} decimals and counts rounded"
    return f"{what} is not {KINDS[element.type]} and counts as unknown"
