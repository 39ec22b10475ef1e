"""The patient's side of an account: statements, payments, plans, charity, small balances, bad debt."""

from __future__ import annotations

from random import Random

from owed.sample.life import Life, Transaction

STATEMENT_EVERY = 30
PAYS_AT_VISIT = 0.3
"""Of copays; posted with the charge."""
PAYS_AFTER = (0.34, 0.24, 0.16, 0.08)
"""The chance that what is left is paid after each statement."""


def settle(random: Random, life: Life) -> None:
    """Plan everything that follows once the payers have left their share to the patient."""
    owed = life.patient_share
    if owed <= 0:
        return
    start = life.last_answer
    copay = life.copay
    if 0 < copay <= owed and random.random() < PAYS_AT_VISIT:
        life.transactions.append(Transaction(life.submissions[0].day, "patient_payment", copay, "", "at the visit"))
        owed -= copay
        if not owed:
            return
    post = life.transactions.append
    if owed < 500 and random.random() < 0.7:
        post(Transaction(start + 8, "small_balance_write_off", owed))
        return
    first_statement = start + 4 + int(random.random() * 8)
    if random.random() < 0.03:
        charity(random, life, owed, first_statement)
        return
    if owed > 15_000 and random.random() < 0.22:
        plan(random, life, owed, first_statement)
        return
    left = owed
    for cycle, chance in enumerate(PAYS_AFTER):
        sent = first_statement + cycle * STATEMENT_EVERY
        post(Transaction(sent, "statement_sent", 0))
        if random.random() < chance:
            amount = left if random.random() < 0.85 or left < 2_000 else left // 2
            post(Transaction(sent + 5 + int(random.random() * 20), "patient_payment", amount))
            left -= amount
        if not left:
            return
    if random.random() < 0.06:
        dispute(random, life, first_statement + 100)
    noticed = first_statement + len(PAYS_AFTER) * STATEMENT_EVERY
    post(Transaction(noticed, "agency_notice_sent", 0))
    placed = noticed + 32 + int(random.random() * 20)
    if left >= 5_000 and random.random() < 0.6:
        post(Transaction(placed, "agency_placed", 0))
    if random.random() < 0.7:
        post(Transaction(placed + 5, "bad_debt", left))


def charity(random: Random, life: Life, owed: int, day: int) -> None:
    """Financial assistance asked for after the first statement, and mostly granted."""
    post = life.transactions.append
    post(Transaction(day, "statement_sent", 0))
    opened = day + 6 + int(random.random() * 20)
    post(Transaction(opened, "fap_application_opened", 0))
    closed = opened + 15 + int(random.random() * 25)
    post(Transaction(closed, "fap_application_closed", 0))
    if random.random() < 0.8:
        post(Transaction(closed, "charity", owed))


def plan(random: Random, life: Life, owed: int, day: int) -> None:
    """A payment plan by the month, kept or broken after some payments."""
    post = life.transactions.append
    post(Transaction(day, "statement_sent", 0))
    started = day + 7 + int(random.random() * 10)
    post(Transaction(started, "payment_plan_started", 0))
    months = 4 + int(random.random() * 5)
    kept = months if random.random() < 0.75 else 1 + int(random.random() * 3)
    each, left = owed // months, owed
    for month in range(1, kept + 1):
        amount = left if month == months else each
        post(Transaction(started + month * STATEMENT_EVERY, "patient_payment", amount))
        left -= amount
    if left:
        post(Transaction(started + (kept + 2) * STATEMENT_EVERY, "payment_plan_broken", 0))


def dispute(random: Random, life: Life, day: int) -> None:
    life.transactions.append(Transaction(day, "dispute_opened", 0))
    if random.random() < 0.6:
        life.transactions.append(Transaction(day + 20 + int(random.random() * 20), "dispute_closed", 0))
