"""When things happen: claims a day, lags to submission, to payment and to whatever follows."""

from __future__ import annotations

from random import Random

from owed.sample.calendar import Calendar
from owed.sample.encounter import Encounter
from owed.sample.payers import Payer

WEEKDAY_WEIGHTS = (118, 112, 108, 105, 96, 26, 14)
MONTH_WEIGHTS = (108, 101, 106, 100, 98, 95, 88, 94, 101, 107, 99, 93)
HOLIDAYS = frozenset(("0101", "0704", "1225", "1127", "0526", "0901"))
"""Month and day on which little is done."""


def claims_by_day(calendar: Calendar, claims: int) -> list[int]:
    """How many encounters begin on each day: by weekday, month and holiday, summing to `claims` exactly."""
    weights = []
    for day in range(calendar.last + 1):
        weight = WEEKDAY_WEIGHTS[calendar.weekday(day)] * MONTH_WEIGHTS[calendar.month(day) - 1]
        weights.append(weight // 6 if calendar.x12(day)[4:] in HOLIDAYS else weight)
    total, passed, given = sum(weights), 0, 0
    counts = []
    for weight in weights:
        passed += weight
        upto = claims * passed // total
        counts.append(upto - given)
        given = upto
    return counts


class Timing:
    """Draws lags; every date a payer pays on is one of its paying days."""

    def __init__(self, random: Random, calendar: Calendar) -> None:
        self.random = random
        self.calendar = calendar

    def submission_lag(self, encounter: Encounter) -> int:
        """Days from the last service to the first claim: hospitals hold their bills longer; a few drag on."""
        base = 3 if encounter.claim_type == "institutional" else 1
        if encounter.is_stay:
            base = 4
        if self.random.random() < 0.03:
            return base + 10 + int(self.random.random() * 35)
        return base + int(self.random.random() * self.random.random() * 9)

    def payment_day(self, payer: Payer, sent: int) -> int:
        """The paying day on which an answer to a claim sent on that day comes."""
        progress = min(1.0, max(0.0, sent / max(1, self.calendar.last)))
        lag = payer.lag + (payer.lag_end - payer.lag) * progress
        factor = 0.7 + 0.6 * self.random.random()
        if self.random.random() < 0.05:
            factor += self.random.random() * 1.5
        return self.paying_day(payer, sent + max(3, round(lag * factor)))

    def paying_day(self, payer: Payer, day: int) -> int:
        """The first paying day not before a day."""
        while self.calendar.weekday(day) not in payer.weekdays:
            day += 1
        return day

    def later(self, day: int, low: int, high: int) -> int:
        """A business day that many days later."""
        return self.calendar.business_day(day + low + int(self.random.random() * (high - low + 1)))
