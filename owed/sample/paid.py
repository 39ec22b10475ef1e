"""Claims that are paid at once: wholly or but for one line."""

from __future__ import annotations

from random import Random

from owed.sample.adjudication import Adjudication
from owed.sample.book import Book
from owed.sample.corrections import Corrections
from owed.sample.credits import Credits
from owed.sample.denials import draw_reason
from owed.sample.denied import Denied
from owed.sample.life import Life
from owed.sample.money import WHOLE, half_up
from owed.sample.paying import Desk
from owed.sample.timing import Timing

PAYS_INTEREST = 0.4
"""The share of late payments on which the payer adds the interest it owes."""


class Paid:
    """Plans a claim that is not refused as a whole."""

    def __init__(
        self, random: Random, book: Book, desk: Desk, timing: Timing, denied: Denied, corrections: Corrections,
        credit: Credits,
    ) -> None:  # fmt: skip
        self.random = random
        self.book = book
        self.desk = desk
        self.timing = timing
        self.denied = denied
        self.corrections = corrections
        self.credits = credit

    def pay(self, life: Life) -> None:
        random = self.random
        sent = life.submissions[0].day
        day = self.timing.payment_day(life.payer, sent)
        life.scenario = "paid"
        is_whole = bool(life.price and life.price.whole_term) or life.encounter.is_stay
        lines = len(life.encounter.lines)
        if lines > 1 and not is_whole and life.secondary is None and random.random() * 1000 < life.payer.deny_line:
            reason = draw_reason(random, sent / max(1, self.book.calendar.last), by_line=True)
            self.denied.refuse_line(life, int(random.random() * lines), reason, day)
            return
        answer = self.desk.pay(life, life.encounter, life.price, day, 0)
        self.add_interest(life, answer, sent)
        life.adjudications.append(answer)
        if not self.corrections.plant(life, answer):
            self.credits.plant(life, answer)

    def add_interest(self, life: Life, answer: Adjudication, sent: int) -> None:
        """Simple interest on a payment later than the contract's days."""
        if life.contract is None or answer.paid <= 0:
            return
        late = answer.day - sent - life.contract.prompt_pay_days
        if late > 0 and self.random.random() < PAYS_INTEREST:
            answer.interest = half_up(answer.paid * life.contract.interest * late, 365 * WHOLE)
