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


PATIENT, CONTRACTUAL, PRIOR_PAYER, SEQUESTRATION = {"1", "2", "3"}, {"45", "59", "94", "253"}, {"23"}, "253"


@dataclass
class Amounts:
    """A charge, what was paid and the adjustments between; `stated` is AMT*B6 or AMT*AU."""

    charge: Decimal
    paid: Decimal
    adjustments: list[tuple[str, str, Decimal]] = field(default_factory=list)
    stated: Decimal | None = None

    def total(self, reasons: set[str]) -> Decimal:
        return sum((amount for _, reason, amount in self.adjustments if reason in reasons), Decimal(0))

    @property
    def adjusted(self) -> Decimal:
        return sum((amount for _, _, amount in self.adjustments), Decimal(0))

    @property
    def kept(self) -> Decimal:
        """Allowed but not paid: the patient's share and sequestration."""
        return self.total({*PATIENT, SEQUESTRATION})

    @property
    def refused(self) -> Decimal:
        known = PATIENT | CONTRACTUAL | PRIOR_PAYER
        return sum((amount for _, reason, amount in self.adjustments if reason not in known), Decimal(0))


@dataclass
class Claim(Amounts):
    """A CLP: adjustments of its own; `services` have theirs."""

    claim_id: str = ""
    status: str = ""
    patient: Decimal = Decimal(0)
    services: list[Amounts] = field(default_factory=list)

    def everywhere(self) -> list[tuple[str, str, Decimal]]:
        return self.adjustments + [found for service in self.services for found in service.adjustments]

    @property
    def allowed(self) -> Decimal:
        return self.paid + self.kept + sum((service.kept for service in self.services), Decimal(0))

    @property
    def contractual(self) -> Decimal:
        return sum((amount for _, reason, amount in self.everywhere() if reason in CONTRACTUAL), Decimal(0))


@dataclass
class Remittance:
    amount: Decimal
    date: str
    trace: str
    claims: list[Claim]
    provider_adjusted: Decimal


def remittance(transaction: list[list[str]]) -> Remittance:
    found = Remittance(Decimal(0), "", "", [], Decimal(0))
    current: Amounts | None = None
    for segment in transaction:
        match segment[0]:
            case "BPR":
                found.amount, found.date = number(segment[2]), segment[16]
            case "TRN":
                found.trace = segment[2]
            case "CLP":
                claim = Claim(number(segment[3]), number(segment[4]), [], None, segment[1], segment[2])
                claim.patient = number(segment[5])
                found.claims.append(claim)
                current = claim
            case "SVC":
                current = Amounts(number(segment[2]), number(segment[3]))
                found.claims[-1].services.append(current)
            case "CAS":
                assert current is not None
                for reason, amount in zip(segment[2::3], segment[3::3], strict=True):
                    current.adjustments.append((segment[1], reason, number(amount)))
            case "AMT" if segment[1] in ("B6", "AU"):
                assert current is not None
                current.stated = number(segment[2])
            case "PLB":
                found.provider_adjusted += sum((number(value) for value in segment[4::2]), Decimal(0))
    return found
