"""Adjudications as 835 segments, and a payment round them: BPR to PLB, in balance by construction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from owed.sample.adjudication import Adjudication, LineOutcome
from owed.sample.calendar import Calendar
from owed.sample.claim_text import cas_segments, procedure
from owed.sample.encounter import Encounter
from owed.sample.money import x12_amount
from owed.sample.payers import CITY, PROVIDERS, Payer, Provider, clinician, remit_filing_code


class Advice(NamedTuple):
    """What an 835 says about one claim besides the adjudication."""

    claim_id: str
    control_number: str
    encounter: Encounter
    patient: str
    member: str
    plan: str
    clinician: int
    frequency: str
    received: int
    forwarded_to: Payer | None


class ProviderAdjustment(NamedTuple):
    """One PLB adjustment; a positive amount lowers the payment."""

    code: str
    reference: str
    amount: int


def advice_text(advice: Advice, adjudication: Adjudication, calendar: Calendar) -> str:
    """Loop 2100 with its 2110s."""
    encounter, payer = advice.encounter, adjudication.payer
    institutional = encounter.claim_type == "institutional"
    place = encounter.bill_type[:2] if institutional else encounter.place
    patient = adjudication.patient
    filing = remit_filing_code(payer, advice.plan, institutional)
    claim = (
        f"CLP*{advice.claim_id}*{adjudication.status}*{x12_amount(adjudication.charge)}"
        f"*{x12_amount(adjudication.paid)}*{x12_amount(patient) if patient else ''}*{filing}"
        f"*{advice.control_number}*{place}*{advice.frequency}{f'**{encounter.drg}' if encounter.drg else ''}~"
    )
    adjustments = cas_segments(adjudication.adjustments)
    parts = [claim, adjustments, f"NM1*QC*1*{advice.patient}*SAMPLE****MI*{advice.member}~"]
    if not institutional:
        last_name, first_name, npi = clinician(encounter.specialty, advice.clinician)
        parts.append(f"NM1*82*1*{last_name}*{first_name}****XX*{npi}~")
    if advice.forwarded_to is not None:
        parts.append(f"NM1*TT*2*{advice.forwarded_to.name.upper()}*****PI*{advice.forwarded_to.electronic_id}~")
    remarks = "*".join(adjudication.remarks)
    if encounter.is_stay and not adjudication.lines:
        stated = f"****{remarks}" if remarks else f"***{x12_amount(adjudication.allowed)}"
        parts.append(f"MIA*{encounter.last - encounter.first}{stated}~")
    elif remarks:
        parts.append(f"MOA***{remarks}~")
    parts.append(f"DTM*232*{calendar.x12(encounter.first)}~DTM*233*{calendar.x12(encounter.last)}~")
    parts.append(f"DTM*050*{calendar.x12(advice.received)}~")
    is_statement = payer.states_allowed and adjudication.status != "22" and adjudication.role == "P"
    if is_statement and not adjudication.lines and adjudication.allowed:
        parts.append(f"AMT*AU*{x12_amount(adjudication.allowed)}~")
    if adjudication.interest:
        parts.append(f"AMT*I*{x12_amount(adjudication.interest)}~")
    for outcome in adjudication.lines:
        parts.append(line_text(advice, outcome, payer, is_statement, calendar))
    return "".join(parts)


def line_text(advice: Advice, outcome: LineOutcome, payer: Payer, is_statement: bool, calendar: Calendar) -> str:
    """Loop 2110."""
    line, claim_type = outcome.line, advice.encounter.claim_type
    paid = f"{x12_amount(line.charge)}*{x12_amount(outcome.paid)}"
    if line.code:
        service = f"{procedure(claim_type, outcome.code, outcome.modifiers)}*{paid}*{line.revenue}*{outcome.units}"
    else:
        service = f"NU:{line.revenue}*{paid}**{outcome.units}"
    if outcome.code != line.code or outcome.units != line.units:
        billed = procedure(claim_type, line.code, line.modifiers) if outcome.code != line.code else ""
        service += f"*{billed}" + (f"*{line.units}" if outcome.units != line.units else "")
    text = f"SVC*{service}~"
    if not advice.encounter.is_stay:
        text += f"DTM*472*{calendar.x12(line.day)}~"
    text += cas_segments(outcome.adjustments)
    if payer.echoes_lines:
        text += f"REF*6R*{advice.claim_id}L{outcome.number}~"
    if is_statement and outcome.allowed:
        text += f"AMT*B6*{x12_amount(outcome.allowed)}~"
    return text + "".join(f"LQ*HE*{remark}~" for remark in outcome.remarks)


def payment_body(
    payer: Payer,
    provider: Provider,
    day: int,
    trace: str,
    claims: Sequence[str],
    claim_paid: int,
    charge: int,
    adjustments: Sequence[ProviderAdjustment],
    calendar: Calendar,
) -> str:
    """The body of one 835: what is paid is the claims' payments less the provider adjustments."""
    amount = claim_paid - sum(adjustment.amount for adjustment in adjustments)
    if amount < 0:
        raise ValueError(f"{payer.id} {trace}: a payment below zero must be forwarded")
    date = calendar.x12(day)
    method = "ACH*CCP" if amount else "NON*"
    account = f"01*999999992*DA*1200{payer.electronic_id}*{payer.originator}**01*999999992*DA*4400{provider.tax_id}"
    text = (
        f"BPR*{'I' if amount else 'H'}*{x12_amount(amount)}*C*{method}*{account if amount else '*' * 9}*{date}~"
        f"TRN*1*{trace}*{payer.originator}~DTM*405*{date}~"
        f"N1*PR*{payer.remit_name}~N3*9 FICTION PLAZA~{CITY}REF*2U*{payer.electronic_id}~"
        f"PER*BL*PAYER DESK*TE*5555550100~N1*PE*{provider.name}*XX*{provider.npi}~REF*TJ*{provider.tax_id}~"
    )
    if claims:
        text += "LX*1~"
        if payer.summarises and provider is PROVIDERS["institutional"]:
            text += f"TS3*{provider.npi}*13*{date[:4]}1231*{len(claims)}*{x12_amount(charge)}~"
        text += "".join(claims)
    for start in range(0, len(adjustments), 6):
        pairs = "".join(
            f"*{adjustment.code}{':' + adjustment.reference if adjustment.reference else ''}"
            f"*{x12_amount(adjustment.amount)}"
            for adjustment in adjustments[start : start + 6]
        )
        text += f"PLB*{provider.npi}*{date[:4]}1231{pairs}~"
    return text
