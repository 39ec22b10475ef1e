"""Random lives of claims, each posted twice: by the models, and event by event by a few lines of plain Python.

Every event has a day of its own, so that no order is left to choice; a reversal carries the control number of the
answer it takes back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

D = Decimal
SEED, CLAIMS, EVENTS = 20250101, 200, 7
PRIMARY, SECONDARY, PATIENT = "primary_payer", "secondary_payer", "patient"
PAYERS = {PRIMARY: "NORTH", SECONDARY: "SOUTH"}
BY_HAND = {
    "patient_payment": (PATIENT, -1),
    "bad_debt": (PATIENT, -1),
    "patient_refund": (PATIENT, 1),
    "denial_write_off": (PRIMARY, -1),
    "payer_refund": (PRIMARY, 1),
}


@dataclass
class Answer:
    number: int
    paid: Decimal
    effects: list[tuple[str, Decimal]]
    is_reversed: bool = False


@dataclass
class Account:
    """Balances by responsibility, and every payer's answers in order; the last unreversed one stands."""

    has_secondary: bool
    balances: dict[str, Decimal]
    answers: dict[str, list[Answer]] = field(default_factory=lambda: {PRIMARY: [], SECONDARY: []})

    def standing(self, role: str) -> Answer | None:
        return next((answer for answer in reversed(self.answers[role]) if not answer.is_reversed), None)

    def apply(self, answer: Answer | None, sign: int) -> None:
        for responsibility, amount in answer.effects if answer else []:
            self.balances[responsibility] += sign * amount

    def answer(self, role: str, number: int, paid: Decimal, contractual: Decimal, share: Decimal) -> None:
        waits = role == PRIMARY and self.has_secondary and self.standing(SECONDARY) is None
        self.apply(self.standing(role), -1)
        self.balances[role] -= paid
        effects = [(role, -share), (SECONDARY if waits else PATIENT, share)]
        if role == SECONDARY:
            contractual = min(contractual, max(self.balances[role] - share, D(0)))
        self.answers[role].append(Answer(number, paid, [*effects, (role, -contractual)]))
        self.apply(self.answers[role][-1], 1)

    def reverse(self, role: str, answer: Answer) -> None:
        self.apply(self.standing(role), -1)
        answer.is_reversed = True
        self.balances[role] += answer.paid
        self.apply(self.standing(role), 1)


def live(random: Random, inbox: Any, key: str) -> dict[str, Decimal]:
    """Write one claim's life into the inbox; the balances it must end with."""
    money = lambda: D(random.randrange(1, 9000)) / 100  # noqa: E731
    has_secondary = random.random() < 0.6
    account = Account(has_secondary, {PRIMARY: D("500.00"), SECONDARY: D(0), PATIENT: D(0)})
    inbox.claim(key, "500.00", "2025-01-01", secondary="SOUTH" if has_secondary else None)
    counts = {PRIMARY: 0, SECONDARY: 0}
    for event in range(random.randrange(1, EVENTS + 1)):
        day = (date(2025, 1, 2) + timedelta(days=event)).isoformat()
        role = SECONDARY if has_secondary and random.random() < 0.4 else PRIMARY
        known = [answer for answer in account.answers[role] if not answer.is_reversed]
        what = random.random()
        if what < 0.25:
            kind = random.choice(sorted(BY_HAND))
            amount = money()
            responsibility, sign = BY_HAND[kind]
            inbox.transact(key, day, kind, str(amount))
            account.balances[responsibility] += sign * amount
            continue
        counts[role] += 1
        number = counts[role]
        if what < 0.5 and known:
            taken = random.choice(known)
            inbox.answer(
                key,
                number,
                day,
                str(-taken.paid),
                [("CO", "45", "-1.00")],
                payer=PAYERS[role],
                role=role,
                control=f"{role}{taken.number}",
                status="22",
            )
            account.reverse(role, taken)
            continue
        paid, contractual, share = money(), money(), money()
        inbox.answer(
            key,
            number,
            day,
            str(paid),
            [("CO", "45", str(contractual)), ("PR", "2", str(share))],
            payer=PAYERS[role],
            role=role,
            control=f"{role}{number}",
            status="1",
        )
        account.answer(role, number, paid, contractual, share)
    return {who: amount for who, amount in account.balances.items() if amount}


def test_models_post_what_plain_python_posts(build_ledger: Any, new_inbox: Any) -> None:
    random, inbox = Random(SEED), new_inbox()
    expected = {f"life{number}": live(random, inbox, f"life{number}") for number in range(CLAIMS)}
    ledger = build_ledger(inbox, "2025-12-31")
    wrong = {
        key: (ledger.balances(key), balances) for key, balances in expected.items() if ledger.balances(key) != balances
    }
    assert not wrong
    assert ledger.row("select count(*) from marts.fct_account_ledger where posting_event = 'reinstatement'")[0] > 10
