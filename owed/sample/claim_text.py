"""A claim as 837 segments: professional, institutional and dental, first or corrected, to the first or second payer.

The hierarchy's HL segments are numbered when a day's transactions are put together, so a claim's text comes in the
parts between them.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

from owed.sample.adjudication import Adjudication, Adjustment
from owed.sample.calendar import Calendar
from owed.sample.encounter import Encounter, Line
from owed.sample.money import x12_amount
from owed.sample.payers import CITY, PROVIDERS, TAXONOMIES, Payer, clinician, filing_code
from owed.sample.people import Person
from owed.sample.pricer import FACILITY_PLACES


class Submission(NamedTuple):
    """One 837 claim: `frequency` 1, 7 or 8 (7 and 8 name `original`, the payer's control number).

    `payer` is where it goes; `other` the other payer, if any; `prior` the first payer's answer, on a claim to the
    second.
    """

    claim_id: str
    day: int
    frequency: str
    original: str
    encounter: Encounter
    person: Person
    payer: Payer
    other: Payer | None
    prior: Adjudication | None
    clinician: int


class ClaimText(NamedTuple):
    """What follows HL 22 and, for a dependent, HL 23; "" where the patient is the subscriber."""

    subscriber: str
    patient: str


def address(person: Person) -> str:
    return f"N3*{int(person.name[-5:]) % 900 + 100} SAMPLE STREET~{CITY}"


def cas_segments(adjustments: list[Adjustment]) -> str:
    """CAS segments: one a group code, up to six triplets each, in order of appearance."""
    groups: dict[str, list[str]] = {}
    for group, reason, amount in adjustments:
        groups.setdefault(group, []).append(f"*{reason}*{x12_amount(amount)}")
    return "".join(
        f"CAS*{group}{'*'.join(triplets[start : start + 6])}~"
        for group, triplets in groups.items()
        for start in range(0, len(triplets), 6)
    )


def procedure(claim_type: str, code: str, modifiers: tuple[str, ...]) -> str:
    qualifier = "AD" if claim_type == "dental" else "HC"
    return f"{qualifier}:{':'.join((code, *modifiers))}"


def claim_text(submission: Submission, calendar: Calendar) -> ClaimText:
    person, payer, other = submission.person, submission.payer, submission.other
    sequence = "S" if submission.prior else "P"
    relation = "" if person.is_dependent else "18"
    filing = filing_code(payer, person.plan, submission.encounter.claim_type == "institutional")
    demographics = f"DMG*D8*{person.birth}*{person.sex}~"
    policy_holder = f"{person.name}-H" if person.is_dependent else person.name
    subscriber = (
        f"SBR*{sequence}*{relation}*{person.group}*{person.plan}*****{filing}~"
        f"NM1*IL*1*{policy_holder}*SAMPLE****MI*{member(person, submission)}~"
    )
    if not person.is_dependent:
        subscriber += address(person) + demographics
    subscriber += f"NM1*PR*2*{payer.name.upper()}*****PI*{payer.electronic_id}~"
    claim = claim_segments(submission, calendar)
    if other is not None:
        claim += other_payer(submission, other, calendar)
    claim += service_lines(submission, calendar)
    if not person.is_dependent:
        return ClaimText(subscriber + claim, "")
    return ClaimText(
        subscriber, f"PAT*19~NM1*QC*1*{person.name}*SAMPLE~{address(person)}{demographics}{claim}"
    )  # fmt: skip


def member(person: Person, submission: Submission) -> str:
    """The patient's number with the payer the claim goes to."""
    return f"2{person.member}" if submission.prior else person.member


def claim_segments(submission: Submission, calendar: Calendar) -> str:
    """Loop 2300 to the clinicians."""
    encounter = submission.encounter
    charge = x12_amount(encounter.charge)
    reference = f"REF*F8*{submission.original}~" if submission.original else ""
    first, *others = encounter.diagnoses
    diagnoses = f"HI*ABK:{first}{''.join(f'*ABF:{code}' for code in others)}~"
    last_name, first_name, npi = clinician(encounter.specialty, submission.clinician)
    if encounter.claim_type == "institutional":
        from_day, to_day = calendar.x12(encounter.first), calendar.x12(encounter.last)
        stay = f"DTP*435*DT*{from_day}0930~" if encounter.is_stay else ""
        discharge = "DTP*096*TM*1100~" if encounter.is_stay else ""
        kind, drg = ("1", f"HI*DR:{encounter.drg}~") if encounter.is_stay else ("3", "")
        claim_diagnoses = f"HI*ABK:{first}~" + (f"HI*{'*'.join(f'ABF:{code}' for code in others)}~" if others else "")
        return (
            f"CLM*{submission.claim_id}*{charge}***{encounter.bill_type[:2]}:A:{submission.frequency}**A*Y*Y~"
            f"{discharge}DTP*434*RD8*{from_day}-{to_day}~{stay}CL1*{kind}*1*01~{reference}"
            f"{claim_diagnoses}{drg}NM1*71*1*{last_name}*{first_name}****XX*{npi}~"
        )
    text = (
        f"CLM*{submission.claim_id}*{charge}***{encounter.place}:B:{submission.frequency}*Y*A*Y*Y~"
        f"{reference}{diagnoses}NM1*82*1*{last_name}*{first_name}****XX*{npi}~"
        f"PRV*PE*PXC*{TAXONOMIES[encounter.specialty]}~"
    )
    if encounter.place in FACILITY_PLACES:
        hospital = PROVIDERS["institutional"]
        text += f"NM1*77*2*{hospital.name}*****XX*{hospital.npi}~N3*{hospital.street}~{CITY}"
    return text


def other_payer(submission: Submission, other: Payer, calendar: Calendar) -> str:
    """Loop 2320 with 2330A and B: the second payer on a claim to the first, and the other way round."""
    person, prior = submission.person, submission.prior
    sequence = "P" if prior else "S"
    text = f"SBR*{sequence}*18*******{other.filing_code}~"
    if prior:
        text += cas_segments(prior.adjustments)
        text += f"AMT*D*{x12_amount(prior.paid)}~"
    text += (
        f"OI***Y***Y~NM1*IL*1*{person.name}*SAMPLE****MI*{person.member if prior else '2' + person.member}~"
        f"NM1*PR*2*{other.name.upper()}*****PI*{other.electronic_id}~"
    )
    if prior and not prior.lines:
        text += f"DTP*573*D8*{calendar.x12(prior.day)}~"
    return text


def service_lines(submission: Submission, calendar: Calendar) -> str:
    """Loop 2400 of every line, with 2430 where a first payer has answered by line."""
    encounter, claim_id = submission.encounter, submission.claim_id
    parts = []
    for number, line in enumerate(encounter.lines, start=1):
        date = "" if encounter.is_stay else f"DTP*472*D8*{calendar.x12(line.day)}~"
        parts.append(f"LX*{number}~{service(encounter, line)}{date}REF*6R*{claim_id}L{number}~")
        if line.code.startswith("J"):
            parts.append(f"LIN**N4*99999{zlib.crc32(line.code.encode()) % 1_000_000:06d}~CTP****{line.units}*UN~")
        if submission.prior and submission.prior.lines and submission.other:
            outcome = submission.prior.lines[number - 1]
            code = procedure(encounter.claim_type, line.code, line.modifiers) if line.code else ""
            parts.append(
                f"SVD*{submission.other.electronic_id}*{x12_amount(outcome.paid)}*{code}*{line.revenue}*{line.units}~"
                f"{cas_segments(outcome.adjustments)}DTP*573*D8*{calendar.x12(submission.prior.day)}~"
            )
    return "".join(parts)


def service(encounter: Encounter, line: Line) -> str:
    charge = x12_amount(line.charge)
    if encounter.claim_type == "institutional":
        code = procedure("institutional", line.code, line.modifiers) if line.code else ""
        unit = "DA" if line.revenue in ("0120", "0200") else "UN"
        return f"SV2*{line.revenue}*{code}*{charge}*{unit}*{line.units}~"
    code = procedure(encounter.claim_type, line.code, line.modifiers)
    if encounter.claim_type == "dental":
        tooth = "TOO*JP*14~" if line.code in ("D2391", "D2740") else ""
        return f"SV3*{code}*{charge}****{line.units}~{tooth}"
    return f"SV1*{code}*{charge}*UN*{line.units}***1~"
