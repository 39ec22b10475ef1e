"""What the remittances of one payer, claim type and plan teach: rates by code, percents, modifiers, stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from owed.drafting.fits import (
    Rate,
    RateFit,
    best_percent,
    cents,
    count,
    explains,
    explains_percent,
    explains_rate,
    fit_rates,
    modifier_percent,
    shared_percents,
)
from owed.drafting.remittances import Observation

# Modifiers that have rates of their own in schedules: components of a service, and equipment new, rented or used.
RATE_MODIFIERS = ("26", "TC", "53", "NU", "RR", "UE")
# Modifiers that change a price by a percent of it; all others only inform.
PERCENT_MODIFIERS = (
    *("22", "50", "51", "52", "54", "55", "56", "62", "66", "73", "74", "78", "80", "81", "82"),
    *("AS", "QK", "QX", "QY", "AD"),
)
REDUCTIONS = (Decimal(50), Decimal(25))
LEAST_STAYS = 3


@dataclass(frozen=True)
class Key:
    """What a rate is for. `setting` '' is any."""

    kind: str
    code: str
    modifier: str
    setting: str


@dataclass(frozen=True)
class Lesson:
    """One key: its rates, or the percent of charges that explains it at least as well; both empty: nothing does."""

    key: Key
    rates: tuple[Rate, ...]
    percent: Decimal | None
    observed: tuple[Observation, ...]
    explained: int

    @property
    def total(self) -> int:
        return count(self.observed)


@dataclass(frozen=True)
class StayLesson:
    """`method` of `codes` (empty: all stays): `case_rate`, `per_diem` or `percent_of_charge`."""

    method: str
    codes: tuple[str, ...]
    figure: Decimal
    explained: int
    total: int


@dataclass
class Learned:
    lessons: list[Lesson] = field(default_factory=list)
    stays: list[StayLesson] = field(default_factory=list)
    modifiers: dict[str, tuple[Decimal, int]] = field(default_factory=dict)
    is_capped_at_charge: bool = False
    reduced_count: int = 0
    unexplained_stays: int = 0
    line_count: int = 0
    explained_count: int = 0


def learn(observed: Sequence[Observation]) -> Learned:
    learned = Learned(line_count=count(observed))
    stays = [observation for observation in observed if observation.kind == "drg"]
    lines = [observation for observation in observed if observation.kind != "drg"]
    plain = [observation for observation in lines if not _percent_modifiers(observation)]
    learned.lessons = _lessons(plain)
    rates = {lesson.key: lesson.rates for lesson in learned.lessons if lesson.percent is None}
    learned.modifiers = _modifiers([o for o in lines if _percent_modifiers(o)], rates)
    learned.is_capped_at_charge = _is_capped(plain, rates)
    learned.reduced_count = _reduced(learned.lessons)
    learned.stays, learned.unexplained_stays = _stays(stays)
    learned.explained_count = (
        sum(lesson.explained for lesson in learned.lessons)
        + sum(explained for _, explained in learned.modifiers.values())
        + count(stays)
        - learned.unexplained_stays
    )
    return learned


def key_of(observation: Observation, setting: str) -> Key:
    modifier = next((name for name in observation.modifiers if name in RATE_MODIFIERS), "")
    return Key(observation.kind, observation.code, modifier, setting)


def _percent_modifiers(observation: Observation) -> list[str]:
    return [modifier for modifier in observation.modifiers if modifier in PERCENT_MODIFIERS]


def _lessons(observed: Sequence[Observation]) -> list[Lesson]:
    percents = shared_percents(observed)
    by_key: dict[Key, list[Observation]] = {}
    for observation in observed:
        by_key.setdefault(key_of(observation, ""), []).append(observation)
    lessons = []
    for key, group in sorted(by_key.items(), key=lambda item: (item[0].kind, item[0].code, item[0].modifier)):
        whole = fit_rates(group)
        percent = best_percent(group, percents, whole)
        if percent is not None:
            explained = count(o for o in group if explains_percent(percent)(o))
            lessons.append(Lesson(key, (), percent, tuple(group), explained))
            continue
        lessons += _by_setting(key, group, whole)
    return _on_shared_days(lessons)


def _on_shared_days(lessons: Sequence[Lesson]) -> list[Lesson]:
    """Payers change rates on one day. A code not seen for a while changed on the day most codes did, if that fits."""
    days = Counter(rate.effective_from for lesson in lessons for rate in lesson.rates if rate.effective_from)
    shared = [day for day, lesson_count in days.most_common() if lesson_count > 1]
    return [replace(lesson, rates=_moved(lesson, shared)) for lesson in lessons]


def _moved(lesson: Lesson, shared: Sequence[date]) -> tuple[Rate, ...]:
    rates = list(lesson.rates)
    for at in range(1, len(rates)):
        earlier, later = rates[at - 1], rates[at]
        if later.effective_from is None:
            continue
        seen = [o.month for o in lesson.observed if o.month < later.effective_from and explains_rate(earlier.amount)(o)]
        last_month = max(seen, default=date.min)
        day = next((day for day in shared if last_month < day <= later.effective_from), None)
        if day is not None:
            rates[at - 1] = replace(earlier, effective_to=day - timedelta(days=1))
            rates[at] = replace(later, effective_from=day)
    return tuple(rates)


def _by_setting(key: Key, group: Sequence[Observation], whole: RateFit) -> list[Lesson]:
    """One rate for all settings, or one each where that explains more."""
    settings = sorted({observation.setting for observation in group})
    apart = {name: [o for o in group if o.setting == name] for name in settings}
    fits = {name: fit_rates(part) for name, part in apart.items()}
    # Seen in one setting alone, a rate says nothing of the other.
    if len(settings) > 1 and whole.explained >= sum(fit.explained for fit in fits.values()):
        return [Lesson(key, whole.rates, None, tuple(group), whole.explained)]
    return [
        Lesson(Key(key.kind, key.code, key.modifier, name), fit.rates, None, tuple(apart[name]), fit.explained)
        for name, fit in fits.items()
    ]


def _rate_for(observation: Observation, rates: Mapping[Key, Sequence[Rate]]) -> Decimal | None:
    """The rate of the month, in the service's setting before the one for all."""
    for setting in (observation.setting, ""):
        for rate in reversed(rates.get(key_of(observation, setting), ())):
            if rate.effective_from is None or rate.effective_from <= observation.first_date:
                return rate.amount
    return None


