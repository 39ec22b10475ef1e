"""Money and percents of the sample as whole numbers: cents, and ten-thousandths of a percent. Never floats."""

from __future__ import annotations

from decimal import Decimal

WHOLE = 1_000_000
"""100 percent, counted in ten-thousandths of a percent."""


def cents(text: str | int | float | Decimal) -> int:
    """Cents of a decimal text such as "24500.00"; a fraction of a cent is refused."""
    value = Decimal(str(text)) * 100
    if value != value.to_integral_value():
        raise ValueError(f"{text}: not whole cents")
    return int(value)


def percent(text: str | int | float | Decimal) -> int:
    """Ten-thousandths of a percent: 62.5 gives 625000."""
    return int(Decimal(str(text)) * 10_000)


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded to a whole number, halves away from zero."""
    if numerator < 0:
        return -half_up(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)


def share(amount: int, part: int) -> int:
    """`part` (ten-thousandths of a percent) of an amount in cents, rounded half-up."""
    return half_up(amount * part, WHOLE)


def x12_amount(amount: int) -> str:
    """Cents as an X12 R element: no needless zeros, 12050 gives "120.5"."""
    if amount < 0:
        return "-" + x12_amount(-amount)
    whole, fraction = divmod(amount, 100)
    if not fraction:
        return str(whole)
    if fraction % 10:
        return f"{whole}.{fraction:02d}"
    return f"{whole}.{fraction // 10}"


def plain(amount: int | None) -> str:
    """Cents as a CSV figure with two decimals; nothing for None."""
    if amount is None:
        return ""
    if amount < 0:
        return "-" + plain(-amount)
    return f"{amount // 100}.{amount % 100:02d}"
