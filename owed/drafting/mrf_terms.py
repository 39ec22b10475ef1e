"""Prices of a price-transparency file as the terms, modifiers and schedule of a draft contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from owed.drafting.draft import ScheduleRow, Term, Tier
from owed.drafting.mrf_charges import Charge
from owed.drafting.mrf_prices import DRG, MODIFIER, PROCEDURE, REVENUE, Price, Unresolved, is_spelled
from owed.drafting.places import SETTING_MATCH

SHOWN_NOTES = 3
_KIND_ORDER = (DRG, PROCEDURE, REVENUE)


def terms_of(prices: Sequence[Price], claim_type: str, contract_id: str) -> tuple[list[Term], list[Unresolved]]:
    """Terms in the order in which they are tried: what is narrower first, and of case rates the dearest.

    A code's rates stand in the fee schedule, so one term a setting without codes serves them all: a line whose code
    has no rate falls through it.
    """
    groups: dict[tuple[object, ...], list[Price]] = {}
    tiered: dict[tuple[str, ...], list[Price]] = {}
    for price in prices:
        if price.method == "per_diem" and price.charge.first_day is not None:
            tiered.setdefault(price.target, []).append(price)
        else:
            is_listed = price.method == "fee_schedule" and not price.revenue_code
            kind, figure = (PROCEDURE, None) if is_listed else (price.kind, price.figure)
            key = (kind, price.setting, "" if is_listed else price.modifier, price.revenue_code, price.method, figure)
            groups.setdefault(key, []).append(price)
    drafted = [_term(group, claim_type, contract_id) for group in groups.values()]
    unresolved: list[Unresolved] = []
    for group in tiered.values():
        tiers = _tiers(group)
        if tiers is None:
            unresolved += [Unresolved(price.charge, "days") for price in group]
        else:
            drafted.append(_term(group, claim_type, contract_id, tiers))
    ordered = sorted(drafted, key=lambda entry: _order(*entry))
    return list(_named([term for term, _ in ordered])), unresolved


def schedule_of(prices: Sequence[Price], contract_id: str, start: date) -> list[ScheduleRow]:
    """One row a code and modifier for each schedule term."""
    rows = {
        (schedule_id(contract_id, price.setting), price.code, price.modifier): price.figure
        for price in prices
        if price.method == "fee_schedule" and not price.revenue_code
    }
    return [
        ScheduleRow(schedule, code, modifier, "", start, None, amount)
        for (schedule, code, modifier), amount in sorted(rows.items())
    ]


def schedule_id(contract_id: str, setting: str) -> str:
    return f"{contract_id}-{setting}" if setting else contract_id


def modifiers_of(charges: Sequence[Charge]) -> tuple[dict[str, Decimal], list[Unresolved]]:
    """Percents by modifier. Of several together only those stay whose percent is not what theirs multiply to."""
    said: dict[tuple[str, ...], set[Decimal]] = {}
    for charge in charges:
        if charge.percent is not None and all(is_spelled(MODIFIER, modifier) for modifier in charge.modifiers):
            said.setdefault(charge.modifiers, set()).add(charge.percent)
    percents = {names[0]: min(found) for names, found in said.items() if len(names) == 1 and len(found) == 1}
    unresolved = []
    for charge in charges:
        if charge.percent is None:
            unresolved.append(Unresolved(charge, "formula"))
        elif not all(is_spelled(MODIFIER, modifier) for modifier in charge.modifiers):
            unresolved.append(Unresolved(charge, "code_form"))
        elif len(said[charge.modifiers]) > 1:
            unresolved.append(Unresolved(charge, "several_prices"))
        elif len(charge.modifiers) > 1 and charge.percent != _together(charge.modifiers, percents):
            unresolved.append(Unresolved(charge, "several_modifiers"))
    return percents, unresolved


def _together(modifiers: Sequence[str], percents: Mapping[str, Decimal]) -> Decimal | None:
    """What the contract's own rule gives: all that apply multiply."""
    together = Decimal(100)
    for modifier in modifiers:
        if modifier not in percents:
            return None
        together *= percents[modifier] / 100
    return together


def _term(group: Sequence[Price], claim_type: str, contract_id: str, tiers: Sequence[Tier] = ()) -> tuple[Term, Price]:
    first = group[0]
    is_listed = first.method == "fee_schedule" and not first.revenue_code
    # A rate that depends on the revenue code is a price a unit of its own: a schedule knows no revenue code.
    method = "per_unit" if first.method == "fee_schedule" and not is_listed else first.method
    match: dict[str, Sequence[str]] = {}
    if not is_listed:
        match[first.kind] = sorted({price.code for price in group})
        if first.revenue_code:
            match[REVENUE] = [first.revenue_code]
        if first.modifier:
            match[MODIFIER] = [first.modifier]
    match |= SETTING_MATCH[claim_type].get(first.setting, {})
    term = Term(
        id="-".join(filter(None, (method.replace("_", "-"), first.setting))),
        method=method,
        match=match,
        scope="claim" if method == "case_rate" or (first.kind == DRG and method != "fee_schedule") else "line",
        amount=None if tiers or is_listed or method == "percent_of_charge" else first.figure,
        percent=first.figure if method == "percent_of_charge" else None,
        schedule=schedule_id(contract_id, first.setting) if is_listed else None,
        tiers=tiers,
        comments=() if is_listed else list(_notes(group)),
    )
    return term, first


def _tiers(group: Sequence[Price]) -> list[Tier] | None:
    """The tiers if they run from day 1 without a gap and the last goes on; else None."""
    days = sorted({(p.charge.first_day or 0, p.charge.last_day, p.figure) for p in group}, key=lambda day: day[0])
    expected = 1
    for first_day, last_day, _ in days[:-1]:
        if first_day != expected or last_day is None or last_day < first_day:
            return None
        expected = last_day + 1
    if days[-1][0] != expected or days[-1][1] is not None:
        return None
    return [Tier(last_day, figure) for _, last_day, figure in days]


def _order(term: Term, first: Price) -> tuple[object, ...]:
    return (
        _KIND_ORDER.index(first.kind),
        not first.setting,
        not first.modifier,
        not first.revenue_code,
        term.schedule is not None,
        term.method,
        -first.figure,
    )


def _named(terms: Sequence[Term]) -> Iterator[Term]:
    """Ids told apart by a number where there are several alike."""
    counts: dict[str, int] = {}
    for term in terms:
        counts[term.id] = counts.get(term.id, 0) + 1
        if counts[term.id] > 1:
            term.id = f"{term.id}-{counts[term.id]}"
        yield term


def _notes(group: Sequence[Price]) -> Iterator[str]:
    notes = list(dict.fromkeys(filter(None, (price.charge.notes for price in group))))
    formulas = list(dict.fromkeys(filter(None, (price.charge.algorithm for price in group))))
    for text in notes[:SHOWN_NOTES]:
        yield f"The file's note: {text}"
    for text in formulas[:SHOWN_NOTES]:
        yield f"The file also gives a formula: {text}"
    hidden = len(notes[SHOWN_NOTES:]) + len(formulas[SHOWN_NOTES:])
    if hidden:
        yield f"{hidden} more notes are in the review list."
