"""Chooses a payer's error for a claim, so that the truth is never a matter of taste.

A deviation is planted only if it differs by at least the contract's tolerance and if no other cause would give the
same amount. Causes the 835 itself shows (recoded, units, CO-59) need no such check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from owed.sample.deviations import (
    MULTIPLE_HABITS,
    Case,
    Deviation,
    carve_out_unpaid,
    claim_rate_missed,
    counts,
    known,
    lesser_of,
    modifier_ignored,
    multiple_procedure_reduction,
    otherwise,
    per_diem_days,
    recoded,
    repriced,
    sequestration,
    stale_rate,
    stop_loss_missed,
    unexplained,
    units_changed,
    wrong_schedule,
    wrong_setting,
)
from owed.sample.pricer import Alternative

PLANTS: tuple[tuple[Callable[[Case], Deviation | None], float], ...] = (
    (stop_loss_missed, 0.8),
    (carve_out_unpaid, 0.8),
    (per_diem_days, 0.6),
    (claim_rate_missed, 0.35),
    (multiple_procedure_reduction, 0.8),
    (lesser_of, 0.6),
    (units_changed, 0.55),
    (modifier_ignored, 0.6),
    (wrong_setting, 0.22),
    (stale_rate, 0.35),
    (wrong_schedule, 0.35),
    (sequestration, 0.3),
    (recoded, 0.5),
    (unexplained, 0.5),
)
"""Causes from the rarest claims to the commonest, with the chance of each where a claim is fit for it."""


def rivals(case: Case, cause: str) -> Iterator[Deviation]:
    """What every other cause would have the payer allow."""
    book, encounter = case.book, case.encounter
    earlier = book.earlier_version(case.contract)
    alternatives: list[tuple[str, Alternative]] = [
        ("wrong_setting", Alternative(other_setting=True)),
        ("stop_loss_missed", Alternative(without_stop_loss=True)),
        ("carve_out_unpaid", Alternative(without_carve_outs=True)),
        ("claim_rate_missed", Alternative(without_claim_terms=True)),
        ("multiple_procedure_reduction", Alternative(reductions=())),
        ("stale_rate", Alternative(rates_on=book.calendar.middle - 1)),
    ]
    alternatives += [("multiple_procedure_reduction", Alternative(reductions=habit)) for habit in MULTIPLE_HABITS]
    alternatives += [
        ("modifier_ignored", Alternative(without_modifier=modifier))
        for modifier in {modifier for line in encounter.lines for modifier in line.modifiers}
    ]
    if encounter.is_stay:
        days = encounter.lines[0].units
        alternatives += [("per_diem_days", Alternative(more_days=more)) for more in range(1 - days, 4) if more]
    for name, alternative in alternatives:
        if name != cause:
            found = otherwise(case, name, alternative)
            if found is not None:
                yield found
    others = [("wrong_schedule", other) for other in book.others_in_force(case.contract, encounter)]
    if earlier is not None:
        others.append(("stale_rate", earlier))
    for name, other in others:
        found = repriced(case, name, book.price_under(other, encounter)) if name != cause else None
        if found is not None:
            yield found
    for plant in (lesser_of, sequestration):
        found = plant(case) if plant.__name__ != cause else None
        if found is not None:
            yield found


def is_plain(case: Case, found: Deviation) -> bool:
    """At least one row counts, nothing is below what the patient owes, and no other cause gives a row's amount."""
    expected = (case.price.total or 0,) if case.is_whole else known(case.price)
    allowed = (found.whole or 0,) if case.is_whole else found.lines
    owed = (sum(case.patient),) if case.is_whole else case.patient
    differing = [i for i, amount in enumerate(allowed) if counts(case.contract, expected[i], amount)]
    if not differing or any(amount < due for amount, due in zip(allowed, owed, strict=True)):
        return False
    if found.paid_code or found.paid_units or found.shown:
        return set(differing) <= {*found.paid_code, *found.paid_units, *found.shown}
    for rival in rivals(case, found.cause):
        amounts = (rival.whole,) if case.is_whole else rival.lines
        if any(amounts[i] == allowed[i] for i in differing):
            return False
    return True


def proneness(case: Case) -> float:
    """The chance that a payer errs on the claim: the more a price asks of it, the greater."""
    lines = case.encounter.lines
    if case.is_whole or case.encounter.is_stay:
        return 0.3
    if lesser_of(case) is not None:
        return 0.35
    if sum(line.code[:1] in "123456" for line in lines if line.code) > 1:
        return 0.25
    if any(modifier in case.contract.modifiers for line in lines for modifier in line.modifiers):
        return 0.25
    return 0.075


def deviation(case: Case) -> Deviation | None:
    """A cause that fits the claim and is plain, or None."""
    for plant, chance in PLANTS:
        if case.random.random() < chance:
            found = plant(case)
            if found is not None and is_plain(case, found):
                return found
    return None
