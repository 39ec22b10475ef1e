"""Figures as written: worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dashboards import formats, labels


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1234.5"), "1,234.50"),
        (Decimal("-1234567.89"), "(1,234,567.89)"),
        (Decimal("0"), "0.00"),
        (Decimal("2.005"), "2.01"),  # half up, where binary floats say 2.00
        (None, "not known"),
    ],
)
def test_money(value: Decimal | None, text: str) -> None:
    assert formats.money(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1240000"), "$1.24M"),
        (Decimal("41201.97"), "$41.2K"),
        (Decimal("-41201.97"), "($41.2K)"),
        (Decimal("9999.50"), "$10,000"),
        (Decimal("980.40"), "$980"),
        (Decimal("2500000000"), "$2.50B"),
        (None, "not known"),
    ],
)
def test_short_dollars(value: Decimal | None, text: str) -> None:
    assert formats.short_dollars(value) == text


def test_percent_has_one_decimal_rounded_half_up() -> None:
    assert formats.percent(Decimal("11.25")) == "11.3%"
    assert formats.percent(Decimal("-0.24")) == "(0.2%)"
    assert formats.percent(None) == "not known"


def test_a_change_carries_its_sign_and_unit() -> None:
    assert formats.change(Decimal("1.24"), "percent") == "+1.2 points"
    assert formats.change(Decimal("-3400"), "amount") == f"{formats.MINUS}$3,400"
    assert formats.change(Decimal("2"), "days") == "+2.0 days"
    assert formats.change(Decimal("0"), "amount") == "±$0"
    assert formats.change(None, "amount") == "not known"


def test_dates_and_codes() -> None:
    assert formats.day(date(2025, 9, 3)) == "3 Sep 2025"
    assert formats.month(date(2025, 9, 1)) == "Sep 2025"
    assert formats.words("multiple_procedure_reduction") == "Multiple procedure reduction"
    assert formats.words(None) == "not known"
    assert formats.target(Decimal("40.000000"), "days") == "40 days"
    assert formats.target(Decimal("7.500000"), "percent") == "7.5%"
    assert formats.words("billing_npi") == "Billing NPI"
    assert formats.words("workers_comp") == "Workers' compensation"
    assert formats.words("medicare_advantage") == "Medicare Advantage"
    assert formats.words("cob") == "COB"
    assert formats.within("dme_rules") == "DME rules"
    assert formats.within("managed_medicaid") == "managed Medicaid"


def test_days_past_their_date_are_overdue() -> None:
    assert labels.kind("timely_filing_days_left") == labels.kind("days_left") == "days_left"
    assert [labels.written(days, "days_left") for days in (12, 0, -1263, None)] == ["12", "0", "1,263 overdue", "–"]
