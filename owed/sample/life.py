"""A claim's life: what was sent, what was answered and what was posted, decided at once and dated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from owed.sample.adjudication import Adjudication
from owed.sample.claim_text import Submission
from owed.sample.contracts import Contract
from owed.sample.encounter import Encounter
from owed.sample.payers import Payer
from owed.sample.people import Person
from owed.sample.pricer import Price


class Transaction(NamedTuple):
    """One row of account_transactions.csv; cents."""

    day: int
    kind: str
    amount: int
    payer_id: str = ""
    note: str = ""


class Recovery(NamedTuple):
    """PLB adjustments, (code, cents) each, on a paying day of the payer; no claim of that payment shows them."""

    day: int
    reference: str
    amounts: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Life:
    """One claim lineage. Events after the sample's last day are planned but never written.

    `origin` is `remittance` for a claim the provider's files never show: it has a submission to price, unsent.

    `credit_cause` names a planted credit balance; `uncertain_denials` says that what became of the denials is a
    matter of taste.
    """

    claim_id: str
    number: int
    person: Person
    payer: Payer
    secondary: Payer | None
    contract: Contract | None
    encounter: Encounter
    price: Price | None
    clinician: int
    scenario: str = ""
    origin: str = "claim"
    submissions: list[Submission] = field(default_factory=list)
    adjudications: list[Adjudication] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    credit_cause: str = ""
    recoveries: list[Recovery] = field(default_factory=list)
    uncertain_denials: bool = False

    @property
    def patient_share(self) -> int:
        """What the newest planned answers leave to the patient, in cents."""
        newest: dict[str, int] = {}
        for answer in self.adjudications:
            newest[answer.role] = 0 if answer.status == "22" else answer.total("patient") + answer.denied_to_patient()
        return newest.get("S", newest.get("P", 0))

    @property
    def copay(self) -> int:
        """The copay (PR-3) that every paying answer of the first payer names; none with a second payer."""
        named = [
            sum(amount for _, reason, amount in answer.all_adjustments() if reason == "3")
            for answer in self.adjudications
            if answer.role == "P" and answer.status != "22" and answer.allowed
        ]
        return min(named, default=0) if self.secondary is None else 0

    @property
    def last_answer(self) -> int:
        """The day of the newest planned answer; the claim's submission if there is none."""
        days = [answer.day for answer in self.adjudications] or [self.submissions[0].day]
        return max(days)

    def events(self, last: int) -> Iterator[Submission | Adjudication | Transaction]:
        """What happened up to and with a day, in order: submissions, then answers, then transactions of a day."""
        found: list[tuple[int, int, Submission | Adjudication | Transaction]] = []
        if self.origin == "claim":
            found += [(event.day, 0, event) for event in self.submissions]
        found += [(event.day, 1, event) for event in self.adjudications]
        found += [(event.day, 2, event) for event in self.transactions]
        found.sort(key=lambda entry: entry[:2])
        for day, _, event in found:
            if day <= last:
                yield event
