"""A payer answers a claim: right, wrong in a planted way, or not at all on some line."""

from __future__ import annotations

from random import Random

from owed.sample import cost_share, deviations, planting
from owed.sample.adjudication import (
    Adjudication,
    Adjustment,
    LineOutcome,
    deny_line,
    of_lines,
    of_whole,
    pay_line,
    spread_whole,
)
from owed.sample.book import Book
from owed.sample.denials import NOT_PAYABLE, Refusal
from owed.sample.deviations import Case, Deviation
from owed.sample.encounter import Encounter
from owed.sample.life import Life
from owed.sample.money import half_up, share
from owed.sample.payers import Payer
from owed.sample.pricer import Price

UNCONTRACTED_PERCENT, UNLISTED_PERCENT = 550_000, 400_000
"""What a payer allows of the charge without a contract, and for a code the contract has no rate for."""
SUSPECT_TERM, SUSPECT_RATIO = ("garrison-professional", "immunizations"), 112
"""A term whose rate in our file is wrong: the payer allows 112 percent of it on every line."""
STALE_FAMILY_PAYER, STALE_FAMILY_SHARE, STALE_FAMILY_DELAY = "BLUESTONE", 0.7, 9
"""From some days after the new contract this payer pays most imaging lines by the old one."""


class Desk:
    """Adjudicates for all payers."""

    def __init__(self, random: Random, book: Book) -> None:
        self.random = random
        self.book = book

    def pay(
        self,
        life: Life,
        encounter: Encounter,
        price: Price | None,
        day: int,
        submission: int,
        *,
        rightly: bool = False,
        refuse: Refusal | None = None,
    ) -> Adjudication:
        """A first payer's answer that pays. `refuse` denies one line; `rightly` plants nothing."""
        if price is not None and price.whole_term and price.total is not None:
            return self.pay_whole(life, encounter, price, day, submission, rightly)
        expected = price.lines if price else (None,) * len(encounter.lines)
        allowed = [
            amount if amount is not None else share(line.charge, UNLISTED_PERCENT if price else UNCONTRACTED_PERCENT)
            for amount, line in zip(expected, encounter.lines, strict=True)
        ]
        if refuse and refuse.part:
            allowed[refuse.at] = allowed[refuse.at] * refuse.part // 100
        month = self.book.calendar.month(encounter.first)
        stay_share: list[Adjustment] = []
        if encounter.is_stay:
            stay_share = cost_share.of_stay(self.random, life.payer, sum(allowed), month)
            patient: list[list[Adjustment]] = [[] for _ in allowed]
        else:
            patient = cost_share.by_line(self.random, life.payer, encounter, allowed, month)
        found = None
        if life.contract and price and None not in price.lines and refuse is None and not rightly:
            found = self.err(life, encounter, price, tuple(sum(a for _, _, a in mine) for mine in patient))
        causes: dict[int, str] = {}
        if found is not None:
            allowed = list(found.lines)
            causes = dict.fromkeys((index + 1 for index, _ in enumerate(allowed)), found.cause)
        self.suspect(life, price, allowed, causes)
        outcomes = self.lines(life, encounter, price, allowed, patient, found, refuse)
        if not life.payer.stay_lines and encounter.is_stay:
            sequestration = life.contract.sequestration if life.contract else 0
            return of_whole(life.payer, day, encounter, sum(allowed), stay_share, sequestration, submission)
        answer = of_lines(life.payer, day, encounter, outcomes, submission)
        answer.causes = causes
        if stay_share:
            move_to_patient(outcomes, stay_share)
            answer.paid = sum(outcome.paid for outcome in outcomes)
        return answer

    def lines(
        self,
        life: Life,
        encounter: Encounter,
        price: Price | None,
        allowed: list[int],
        patient: list[list[Adjustment]],
        found: Deviation | None,
        refuse: Refusal | None,
    ) -> list[LineOutcome]:
        sequestration = life.contract.sequestration if life.contract else 0
        outcomes = []
        for index, line in enumerate(encounter.lines):
            reason = refuse.reason if refuse and refuse.at == index else None
            if reason and refuse and refuse.part:
                base = price.lines[index] if price else None
                cut = (base if base is not None else line.charge) - allowed[index]
                cuts = [(reason.group, reason.reason, cut)]
                outcome = pay_line(index + 1, line, allowed[index], patient[index], sequestration, cuts=cuts)
                outcome.remarks = reason.remarks
                outcomes.append(outcome)
            elif reason:
                outcomes.append(deny_line(index + 1, line, reason.group, reason.reason, reason.remarks))
            elif price is not None and price.lines[index] == 0:
                outcomes.append(deny_line(index + 1, line, "CO", NOT_PAYABLE.reason, NOT_PAYABLE.remarks))
            else:
                shown = found.shown.get(index, 0) if found else 0
                cuts = [("CO", "59", shown)] if shown else []
                outcome = pay_line(index + 1, line, allowed[index], patient[index], sequestration, cuts=cuts)
                if found:
                    outcome.code = found.paid_code.get(index, outcome.code)
                    outcome.units = found.paid_units.get(index, outcome.units)
                outcomes.append(outcome)
        return outcomes

    def pay_whole(
        self, life: Life, encounter: Encounter, price: Price, day: int, submission: int, rightly: bool
    ) -> Adjudication:
        month = self.book.calendar.month(encounter.first)
        allowed = price.total or 0
        patient = cost_share.of_stay(self.random, life.payer, allowed, month) if encounter.is_stay else []
        causes: dict[int, str] = {}
        if not rightly and life.contract:
            found = self.err(life, encounter, price, tuple(amount for _, _, amount in patient))
            if found is not None and found.whole is not None:
                allowed = found.whole
                causes = {0: found.cause}
        build = spread_whole if life.payer.stay_lines or not encounter.is_stay else of_whole
        sequestration = life.contract.sequestration if life.contract else 0
        answer = build(life.payer, day, encounter, allowed, patient, sequestration, submission)
        answer.causes = causes
        return answer

    def err(self, life: Life, encounter: Encounter, price: Price, patient: tuple[int, ...]) -> Deviation | None:
        """The payer's error on this claim, if any: its settled habit first, else one by chance."""
        contract = life.contract
        if contract is None or price.total is None:
            return None
        case = Case(self.book, self.random, contract, encounter, price, patient)
        if life.payer.id == STALE_FAMILY_PAYER and encounter.first >= self.book.calendar.middle + STALE_FAMILY_DELAY:
            found = self.stale_family(case)
            if found is not None:
                return found
        if (contract.id, SUSPECT_TERM[1]) != SUSPECT_TERM and SUSPECT_TERM[1] in price.terms:
            return None
        if SUSPECT_TERM[1] in price.terms or self.random.random() >= planting.proneness(case):
            return self.cents_off(case)
        return planting.deviation(case)

    def stale_family(self, case: Case) -> Deviation | None:
        procedures = self.book.procedures
        imaging = [i for i, line in enumerate(case.encounter.lines)
                   if line.code and procedures[line.code].family == "imaging"]  # fmt: skip
        if not imaging or case.is_whole or self.random.random() >= STALE_FAMILY_SHARE:
            return None
        found = deviations.stale_rate(case)
        if found is None or not planting.is_plain(case, found):
            return None
        agreed = deviations.known(case.price)
        kept = tuple(paid if i in imaging else agreed[i] for i, paid in enumerate(found.lines))
        return found._replace(lines=kept)

    def cents_off(self, case: Case) -> Deviation | None:
        """Now and then a cent or three off, far below any tolerance: not a variance."""
        if case.is_whole or self.random.random() >= 0.01:
            return None
        agreed = deviations.known(case.price)
        off = 1 + int(self.random.random() * 3)
        if any(amount - off < owed for amount, owed in zip(agreed, case.patient, strict=True)):
            return None
        return Deviation("", tuple(max(0, amount - off) if amount else 0 for amount in agreed))

    def suspect(self, life: Life, price: Price | None, allowed: list[int], causes: dict[int, str]) -> None:
        """Where our own rate is wrong, the payer allows one ratio of it on every line."""
        if price is None or life.contract is None or life.contract.id != SUSPECT_TERM[0]:
            return
        for index, term in enumerate(price.terms):
            if term == SUSPECT_TERM[1]:
                allowed[index] = half_up(allowed[index] * SUSPECT_RATIO, 100)
                causes[index + 1] = deviations.SUSPECT


