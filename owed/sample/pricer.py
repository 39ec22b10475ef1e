"""The sample's own pricer: INTERFACE section 5, rules 1 to 8, for the methods its contracts use, in whole cents.

It is the source of every expected amount in the truth tables, so it shares nothing with the models that price.
`Alternative` changes one thing about the price: what a payer that errs does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from owed.sample.contracts import Contract, Ranges, Term
from owed.sample.encounter import Encounter, Line
from owed.sample.money import WHOLE, half_up, share

FACILITY_PLACES = frozenset("19 21 22 23 24 26 31 34 41 42 51 52 53 56 61".split())


@dataclass(frozen=True)
class Alternative:
    """A departure from the contract. `reductions`: percents by rank, () for none; None keeps the contract's."""

    other_setting: bool = False
    without_modifier: str = ""
    reductions: tuple[int, ...] | None = None
    rates_on: int | None = None
    more_days: int = 0
    without_stop_loss: bool = False
    without_carve_outs: bool = False
    without_claim_terms: bool = False


AS_AGREED = Alternative()


class Price(NamedTuple):
    """`lines`: cents by line, None where a whole price consumed it or no rate is known.

    `total` is the claim's expected amount, None if any line has no price. `whole_term` names what decided a
    price known only for the claim as a whole, else it is empty.
    """

    lines: tuple[int | None, ...]
    terms: tuple[str, ...]
    total: int | None
    whole_term: str


Schedules = Mapping[tuple[str, str, str, str], Sequence[tuple[int, int, int]]]


