"""What changed in an indicator and because of whom: worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards.filters import Filters
from dashboards.home import Snapshot
from dashboards.indicators import Reading, contributions, difference, month_shown, read, together, trend
from dashboards.reasons import sentence
from dashboards.snapshot import Reader

AUG, SEP = date(2025, 8, 1), date(2025, 9, 1)
# A denies 10 of 100 in August and 22 of 100 in September; B 5 of 100 in both: 15/200 = 7.5%, then 27/200 = 13.5%.
ROWS = [
    ("initial_denial_rate", AUG, "ALL", 7.5, 15, 200, "percent"),
    ("initial_denial_rate", AUG, "A", 10, 10, 100, "percent"),
    ("initial_denial_rate", AUG, "B", 5, 5, 100, "percent"),
    ("initial_denial_rate", SEP, "ALL", 13.5, 27, 200, "percent"),
    ("initial_denial_rate", SEP, "A", 22, 22, 100, "percent"),
    ("initial_denial_rate", SEP, "B", 5, 5, 100, "percent"),
    ("cash_collected", AUG, "ALL", 5000, 5000, None, "amount"),
    ("cash_collected", AUG, "A", 3000, 3000, None, "amount"),
    ("cash_collected", AUG, "B", 2000, 2000, None, "amount"),
    ("cash_collected", SEP, "ALL", 4200, 4200, None, "amount"),
    ("cash_collected", SEP, "A", 3100, 3100, None, "amount"),
    ("cash_collected", SEP, "B", 1100, 1100, None, "amount"),
]
NAMES = {"A": "Aster Health", "B": "Birch Mutual"}


@pytest.fixture()
def reader(tmp_path: Path) -> Reader:
    path = tmp_path / "owed-kpis.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create schema marts; create table marts.fct_kpis (kpi_id varchar, period_month date, payer_id varchar,"
            " value decimal(18, 6), numerator decimal(18, 6), denominator decimal(18, 6), unit varchar,"
            " target_low decimal(18, 6), target_high decimal(18, 6), not_computable_reason varchar,"
            " is_partial_month boolean);"
            "create table marts.dim_payers (payer_id varchar, payer_name varchar, payer_class varchar);"
            "insert into marts.dim_payers values ('A', 'Aster Health', 'commercial'), ('B', 'Birch', 'commercial')"
        )
        connection.executemany(
            "insert into marts.fct_kpis values (?, ?, ?, ?, ?, ?, ?, null, 8, null, false)", [list(row) for row in ROWS]
        )
    return Reader(Snapshot(path, "kpis"))


def reading(**changes: Any) -> Reading:
    made: dict[str, Any] = {
        "kpi_id": "x", "month": SEP, "value": Decimal(10), "numerator": None, "denominator": None, "unit": "percent",
        "target_low": None, "target_high": None, "reason": None, "is_partial": False,
    }  # fmt: skip
    return Reading(**{**made, **changes})


def test_the_contributions_to_a_ratio_add_up_to_its_change(reader: Reader) -> None:
    # A: 22/200 - 10/200 = +6.0 points; B: 5/200 - 5/200 = 0
    found = {item.payer_id: item.amount for item in contributions(reader, "initial_denial_rate", SEP, AUG)}
    assert found == {"A": Decimal(6), "B": Decimal(0)}


def test_the_contributions_to_a_sum_add_up_to_its_change(reader: Reader) -> None:
    # A: +100; B: -900; together 4,200 - 5,000 = -800
    found = [(item.payer_id, item.amount) for item in contributions(reader, "cash_collected", SEP, AUG)]
    assert found == [("B", Decimal(-900)), ("A", Decimal(100))]


def test_a_sentence_names_the_payer_that_moved_it_in_its_direction(reader: Reader) -> None:
    months = read(reader, ["initial_denial_rate", "cash_collected"], Filters())
    denial = sentence(reader, "initial_denial_rate", months["initial_denial_rate"], SEP, Filters(), NAMES)
    assert denial == "Sep 2025: up 6.0 points on Aug 2025. Aster Health accounts for +6.0 points."
    cash = sentence(reader, "cash_collected", months["cash_collected"], SEP, Filters(), NAMES)
    assert cash.replace("\u2060", "") == "Sep 2025: down $800 on Aug 2025. Birch Mutual accounts for −$900."


def test_a_sentence_says_what_it_cannot_know(reader: Reader) -> None:
    months = read(reader, ["cash_collected"], Filters())["cash_collected"]
    first = sentence(reader, "cash_collected", months, AUG, Filters(), NAMES)
    assert first == "Aug 2025; there is no Jul 2025 to compare with."
    missing = {SEP: reading(value=None, reason="no cost feed")}
    assert sentence(reader, "cost_to_collect", missing, SEP, Filters(), NAMES) == "Not known: no cost feed."


def test_a_class_of_payers_is_the_ratio_of_its_sums(reader: Reader) -> None:
    months = read(reader, ["initial_denial_rate", "cash_collected"], Filters(payer_class="commercial"))
    assert months["initial_denial_rate"][SEP].value == Decimal("13.5")  # (22 + 5) / (100 + 100)
    assert months["cash_collected"][SEP].value == Decimal(4200)


def test_a_group_without_denominators_is_not_known_rather_than_averaged() -> None:
    row = {
        "kpi_id": "x", "period_month": SEP, "value": Decimal(4), "numerator": None, "denominator": None,
        "unit": "days", "target_low": None, "target_high": None, "not_computable_reason": None,
        "is_partial_month": False,
    }  # fmt: skip
    found = together([row, row])
    assert found.value is None
    assert found.reason


def test_the_newest_whole_month_is_shown_and_the_running_one_only_when_chosen() -> None:
    months = {AUG: reading(month=AUG), SEP: reading(is_partial=True)}
    assert month_shown(months, Filters(), date(2025, 9, 12)) == AUG
    assert month_shown(months, Filters("2025-09"), date(2025, 9, 12)) == SEP
    assert month_shown({}, Filters(), date(2025, 9, 12)) is None


def test_a_trend_keeps_the_place_of_a_month_that_is_not_known() -> None:
    months = {AUG: reading(month=AUG, value=Decimal(3)), SEP: reading(value=None)}
    assert trend(months, SEP, 3) == [(date(2025, 7, 1), None), (AUG, Decimal(3)), (SEP, None)]
    assert difference(months, SEP, AUG) is None


@pytest.mark.parametrize(
    ("low", "high", "met", "better"),
    [(None, 9, False, -1), (None, 10, True, -1), (10, None, True, 1), (11, None, False, 1), (8, 12, True, 0),
     (None, None, None, 0)],
)  # fmt: skip
def test_a_goal_is_met_or_missed_by_its_bounds(
    low: int | None, high: int | None, met: bool | None, better: int
) -> None:
    found = reading(
        target_low=None if low is None else Decimal(low), target_high=None if high is None else Decimal(high)
    )
    assert found.is_goal_met is met
    assert found.better == better