def move_to_patient(outcomes: list[LineOutcome], owed: list[Adjustment]) -> None:
    """Take a stay's patient share off the lines' payments in order."""
    for group, reason, amount in owed:
        left = amount
        for outcome in outcomes:
            taken = min(left, outcome.paid)
            if taken > 0:
                outcome.adjustments.append((group, reason, taken))
                outcome.paid -= taken
                left -= taken


def pay_second(first: Adjudication, payer_pays: int, day: int, style: str, life: Life) -> Adjudication:
    """The second payer's answer to what the first left to the patient.

    `payer_pays` percent of each line's patient share is paid. `style`: `rest` leaves the remainder to the patient,
    `waived` writes it off (CO-45), `repeats` shows the first payer's contractual adjustment again.
    """
    secondary = life.secondary
    if secondary is None:
        raise ValueError(f"{life.claim_id} has no second payer")

    def split(charge: int, prior: list[Adjustment]) -> tuple[int, list[Adjustment]]:
        owed = sum(amount for group, _, amount in prior if group == "PR")
        contractual = sum(amount for group, reason, amount in prior if group == "CO" and reason != "253")
        paid = min(half_up(owed * payer_pays, 100), charge)
        found: list[Adjustment] = []
        effect = charge - max(owed, paid)
        if style == "repeats" and 0 < contractual < effect:
            found.append(("CO", "45", contractual))
            effect -= contractual
        if effect:
            found.append(("OA", "23", effect))
        if paid < owed:
            found.append(("CO", "45", owed - paid) if style == "waived" else ("PR", "2", owed - paid))
        return paid, found

    if not first.lines:
        paid, adjustments = split(first.charge, first.adjustments)
        return Adjudication(secondary, "S", "2", day, first.charge, paid, paid, adjustments, [])
    lines = []
    for outcome in first.lines:
        paid, adjustments = split(outcome.line.charge, outcome.adjustments)
        lines.append(
            LineOutcome(outcome.number, outcome.line, paid, paid, adjustments, outcome.line.code,
                        outcome.line.modifiers, outcome.line.units)
        )  # fmt: skip
    paid = sum(line.paid for line in lines)
    return Adjudication(secondary, "S", "2", day, first.charge, paid, paid, [], lines)


def pay_as_first(first: Adjudication, day: int, secondary: Payer) -> Adjudication:
    """The second payer overlooks the first and pays 60 percent of the charge as if it were alone."""
    lines = [
        pay_line(outcome.number, outcome.line, half_up(outcome.line.charge * 60, 100), [], 0) for outcome in first.lines
    ]
    paid = sum(line.paid for line in lines)
    return Adjudication(secondary, "S", "1", day, first.charge, paid, paid, [], lines)
