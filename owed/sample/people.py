"""Patients of the sample: each is worked out from a payer and a number, so that none is kept in memory."""

from __future__ import annotations

from typing import NamedTuple

from owed.sample.payers import PAYERS, SECONDARIES, Payer


class Person(NamedTuple):
    """A covered patient; a dependent is covered by somebody else's policy. `secondary` is a payer id or ""."""

    name: str
    birth: str
    sex: str
    member: str
    plan: str
    group: str
    secondary: str
    is_dependent: bool


def mix(value: int) -> int:
    """A fixed scramble of a number, 0 to 2**32 - 1."""
    value = (value * 2654435761 + 40503) & 0xFFFFFFFF
    value ^= value >> 15
    return (value * 2246822519) & 0xFFFFFFFF ^ (value >> 13)


PAYER_NUMBERS = {payer.id: number for number, payer in enumerate(PAYERS)}


def person(payer: Payer, number: int) -> Person:
    """The payer's patient of that number, always the same one."""
    key = PAYER_NUMBERS[payer.id] * 10_000_000 + number
    random = mix(key)
    oldest, youngest = (1931, 1959) if payer.payer_class.startswith("medicare") else (1955, 2019)
    year = oldest + random % (youngest - oldest + 1)
    birth = f"{year}{1 + (random >> 8) % 12:02d}{1 + (random >> 12) % 28:02d}"
    plan_at, secondary_at = (random >> 5) % 100, mix(key + 1) % 1000
    plan = payer.plans[0][0] if plan_at < payer.plans[0][1] else payer.plans[-1][0]
    secondary = ""
    for candidate, weight in SECONDARIES.get(payer.id, ()):
        if secondary_at < weight:
            secondary = candidate
            break
        secondary_at -= weight
    is_dependent = payer.cost_share in ("ppo", "dental") and year > 1985 and (random >> 20) % 3 == 0
    return Person(
        f"TESTPATIENT-{PAYER_NUMBERS[payer.id] + 1:02d}{number:05d}",
        birth,
        "F" if random & 1 else "M",
        f"TST{payer.electronic_id}{number:07d}",
        plan,
        "" if plan else f"GRP{random % 40:03d}",
        secondary,
        is_dependent,
    )
