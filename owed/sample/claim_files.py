"""One file of claims a business day: an interchange with a group for each claim type sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from owed.sample import x12
from owed.sample.calendar import Calendar
from owed.sample.claim_text import ClaimText, Submission, claim_text
from owed.sample.payers import CITY, PROVIDERS, Provider
from owed.sample.written import Envelopes, Written, triplets

SUBMITTER = "HARBORFICTIONAL"
CLEARINGHOUSE = "SAMPLECLEARING"
CLAIMS_IN_TRANSACTION = 1000
KINDS = {"professional": "837P", "institutional": "837I", "dental": "837D"}


class ClaimFiles:
    """Holds claims until their day has come."""

    def __init__(self, folder: Path, calendar: Calendar, envelopes: Envelopes) -> None:
        self.folder = folder
        self.calendar = calendar
        self.envelopes = envelopes
        self.held: dict[int, dict[str, list[tuple[ClaimText, int]]]] = defaultdict(lambda: defaultdict(list))

    def submit(self, submission: Submission) -> None:
        text = claim_text(submission, self.calendar)
        found = self.held[submission.day][submission.encounter.claim_type]
        found.append((text, submission.encounter.charge))

    def write_day(self, day: int) -> list[Written]:
        """The day's file, if any claim was sent."""
        held = self.held.pop(day, None)
        if held is None:
            return []
        envelope = self.envelopes.next(SUBMITTER, CLEARINGHOUSE, day, 18)
        kinds: list[str] = []
        groups: list[str] = []
        bodies: list[str] = []
        for claim_type in (name for name in KINDS if name in held):
            kind, found = KINDS[claim_type], held[claim_type]
            transactions = []
            for control, start in enumerate(range(0, len(found), CLAIMS_IN_TRANSACTION), start=1):
                reference = f"{envelope.control:06d}{len(groups)}{control}"
                texts = [text for text, _ in found[start : start + CLAIMS_IN_TRANSACTION]]
                bodies.append(claims_body(texts, PROVIDERS[claim_type], envelope, reference))
                transactions.append(x12.transaction(kind, control, bodies[-1]))
            kinds.append(kind)
            groups.append(x12.group(kind, envelope.control * 10 + len(groups), envelope, transactions))
        path = self.folder / "claims" / f"{self.calendar.iso(day)}.837"
        path.write_text(x12.interchange(envelope, groups), encoding="ascii", newline="")
        amounts = [amount for found in held.values() for _, amount in found]
        lines = sum(body.count("~LX*") for body in bodies)
        adjustments = sum(map(triplets, bodies))
        name = path.relative_to(self.folder).as_posix()
        kind = "+".join(sorted(kinds))
        return [Written(name, kind, len(bodies), len(amounts), lines, adjustments, sum(amounts), 0)]


def claims_body(texts: Iterable[ClaimText], provider: Provider, envelope: x12.Envelope, reference: str) -> str:
    """The body of one 837: header loops, the billing provider (HL 1), then a subscriber and maybe a patient each."""
    header = (
        f"BHT*0019*00*{reference}*{envelope.date}*{envelope.time}*CH~"
        f"NM1*41*2*HARBOR FICTIONAL BILLING*****46*{SUBMITTER}~PER*IC*BILLING DESK*TE*5555550101~"
        f"NM1*40*2*SAMPLE CLEARINGHOUSE*****46*{CLEARINGHOUSE}~"
        f"HL*1**20*1~PRV*BI*PXC*{provider.taxonomy}~NM1*85*2*{provider.name}*****XX*{provider.npi}~"
        f"N3*{provider.street}~{CITY}REF*EI*{provider.tax_id}~"
    )
    parts, number = [header], 1
    for text in texts:
        number += 1
        if text.patient:
            parts.append(f"HL*{number}*1*22*1~{text.subscriber}HL*{number + 1}*{number}*23*0~{text.patient}")
            number += 1
        else:
            parts.append(f"HL*{number}*1*22*0~{text.subscriber}")
    return "".join(parts)
