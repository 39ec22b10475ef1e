"""How a payer errs: each root cause of INTERFACE's table, as the exact amount that the table names for it."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from owed.sample.book import Book
from owed.sample.contracts import Contract
from owed.sample.encounter import Encounter
from owed.sample.money import WHOLE, half_up, share
from owed.sample.pricer import Alternative, Price

DOWNCODED = {
    "99215": "99214", "99214": "99213", "99204": "99203", "99203": "99202", "99285": "99284", "99284": "99283",
    "99223": "99222", "99233": "99232", "45385": "45380", "97530": "97110", "29880": "29881", "99396": "99395",
}  # fmt: skip
MULTIPLE_HABITS = ((WHOLE, WHOLE // 2), (WHOLE, WHOLE // 2, WHOLE // 4))
"""The reductions payers take from habit: 100/50 and 100/50/25."""
TWO_PERCENT = 20_000
SUSPECT = "contract_load_suspect"
"""Not planted here: the payer is right, and a rate in our own file is wrong."""


class Deviation(NamedTuple):
    """What the payer allows instead: cents by line, or `whole` for the claim.

    `paid_code` and `paid_units` by line index show in SVC01 and SVC05; `shown` cents by line show as CO-59.
    """

    cause: str
    lines: tuple[int, ...] = ()
    whole: int | None = None
    paid_code: dict[int, str] = {}  # noqa: RUF012
    paid_units: dict[int, int] = {}  # noqa: RUF012
    shown: dict[int, int] = {}  # noqa: RUF012


class Case(NamedTuple):
    """A claim about to be paid, with what the patient owes by line (or, for a whole price, in all)."""

    book: Book
    random: Random
    contract: Contract
    encounter: Encounter
    price: Price
    patient: tuple[int, ...]

    @property
    def is_whole(self) -> bool:
        return bool(self.price.whole_term)


def counts(contract: Contract, expected: int, allowed: int) -> bool:
    """Whether a variance is at least both of the contract's tolerances."""
    difference = abs(allowed - expected)
    return (
        difference > 0
        and difference >= contract.tolerance_amount
        and difference * WHOLE >= contract.tolerance_percent * expected
    )


def known(price: Price) -> tuple[int, ...]:
    """The line prices of a claim priced by line throughout."""
    return tuple(amount for amount in price.lines if amount is not None)


def repriced(case: Case, cause: str, price: Price) -> Deviation | None:
    """The deviation that pays another price for the same services."""
    if price.total is None:
        return None
    if case.is_whole:
        return Deviation(cause, whole=price.total)
    return Deviation(cause, known(price)) if not price.whole_term else None


def otherwise(case: Case, cause: str, alternative: Alternative) -> Deviation | None:
    return repriced(case, cause, case.book.price_otherwise(case.contract, case.encounter, alternative))


def one_line(case: Case, cause: str, index: int, price: Price) -> Deviation | None:
    """The other price on one line, the agreed one on the rest."""
    amount = price.lines[index]
    if amount is None:
        return None
    lines = list(known(case.price))
    lines[index] = amount
    return Deviation(cause, tuple(lines))


def recoded(case: Case) -> Deviation | None:
    for index, line in enumerate(case.encounter.lines):
        code = DOWNCODED.get(line.code)
        if code and not case.is_whole:
            lines = list(case.encounter.lines)
            lines[index] = line._replace(code=code)
            changed = case.encounter._replace(lines=tuple(lines))
            found = one_line(case, "recoded", index, case.book.price_under(case.contract, changed))
            return found and found._replace(paid_code={index: code})
    return None


def units_changed(case: Case) -> Deviation | None:
    for index, line in enumerate(case.encounter.lines):
        if line.units > 1 and line.code and not case.is_whole and case.price.terms[index] != "default":
            units = 1 + int(case.random.random() * (line.units - 1))
            lines = list(case.encounter.lines)
            lines[index] = line._replace(units=units)
            changed = case.encounter._replace(lines=tuple(lines))
            found = one_line(case, "units_changed", index, case.book.price_under(case.contract, changed))
            return found and found._replace(paid_units={index: units})
    return None


