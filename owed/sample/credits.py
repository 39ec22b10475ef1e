"""Accounts that end in credit: one plan for each cause of INTERFACE, and what is done about some of them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from owed.sample.adjudication import Adjudication, reversal
from owed.sample.closing import Closing
from owed.sample.denied import control_number
from owed.sample.deviations import SUSPECT, counts
from owed.sample.life import Life, Recovery, Transaction
from owed.sample.timing import Timing

DUPLICATE, EXCESS, CHARGE, MISPOSTED, PATIENT, LOST_CHECK = 0.008, 0.006, 0.004, 0.05, 0.012, 0.3
"""Shares of paid claims; of misposted payments, of paid claims while a lost check waits for one; of lost checks,
of unanswered claims."""
ABOVE_CONTRACT, BAD_DEBT_PAID = 0.5, 0.015
"""Shares of overpaid claims whose account is adjusted to the contract, and of bad debts paid after all."""


class Credits:
    """Plans credit balances. `lost` holds payments for claims never answered, until one is posted elsewhere."""

    def __init__(self, random: Random, timing: Timing, closing: Closing) -> None:
        self.random = random
        self.timing = timing
        self.closing = closing
        self.lost: dict[str, list[tuple[int, int]]] = {}

    def lose(self, life: Life) -> None:
        """An unanswered claim whose paper check is posted to another patient's account."""
        total = life.price.total if life.price else None
        if total and self.random.random() < LOST_CHECK:
            life.scenario = "unanswered_check_misposted"
            day = self.timing.payment_day(life.payer, life.submissions[0].day)
            self.lost.setdefault(life.payer.id, []).append((day, total))

    def plant(self, life: Life, answer: Adjudication) -> None:
        """Close the claim, with a credit on top of it now and then."""
        if life.secondary is not None or answer.paid <= 0:
            self.closing.close(life, answer)
            return
        at = self.random.random()
        if at < DUPLICATE:
            self.duplicate(life, answer)
            return
        self.closing.close(life, answer)
        waiting = self.lost.get(life.payer.id, [])
        if at < DUPLICATE + EXCESS:
            amount = sum(amount for _, reason, amount in answer.all_adjustments() if reason == "45")
            self.adjust(life, answer, "contractual_adjustment", amount, "excess_adjustment", "allowance posted twice")
        elif at < DUPLICATE + EXCESS + CHARGE:
            part = max(1, int(10 + 30 * self.random.random()))
            amount = life.encounter.charge * part // 10_000 * 100
            self.adjust(life, answer, "charge_correction", amount, "charge_correction", "charged in error")
        elif at < DUPLICATE + EXCESS + CHARGE + MISPOSTED and self.may_mispost(life, answer, waiting):
            self.mispost(life, answer, waiting)
        elif at > 1 - PATIENT:
            self.pay_twice(life)
        elif (amount := overpaid(life, answer)) and self.random.random() < ABOVE_CONTRACT:
            self.adjust(life, answer, "contractual_adjustment", amount, "paid_above_contract", "adjusted to contract")
        else:
            self.pay_bad_debt(life)

    def adjust(self, life: Life, answer: Adjudication, kind: str, amount: int, cause: str, note: str) -> None:
        if amount <= 0:
            return
        life.credit_cause = cause
        life.scenario += f"_{cause}"
        day = self.timing.later(answer.day, 1, 25)
        life.transactions.append(Transaction(day, kind, amount, life.payer.id, note))
        self.notice(life, day)

    def notice(self, life: Life, day: int) -> int:
        """The day the credit is found; looked into now and then. The day after the last of it."""
        if self.random.random() >= 0.6:
            return day
        post = life.transactions.append
        day = self.timing.later(day, 6, 45)
        post(Transaction(day, "credit_identified", 0))
        if self.random.random() < 0.35:
            day = self.timing.later(day, 2, 20)
            post(Transaction(day, "credit_investigation_started", 0))
            if self.random.random() < 0.6:
                day = self.timing.later(day, 15, 80)
                post(Transaction(day, "credit_investigation_ended", 0))
        return day + 1

    def duplicate(self, life: Life, answer: Adjudication) -> None:
        """The same answer paid once more; reversed, refunded, recovered without a word, or left."""
        life.scenario, life.credit_cause = "duplicate_payment", "duplicate_payment"
        day = self.timing.paying_day(life.payer, self.timing.later(answer.day, 6, 35))
        twice = replace(answer, day=day, interest=0)
        life.adjudications.append(twice)
        self.closing.close(life, twice)
        at = self.random.random()
        reference = control_number(life, 2) if self.random.random() < 0.5 else life.claim_id
        if at < 0.28:
            life.scenario += "_reversed"
            life.adjudications.append(reversal(twice, self.timing.paying_day(life.payer, day + 25)))
            return
        found = self.notice(life, day)
        if at < 0.45:
            life.scenario += "_refunded"
            refunded = self.timing.later(found, 5, 30)
            life.transactions.append(Transaction(refunded, "payer_refund", answer.paid, life.payer.id))
            thanked = self.timing.paying_day(life.payer, refunded + 14)
            life.recoveries.append(Recovery(thanked, reference, (("72", -answer.paid), ("WO", answer.paid))))
        elif at < 0.68:
            taken = self.timing.paying_day(life.payer, day + 20 + int(self.random.random() * 25))
            life.recoveries.append(Recovery(taken, reference, (("WO", answer.paid),)))
            if taken <= self.timing.calendar.last:
                life.scenario += "_recouped"
                life.credit_cause = "unposted_recoupment"

    def may_mispost(self, life: Life, answer: Adjudication, waiting: list[tuple[int, int]]) -> bool:
        """Not a check of the very amount paid here: posted about the same day, it would be that payment."""
        return bool(waiting) and not life.patient_share and waiting[0][1] != answer.paid

    def mispost(self, life: Life, answer: Adjudication, waiting: list[tuple[int, int]]) -> None:
        arrived, amount = waiting.pop(0)
        day = self.timing.calendar.business_day(max(arrived, answer.day) + 1)
        life.credit_cause = "misposted_payment"
        life.scenario += "_misposted_payment"
        life.transactions.append(Transaction(day, "payer_payment", amount, life.payer.id, "paper check"))
        self.notice(life, day)

    def pay_twice(self, life: Life) -> None:
        """The patient pays the last bill again; some are refunded."""
        payments = [found for found in life.transactions if found.kind == "patient_payment"]
        if not payments or sum(found.amount for found in payments) != life.patient_share:
            return
        last = payments[-1]
        life.credit_cause = "patient_overpayment"
        life.scenario += "_patient_overpayment"
        day = last.day + 3 + int(self.random.random() * 10)
        life.transactions.append(Transaction(day, "patient_payment", last.amount))
        found = self.notice(life, day)
        if self.random.random() < 0.4:
            life.transactions.append(Transaction(self.timing.later(found, 10, 45), "patient_refund", last.amount))

    def pay_bad_debt(self, life: Life) -> None:
        """A debt written off is paid after all, and the write-off is not taken back: nothing explains the credit."""
        written = [found for found in life.transactions if found.kind == "bad_debt"]
        if written and self.random.random() < BAD_DEBT_PAID:
            life.credit_cause = "unknown"
            life.scenario += "_bad_debt_paid"
            day = written[-1].day + 15 + int(self.random.random() * 60)
            life.transactions.append(Transaction(day, "patient_payment", written[-1].amount, "", "from agency"))


def overpaid(life: Life, answer: Adjudication) -> int:
    """What was allowed above the contract, if the claim's variances say all of it and nothing else; else 0.

    A rate of our own that is probably wrong says nothing of the payer.
    """
    price, contract = life.price, life.contract
    if price is None or price.total is None or contract is None or not any(answer.causes.values()):
        return 0
    if SUSPECT in answer.causes.values():
        return 0
    pairs = [(price.total, answer.allowed)]
    if answer.lines and not price.whole_term:
        pairs = [(price.lines[line.number - 1] or 0, line.allowed) for line in answer.lines]
    above = [(expected, allowed) for expected, allowed in pairs if allowed != expected]
    if all(allowed > expected and counts(contract, expected, allowed) for expected, allowed in above):
        return sum(allowed - expected for expected, allowed in above)
    return 0
