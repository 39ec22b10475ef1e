"""The filters all pages share. They live in the address, so that a page can be sent to a colleague as it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from dashboards.formats import month

DEFAULT_PERIOD = "12m"
PERIODS = {"3m": "Last 3 months", "12m": "Last 12 months", "ytd": "Year to date", "all": "All time"}
RESPONSIBILITIES = ("primary_payer", "secondary_payer", "patient")
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Filters:
    """What the reader chose; None means all. `period` is a name of PERIODS or a month, `2025-09`."""

    period: str = DEFAULT_PERIOD
    payer: str | None = None
    payer_class: str | None = None
    facility: str | None = None
    responsibility: str | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Filters:
        """The filters an address asks for. A period or responsibility it cannot mean is left out."""
        asked = {field.name: query.get(field.name) or None for field in fields(cls)}
        period = asked["period"] or DEFAULT_PERIOD
        known_period = period in PERIODS or _MONTH.fullmatch(period)
        responsibility = asked["responsibility"]
        return cls(
            period=period if known_period else DEFAULT_PERIOD,
            payer=asked["payer"],
            payer_class=asked["payer_class"],
            facility=asked["facility"],
            responsibility=responsibility if responsibility in RESPONSIBILITIES else None,
        )

    def to_query(self) -> dict[str, str]:
        """The address's part for these filters: only what differs from the default."""
        chosen = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in chosen.items() if value and (name, value) != ("period", DEFAULT_PERIOD)}

    def with_(self, name: str, value: str | None) -> Filters:
        """The same filters with one changed; None resets it."""
        changes: dict[str, Any] = {name: value or (DEFAULT_PERIOD if name == "period" else None)}
        return replace(self, **changes)

    def months(self, as_of: date) -> tuple[date, date]:
        """First and last day of the period. The running month counts as the newest one."""
        if self.period == "all":
            return date(1900, 1, 1), date(9999, 12, 31)
        if self.period == "ytd":
            return date(as_of.year, 1, 1), month_end(as_of)
        if self.period in PERIODS:
            return add_months(as_of.replace(day=1), 1 - int(self.period[:-1])), month_end(as_of)
        first = date.fromisoformat(f"{self.period}-01")
        return first, month_end(first)

    @property
    def single_month(self) -> date | None:
        """The first day of the month chosen, when the period is one month."""
        return None if self.period in PERIODS else date.fromisoformat(f"{self.period}-01")


def period_label(period: str) -> str:
    """A period in words: `Last 12 months`, `Sep 2025`."""
    return PERIODS.get(period) or month(date.fromisoformat(f"{period}-01"))


def add_months(day: date, months: int) -> date:
    """The first day of the month that many months later or, negative, earlier."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def month_end(day: date) -> date:
    """The last day of that day's month."""
    return add_months(day, 1) - timedelta(days=1)
