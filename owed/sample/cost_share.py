"""What the patient owes of the allowed amount, by the payer's style of plan."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from owed.sample.adjudication import Adjustment
from owed.sample.encounter import Encounter
from owed.sample.money import half_up
from owed.sample.payers import Payer

VISITS = frozenset("99202 99203 99204 99205 99211 99212 99213 99214 99215 G0463".split())
EMERGENCY = frozenset("99283 99284 99285".split())
FREE = frozenset("99395 99396 77067 90471 90686 90715 D0120 D1110 D0274 D0220".split())
"""Preventive services that plans pay in full."""
DEDUCTIBLE_LEFT = (0.78, 0.62, 0.5, 0.42, 0.36, 0.3, 0.27, 0.24, 0.21, 0.18, 0.16, 0.15)
"""The chance, by month, that a patient's deductible is not yet met."""


def by_line(
    random: Random, payer: Payer, encounter: Encounter, allowed: Sequence[int], month: int
) -> list[list[Adjustment]]:
    """The PR adjustments of each line, never above what is allowed on it."""
    style = payer.cost_share
    open_deductible = random.random() < DEDUCTIBLE_LEFT[month - 1]
    copay_due = style in ("ppo", "copay") or (style == "small" and random.random() < 0.3)
    found: list[list[Adjustment]] = []
    for line, amount in zip(encounter.lines, allowed, strict=True):
        mine: list[Adjustment] = []
        if amount <= 0 or style == "none" or line.code in FREE:
            found.append(mine)
            continue
        if copay_due and (line.code in VISITS or (line.code in EMERGENCY and style != "small")):
            copay_due = False
            copay = {"small": 300, "ppo": 3_000, "copay": 2_500}[style] * (4 if line.code in EMERGENCY else 1)
            mine.append(("PR", "3", min(copay, amount)))
        elif style in ("ppo", "medicare", "dental"):
            mine = coverage(random, amount, open_deductible, style, line.code)
        found.append(mine)
    return found


def coverage(random: Random, amount: int, open_deductible: bool, style: str, code: str) -> list[Adjustment]:
    """Deductible first, then coinsurance on the rest."""
    deductible = 0
    if open_deductible:
        deductible = amount if random.random() < 0.45 else half_up(amount * int(20 + 60 * random.random()), 100)
        deductible = min(deductible, 25_700 if style == "medicare" else 60_000)
    rate = {"ppo": 20, "medicare": 20, "dental": 50 if code == "D2740" else 20}[style]
    coinsurance = half_up((amount - deductible) * rate, 100)
    found: list[Adjustment] = []
    if deductible:
        found.append(("PR", "1", deductible))
    if coinsurance:
        found.append(("PR", "2", coinsurance))
    return found


def of_stay(random: Random, payer: Payer, allowed: int, month: int) -> list[Adjustment]:
    """The patient's part of an inpatient claim."""
    style = payer.cost_share
    found: list[Adjustment] = []
    if style == "medicare" and random.random() < 0.8:
        found.append(("PR", "1", min(allowed, 167_600)))
    elif style == "copay":
        found.append(("PR", "3", min(allowed, 29_500 * (1 + int(3 * random.random())))))
    elif style == "ppo":
        deductible = min(allowed, 150_000) if random.random() < DEDUCTIBLE_LEFT[month - 1] else 0
        coinsurance = min(half_up((allowed - deductible) * 10, 100), 200_000)
        if deductible:
            found.append(("PR", "1", deductible))
        if coinsurance:
            found.append(("PR", "2", coinsurance))
    return found
