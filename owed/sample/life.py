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


@dataclass(slots=True)
class Life:
    """One claim lineage. Events after the sample's last day are planned but never written.

    `prices` and `encounters` go with `submissions` to the first payer. `causes`: line number (0 the claim) to the
    root cause planted on the latest answer. `credit_cause` names a planted credit balance.
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
    causes: dict[int, str] = field(default_factory=dict)
    credit_cause: str = ""
    uncertain_denials: bool = False

    @property
    def patient_share(self) -> int:
        """What the newest planned answers leave to the patient, in cents."""
        newest: dict[str, int] = {}
        for answer in self.adjudications:
            newest[answer.role] = 0 if answer.status == "22" else answer.total("patient") + answer.denied_to_patient()
        return newest.get("S", newest.get("P", 0))

    @property
    def last_answer(self) -> int:
        """The day of the newest planned answer; the claim's submission if there is none."""
        days = [answer.day for answer in self.adjudications] or [self.submissions[0].day]
        return max(days)

    def events(self, last: int) -> Iterator[Submission | Adjudication | Transaction]:
        """What happened up to and with a day, in order: submissions, then answers, then transactions of a day."""
        found: list[tuple[int, int, Submission | Adjudication | Transaction]] = []
        found += [(event.day, 0, event) for event in self.submissions]
        found += [(event.day, 1, event) for event in self.adjudications]
        found += [(event.day, 2, event) for event in self.transactions]
        found.sort(key=lambda entry: entry[:2])
        for day, _, event in found:
            if day <= last:
                yield event
