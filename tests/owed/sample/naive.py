"""A deliberately simple X12 splitter and balance sheet, sharing nothing with the generator or the loaders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path


def number(text: str) -> Decimal:
    return Decimal(text or "0")


@dataclass
class File:
    """Segments of one interchange, each a list of elements; `component` as ISA16 announces it."""

    path: Path
    component: str
    segments: list[list[str]]

    def transactions(self) -> Iterator[list[list[str]]]:
        current: list[list[str]] = []
        for segment in self.segments:
            if segment[0] == "ST":
                current = []
            current.append(segment)
            if segment[0] == "SE":
                yield current


def split(path: Path) -> File:
    text = path.read_bytes().decode("ascii")
    element, component, terminator = text[3], text[104], text[105]
    segments = [part.strip("\r\n").split(element) for part in text.split(terminator) if part.strip("\r\n")]
    return File(path, component, segments)


@dataclass
class Service:
    charge: Decimal
    paid: Decimal
    adjusted: Decimal = Decimal(0)
    allowed: Decimal | None = None


@dataclass
class Claim:
    claim_id: str
    status: str
    charge: Decimal
    paid: Decimal
    patient: Decimal
    adjusted: Decimal = Decimal(0)
    patient_adjusted: Decimal = Decimal(0)
    services: list[Service] = field(default_factory=list)


@dataclass
class Remittance:
    amount: Decimal
    date: str
    trace: str
    claims: list[Claim]
    provider_adjusted: Decimal


def remittance(transaction: list[list[str]]) -> Remittance:
    amount, date, trace, plb = Decimal(0), "", "", Decimal(0)
    claims: list[Claim] = []
    for segment in transaction:
        name = segment[0]
        if name == "BPR":
            amount, date = number(segment[2]), segment[16]
        elif name == "TRN":
            trace = segment[2]
        elif name == "CLP":
            claims.append(Claim(segment[1], segment[2], number(segment[3]), number(segment[4]), number(segment[5])))
        elif name == "SVC":
            claims[-1].services.append(Service(number(segment[2]), number(segment[3])))
        elif name == "CAS":
            total = sum((number(value) for value in segment[3::3]), Decimal(0))
            claims[-1].adjusted += total
            if segment[1] == "PR":
                claims[-1].patient_adjusted += total
            if claims[-1].services:
                claims[-1].services[-1].adjusted += total
        elif name == "AMT" and segment[1] == "B6":
            claims[-1].services[-1].allowed = number(segment[2])
        elif name == "PLB":
            plb += sum((number(value) for value in segment[4::2]), Decimal(0))
    return Remittance(amount, date, trace, claims, plb)
