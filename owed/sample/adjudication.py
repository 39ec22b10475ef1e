"""What a payer states of a claim: paid, adjusted and patient amounts by line or for the claim, always in balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from owed.sample.encounter import Encounter, Line
from owed.sample.money import share
from owed.sample.payers import Payer

Adjustment = tuple[str, str, int]
"""Group code, reason code, cents: one CAS triplet."""

PATIENT_REASONS = frozenset("1 2 3".split())
CONTRACTUAL_REASONS = frozenset("45 59 94 253".split())
PRIOR_PAYER_REASON = "23"


def adjustment_class(reason: str) -> str:
    """`patient`, `contractual`, `prior_payer` or `denial`: every other reason this sample uses is a denial."""
    if reason in PATIENT_REASONS:
        return "patient"
    if reason in CONTRACTUAL_REASONS:
        return "contractual"
    return "prior_payer" if reason == PRIOR_PAYER_REASON else "denial"


@dataclass(slots=True)
class LineOutcome:
    """One adjudicated line. `code`, `modifiers` and `units` are those paid; the billed ones are in `line`."""

    number: int
    line: Line
    allowed: int
    paid: int
    adjustments: list[Adjustment]
    code: str
    modifiers: tuple[str, ...]
    units: int
    remarks: tuple[str, ...] = ()

    def total(self, kind: str) -> int:
        return sum(amount for _, reason, amount in self.adjustments if adjustment_class(reason) == kind)


@dataclass(slots=True)
class Adjudication:
    """One CLP. `role` P or S; `lines` is empty where the claim is adjudicated as a whole.

    `allowed` is what the payer allowed in cents; `reverses` the adjudication a CLP02 of 22 takes back, whose
    amounts then stand here with the opposite sign. `submission` is the index of the 837 it answers.
    `interest` is paid beside it (AMT*I and PLB L6); `deferred` is a PLB WO beside a reversal, below zero: to be
    recovered later. `causes`: line number (0 the claim) to the root cause planted on this answer.
    """

    payer: Payer
    role: str
    status: str
    day: int
    charge: int
    paid: int
    allowed: int
    adjustments: list[Adjustment]
    lines: list[LineOutcome]
    submission: int = 0
    remarks: tuple[str, ...] = ()
    interest: int = 0
    deferred: int = 0
    reverses: Adjudication | None = None
    causes: dict[int, str] = field(default_factory=dict)

    def all_adjustments(self) -> list[Adjustment]:
        found = list(self.adjustments)
        for line in self.lines:
            found.extend(line.adjustments)
        return found

    def total(self, kind: str) -> int:
        return sum(amount for _, reason, amount in self.all_adjustments() if adjustment_class(reason) == kind)

    def denied_to_patient(self) -> int:
        return sum(
            amount
            for group, reason, amount in self.all_adjustments()
            if group == "PR" and adjustment_class(reason) == "denial"
        )

    @property
    def patient(self) -> int:
        """CLP05: every PR amount."""
        return sum(amount for group, _, amount in self.all_adjustments() if group == "PR")


def reductions(charge: int, allowed: int, patient: Sequence[Adjustment], sequestered: int) -> list[Adjustment]:
    """The adjustments that bring a charge to what is paid: CO-45 or, above the charge, CO-94; CO-253; PR."""
    found: list[Adjustment] = []
    if allowed < charge:
        found.append(("CO", "45", charge - allowed))
    elif allowed > charge:
        found.append(("CO", "94", charge - allowed))
    if sequestered:
        found.append(("CO", "253", sequestered))
    found.extend(patient)
    return found


def pay_line(
    number: int,
    line: Line,
    allowed: int,
    patient: Sequence[Adjustment],
    sequestration: int,
    *,
    cuts: Sequence[Adjustment] = (),
) -> LineOutcome:
    """A line allowed at `allowed` cents, of which the patient owes `patient`; `cuts` are shown apart."""
    owed = allowed - sum(amount for _, _, amount in patient)
    sequestered = share(owed, sequestration)
    shown = sum(amount for _, _, amount in cuts)
    adjustments = [*cuts, *reductions(line.charge, allowed + shown, patient, sequestered)]
    return LineOutcome(
        number, line, allowed, owed - sequestered, adjustments, line.code, line.modifiers, line.units
    )  # fmt: skip


def deny_line(number: int, line: Line, group: str, reason: str, remarks: tuple[str, ...]) -> LineOutcome:
    adjustments = [(group, reason, line.charge)]
    return LineOutcome(number, line, 0, 0, adjustments, line.code, line.modifiers, line.units, remarks)


def of_lines(payer: Payer, day: int, encounter: Encounter, lines: list[LineOutcome], submission: int) -> Adjudication:
    """A primary adjudication itemised by line."""
    paid, allowed = sum(line.paid for line in lines), sum(line.allowed for line in lines)
    return Adjudication(payer, "P", "1", day, encounter.charge, paid, allowed, [], lines, submission)


def of_whole(
    payer: Payer,
    day: int,
    encounter: Encounter,
    allowed: int,
    patient: Sequence[Adjustment],
    sequestration: int,
    submission: int,
) -> Adjudication:
    """A primary adjudication of the claim as a whole, without service lines."""
    owed = allowed - sum(amount for _, _, amount in patient)
    sequestered = share(owed, sequestration)
    adjustments = reductions(encounter.charge, allowed, patient, sequestered)
    return Adjudication(
        payer, "P", "1", day, encounter.charge, owed - sequestered, allowed, adjustments, [], submission
    )  # fmt: skip


def spread_whole(
    payer: Payer,
    day: int,
    encounter: Encounter,
    allowed: int,
    patient: Sequence[Adjustment],
    sequestration: int,
    submission: int,
) -> Adjudication:
    """A price of the claim as a whole, itemised by the payer: shared out by charge, the cents over on line one."""
    parts = [allowed * line.charge // encounter.charge for line in encounter.lines]
    parts[0] += allowed - sum(parts)
    left = list(patient)
    lines = []
    for number, (line, part) in enumerate(zip(encounter.lines, parts, strict=True), start=1):
        mine: list[Adjustment] = []
        room = part
        while left and room:
            group, reason, amount = left.pop(0)
            taken = min(amount, room)
            mine.append((group, reason, taken))
            room -= taken
            if amount > taken:
                left.insert(0, (group, reason, amount - taken))
        lines.append(pay_line(number, line, part, mine, sequestration))
    return of_lines(payer, day, encounter, lines, submission)


def deny_whole(
    payer: Payer,
    day: int,
    encounter: Encounter,
    group: str,
    reason: str,
    remarks: tuple[str, ...],
    submission: int,
    itemised: bool,
) -> Adjudication:
    """Nothing allowed: every line denied, or the claim as a whole."""
    if itemised:
        lines = [deny_line(n, line, group, reason, remarks) for n, line in enumerate(encounter.lines, start=1)]
        return of_lines(payer, day, encounter, lines, submission)
    adjustments = [(group, reason, encounter.charge)]
    return Adjudication(payer, "P", "1", day, encounter.charge, 0, 0, adjustments, [], submission, remarks)


def reversal(of: Adjudication, day: int) -> Adjudication:
    """CLP02 22: every amount of an earlier adjudication with the opposite sign."""

    def opposite(adjustments: list[Adjustment]) -> list[Adjustment]:
        return [(group, reason, -amount) for group, reason, amount in adjustments]

    lines = [
        LineOutcome(
            line.number, line.line._replace(charge=-line.line.charge), -line.allowed, -line.paid,
            opposite(line.adjustments), line.code, line.modifiers, line.units, line.remarks,
        )
        for line in of.lines
    ]  # fmt: skip
    return Adjudication(
        of.payer, of.role, "22", day, -of.charge, -of.paid, -of.allowed, opposite(of.adjustments), lines,
        of.submission, of.remarks, reverses=of,
    )  # fmt: skip
