"""Which rate or percent explains what a payer allowed: exact arithmetic on counts, no regression.

A rate explains a service when rate × units, rounded half-up to cents, is the allowed amount; a percent when that part
of the charge is. What explains most wins; what it does not explain is counted, never averaged in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from owed.drafting.remittances import Observation

CENT, PER_UNIT, HUNDREDTH = Decimal("0.01"), Decimal("0.0001"), Decimal("0.01")
# A second rate is a period of its own, not noise, from this share of the services on, and at least so many.
LEAST_SHARE, LEAST_LINES = Decimal("0.15"), 2
# How many services may contradict the day on which one rate follows another.
MOST_MISPLACED = Decimal("0.2")
# A percent shared by this many codes is no coincidence; a round one by fewer.
PERCENT_CODES, ROUND_PERCENT_CODES, PERCENT_LINES = 3, 2, 5
SMALLEST_CHARGE = Decimal(50)


@dataclass(frozen=True)
class Rate:
    """A rate for one unit from a day on (None: from the first service seen) to the day before the next (None: on)."""

    amount: Decimal
    effective_from: date | None
    effective_to: date | None
    line_count: int


@dataclass(frozen=True)
class RateFit:
    rates: tuple[Rate, ...]
    explained: int
    total: int


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def count(observed: Iterable[Observation]) -> int:
    return sum(observation.line_count for observation in observed)


def explains_rate(rate: Decimal) -> Callable[[Observation], bool]:
    return lambda observation: cents(rate * observation.units) == observation.allowed


def explains_percent(percent: Decimal) -> Callable[[Observation], bool]:
    return lambda observation: cents(observation.charge * percent / 100) == observation.allowed


def fit_rates(observed: Sequence[Observation]) -> RateFit:
    """The rates of one code, one after the other in time."""
    total = count(observed)
    # A service paid at its charge was capped: it tells what the rate is at least, and counts only where all are such.
    uncapped = [observation for observation in observed if observation.allowed < observation.charge] or list(observed)
    support = _support(uncapped)
    if not support:
        return RateFit((), 0, total)
    strongest = sorted(support, key=lambda rate: (-count(support[rate]), rate.as_tuple().exponent != -2, -rate))
    kept = [strongest[0]]
    threshold = max(Decimal(LEAST_LINES), LEAST_SHARE * total)
    for rate in strongest[1:]:
        fresh = [o for o in support[rate] if not any(explains_rate(other)(o) for other in kept)]
        if count(fresh) >= threshold and _in_order([*kept, rate], support) is not None:
            kept.append(rate)
    starts = _in_order(kept, support) or {}
    ordered = sorted(kept, key=lambda rate: starts.get(rate) or date.min)
    rates = tuple(
        Rate(
            rate,
            starts.get(rate),
            _day_before(starts.get(following)) if following is not None else None,
            count(support[rate]),
        )
        for rate, following in zip(ordered, [*ordered[1:], None], strict=True)
    )
    explained = count(o for o in observed if explains(rates, o))
    return RateFit(rates, explained, total)


def explains(rates: Sequence[Rate], observation: Observation) -> bool:
    """The rate of the month gives the allowed amount, or the charge where that is less."""
    return any(
        min(cents(rate.amount * observation.units), observation.charge) == observation.allowed
        for rate in rates
        if (rate.effective_from is None or rate.effective_from <= _month_end(observation.month))
        and (rate.effective_to is None or rate.effective_to >= observation.month)
    )


def _support(observed: Sequence[Observation]) -> dict[Decimal, list[Observation]]:
    """Each rate that some service gives, in cents or else in hundredths of a cent, with all that it explains."""
    candidates: set[Decimal] = set()
    for observation in observed:
        if observation.units > 0:
            exact = observation.allowed / observation.units
            rate = exact.quantize(CENT, rounding=ROUND_HALF_UP)
            candidates.add(
                rate if explains_rate(rate)(observation) else exact.quantize(PER_UNIT, rounding=ROUND_HALF_UP)
            )
    found = {rate: [o for o in observed if explains_rate(rate)(o)] for rate in candidates if rate > 0}
    return {rate: explained for rate, explained in found.items() if explained}


def _in_order(rates: Sequence[Decimal], support: Mapping[Decimal, Sequence[Observation]]) -> dict[Decimal, date] | None:
    """From which day each rate but the first holds, if each follows the other in time; None if they are mixed."""
    ordered = sorted(rates, key=lambda rate: _middle(support[rate]))
    starts: dict[Decimal, date] = {}
    for earlier, later in pairwise(ordered):
        months = sorted({o.month for o in support[later]})
        best = min(months, key=lambda month: _misplaced(month, support[earlier], support[later]))
        misplaced = _misplaced(best, support[earlier], support[later])
        counts = count(support[earlier]), count(support[later])
        if misplaced > MOST_MISPLACED * sum(counts) or 2 * misplaced >= min(counts):
            return None
        is_shared = any(o.month == best for o in support[earlier])
        starts[later] = min(o.first_date for o in support[later] if o.month == best) if is_shared else best
    if list(starts.values()) != sorted(set(starts.values())):
        return None
    return starts


def _middle(observed: Sequence[Observation]) -> Decimal:
    days = sum(observation.month.toordinal() * observation.line_count for observation in observed)
    return Decimal(days) / count(observed)


def _misplaced(month: date, earlier: Sequence[Observation], later: Sequence[Observation]) -> int:
    """How many services contradict that the later rate began in a month; within it the first of its days decides."""
    first_day = min((o.first_date for o in later if o.month == month), default=month)
    late = count(o for o in earlier if o.month > month or (o.month == month and o.last_date >= first_day))
    return late + count(o for o in later if o.month < month)


def _day_before(day: date | None) -> date | None:
    return day - timedelta(days=1) if day else None


def _month_end(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def shared_percents(observed: Sequence[Observation]) -> list[Decimal]:
    """Percents of the charge that several codes share, the one that explains most first."""
    lines: Counter[Decimal] = Counter()
    codes: dict[Decimal, set[tuple[str, str]]] = {}
    for observation in observed:
        if observation.charge < SMALLEST_CHARGE or observation.allowed >= observation.charge:
            continue
        percent = (100 * observation.allowed / observation.charge).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
        if explains_percent(percent)(observation):
            lines[percent] += observation.line_count
            codes.setdefault(percent, set()).add((observation.kind, observation.code))
    return [
        percent
        for percent, line_count in lines.most_common()
        if line_count >= PERCENT_LINES
        and len(codes[percent]) >= (ROUND_PERCENT_CODES if percent == percent.to_integral_value() else PERCENT_CODES)
    ]


def best_percent(observed: Sequence[Observation], percents: Sequence[Decimal], fit: RateFit) -> Decimal | None:
    """The shared percent that explains one code at least as well as its rates do; None if its rates do better."""
    explained = {percent: count(o for o in observed if explains_percent(percent)(o)) for percent in percents}
    best = max(explained, key=lambda percent: explained[percent], default=None)
    return best if best is not None and explained[best] and explained[best] >= fit.explained else None


def modifier_percent(observed: Sequence[tuple[Observation, Decimal]]) -> tuple[Decimal, int] | None:
    """The percent of the rate that a modifier makes of it, from services and their code's rate; None if no one does.

    It explains at least two services and half of all.
    """
    found: Counter[Decimal] = Counter()
    for observation, rate in observed:
        whole = rate * observation.units
        percent = (100 * observation.allowed / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
        found[percent] += observation.line_count
    for percent, _ in found.most_common(3):
        explained = sum(
            observation.line_count
            for observation, rate in observed
            if cents(rate * observation.units * percent / 100) == observation.allowed
        )
        if explained >= LEAST_LINES and 2 * explained >= sum(found.values()):
            return percent, explained
    return None
