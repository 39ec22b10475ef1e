"""What is open a year after the service: written off, as providers do, or receivables would rise with the years."""

from __future__ import annotations

from owed.sample.calendar import Calendar
from owed.sample.ledger import Account
from owed.sample.life import Life, Transaction

CLEARED_AFTER = 365


def clear(life: Life, calendar: Calendar) -> None:
    """Plans the write-offs of an account that nothing more is planned for, unless it is in credit, even in part."""
    sent = [submission.day for submission in life.submissions]
    planned = max(life.last_answer, *sent, *(transaction.day for transaction in life.transactions))
    day = calendar.business_day(max(life.encounter.last + CLEARED_AFTER, planned + 1))
    if day > calendar.last:
        return
    balances = Account(life, day).balances
    if min(balances.values()) < 0:
        return
    for responsibility, kind, payer in (
        ("primary_payer", "administrative_write_off", life.payer.id),
        ("secondary_payer", "administrative_write_off", life.secondary.id if life.secondary else ""),
        ("patient", "bad_debt", ""),
    ):
        if balances[responsibility]:
            life.transactions.append(Transaction(day, kind, balances[responsibility], payer))
