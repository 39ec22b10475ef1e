"""What each charge of a price-transparency file is as a contract's price, or why a person has to say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from owed.drafting.mrf_charges import Charge

PROCEDURE, REVENUE, DRG, MODIFIER = "procedure", "revenue_code", "drg", "modifier"
PROCEDURE_TYPES = ("CPT", "HCPCS", "CDT")
PERCENT_OF_CHARGES = "percent of total billed charges"
_FORMS = {PROCEDURE: r"[A-Z0-9]{3,11}", REVENUE: r"\d{4}", DRG: r"[0-9A-Z]{3,5}", MODIFIER: r"[A-Z0-9]{2}"}

# Why a charge becomes no term, in the words of the draft's comments.
REASONS: Mapping[str, str] = {
    "formula": "the file gives a formula in words",
    "percent_of_what": "the file gives a percentage and not of what",
    "percent_missing": "the file says percent of charges and gives dollars",
    "drug_unit": "the price is for a drug unit, and a claim counts other units",
    "code_form": "a code or modifier is not spelled as claims spell it",
    "code_type": "no code of the item is one that claims are matched by",
    "several_modifiers": "the price is for several modifiers together",
    "several_prices": "the file gives several prices for one code; what decides is in its notes",
    "days": "the days of the per diem do not run from the first day on",
    "no_price": "the file gives no figure",
}


@dataclass(frozen=True)
class Price:
    """A charge as a price: what it is for (`kind` and `code`, where, with which modifier) and how much.

    `method` is a contract's. `revenue_code` narrows a procedure's price, '' where it does not.
    """

    charge: Charge
    kind: str
    code: str
    setting: str
    modifier: str
    revenue_code: str
    method: str
    figure: Decimal

    @property
    def target(self) -> tuple[str, str, str, str, str]:
        return self.kind, self.code, self.setting, self.modifier, self.revenue_code


@dataclass(frozen=True)
class Unresolved:
    """A charge for a person. `reason` is a key of `REASONS`."""

    charge: Charge
    reason: str


def prices_of(charges: Sequence[Charge]) -> tuple[list[Price], list[Unresolved]]:
    """Every charge once: as prices, one a code it can be matched by, or unresolved. Modifiers alone are not asked."""
    prices: list[Price] = []
    unresolved: list[Unresolved] = []
    for charge in charges:
        reason = _reason(charge)
        if reason is None:
            prices += _prices(charge)
        else:
            unresolved.append(Unresolved(charge, reason))
    kept, several = _one_price_each(prices)
    return kept, unresolved + several


def is_modifier_alone(charge: Charge) -> bool:
    """A modifier on no code: what it does to any price."""
    return not charge.codes and bool(charge.modifiers)


def is_spelled(kind: str, code: str) -> bool:
    """Claims, and so contracts, spell codes in one way."""
    return re.fullmatch(_FORMS[kind], code) is not None


def _prices(charge: Charge) -> Iterator[Price]:
    revenue = next((code.code for code in charge.codes if code.type == "RC"), "")
    for kind, code in _targets(charge):
        method, figure = _method(charge, kind)
        setting = "" if charge.setting == "both" else charge.setting
        modifier = charge.modifiers[0] if charge.modifiers else ""
        yield Price(charge, kind, code, setting, modifier, revenue if kind == PROCEDURE else "", method, figure)


def _targets(charge: Charge) -> list[tuple[str, str]]:
    """What claims match the item by: its procedures, else its groups, else its revenue codes."""
    for kind, types in ((PROCEDURE, PROCEDURE_TYPES), (DRG, ("DRG",)), (REVENUE, ("RC",))):
        found = [
            (kind, code.code.replace("-", "") if kind == DRG else code.code)
            for code in charge.codes
            if (code.type.endswith(types) if kind == DRG else code.type in types)
        ]
        if found:
            return list(dict.fromkeys(found))
    return []


def _reason(charge: Charge) -> str | None:
    """Why the charge is no price; None if it is one."""
    figure_reason = _figure_reason(charge)
    if figure_reason is not None:
        return figure_reason
    targets = _targets(charge)
    if not targets:
        return "code_type"
    if not all(is_spelled(*target) for target in [*targets, *((MODIFIER, name) for name in charge.modifiers)]):
        return "code_form"
    return "several_modifiers" if len(charge.modifiers) > 1 else None


def _figure_reason(charge: Charge) -> str | None:
    is_of_charges = charge.methodology == PERCENT_OF_CHARGES
    if charge.percent is not None and is_of_charges:
        return None
    if charge.amount is not None:
        return "percent_missing" if is_of_charges else "drug_unit" if charge.drug_unit else None
    if charge.percent is not None:
        return "percent_of_what"
    return "formula" if charge.algorithm else "no_price"


def _method(charge: Charge, kind: str) -> tuple[str, Decimal]:
    """A contract's method and its figure; the charge has one (`_reason` is None)."""
    if charge.percent is not None and charge.methodology == PERCENT_OF_CHARGES:
        return "percent_of_charge", charge.percent
    assert charge.amount is not None
    if charge.methodology == "per diem":
        return "per_diem", charge.amount
    if charge.methodology == "case rate" or kind == DRG:
        return "case_rate", charge.amount
    return "fee_schedule" if kind == PROCEDURE else "per_unit", charge.amount


def _one_price_each(prices: Sequence[Price]) -> tuple[list[Price], list[Unresolved]]:
    """Prices that do not contradict one another. One that differs by revenue code keeps it as a condition."""
    by_target: dict[tuple[str, ...], list[Price]] = {}
    for price in prices:
        by_target.setdefault(price.target[:4], []).append(price)
    kept: list[Price] = []
    several: list[Unresolved] = []
    for rivals in by_target.values():
        if _agree(rivals):
            kept += [replace(price, revenue_code="") for price in rivals]
            continue
        by_revenue: dict[str, list[Price]] = {}
        for price in rivals:
            by_revenue.setdefault(price.revenue_code, []).append(price)
        for revenue_code, group in by_revenue.items():
            if _agree(group) and (revenue_code or len(by_revenue) == 1):
                kept += group
            else:
                several += [Unresolved(price.charge, "several_prices") for price in group]
    lost = {id(entry.charge) for entry in several}
    return [price for price in kept if id(price.charge) not in lost], list({id(u.charge): u for u in several}.values())


def _agree(prices: Sequence[Price]) -> bool:
    """One method and figure, or the days of one tiered per diem."""
    if {price.method for price in prices} == {"per_diem"}:
        return len({price.charge.first_day: price.figure for price in prices}) == len(
            {(price.charge.first_day, price.charge.last_day, price.figure) for price in prices}
        )
    return len({(price.method, price.figure) for price in prices}) == 1
