"""After the first payer has paid: the second payer, then the patient."""

from __future__ import annotations

from random import Random

from owed.sample.adjudication import Adjudication
from owed.sample.life import Life, Transaction
from owed.sample.patient_account import settle
from owed.sample.paying import pay_as_first, pay_second
from owed.sample.timing import Timing

SECOND_STYLES = ((55, 100, "rest"), (70, 100, "repeats"), (88, 80, "rest"), (100, 0, "waived"))
"""Percent upto, percent of the patient share paid, and how the remainder is shown."""
SECOND_UNANSWERED = 0.05
SECOND_PAYS_AS_FIRST, SECOND_PAYS_TOO_MUCH = 0.015, 0.02
FORWARDING_PAYERS = frozenset(("FEDCARE",))
"""Payers that send their answer on to the second payer themselves (CLP02 19)."""


class Closing:
    """Plans what follows a first payer's payment."""

    def __init__(self, random: Random, timing: Timing) -> None:
        self.random = random
        self.timing = timing

    def close(self, life: Life, answer: Adjudication) -> None:
        if life.secondary is not None and answer.patient and not self.second(life, answer):
            life.scenario += "_second_unanswered"
            return
        settle(self.random, life)

    def second(self, life: Life, first: Adjudication) -> bool:
        """Forwarded by the first payer, or sent on by the provider; whether an answer is planned."""
        secondary = life.secondary
        if secondary is None:
            return False
        sent = first.day + 2
        if life.payer.id in FORWARDING_PAYERS:
            first.status = "19"
        else:
            sent = self.timing.later(first.day, 4, 14)
            newest = [submission for submission in life.submissions if submission.prior is None][-1]
            life.submissions.append(
                newest._replace(day=sent, frequency="1", original="", payer=secondary, other=life.payer, prior=first)
            )  # fmt: skip
        if self.random.random() < SECOND_UNANSWERED:
            return False
        day = self.timing.payment_day(secondary, sent)
        life.scenario += "_second_paid"
        mistake = self.random.random()
        if mistake < SECOND_PAYS_AS_FIRST and first.lines:
            life.adjudications.append(pay_as_first(first, day, secondary))
            life.credit_cause = "two_primary_payers"
        elif mistake < SECOND_PAYS_AS_FIRST + SECOND_PAYS_TOO_MUCH:
            life.adjudications.append(pay_second(first, 150, day, "rest", life))
            life.credit_cause = "coordination_of_benefits"
        else:
            at = self.random.random() * 100
            part, style = next((part, style) for upto, part, style in SECOND_STYLES if at < upto)
            life.adjudications.append(pay_second(first, part, day, style, life))
            return True
        life.scenario += f"_{life.credit_cause}"
        if self.random.random() < 0.3:
            excess = life.adjudications[-1].paid - first.patient
            refunded = self.timing.later(day, 25, 70)
            life.transactions.append(Transaction(refunded, "payer_refund", excess, secondary.id))
        return True
