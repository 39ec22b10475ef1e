"""The sample's days, as whole numbers from its first day, with their texts made once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

BEFORE, AFTER = 40, 900


def add_months(first: date, months: int) -> date:
    """The same day of the month that many months later, held to the month's last day."""
    index = first.year * 12 + first.month - 1 + months
    year, month = divmod(index, 12)
    for day in range(first.day, 0, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise AssertionError("a month without days")


@dataclass
class Calendar:
    """Day numbers from `start` (0) to `end` (`last`) and some beyond; `iso`, `x12` and `weekday` by number."""

    start: date
    end: date
    iso_texts: list[str] = field(init=False)
    x12_texts: list[str] = field(init=False)
    weekdays: list[int] = field(init=False)
    months: list[int] = field(init=False)
    last: int = field(init=False)
    middle: int = field(init=False)

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"the sample would end ({self.end}) before it starts ({self.start})")
        self.last = (self.end - self.start).days
        self.middle = (add_months(self.start, 6) - self.start).days
        days = [self.start + timedelta(days=number) for number in range(-BEFORE, self.last + AFTER)]
        self.iso_texts = [day.isoformat() for day in days]
        self.x12_texts = [day.strftime("%Y%m%d") for day in days]
        self.weekdays = [day.weekday() for day in days]
        self.months = [day.month for day in days]

    def iso(self, day: int) -> str:
        return self.iso_texts[day + BEFORE]

    def x12(self, day: int) -> str:
        return self.x12_texts[day + BEFORE]

    def month(self, day: int) -> int:
        return self.months[day + BEFORE]

    def weekday(self, day: int) -> int:
        """Monday 0 to Sunday 6."""
        return self.weekdays[day + BEFORE]

    def business_day(self, day: int) -> int:
        """This day, or the Monday after a weekend."""
        weekday = self.weekdays[day + BEFORE]
        return day if weekday < 5 else day + 7 - weekday

    def number(self, day: date) -> int:
        return (day - self.start).days

    def tokens(self) -> dict[str, str]:
        """What the contract files' `$start`, `$mid` … stand for."""
        mid = add_months(self.start, 6)
        return {
            "start": self.start.isoformat(),
            "before_mid": (mid - timedelta(days=1)).isoformat(),
            "mid": mid.isoformat(),
            "before_last_quarter": (add_months(self.start, 9) - timedelta(days=1)).isoformat(),
            "end": max(self.end, add_months(self.start, 12) - timedelta(days=1)).isoformat(),
        }
