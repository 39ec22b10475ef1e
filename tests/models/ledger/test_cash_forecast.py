"""Expected collections by week: lag curve and yield of claims waiting for an answer, run-off of what is left."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

D = Decimal


@pytest.fixture(scope="module")
def forecast(build_ledger: Any, new_inbox: Any) -> Any:
    inbox = new_inbox()
    # of four claims sent on 2 June two were paid 80 of 100 in the third week, two were never answered
    for number in range(4):
        inbox.claim(f"old{number}", "100.00", "2025-06-02")
        if number < 2:
            inbox.answer(f"old{number}", 1, "2025-06-23", "80.00", [("CO", "45", "20.00")])
    inbox.claim("new", "1000.00", "2025-12-31")
    # the patient owes 100 since February and paid 26 on 15 November
    inbox.claim("share", "100.00", "2025-01-10", payer="MEDI", payer_class="medicare")
    inbox.answer("share", 1, "2025-02-01", "0.00", [("PR", "1", "100.00")], payer="MEDI")
    inbox.transact("share", "2025-11-15", "patient_payment", "26.00")
    return build_ledger(inbox, "2025-12-31")


def test_waiting_claims_are_paid_as_claims_of_their_age_were(forecast: Any) -> None:
    """160 of the 400 that waited at age 0 came in week 3: 40% of the new 1000. Nothing came at 26 weeks and more.

    The old claims are 30 weeks old, so three weeks beyond 26 are known and no more.
    """
    found = forecast.rows(
        "select week_number, open_amount, forecast_amount, uncovered_amount, actual_amount "
        "from marts.fct_cash_forecasts where weeks_back = 0 and payer_class = 'commercial' order by 1"
    )
    assert [row[0] for row in found] == list(range(1, 14))
    assert {row[1] for row in found} == {D("1200.00")}
    assert [row[2] for row in found] == [D(0), D(0), D("400.00"), *[D(0)] * 10]
    assert [row[3] for row in found] == [D(0)] * 3 + [D("200.00")] * 10
    assert {row[4] for row in found} == {None}


def test_patient_balances_run_off_at_the_rate_of_the_last_thirteen_weeks(forecast: Any) -> None:
    """26 in 13 weeks on (100 + 74) / 2 is 2 / 87 = 0.022989 a week: 74 x 0.022989 = 1.70, then x 0.977011 = 1.66."""
    found = forecast.rows(
        "select open_amount, forecast_amount from marts.fct_cash_forecasts "
        "where weeks_back = 0 and source = 'patient_balances' and week_number <= 2 order by week_number"
    )
    assert found == [(D("74.00"), D("1.70")), (D("74.00"), D("1.66"))]


def test_what_was_forecast_stands_beside_what_came(forecast: Any) -> None:
    """Thirteen weeks before, 1 October, nobody had paid for a year; 15 November is the 45th day, in the 7th week."""
    found = forecast.rows(
        "select week_start_date, week_end_date, forecast_amount, actual_amount from marts.fct_cash_forecasts "
        "where weeks_back = 13 and source = 'patient_balances' and actual_amount <> 0"
    )
    assert found == [(date(2025, 11, 13), date(2025, 11, 19), D("0.00"), D("26.00"))]
    known = forecast.row("select count(*) from marts.fct_cash_forecasts where weeks_back = 8 and actual_amount is null")
    assert known == (5 * 2,)  # weeks 9 to 13 of two lists lie ahead
