"""Prices a claim by a contract in plain Python, straight from the published rules; shares no code with the product.

Contracts are the dicts of a contract file, claims the dicts of a contract example's `claim` with, besides,
`payer_id, claim_type, product_group, plan_name, filing_code, billing_tax_id, billing_npi, discharge`. Numbers are
text or int, and become `Fraction`s, so that no product is ever rounded before its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

FACILITY = {"19", "21", "22", "23", "24", "26", "31", "34", "41", "42", "51", "52", "53", "56", "61"}
PREFIXED = {"bill_type", "diagnosis"}
Contract = dict[str, Any]
Claim = dict[str, Any]
Line = dict[str, Any]
Term = dict[str, Any]


@dataclass(frozen=True)
class Rate:
    schedule: str
    code: str
    amount: str
    modifier: str = ""
    setting: str = ""
    start: date = date.min
    end: date = date.max
    indicators: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Weight:
    weight_set: str
    drg: str
    weight: str
    start: date = date.min
    end: date = date.max


@dataclass
class Tables:
    """Medicare's rates stand under `schedule/locality`."""

    rates: list[Rate] = field(default_factory=list)
    weights: list[Weight] = field(default_factory=list)
    # Outpatient status indicators by code; the oracle itself knows no such rules.
    statuses: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_code: dict[tuple[str, str], list[Rate]] = {}
        for rate in self.rates:
            self.by_code.setdefault((rate.schedule, rate.code), []).append(rate)


@dataclass(frozen=True)
class Price:
    """`lines` has (amount, term id) a line; a claim priced as a whole leaves null what it consumed."""

    contract: str | None
    reason: str | None
    allowed: Decimal | None = None
    whole_by: str | None = None
    lines: tuple[tuple[Decimal | None, str | None], ...] = ()


