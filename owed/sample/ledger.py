"""The account ledger of the truth: INTERFACE section 5, "Ledger: what posts, where, when", in plain Python."""

from __future__ import annotations

from typing import NamedTuple

from owed.sample.adjudication import Adjudication
from owed.sample.claim_text import Submission
from owed.sample.life import Life, Transaction

ROLES = {"P": "primary_payer", "S": "secondary_payer"}
PATIENT_KINDS = frozenset("patient_payment patient_refund charity bad_debt small_balance_write_off".split())
PAYER_KINDS = frozenset(
    "payer_payment payer_refund contractual_adjustment denial_write_off administrative_write_off "
    "charge_correction".split()
)
REFUNDS = frozenset(("patient_refund", "payer_refund"))


class Posting(NamedTuple):
    """Cents; positive raises the balance."""

    day: int
    kind: str
    responsibility: str
    amount: int


class Account:
    """Posts one claim's events in order; balances by responsibility.

    `standing` holds, by payer, the contractual and patient postings of its newest answer, which a further answer
    replaces; a reversal takes back all that its answer posted, and what that had replaced stands again.
    """

    def __init__(self, life: Life, last: int) -> None:
        self.postings: list[Posting] = []
        self.balances = {"primary_payer": 0, "secondary_payer": 0, "patient": 0}
        self.charge = 0
        self.names_secondary = life.secondary is not None
        self.secondary_id = life.secondary.id if life.secondary else ""
        self.answered: set[str] = set()
        self.standing: dict[str, list[Posting]] = {}
        self.undone_by: dict[int, tuple[list[Posting], list[Posting]]] = {}
        if life.origin == "remittance":
            return
        for event in life.events(last):
            if isinstance(event, Submission):
                self.submit(event)
            elif isinstance(event, Adjudication):
                self.answer(event)
            else:
                self.transact(event)

    def post(self, day: int, kind: str, responsibility: str, amount: int) -> list[Posting]:
        if not amount:
            return []
        posting = Posting(day, kind, responsibility, amount)
        self.postings.append(posting)
        self.balances[responsibility] += amount
        return [posting]

    def undo(self, day: int, postings: list[Posting]) -> list[Posting]:
        """The exact opposite of earlier postings."""
        found: list[Posting] = []
        for posting in postings:
            found += self.post(day, posting.kind, posting.responsibility, -posting.amount)
        return found

    def submit(self, submission: Submission) -> None:
        if submission.prior is not None:
            return
        charge = 0 if submission.frequency == "8" else submission.encounter.charge
        self.post(submission.day, "charge", "primary_payer", charge - self.charge)
        self.charge = charge

    def answer(self, answer: Adjudication) -> None:
        role, day = ROLES[answer.role], answer.day
        if answer.reverses is not None:
            posted, self.standing[role] = self.undone_by[id(answer.reverses)]
            self.undo(day, posted)
            return
        before = self.standing.get(role, [])
        undone = self.undo(day, before)
        paid = self.post(day, "payer_payment", role, -answer.paid)
        owed = answer.total("patient") + answer.denied_to_patient()
        waits = answer.role == "P" and self.names_secondary and "S" not in self.answered
        to = "secondary_payer" if waits else "patient"
        moved = self.post(day, "transfer", role, -owed) + self.post(day, "transfer", to, owed)
        contractual = answer.total("contractual")
        if answer.role == "S":
            contractual = min(contractual, max(0, self.balances[role]))
        moved += self.post(day, "contractual", role, -contractual)
        self.standing[role] = moved
        self.undone_by[id(answer)] = (undone + paid + moved, before)
        self.answered.add(answer.role)

    def transact(self, transaction: Transaction) -> None:
        kind = transaction.kind
        amount = transaction.amount if kind in REFUNDS else -transaction.amount
        if kind in PATIENT_KINDS:
            self.post(transaction.day, kind, "patient", amount)
        elif kind in PAYER_KINDS:
            secondary = transaction.payer_id and transaction.payer_id == self.secondary_id
            self.post(transaction.day, kind, "secondary_payer" if secondary else "primary_payer", amount)

    @property
    def balance(self) -> int:
        return sum(self.balances.values())
