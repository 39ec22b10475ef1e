"""How an account stands on the last day: a credit with its cause and owner, or what the patient owes."""

from __future__ import annotations

from typing import NamedTuple

from owed.sample.ledger import Account, Posting
from owed.sample.life import Life
from owed.sample.payers import Payer

OWNERS = {
    "medicare": "medicare",
    "medicaid": "medicaid",
    "managed_medicaid": "medicaid",
    "other_government": "other_government",
    "tricare": "other_government",
}
BY_SECOND_PAYER = frozenset(("two_primary_payers", "coordination_of_benefits"))
BY_PATIENT = frozenset(("patient_overpayment", "unknown"))
FALSE_OVERPAYMENTS = frozenset(("excess_adjustment", "misposted_payment"))


class Credit(NamedTuple):
    """An account below zero; `amount` is positive, days are numbers.

    `is_certain` is false for `unknown`: a bad debt paid after all may be called an excess adjustment too.
    """

    amount: int
    cause: str
    owner: str
    owner_payer: str
    is_true_overpayment: bool
    identified: int
    first_day: int
    is_certain: bool


class PatientBalance(NamedTuple):
    """An account on which the patient owes."""

    amount: int
    first_owed: int
    statements: int
    last_statement: int | None
    last_payment: int | None
    plan: str


def first_day(postings: list[Posting], *, patient_only: bool = False, below: bool = False) -> int | None:
    """The first day on which the balance stood above zero, or `below` it."""
    balance, days = 0, sorted({posting.day for posting in postings})
    for day in days:
        balance += sum(
            posting.amount
            for posting in postings
            if posting.day == day and (not patient_only or posting.responsibility == "patient")
        )
        if (balance < 0) if below else (balance > 0):
            return day
    return None


def credit_of(life: Life, account: Account, last: int) -> Credit | None:
    if account.balance >= 0:
        return None
    if not life.credit_cause:
        raise ValueError(f"{life.claim_id}: a credit balance that nobody planted")
    cause = life.credit_cause
    payer: Payer | None = life.payer
    if cause in BY_SECOND_PAYER:
        payer = life.secondary
    elif cause in BY_PATIENT:
        payer = None
    since = first_day(account.postings, below=True)
    noticed = [event.day for event in life.transactions if event.kind == "credit_identified" and event.day <= last]
    if since is None:
        raise ValueError(f"{life.claim_id}: below zero, but never was")
    return Credit(
        -account.balance,
        cause,
        OWNERS.get(payer.payer_class, "commercial") if payer else "patient",
        payer.id if payer else "",
        cause not in FALSE_OVERPAYMENTS,
        min(noticed) if noticed else since,
        since,
        cause != "unknown",
    )


def patient_balance_of(life: Life, account: Account, last: int) -> PatientBalance | None:
    amount = account.balances["patient"]
    since = first_day(account.postings, patient_only=True)
    if amount <= 0 or since is None:
        return None
    days: dict[str, list[int]] = {}
    for event in life.transactions:
        if event.day <= last:
            days.setdefault(event.kind, []).append(event.day)
    plan = "none"
    if "payment_plan_started" in days:
        plan = "broken" if "payment_plan_broken" in days else "active"
    statements = days.get("statement_sent", [])
    return PatientBalance(
        amount,
        since,
        len(statements),
        max(statements, default=None),
        max(days.get("patient_payment", []), default=None),
        plan,
    )