class Pricer:
    """Prices encounters. `schedules`: (schedule, code, modifier, setting) to (first day, last day, cents).

    `weights`: DRG to (first day of the second period, weight before, weight from then on), in ten-thousandths.
    """

    def __init__(self, schedules: Schedules, weights: Mapping[str, tuple[int, int, int]]) -> None:
        self.schedules = schedules
        self.weights = weights

    def price(self, contract: Contract, encounter: Encounter, alternative: Alternative = AS_AGREED) -> Price:
        carved: dict[int, tuple[int, str]] = {}
        if not alternative.without_carve_outs:
            for index, line in enumerate(encounter.lines):
                term = next((t for t in contract.terms if t.carve_out and line_matches(t, line, encounter)), None)
                if term is not None:
                    exact = self.line_amount(contract, term, line, encounter, alternative)
                    if exact is not None:
                        carved[index] = (cap(half_up(*exact), line, contract), term.id)
        whole = None
        if not alternative.without_claim_terms:
            rest = [line for index, line in enumerate(encounter.lines) if index not in carved]
            whole = next((t for t in contract.terms if t.claim_scope and claim_matches(t, rest, encounter)), None)
        if whole is not None and len(carved) < len(encounter.lines):
            base = self.claim_amount(whole, rest, encounter, alternative)
            lines: list[int | None] = [None] * len(encounter.lines)
            terms = [whole.id] * len(encounter.lines)
            whole_term = whole.id
        else:
            priced = self.line_prices(contract, encounter, carved, alternative)
            lines, terms = [amount for amount, _ in priced], [term for _, term in priced]
            known = [amount for index, amount in enumerate(lines) if index not in carved and amount is not None]
            base = sum(known) if len(known) + len(carved) == len(lines) else None
            whole_term = ""
        for index, (amount, term_id) in carved.items():
            lines[index], terms[index] = amount, term_id
        return self.limits(contract, encounter, carved, lines, terms, base, whole_term, alternative)

    def limits(
        self,
        contract: Contract,
        encounter: Encounter,
        carved: Mapping[int, tuple[int, str]],
        lines: list[int | None],
        terms: list[str],
        base: int | None,
        whole_term: str,
        alternative: Alternative,
    ) -> Price:
        """The claim cap, then stop-loss (rule 8)."""
        if base is None:
            return Price(tuple(lines), tuple(terms), None, whole_term)
        carve_outs = sum(amount for amount, _ in carved.values())
        total = base + carve_outs
        if contract.lesser_of == "claim" and total > encounter.charge:
            total, whole_term = encounter.charge, "lesser_of"
        charges = encounter.charge - sum(encounter.lines[index].charge for index in carved)
        if contract.stop_loss and not alternative.without_stop_loss and charges > contract.stop_loss[1]:
            kind, threshold, part = contract.stop_loss
            whole_term = "stop_loss"
            if kind == "first_dollar":
                total = share(charges, part) + carve_outs
            else:
                total += share(charges - threshold, part)
        if whole_term in ("stop_loss", "lesser_of"):
            lines = [amount if index in carved else None for index, amount in enumerate(lines)]
        return Price(tuple(lines), tuple(terms), total, whole_term)

    def line_prices(
        self,
        contract: Contract,
        encounter: Encounter,
        carved: Mapping[int, tuple[int, str]],
        alternative: Alternative,
    ) -> list[tuple[int | None, str]]:
        """(cents, term) of each line by the line-scoped terms, reduced by rank and capped (rule 3)."""
        exacts: list[tuple[int, int] | None] = []
        terms: list[str] = []
        days: dict[str, int] = {}
        for index, line in enumerate(encounter.lines):
            exact, term_id = None, ""
            if index not in carved:
                exact, term_id = self.line_exact(contract, line, encounter, days, alternative)
            exacts.append(exact)
            terms.append(term_id)
        for index, part in self.reductions(contract, encounter, exacts, alternative).items():
            exact = exacts[index]
            if exact is not None:
                exacts[index] = (exact[0] * part, exact[1] * WHOLE)
        return [
            (None if exact is None else cap(half_up(*exact), line, contract), term_id)
            for exact, term_id, line in zip(exacts, terms, encounter.lines, strict=True)
        ]

    def line_exact(
        self, contract: Contract, line: Line, encounter: Encounter, days: dict[str, int], alternative: Alternative
    ) -> tuple[tuple[int, int] | None, str]:
        """The exact amount before ranking, as numerator and denominator, and the term that gave it."""
        for term in contract.terms:
            if term.claim_scope or term.carve_out or not line_matches(term, line, encounter):
                continue
            if term.method == "per_diem":
                before = days.get(term.id, 0)
                count = line.units + (0 if days else alternative.more_days)
                days[term.id] = before + count
                return (sum(tier_amount(term, day) for day in range(before + 1, before + count + 1)), 1), term.id
            exact = self.line_amount(contract, term, line, encounter, alternative)
            if exact is not None:
                return exact, term.id
        if contract.default_percent is None:
            return None, ""
        return (line.charge * contract.default_percent, WHOLE), "default"

    def line_amount(
        self, contract: Contract, term: Term, line: Line, encounter: Encounter, alternative: Alternative
    ) -> tuple[int, int] | None:
        if term.method == "not_payable":
            return 0, 1
        if term.method == "percent_of_charge":
            return line.charge * term.percent, WHOLE
        if term.method == "per_unit":
            return term.amount * line.units, 1
        found = self.rate(term.schedule, line, encounter, alternative)
        if found is None:
            return None
        rate, chosen_by = found
        numerator, denominator = rate * term.percent * line.units, WHOLE
        for modifier in line.modifiers:
            part = contract.modifiers.get(modifier)
            if part is not None and modifier not in (chosen_by, alternative.without_modifier):
                numerator, denominator = numerator * part, denominator * WHOLE
        return numerator, denominator

    def rate(self, schedule: str, line: Line, encounter: Encounter, alternative: Alternative) -> tuple[int, str] | None:
        """The rate on the line's service date and the modifier that chose its row ("" for the plain row)."""
        facility = (encounter.place in FACILITY_PLACES) != alternative.other_setting
        settings = ("facility" if facility else "non_facility", "") if encounter.place else ("",)
        day = line.day if alternative.rates_on is None else alternative.rates_on
        modifiers = [modifier for modifier in line.modifiers if modifier != alternative.without_modifier]
        for modifier in (*modifiers, ""):
            for setting in settings:
                for first, last, amount in self.schedules.get((schedule, line.code, modifier, setting), ()):
                    if first <= day <= last:
                        return amount, modifier
        return None

    def claim_amount(
        self, term: Term, lines: Sequence[Line], encounter: Encounter, alternative: Alternative
    ) -> int | None:
        if term.method == "case_rate":
            return term.amount
        if term.method == "drg_weight":
            turn, before, after = self.weights[encounter.drg]
            return half_up(term.base_rate * (after if encounter.last >= turn else before), 10_000)
        if term.method == "per_diem":
            days = sum(line.units for line in lines if line_matches(term, line, encounter)) + alternative.more_days
            return sum(tier_amount(term, day) for day in range(1, days + 1))
        raise ValueError(f"{term.id}: the sample has no claim-scoped {term.method}")

    def reductions(
        self,
        contract: Contract,
        encounter: Encounter,
        exacts: Sequence[tuple[int, int] | None],
        alternative: Alternative,
    ) -> dict[int, int]:
        """Line index to its percent by rank (rule 5). One renderer a claim in this sample, so ranks go by day."""
        percents = contract.multiple_procedures if alternative.reductions is None else alternative.reductions
        if not percents:
            return {}
        ranges = contract.multiple_ranges or (("10004", "69990"),)
        by_day: dict[int, list[int]] = {}
        for index, line in enumerate(encounter.lines):
            if exacts[index] is not None and in_ranges(line.code, ranges):
                by_day.setdefault(line.day, []).append(index)
        parts: dict[int, int] = {}
        for indexes in by_day.values():
            # Amounts before rounding rank the lines; the sort is stable, so ties keep line order.
            indexes.sort(key=lambda index: -ratio(exacts[index]))
            for rank, index in enumerate(indexes):
                parts[index] = percents[min(rank, len(percents) - 1)]
        return parts


