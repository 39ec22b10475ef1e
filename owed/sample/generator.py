"""Generates a sample: plans every claim of a day, then writes what is dated that day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from owed.sample.adjudication import Adjudication
from owed.sample.book import Book
from owed.sample.calendar import Calendar, add_months
from owed.sample.claim_text import Submission
from owed.sample.denied import control_number
from owed.sample.files import Inbox
from owed.sample.life import Life
from owed.sample.planning import Planner
from owed.sample.remittance_text import Advice
from owed.sample.timing import claims_by_day
from owed.sample.truth import Truth


@dataclass
class SampleSummary:
    """What was written. `as_of` is the last posting date of all."""

    start: date
    as_of: date
    seed: int
    claims: int = 0
    claim_files: int = 0
    remittance_files: int = 0
    remittances: int = 0
    transactions: int = 0
    scenarios: Counter[str] = field(default_factory=Counter)


def generate(
    out: Path,
    *,
    claims: int = 20_000,
    seed: int = 1,
    months: int = 12,
    start: date = date(2025, 1, 1),
    end: date | None = None,
) -> SampleSummary:
    """Write `out/inbox` and `out/truth`: the same arguments give the same bytes.

    `end` (by default the last day of `months` months) is the last service date and the last date of any file.
    """
    calendar = Calendar(start, end or add_months(start, months) - timedelta(days=1))
    book = Book(calendar)
    planner = Planner(Random(seed), book, claims)
    inbox = Inbox(out / "inbox", book)
    summary = SampleSummary(start, calendar.end, seed)
    with Truth(out / "truth", book) as truth:
        truth.write_files(inbox.write_reference())
        for day, count in enumerate(claims_by_day(calendar, claims)):
            for _ in range(count):
                summary.claims += 1
                life = planner.plan(summary.claims, day, is_last=summary.claims == claims)
                summary.scenarios[life.scenario] += 1
                emit(life, inbox)
                truth.write(life)
            files, payments = inbox.write_day(day)
            truth.write_files(files)
            truth.write_payments(payments)
            summary.claim_files += sum(file.kind != "835" for file in files)
            summary.remittance_files += sum(file.kind == "835" for file in files)
            summary.remittances += len(payments)
    summary.transactions = inbox.transactions
    return summary


def emit(life: Life, inbox: Inbox) -> None:
    """Hand the inbox everything of a claim up to the last day."""
    received: dict[int, int] = {}
    number = 0
    for event in life.events(inbox.calendar.last):
        if isinstance(event, Submission):
            received[len(received)] = event.day
            inbox.submit(event)
        elif isinstance(event, Adjudication):
            number += 1
            inbox.answer(advice_of(life, event, number), event)
        else:
            inbox.post(life.claim_id, event)


def advice_of(life: Life, answer: Adjudication, number: int) -> Advice:
    submission = life.submissions[answer.submission]
    forwarded = life.secondary if answer.status == "19" else None
    return Advice(
        life.claim_id, control_number(life, number), submission.encounter, life.person.name, life.person.member,
        life.clinician, submission.frequency, submission.day + 1, forwarded,
    )  # fmt: skip
