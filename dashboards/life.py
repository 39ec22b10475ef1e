"""A claim's events in time: service, submission, refusals, and each day's postings with the balance after them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dashboards import formats
from dashboards.snapshot import MissingTableError, Query, Reader, Row

_POSTINGS = """
    select posted_date as day, posting_type, responsibility, sum(amount) as amount
    from marts.fct_account_ledger where claim_key = ? and posted_date is not null and amount is not null
    group by all order by day, min(source_segment), posting_type, responsibility
"""
_DENIALS = """
    select denial_date, outcome_date, outcome, reason_code, group_code, sum(denied_amount) as amount
    from marts.fct_denials where claim_key = ? group by all order by denial_date, reason_code
"""


@dataclass(frozen=True)
class Event:
    """What happened on one day. `balance` is the account's after the day's postings; None on days without any."""

    day: date
    texts: tuple[str, ...]
    balance: Decimal | None


def events(reader: Reader, claim: Row) -> list[Event]:
    """The claim's days in order of time."""
    texts: dict[date, list[str]] = {}
    for day, text in _dated(reader, claim):
        texts.setdefault(day, []).append(text)
    balances: dict[date, Decimal] = {}
    balance = Decimal(0)
    for row in reader.rows(Query(_POSTINGS, (claim["claim_key"],))):
        balance += row["amount"]
        balances[row["day"]] = balance
        whose = f", {formats.within(row['responsibility'])}" if row["responsibility"] else ""
        texts.setdefault(row["day"], []).append(
            f"{formats.words(row['posting_type'])}{whose}: {formats.money(row['amount'])}"
        )
    return [Event(day, tuple(said), balances.get(day)) for day, said in sorted(texts.items())]


def _dated(reader: Reader, claim: Row) -> Iterator[tuple[date, str]]:
    first, last = claim["service_from_date"], claim["service_to_date"]
    if first:
        yield first, "Service" if last in (None, first) else "Service begins"
    if last and last != first:
        yield last, "Service ends"
    if claim["first_submitted_date"]:
        yield claim["first_submitted_date"], "First submitted"
    if claim["first_remit_date"]:
        yield claim["first_remit_date"], "First answer of the primary payer"
    try:
        rows = reader.rows(Query(_DENIALS, (claim["claim_key"],)))
    except MissingTableError:
        return
    for row in rows:
        if row["denial_date"]:
            code = f"{row['group_code'] or ''}-{row['reason_code'] or '?'}"
            yield row["denial_date"], f"Refused {formats.money(row['amount'])} with {code}"
        if row["outcome_date"] and row["outcome"] != "open":
            yield row["outcome_date"], f"Refusal {formats.within(row['outcome'])}"
