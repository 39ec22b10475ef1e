"""Second thoughts about a paid claim: reversals with corrections, take-backs, corrected and voided claims."""

from __future__ import annotations

from random import Random

from owed.sample.adjudication import Adjudication, reversal
from owed.sample.book import Book
from owed.sample.closing import Closing
from owed.sample.denials import by_code
from owed.sample.denied import Denied, control_number
from owed.sample.encounter import Line
from owed.sample.life import Life, Recovery
from owed.sample.paying import Desk
from owed.sample.timing import Timing

CORRECTS_UNDERPAYMENT, CORRECTS_ANYWAY, TAKES_BACK, LATE_CHARGE = 0.15, 0.008, 0.004, 0.006
LATE_CODE = "85610"
"""A laboratory line that reaches billing after the claim went out."""


class Corrections:
    """Plans what becomes of an answer that does not stand."""

    def __init__(
        self, random: Random, book: Book, desk: Desk, timing: Timing, closing: Closing, denied: Denied
    ) -> None:
        self.random = random
        self.book = book
        self.desk = desk
        self.timing = timing
        self.closing = closing
        self.denied = denied

    def plant(self, life: Life, answer: Adjudication) -> bool:
        """Whether the claim got a second thought; if so, all that follows is planned."""
        if life.secondary is not None or answer.paid <= 0:
            return False
        underpaid = any(answer.causes.values()) and life.price and answer.allowed < (life.price.total or 0)
        at = self.random.random()
        if at < (CORRECTS_UNDERPAYMENT if underpaid else CORRECTS_ANYWAY):
            self.correct(life, answer, "underpayment_corrected" if underpaid else "corrected")
        elif at > 1 - TAKES_BACK:
            self.take_back(life, answer)
        elif at > 1 - TAKES_BACK - LATE_CHARGE and self.takes_late_charge(life):
            self.late_charge(life, answer)
        else:
            return False
        return True

    def correct(self, life: Life, answer: Adjudication, scenario: str) -> None:
        """The payer reverses its answer and pays right, in one remittance."""
        life.scenario = scenario
        day = self.timing.paying_day(life.payer, self.timing.later(answer.day, 20, 75))
        life.adjudications.append(reversal(answer, day))
        again = self.desk.pay(life, life.encounter, life.price, day, 0, rightly=True)
        life.adjudications.append(again)
        self.closing.close(life, again)

    def take_back(self, life: Life, answer: Adjudication) -> None:
        """Coverage had ended: reversed and denied; half of the time the money is recovered by a later payment."""
        life.scenario = "taken_back"
        day = self.timing.paying_day(life.payer, self.timing.later(answer.day, 45, 140))
        undone = reversal(answer, day)
        if self.random.random() < 0.5:
            undone.deferred = -answer.paid
            later = self.timing.paying_day(life.payer, day + 7 + int(self.random.random() * 21))
            life.recoveries.append(Recovery(later, control_number(life, 2), (("WO", answer.paid),)))
        life.adjudications.append(undone)
        refusal = self.denied.denial(life, life.encounter, by_code("27"), day, 0)
        life.adjudications.append(refusal)
        if self.random.random() < 0.5:
            self.denied.write_off(life, day, life.encounter.charge)

    def takes_late_charge(self, life: Life) -> bool:
        encounter = life.encounter
        is_office = encounter.claim_type == "professional" and encounter.place == "11"
        return is_office and life.contract is not None and all(line.code != LATE_CODE for line in encounter.lines)

    def late_charge(self, life: Life, answer: Adjudication) -> None:
        """A corrected claim (frequency 7) with one line more; the payer reverses and answers the whole anew."""
        life.scenario = "late_charge"
        charge = self.book.procedures[LATE_CODE].charge or 0
        line = Line(LATE_CODE, (), "", 1, charge, life.encounter.first)
        encounter = life.encounter._replace(
            lines=(*life.encounter.lines, line), charge=life.encounter.charge + charge
        )  # fmt: skip
        sent = self.timing.later(answer.day, 8, 35)
        original = control_number(life, len(life.adjudications))
        life.submissions.append(
            life.submissions[0]._replace(day=sent, frequency="7", original=original, encounter=encounter)
        )
        day = self.timing.payment_day(life.payer, sent)
        life.adjudications.append(reversal(answer, day))
        price = self.denied.price(life, encounter)
        again = self.desk.pay(life, encounter, price, day, 1, rightly=True)
        life.adjudications.append(again)
        self.closing.close(life, again)

    def void(self, life: Life) -> None:
        """Billed in error and not yet answered: withdrawn by a claim of frequency 8."""
        life.scenario = "voided"
        sent = self.timing.later(life.submissions[0].day, 15, 60)
        life.submissions.append(
            life.submissions[0]._replace(day=sent, frequency="8", original=control_number(life, 1))
        )  # fmt: skip