def cents(amount: Fraction) -> Decimal:
    """Half-up: Decimal's ROUND_HALF_UP on an exact quotient."""
    sign = -1 if amount < 0 else 1
    hundredths = abs(amount) * 100
    whole, rest = divmod(hundredths.numerator, hundredths.denominator)
    if 2 * rest >= hundredths.denominator:
        whole += 1
    return (Decimal(sign * whole) / 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def as_list(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, (list, tuple)) else [value]


def number(value: Any) -> Fraction:
    return Fraction(str(value))


# Rule 1


def choose(claim: Claim, contracts: Sequence[Contract]) -> tuple[Contract | None, str | None]:
    taking = [contract for contract in contracts if takes(contract, claim)]
    if len(taking) == 1:
        return taking[0], None
    return None, "ambiguous_contract" if taking else "no_contract"


def takes(contract: Contract, claim: Claim) -> bool:
    if contract["payer"] != claim["payer_id"] or claim["claim_type"] not in as_list(contract["claim_types"]):
        return False
    products = {product.upper() for product in as_list(contract.get("products"))}
    named = {str(claim.get(key) or "").upper() for key in ("product_group", "plan_name", "filing_code")}
    if products and not products & named:
        return False
    lists = contract.get("providers") or {}
    tests = [
        (as_list(lists.get(key)), claim.get(claim_key))
        for key, claim_key in (("tax_ids", "billing_tax_id"), ("npis", "billing_npi"))
        if as_list(lists.get(key))
    ]
    if tests and not any(value in allowed for allowed, value in tests):
        return False
    if any(value is not None and value not in allowed for allowed, value in tests):
        return False
    effective = contract["effective"]
    day: date = basis(contract, claim)
    return bool(effective["from"] <= day <= (effective.get("to") or date.max))


def basis(contract: Contract, claim: Claim) -> date:
    start: date = claim["service_from"]
    end: date = claim.get("service_to") or start
    kind = contract.get("date_basis", "service_from")
    if kind == "admission":
        return claim.get("admission") or start
    if kind == "discharge":
        return claim.get("discharge") or end
    return start


# Matching


def among(value: str, allowed: Iterable[str], is_prefix: bool) -> bool:
    for entry in allowed:
        low, _, high = entry.partition("-")
        high = high or low
        compared = value[: len(low)] if is_prefix else value
        if len(compared) == len(low) == len(high) and low <= compared <= high:
            return True
    return False


def line_meets(match: dict[str, Any], line: Line, claim: Claim) -> bool:
    """All keys present, one line at a time; a claim's own keys are the same on all its lines."""
    values = {
        "procedure": [line.get("procedure")],
        "revenue_code": [line.get("revenue_code")],
        "modifier": as_list(line.get("modifiers")),
        "place_of_service": [line.get("place_of_service") or claim.get("place_of_service")],
        "bill_type": [claim.get("bill_type")],
        "drg": [claim.get("drg")],
        "diagnosis": [claim.get("diagnosis")],
    }
    for key, wanted in match.items():
        if key in values:
            found = [value for value in values[key] if value is not None]
            if not any(among(value, map(str, as_list(wanted)), key in PREFIXED) for value in found):
                return False
        elif not number_meets(key, wanted, line):
            return False
    return True


def number_meets(key: str, wanted: Any, line: Line) -> bool:
    figure = line.get("charge") if key.endswith("charge") else line.get("units", 1)
    if figure is None:
        return False
    return number(figure) <= number(wanted) if key == "maximum_charge" else number(figure) >= number(wanted)


# Rates


def setting(line: Line, claim: Claim) -> str:
    place = line.get("place_of_service") or claim.get("place_of_service")
    return "facility" if place in FACILITY else "non_facility"


def schedule_rate(term: Term, line: Line, claim: Claim, tables: Tables) -> tuple[Fraction, str] | None:
    """The rate and the modifier that chose it ('' for the plain row)."""
    day = line.get("service_date") or claim["service_from"]
    schedule = f"{term['schedule']}/{term['locality']}" if term.get("locality") else term["schedule"]
    code_rates = tables.by_code.get((schedule, line.get("procedure") or ""), [])
    for modifier in [*as_list(line.get("modifiers")), ""]:
        for wanted_setting in (setting(line, claim), ""):
            rows = [
                rate
                for rate in code_rates
                if rate.modifier == modifier and rate.setting == wanted_setting and rate.start <= day <= rate.end
            ]
            if rows:
                return number(max(rows, key=lambda rate: rate.start).amount), modifier
    return None


def weight(term: Term, claim: Claim, tables: Tables) -> Fraction | None:
    day = claim.get("discharge") or claim.get("service_to") or claim["service_from"]
    rows = [
        row
        for row in tables.weights
        if row.weight_set == term["weight_set"] and row.drg == claim.get("drg") and row.start <= day <= row.end
    ]
    return number(max(rows, key=lambda row: row.start).weight) if rows else None


# Rules 2 to 8


@dataclass
class _Line:
    line: Line
    number: int
    term_id: str | None = None
    kind: str | None = None
    base: Fraction | None = None
    factor: Fraction = Fraction(1)
    days: Fraction | None = None
    term: Term | None = None
    amount: Decimal | None = None


def price(claim: Claim, contract: Contract, tables: Tables) -> Price:
    lines = [_Line(line, position) for position, line in enumerate(claim["lines"], 1)]
    terms = as_list(contract.get("terms"))
    carve_outs = [term for term in terms if term.get("carve_out")]
    line_terms = [term for term in terms if not term.get("carve_out") and term.get("scope", "line") == "line"]
    for entry in lines:
        assign(entry, carve_outs, "carve_out", claim, contract, tables)
    rest = [entry for entry in lines if entry.kind is None]
    whole_term, whole = claim_scoped(terms, lines, rest, claim, tables)
    if whole_term is None:
        for entry in rest:
            assign(entry, line_terms, "line", claim, contract, tables)
            if entry.kind is None and contract.get("default"):
                assign(entry, [{"id": "default", **contract["default"]}], "default", claim, contract, tables)
    run_days(lines)
    rank(lines, claim, contract)
    for entry in lines:
        if entry.base is not None:
            entry.amount = cents(entry.base * entry.factor)
            charge = entry.line.get("charge")
            if contract.get("lesser_of") == "line" and charge is not None:
                entry.amount = min(entry.amount, cents(number(charge)))
    return total(lines, rest, whole_term, whole, contract)


def assign(entry: _Line, terms: Sequence[Term], kind: str, claim: Claim, contract: Contract, tables: Tables) -> None:
    """The first term that matches and has a rate."""
    for term in terms:
        if not line_meets(term.get("match") or {}, entry.line, claim):
            continue
        if price_line(entry, term, claim, contract, tables):
            entry.term_id, entry.kind, entry.term = term["id"], kind, term
            return


def price_line(entry: _Line, term: Term, claim: Claim, contract: Contract, tables: Tables) -> bool:
    line, method = entry.line, term["method"]
    units = number(line.get("units", 1))
    percent = number(term.get("percent", 100)) / 100
    if method in ("fee_schedule", "percent_of_medicare"):
        found = schedule_rate(term, line, claim, tables)
        if found is None:
            return False
        rate, chosen_by = found
        entry.base = rate * percent * units
        percents = contract.get("modifiers") or {}
        for modifier in dict.fromkeys(as_list(line.get("modifiers"))):
            if modifier in percents and modifier != chosen_by:
                entry.base *= number(percents[modifier]) / 100
    elif method == "percent_of_charge":
        if line.get("charge") is None:
            return False
        entry.base = number(line["charge"]) * percent
    elif method == "per_unit":
        entry.base = number(term["amount"]) * units
    elif method == "case_rate":
        entry.base = number(term["amount"])
    elif method == "not_payable":
        entry.base = Fraction(0)
    elif method == "per_diem":
        entry.days = units
        entry.base = Fraction(0)
    return True


def per_diem(term: Term, first: Fraction, last: Fraction) -> Fraction:
    """What the days above `first`, up to `last`, cost."""
    tiers = term.get("tiers") or [{"amount": term["amount"]}]
    amount, start = Fraction(0), Fraction(0)
    for tier in tiers:
        end = Fraction(tier["through_day"]) if tier.get("through_day") else max(last, start)
        covered = min(last, end) - max(first, start)
        if covered > 0:
            amount += covered * number(tier["amount"])
        start = end
    return amount


def run_days(lines: Sequence[_Line]) -> None:
    gone: dict[str, Fraction] = {}
    for entry in lines:
        if entry.days is not None and entry.term is not None and entry.term_id is not None:
            first = gone.get(entry.term_id, Fraction(0))
            gone[entry.term_id] = first + entry.days
            entry.base = per_diem(entry.term, first, first + entry.days)


def rank(lines: Sequence[_Line], claim: Claim, contract: Contract) -> None:
    rule = contract.get("multiple_procedures")
    if not rule:
        return
    percents = as_list(rule["percents"])
    groups: dict[tuple[Any, date], list[_Line]] = {}
    for entry in lines:
        is_ranked = entry.kind in ("line", "default") and entry.base is not None
        if is_ranked and line_meets(rule.get("applies_to") or {}, entry.line, claim):
            day = entry.line.get("service_date") or claim["service_from"]
            groups.setdefault((entry.line.get("rendering"), day), []).append(entry)
    for group in groups.values():
        for position, entry in enumerate(sorted(group, key=lambda one: (-(one.base or 0), one.number))):
            entry.factor = number(percents[min(position, len(percents) - 1)]) / 100


def claim_scoped(
    terms: Sequence[Term], lines: Sequence[_Line], rest: Sequence[_Line], claim: Claim, tables: Tables
) -> tuple[Term | None, Decimal | None]:
    for term in terms:
        if term.get("scope", "line") != "claim" or not rest:
            continue
        match = term.get("match") or {}
        if not any(line_meets(match, entry.line, claim) for entry in lines):
            continue
        method = term["method"]
        percent = number(term.get("percent", 100)) / 100
        if method == "case_rate":
            return term, cents(number(term["amount"]))
        if method == "not_payable":
            return term, Decimal("0.00")
        if method == "percent_of_charge":
            return term, cents(sum((number(entry.line.get("charge") or 0) for entry in rest), Fraction(0)) * percent)
        if method == "drg_weight":
            found = weight(term, claim, tables)
            if found is not None:
                return term, cents(number(term["base_rate"]) * found)
        if method == "per_diem":
            counted = [
                entry for entry in rest if line_meets(match, entry.line, claim) and counts_days(match, entry.line)
            ]
            if counted:
                days = sum((number(entry.line.get("units", 1)) for entry in counted), Fraction(0))
                return term, cents(per_diem(term, Fraction(0), days))
    return None, None


def counts_days(match: dict[str, Any], line: Line) -> bool:
    if set(match) - {"drg", "bill_type", "diagnosis"}:
        return True
    return among(str(line.get("revenue_code") or ""), ["0100-0179", "0190-0219"], False)


def total(
    lines: Sequence[_Line], rest: Sequence[_Line], term: Term | None, whole: Decimal | None, contract: Contract
) -> Price:
    charges = sum((number(entry.line.get("charge") or 0) for entry in lines), Fraction(0))
    rest_charges = sum((number(entry.line.get("charge") or 0) for entry in rest), Fraction(0))
    carved = sum((entry.amount or Decimal(0) for entry in lines if entry.kind == "carve_out"), Decimal(0))
    whole_by = term["id"] if term else None
    consumed = {entry.number for entry in rest} if term else set()
    allowed: Decimal | None
    if whole is not None:
        allowed = carved + whole
    elif any(entry.amount is None for entry in rest):
        allowed = None
    else:
        allowed = carved + sum((entry.amount or Decimal(0) for entry in rest), Decimal(0))
    if contract.get("lesser_of") == "claim" and allowed is not None and allowed > cents(charges):
        allowed, whole_by, consumed = cents(charges), "lesser_of", {entry.number for entry in lines}
    stop_loss = contract.get("stop_loss")
    if stop_loss and rest_charges > number(stop_loss["threshold"]):
        percent = number(stop_loss["percent"]) / 100
        if stop_loss["kind"] == "first_dollar":
            allowed, whole_by = carved + cents(rest_charges * percent), "stop_loss"
            consumed = {entry.number for entry in rest}
        elif allowed is not None:
            allowed += cents((rest_charges - number(stop_loss["threshold"])) * percent)
            whole_by, consumed = "stop_loss", {entry.number for entry in rest} | consumed
    shown = tuple(
        (None if entry.number in consumed else entry.amount, entry.term_id or (term["id"] if term else None))
        for entry in lines
    )
    return Price(contract["contract"], None if allowed is not None else "no_rate", allowed, whole_by, shown)
