"""Denied claims and lines: the first refusal, and how each is worked or left."""

from __future__ import annotations

from random import Random

from owed.sample.adjudication import Adjudication, deny_whole, reversal
from owed.sample.book import Book
from owed.sample.claim_text import Submission
from owed.sample.closing import Closing
from owed.sample.denials import NOT_RECOGNISED, TIMELY, Reason, Refusal, by_code, denial_rate, draw_outcome, draw_reason
from owed.sample.encounter import Encounter
from owed.sample.life import Life, Transaction
from owed.sample.patient_account import settle
from owed.sample.paying import Desk
from owed.sample.pricer import Price
from owed.sample.timing import Timing


def control_number(life: Life, answer: int) -> str:
    """The payer's own number of its answer (CLP07), which a corrected claim names in REF*F8."""
    return f"{life.payer.electronic_id}{life.number:08d}{answer:02d}"


class Denied:
    """Plans refusals and what follows them."""

    def __init__(self, random: Random, book: Book, desk: Desk, timing: Timing, closing: Closing) -> None:
        self.random = random
        self.book = book
        self.desk = desk
        self.timing = timing
        self.closing = closing

    def refuse(self, life: Life) -> bool:
        """Deny the whole claim, or leave it to be paid."""
        progress = life.encounter.first / max(1, self.book.calendar.last)
        if self.random.random() >= denial_rate(life.payer, progress):
            return False
        life.scenario = "denied"
        reason = draw_reason(self.random, progress, by_line=False)
        while reason.group == "PR" and life.secondary is not None:
            reason = draw_reason(self.random, progress, by_line=False)
        self.deny(life, reason)
        return True

    def file_late(self, life: Life) -> None:
        self.deny(life, TIMELY)

    def deny(self, life: Life, reason: Reason) -> None:
        day = self.timing.payment_day(life.payer, life.submissions[0].day)
        answer = self.denial(life, life.encounter, reason, day, 0)
        life.adjudications.append(answer)
        if reason.group == "PR":
            settle(self.random, life)
            return
        self.work(life, answer, reason, life.encounter.charge)

    def denial(self, life: Life, encounter: Encounter, reason: Reason, day: int, submission: int) -> Adjudication:
        itemised = life.payer.stay_lines or not encounter.is_stay
        answer = deny_whole(
            life.payer, day, encounter, reason.group, reason.reason, reason.remarks, submission, itemised
        )  # fmt: skip
        if reason.reason == NOT_RECOGNISED:
            answer.status = "4"
        return answer

    def refuse_line(self, life: Life, index: int, reason: Reason, day: int) -> None:
        """Deny one line of a claim otherwise paid, or, for a limit on frequency, a part of it."""
        life.scenario = "line_denied"
        refusal = Refusal(index, reason, 50 if reason.reason == "151" else 0)
        answer = self.desk.pay(life, life.encounter, life.price, day, 0, refuse=refusal)
        life.adjudications.append(answer)
        if reason.group == "PR":
            settle(self.random, life)
            return
        self.work(life, answer, reason, answer.lines[index].total("denial"))

    def work(self, life: Life, answer: Adjudication, reason: Reason, amount: int) -> None:
        """The denial's fate, drawn and dated."""
        outcome = draw_outcome(self.random)
        if reason is TIMELY:
            outcome = "written_off" if self.random.random() < 0.7 else "nothing"
        life.scenario += f"_{outcome}"
        rebills = self.random.random() < reason.rebill
        if outcome in ("overturned", "partially_overturned"):
            self.overturn(life, answer, rebills, partly=outcome != "overturned")
        elif outcome == "refused_again":
            self.refuse_again(life, answer, amount)
        elif outcome == "pending":
            if rebills:
                self.rebill(life, answer)
            else:
                self.appeal(life, answer.day)
        elif outcome == "upheld":
            filed = self.appeal(life, answer.day)
            decided = self.timing.later(filed, 28, 62)
            life.transactions.append(Transaction(decided, "appeal_upheld", 0, life.payer.id))
            if self.random.random() < 0.5:
                self.write_off(life, decided, amount)
        elif outcome == "written_off":
            self.write_off(life, answer.day, amount)
        if outcome not in ("overturned", "partially_overturned") and answer.paid:
            settle(self.random, life)

    def appeal(self, life: Life, day: int) -> int:
        filed = self.timing.later(day, 6, 38)
        life.transactions.append(Transaction(filed, "appeal_filed", 0, life.payer.id))
        return filed

    def write_off(self, life: Life, day: int, amount: int) -> None:
        written = self.timing.later(day, 18, 65)
        life.transactions.append(Transaction(written, "denial_write_off", amount, life.payer.id))

    def rebill(self, life: Life, answer: Adjudication) -> Submission:
        """A corrected claim, frequency 7, naming the payer's control number."""
        sent = self.timing.later(answer.day, 4, 28)
        original = control_number(life, len(life.adjudications))
        corrected = self.corrected(life.encounter)
        submission = life.submissions[0]._replace(day=sent, frequency="7", original=original, encounter=corrected)
        life.submissions.append(submission)
        return submission

    def corrected(self, encounter: Encounter) -> Encounter:
        """The same services; now and then with the modifier that was missing, which no contract prices."""
        first, *others = encounter.lines
        if encounter.is_stay or not first.code or first.modifiers or self.random.random() < 0.5:
            return encounter
        return encounter._replace(lines=(first._replace(modifiers=("59",)), *others))

    def price(self, life: Life, encounter: Encounter) -> Price | None:
        return self.book.price(life.contract, encounter) if life.contract else None

    def overturn(self, life: Life, answer: Adjudication, rebills: bool, *, partly: bool) -> None:
        """Paid after all, by a corrected claim or an appeal; partly: one line stays refused."""
        encounter, index = life.encounter, 0
        if rebills:
            submission = self.rebill(life, answer)
            encounter, index = submission.encounter, len(life.submissions) - 1
            day = self.timing.payment_day(life.payer, submission.day)
        else:
            decided = self.timing.later(self.appeal(life, answer.day), 25, 60)
            life.transactions.append(Transaction(decided, "appeal_overturned", 0, life.payer.id))
            day = self.timing.paying_day(life.payer, decided + 3)
        price = self.price(life, encounter)
        refuse = None
        if partly and len(encounter.lines) > 1 and not (price and price.whole_term):
            refuse = Refusal(len(encounter.lines) - 1, by_code("151"), 50)
        if answer.paid or self.random.random() < 0.4:
            life.adjudications.append(reversal(answer, day))
        paid = self.desk.pay(life, encounter, price, day, index, rightly=True, refuse=refuse)
        life.adjudications.append(paid)
        self.closing.close(life, paid)

    def refuse_again(self, life: Life, answer: Adjudication, amount: int) -> None:
        """A corrected claim refused for another reason: two denials of one line."""
        life.uncertain_denials = True
        submission = self.rebill(life, answer)
        day = self.timing.payment_day(life.payer, submission.day)
        if answer.paid:
            life.adjudications.append(reversal(answer, day))
        reason = draw_reason(self.random, 0.5, by_line=False)
        while reason.group == "PR":
            reason = draw_reason(self.random, 0.5, by_line=False)
        life.adjudications.append(self.denial(life, submission.encounter, reason, day, len(life.submissions) - 1))
        if self.random.random() < 0.5:
            self.write_off(life, day, submission.encounter.charge)
