"""Plans each claim's life: who came, what was done, when it was sent, answered, corrected, paid by the patient."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random

from owed.sample.book import Book
from owed.sample.claim_text import Submission
from owed.sample.closing import Closing
from owed.sample.corrections import Corrections
from owed.sample.credits import Credits
from owed.sample.denied import Denied
from owed.sample.life import Life, Transaction
from owed.sample.paid import Paid
from owed.sample.payers import BY_ID, PAYERS, Payer
from owed.sample.paying import Desk
from owed.sample.people import person
from owed.sample.services import Services
from owed.sample.timing import Timing

UNSEEN_PAYERS = frozenset(("FEDCARE", "GARRISON"))
CLAIM_TYPES = ((740, "professional"), (967, "institutional"), (1000, "dental"))
STAY_SHARE, UNANSWERED_SHARE, LATE_SHARE = 0.17, 0.012, 0.004
VOIDED_SHARE, GIVEN_UP_SHARE = 0.15, 0.2
"""Of unanswered claims: withdrawn, and written off after some months."""


class Planner:
    """One per sample; draws everything from one random stream, so the seed fixes it all."""

    def __init__(self, random: Random, book: Book, claims: int) -> None:
        self.random = random
        self.book = book
        self.calendar = book.calendar
        self.services = Services(book.procedures, book.inpatient)
        self.timing = Timing(random, book.calendar)
        self.desk = Desk(random, book)
        self.closing = Closing(random, self.timing)
        self.denied = Denied(random, book, self.desk, self.timing, self.closing)
        self.corrections = Corrections(random, book, self.desk, self.timing, self.closing, self.denied)
        self.credits = Credits(random, self.timing, self.closing)
        self.paid = Paid(random, book, self.desk, self.timing, self.denied, self.corrections, self.credits)
        self.payers = [payer for payer in PAYERS if payer.share]
        self.weights = list(accumulate(payer.share for payer in self.payers))
        self.pool = max(30, claims // 3)

    def plan(self, number: int, day: int, *, is_last: bool = False) -> Life:
        """The claim of that running number, for a service on that day. `is_last` is sent on the last day."""
        life = self.draw(number, day)
        lag = self.timing.submission_lag(life.encounter)
        late = (life.contract.timely_filing_days if life.contract else 180) + 5 + int(self.random.random() * 30)
        if self.random.random() < LATE_SHARE and life.encounter.last + late < self.calendar.last:
            lag, life.scenario = late, "filed_late"
        # Nothing waits past the last day: what is left is sent then, as at a year's close.
        sent = min(self.calendar.business_day(life.encounter.last + lag), self.calendar.last)
        if is_last:
            sent = self.calendar.last
        life.submissions.append(
            Submission(life.claim_id, sent, "1", "", life.encounter, life.person, life.payer, life.secondary, None,
                       life.clinician)
        )  # fmt: skip
        if life.scenario == "filed_late":
            self.denied.file_late(life)
        elif self.random.random() < UNANSWERED_SHARE:
            life.scenario = "unanswered"
            if self.random.random() < VOIDED_SHARE:
                self.corrections.void(life)
            else:
                self.credits.lose(life)
            if life.scenario == "unanswered" and self.random.random() < GIVEN_UP_SHARE:
                life.scenario = "unanswered_given_up"
                given_up = self.timing.later(sent, 140, 200)
                charge = life.encounter.charge
                life.transactions.append(Transaction(given_up, "administrative_write_off", charge, life.payer.id))
        elif not self.denied.refuse(life):
            self.paid.pay(life)
        return life

    def plan_unseen(self, number: int, day: int) -> Life:
        """A claim of another system, of which only the remittance comes: under a contract without products."""
        life = self.draw(number, day)
        while life.payer.id not in UNSEEN_PAYERS or life.encounter.claim_type != "professional":
            life = self.draw(number, day)
        life.claim_id, life.origin, life.scenario, life.secondary = f"LX{number:08d}", "remittance", "unseen", None
        sent = self.calendar.business_day(day + 3)
        life.submissions.append(
            Submission(
                life.claim_id, sent, "1", "", life.encounter, life.person, life.payer, None, None, life.clinician
            )
        )
        paid = self.timing.payment_day(life.payer, sent)
        life.adjudications.append(self.desk.pay(life, life.encounter, life.price, paid, 0, rightly=True))
        return life

    def draw(self, number: int, day: int) -> Life:
        random = self.random
        at = random.random() * 1000
        claim_type = next(name for upto, name in CLAIM_TYPES if at < upto)
        payer = self.payer(claim_type)
        patient = person(payer, int(random.random() * max(3, self.pool * max(payer.share, 30) // 1000)))
        if claim_type == "institutional" and random.random() < STAY_SHARE:
            encounter = self.services.stay(random, day)
        else:
            encounter = self.services.draw(random, claim_type, day)
        contract = self.book.contract_for(payer.id, patient.plan, encounter)
        price = self.book.price(contract, encounter) if contract else None
        secondary = BY_ID[patient.secondary] if patient.secondary and claim_type != "dental" else None
        return Life(
            f"HF{number:08d}", number, patient, payer, secondary, contract, encounter, price, int(random.random() * 3)
        )

    def payer(self, claim_type: str) -> Payer:
        if claim_type == "dental":
            return BY_ID["OAKDENT"]
        return self.payers[bisect(self.weights, self.random.random() * self.weights[-1])]
