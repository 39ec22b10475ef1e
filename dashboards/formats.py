"""Figures as finance people write them. Values stay Decimal until here; an unknown is said in words, never as zero."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

UNKNOWN = "not known"
_SPELLED = {
    **{short: short.upper() for short in "abn ar cob dme drg esrd fap hac kpi lis ncci npi tricare".split()},
    "medicaid": "Medicaid",
    "medicare advantage": "Medicare Advantage",
    "medicare": "Medicare",
    "workers comp": "workers' compensation",
}
_PROPER = re.compile(rf"\b({'|'.join(_SPELLED)})\b")
MINUS = "−\u2060"  # with a word joiner, so that a line never breaks after it


def _rounded(value: Any, places: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _signed(text: str, negative: bool) -> str:
    return f"({text})" if negative else text


def money(value: Any) -> str:
    """`1,234.50`; negatives in parentheses; `not known` for None."""
    if value is None:
        return UNKNOWN
    exact = _rounded(value, 2)
    return _signed(f"{abs(exact):,.2f}", exact < 0)


def dollars(value: Any) -> str:
    """Money with its sign of currency, to the cent: `$1,234.50`, `($1,234.50)`."""
    if value is None:
        return UNKNOWN
    exact = _rounded(value, 2)
    return _signed(f"${abs(exact):,.2f}", exact < 0)


def short_dollars(value: Any) -> str:
    """Money for headlines, three or four figures: `$1.24M`, `$312.4K`, `$980`."""
    if value is None:
        return UNKNOWN
    amount = Decimal(value)
    size = abs(amount)
    for at_least, unit, name, places in ((10**9, 10**9, "B", 2), (10**6, 10**6, "M", 2), (10**4, 10**3, "K", 1)):
        if size >= at_least:
            return _signed(f"${_rounded(size / unit, places):,}{name}", amount < 0)
    return _signed(f"${_rounded(size, 0):,}", amount < 0)


def percent(value: Any) -> str:
    """A value of 0 to 100 with one decimal: `11.3%`."""
    if value is None:
        return UNKNOWN
    exact = _rounded(value, 1)
    return _signed(f"{abs(exact):,}%", exact < 0)


def count(value: Any) -> str:
    """A whole number with thousands; parentheses for negatives."""
    if value is None:
        return UNKNOWN
    exact = _rounded(value, 0)
    return _signed(f"{abs(exact):,}", exact < 0)


def counted(value: Any, one: str, many: str = "") -> str:
    """A number with what it counts: `1 file`, `2 files`."""
    return f"{count(value)} {one if value == 1 else many or one + 's'}"


def days(value: Any) -> str:
    """Days with one decimal."""
    return UNKNOWN if value is None else f"{_rounded(value, 1):,}"


def day(value: Any) -> str:
    """`30 Sep 2025`; `not known` for None."""
    if value is None:
        return UNKNOWN
    moment = value.date() if isinstance(value, datetime) else value
    return f"{moment.day} {moment:%b %Y}"


def month(value: date | None) -> str:
    """`Sep 2025`."""
    return UNKNOWN if value is None else f"{value:%b %Y}"


def moment(value: datetime | None) -> str:
    """`30 Sep 2025 06:00`."""
    return UNKNOWN if value is None else f"{day(value)} {value:%H:%M}"


def quantity(value: Any, unit: str | None) -> str:
    """A KPI's value in its unit: `amount`, `percent`, `days` or `count`."""
    if value is None:
        return UNKNOWN
    if unit == "amount":
        return short_dollars(value)
    if unit == "percent":
        return percent(value)
    return f"{days(value)} days" if unit == "days" else count(value)


def target(value: Any, unit: str | None) -> str:
    """A goal as people say it: `40 days`, not `40.0 days`."""
    return quantity(value, unit).replace(".0%", "%").replace(".0 days", " days")


def change(value: Any, unit: str | None) -> str:
    """A difference with its sign: `+1.2 points`, `−$3,400`, `+2.0 days`."""
    if value is None:
        return UNKNOWN
    size = abs(Decimal(value))
    sign = "+" if value > 0 else MINUS if value < 0 else "±"
    if unit == "percent":
        return f"{sign}{_rounded(size, 1)} points"
    return sign + quantity(size, unit)


def words(code: Any) -> str:
    """A code as words: `multiple_procedure_reduction` to `Multiple procedure reduction`."""
    if code is None or code == "":
        return UNKNOWN
    text = within(code)
    return text[:1].upper() + text[1:]


def within(code: Any) -> str:
    """A code as words inside a sentence: `cob_liability` to `COB liability`."""
    if code is None or code == "":
        return UNKNOWN
    return _PROPER.sub(lambda found: _SPELLED[found[0]], str(code).replace("_", " "))


def spell_period(period: str) -> str:
    """A period inside a sentence: `in the last 12 months`, `this year`, `in Sep 2025`."""
    named = {"3m": "in the last 3 months", "12m": "in the last 12 months", "ytd": "this year", "all": "in all time"}
    return named.get(period) or f"in {month(date.fromisoformat(f'{period}-01'))}"