def multiple_procedure_reduction(case: Case) -> Deviation | None:
    """A reduction that was not agreed, shown as CO-59 or hidden; or the agreed one not taken."""
    if case.is_whole or len(case.encounter.lines) < 2:
        return None
    if case.contract.multiple_procedures and case.random.random() < 0.35:
        return otherwise(case, "multiple_procedure_reduction", Alternative(reductions=()))
    habit = MULTIPLE_HABITS[int(case.random.random() * 2)]
    if case.contract.multiple_procedures[: len(habit)] == habit:
        habit = (WHOLE, WHOLE // 4)
    found = otherwise(case, "multiple_procedure_reduction", Alternative(reductions=habit))
    if found is None or (habit[1] == WHOLE // 2 and case.random.random() < 0.5):
        return found
    agreed = known(case.price)
    return found._replace(
        shown={i: agreed[i] - paid for i, paid in enumerate(found.lines) if paid < agreed[i]}
    )  # fmt: skip


def stale_rate(case: Case) -> Deviation | None:
    earlier = case.book.earlier_version(case.contract)
    if earlier is not None:
        return repriced(case, "stale_rate", case.book.price_under(earlier, case.encounter))
    if case.encounter.first >= case.book.calendar.middle:
        return otherwise(case, "stale_rate", Alternative(rates_on=case.book.calendar.middle - 1))
    return None


def wrong_schedule(case: Case) -> Deviation | None:
    for other in case.book.neighbours(case.contract, case.encounter):
        return repriced(case, "wrong_schedule", case.book.price_under(other, case.encounter))
    return None


def wrong_setting(case: Case) -> Deviation | None:
    if not case.encounter.place or case.is_whole:
        return None
    return otherwise(case, "wrong_setting", Alternative(other_setting=True))


def modifier_ignored(case: Case) -> Deviation | None:
    if case.is_whole:
        return None
    for index, line in enumerate(case.encounter.lines):
        for modifier in line.modifiers:
            if modifier in case.contract.modifiers or modifier in ("26", "TC"):
                changed = Alternative(without_modifier=modifier)
                price = case.book.price_otherwise(case.contract, case.encounter, changed)
                return one_line(case, "modifier_ignored", index, price)
    return None


def lesser_of(case: Case) -> Deviation | None:
    """The charge where the contract caps nothing: the contract owes more than was billed."""
    if case.contract.lesser_of != "none":
        return None
    if case.is_whole:
        total = case.price.total or 0
        return Deviation("lesser_of", whole=case.encounter.charge) if total > case.encounter.charge else None
    agreed = known(case.price)
    capped = tuple(min(a, line.charge) for a, line in zip(agreed, case.encounter.lines, strict=True))
    return Deviation("lesser_of", capped) if capped != agreed else None


def per_diem_days(case: Case) -> Deviation | None:
    methods = {term.id: term.method for term in case.contract.terms}
    if not case.encounter.is_stay or "per_diem" not in {methods.get(term) for term in case.price.terms}:
        return None
    days = case.encounter.lines[0].units
    if days < 2 or case.price.whole_term == "stop_loss":
        return None
    return otherwise(case, "per_diem_days", Alternative(more_days=-1 - int(case.random.random() * min(2, days - 1))))


def stop_loss_missed(case: Case) -> Deviation | None:
    if case.price.whole_term != "stop_loss":
        return None
    return otherwise(case, "stop_loss_missed", Alternative(without_stop_loss=True))


def carve_out_unpaid(case: Case) -> Deviation | None:
    carved = {term.id for term in case.contract.terms if term.carve_out}
    if not case.is_whole or case.price.whole_term == "stop_loss" or not carved.intersection(case.price.terms):
        return None
    return otherwise(case, "carve_out_unpaid", Alternative(without_carve_outs=True))


def claim_rate_missed(case: Case) -> Deviation | None:
    if not case.is_whole or case.price.whole_term == "stop_loss":
        return None
    return otherwise(case, "claim_rate_missed", Alternative(without_claim_terms=True))


def sequestration(case: Case) -> Deviation | None:
    """2% of the payer's share kept back inside the contractual adjustment, where none is agreed or once more."""
    if not case.contract.payer.startswith(("MERIDIAN", "FEDCARE", "GARRISON")):
        return None
    if case.is_whole:
        total = case.price.total or 0
        return Deviation("sequestration", whole=total - share(total - sum(case.patient), TWO_PERCENT))
    pairs = zip(known(case.price), case.patient, strict=True)
    return Deviation("sequestration", tuple(agreed - share(agreed - owed, TWO_PERCENT) for agreed, owed in pairs))


def unexplained(case: Case) -> Deviation | None:
    part = 800 + int(case.random.random() * 170)
    if case.is_whole:
        return Deviation("unexplained", whole=half_up((case.price.total or 0) * part, 1000))
    agreed = known(case.price)
    index = int(case.random.random() * len(agreed))
    amount = half_up(agreed[index] * (part if case.random.random() < 0.8 else 2000 - part), 1000)
    return Deviation("unexplained", (*agreed[:index], amount, *agreed[index + 1 :]))
