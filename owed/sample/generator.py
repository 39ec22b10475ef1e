"""Generates a sample: plans every claim of a day, then writes what is dated that day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from owed.sample.adjudication import Adjudication
from owed.sample.book import Book
from owed.sample.calendar import Calendar, add_months
from owed.sample.claim_text import Submission
from owed.sample.clearing import clear
from owed.sample.denied import control_number
from owed.sample.files import Inbox
from owed.sample.life import Life
from owed.sample.planning import Planner
from owed.sample.remittance_text import Advice
from owed.sample.timing import claims_by_day
from owed.sample.truth import Truth

START = date(2025, 1, 1)
"""The first service date, unless another is asked for."""
UNSEEN_SHARE = 0.002
"""Claims of which only a remittance comes, of all; at most one a day."""


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
    start: date = START,
    end: date | None = None,
    with_truth: bool = True,
) -> SampleSummary:
    """Write `out/inbox` and `out/truth`: the same arguments give the same bytes.

    `end` (by default the last day of `months` months) is the last service date and the last date of any file.
    Without truth the tables of claims stay empty: for a benchmark that needs none. Memory holds no more than what is
    in flight between a service and its last answer.
    """
    calendar = Calendar(start, end or add_months(start, months) - timedelta(days=1))
    book = Book(calendar)
    planner = Planner(Random(seed), book, claims)
    inbox = Inbox(out / "inbox", book, Random(seed + 1))
    summary = SampleSummary(start, calendar.end, seed)
    with Truth(out / "truth", book) as truth:
        truth.write_files(inbox.write_reference())
        for day, count in enumerate(claims_by_day(calendar, claims)):
            for life in lives(planner, summary, day, count, claims):
                summary.scenarios[life.scenario] += 1
                emit(life, inbox)
                if with_truth:
                    truth.write(life)
            files, payments = inbox.write_day(day)
            truth.write_files(files)
            truth.write_payments(payments)
            summary.claim_files += sum(file.kind.startswith("837") for file in files)
            summary.remittance_files += sum(file.kind == "835" for file in files)
            summary.remittances += len(payments)
    summary.transactions = inbox.transactions
    return summary


def lives(planner: Planner, summary: SampleSummary, day: int, count: int, claims: int) -> Iterator[Life]:
    """The day's claims, and now and then one that shows only in a remittance."""
    for _ in range(count):
        summary.claims += 1
        life = planner.plan(summary.claims, day, is_last=summary.claims == claims)
        clear(life, planner.calendar)
        yield life
    if planner.random.random() < UNSEEN_SHARE * count:
        life = planner.plan_unseen(day + 1, day)
        if life.last_answer <= planner.calendar.last:
            yield life


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
    for recovery in life.recoveries:
        inbox.recover((life.payer.id, life.encounter.claim_type), recovery)


def advice_of(life: Life, answer: Adjudication, number: int) -> Advice:
    submission = life.submissions[answer.submission]
    forwarded = life.secondary if answer.status == "19" else None
    return Advice(
        life.claim_id, control_number(life, number), submission.encounter, life.person.name, life.person.member,
        life.person.plan, life.clinician, submission.frequency, submission.day + 1, forwarded,
    )  # fmt: skip
