"""X12 text: envelopes with right counts, in any delimiters. Bodies are written with `*`, `:`, `^` and `~`.

A body is a string of whole segments. Envelopes count its terminators, so a body must not hold `~` in its data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

IMPLEMENTATIONS = {
    "837P": "005010X222A1",
    "837I": "005010X223A2",
    "837D": "005010X224A2",
    "835": "005010X221A1",
}


@dataclass(frozen=True)
class Delimiters:
    """What ISA announces: element, component and repetition separators, the terminator, and what follows it."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"
    line_break: str = "\n"

    def apply(self, text: str) -> str:
        """Text written in the plain delimiters, in these."""
        table: dict[str, str | int | None] = {
            "*": self.element,
            ":": self.component,
            "^": self.repetition,
            "~": self.terminator + self.line_break,
        }
        if (self.element, self.component, self.repetition) == ("*", ":", "^"):
            return text.replace("~", self.terminator + self.line_break)
        return text.translate(str.maketrans(table))


@dataclass(frozen=True)
class Envelope:
    """Who sends to whom, when (`date` CCYYMMDD, `time` HHMM), under which interchange control number."""

    sender: str
    receiver: str
    date: str
    time: str
    control: int
    usage: str = "T"


def segment_count(text: str) -> int:
    return text.count("~")


def transaction(kind: str, control: int, body: str) -> str:
    """ST to SE round a body; `kind` is a key of IMPLEMENTATIONS, SE01 counts ST and SE themselves."""
    number = f"{control:04d}"
    return f"ST*{kind[:3]}*{number}*{IMPLEMENTATIONS[kind]}~{body}SE*{segment_count(body) + 2}*{number}~"


def group(kind: str, control: int, envelope: Envelope, transactions: Sequence[str]) -> str:
    """GS to GE round the transactions of one kind."""
    functional = "HP" if kind == "835" else "HC"
    return (
        f"GS*{functional}*{envelope.sender}*{envelope.receiver}*{envelope.date}*{envelope.time}*{control}*X"
        f"*{IMPLEMENTATIONS[kind]}~{''.join(transactions)}GE*{len(transactions)}*{control}~"
    )


def interchange(envelope: Envelope, groups: Sequence[str], delimiters: Delimiters = Delimiters()) -> str:
    """ISA (106 characters with its terminator) to IEA round the groups, in the delimiters asked for."""
    header = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{envelope.sender:15.15}*ZZ*{envelope.receiver:15.15}*{envelope.date[2:]}"
        f"*{envelope.time}*^*00501*{envelope.control:09d}*0*{envelope.usage}*:~"
    )
    return delimiters.apply(f"{header}{''.join(groups)}IEA*{len(groups)}*{envelope.control:09d}~")