def _modifiers(observed: Sequence[Observation], rates: Mapping[Key, Sequence[Rate]]) -> dict[str, tuple[Decimal, int]]:
    """Percents of modifiers, from services that bear one alone and whose code's rate is known."""
    by_modifier: dict[str, list[tuple[Observation, Decimal]]] = {}
    for observation in observed:
        names = _percent_modifiers(observation)
        rate = _rate_for(observation, rates)
        if len(names) == 1 and rate is not None:
            by_modifier.setdefault(names[0], []).append((observation, rate))
    fits = {modifier: modifier_percent(group) for modifier, group in sorted(by_modifier.items())}
    return {modifier: fit for modifier, fit in fits.items() if fit is not None and fit[0] != 100}


def _is_capped(observed: Sequence[Observation], rates: Mapping[Key, Sequence[Rate]]) -> bool:
    """Services whose charge is below their rate are paid the charge, and none is paid the rate."""
    above = [
        (observation, rate)
        for observation in observed
        if (rate := _rate_for(observation, rates)) is not None and cents(rate * observation.units) > observation.charge
    ]
    return any(o.allowed == o.charge for o, _ in above) and not any(explains_rate(rate)(o) for o, rate in above)


def _reduced(lessons: Sequence[Lesson]) -> int:
    """Services paid exactly half or a quarter of their rate, as second and later procedures of a day are."""
    return sum(
        observation.line_count
        for lesson in lessons
        for observation in lesson.observed
        if lesson.rates
        and not explains(lesson.rates, observation)
        and any(
            cents(rate.amount * observation.units * part / 100) == observation.allowed
            for rate in lesson.rates
            for part in REDUCTIONS
        )
    )


def _stays(observed: Sequence[Observation]) -> tuple[list[StayLesson], int]:
    """Case rates by group; of the other stays a per diem or a percent that explains at least half of them."""
    by_group: dict[str, list[Observation]] = {}
    for observation in observed:
        by_group.setdefault(observation.code, []).append(observation)
    lessons: list[StayLesson] = []
    rest: list[Observation] = []
    for drg, group in sorted(by_group.items()):
        amount = max({o.allowed for o in group}, key=lambda allowed: count(o for o in group if o.allowed == allowed))
        alike = [o for o in group if o.allowed == amount]
        if (
            len({o.charge for o in alike}) > 1
            and len({o.units for o in alike}) > 1
            and 2 * count(alike) >= count(group)
        ):
            lessons.append(StayLesson("case_rate", (drg,), amount, count(alike), count(group)))
        else:
            rest += group
    others = [*_per_diem(rest), *_stay_percent(rest)]
    best = max(others, key=lambda lesson: lesson.explained, default=None)
    if best is not None and best.explained >= LEAST_STAYS and 2 * best.explained >= best.total:
        lessons.append(best)
    return lessons, count(observed) - sum(lesson.explained for lesson in lessons)


def _per_diem(observed: Sequence[Observation]) -> list[StayLesson]:
    counted = [observation for observation in observed if observation.units > 0]
    fit = fit_rates(counted)
    return [
        StayLesson("per_diem", (), rate.amount, rate.line_count, count(observed))
        for rate in fit.rates
        if len({o.units for o in counted if explains_rate(rate.amount)(o)}) > 1
    ]


def _stay_percent(observed: Sequence[Observation]) -> list[StayLesson]:
    return [
        StayLesson(
            "percent_of_charge",
            (),
            percent,
            count(o for o in observed if explains_percent(percent)(o)),
            count(observed),
        )
        for percent in shared_percents(observed)[:1]
    ]