def ratio(exact: tuple[int, int] | None) -> float:
    return 0.0 if exact is None else exact[0] / exact[1]


def cap(amount: int, line: Line, contract: Contract) -> int:
    return min(amount, line.charge) if contract.lesser_of == "line" else amount


def tier_amount(term: Term, day: int) -> int:
    return next(amount for through, amount in term.tiers if through is None or day <= through)


def in_ranges(code: str, ranges: Ranges) -> bool:
    return any(len(code) == len(low) and low <= code <= high for low, high in ranges)


def line_matches(term: Term, line: Line, encounter: Encounter) -> bool:
    if term.minimum_charge is not None and line.charge < term.minimum_charge:
        return False
    if term.minimum_units is not None and line.units < term.minimum_units:
        return False
    return all(key_matches(key, ranges, (line,), encounter) for key, ranges in term.codes.items())


def claim_matches(term: Term, lines: Sequence[Line], encounter: Encounter) -> bool:
    return all(key_matches(key, ranges, lines, encounter) for key, ranges in term.codes.items())


def key_matches(key: str, ranges: Ranges, lines: Sequence[Line], encounter: Encounter) -> bool:
    match key:
        case "procedure":
            return any(in_ranges(line.code, ranges) for line in lines)
        case "revenue_code":
            return any(in_ranges(line.revenue, ranges) for line in lines)
        case "modifier":
            return any(in_ranges(modifier, ranges) for line in lines for modifier in line.modifiers)
        case "place_of_service":
            return in_ranges(encounter.place, ranges)
        case "drg":
            return in_ranges(encounter.drg, ranges)
        case "bill_type":
            return any(encounter.bill_type[: len(low)] >= low and encounter.bill_type[: len(high)] <= high
                       for low, high in ranges)  # fmt: skip
        case "diagnosis":
            return any(encounter.diagnoses[0].startswith(low) for low, _ in ranges)
    raise ValueError(f"the sample's contracts do not match on {key}")
