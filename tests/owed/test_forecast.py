"""`owed forecast`: the formula's factors estimated from a snapshot of claims counted by hand."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from owed.errors import WrongUseError
from owed.forecast import forecast, fraction

D = Decimal


@pytest.fixture
def snapshot() -> duckdb.DuckDBPyConnection:
    """Four claims of 1,000.00 answered within the year, one before it, and one nobody billed."""
    con = duckdb.connect()
    con.execute("create schema marts")
    con.execute("create table marts.rpt_refresh as select 'b' as build, date '2025-12-31' as as_of_date")
    con.execute(
        """
        create table marts.fct_claims as select claim_key, payer_id, origin, 1000.00::decimal(18,2) as charge_amount,
            answered::date as first_remit_date
        from (values ('paid', 'NORTH', 'claim', '2025-03-01'), ('short', 'NORTH', 'claim', '2025-04-01'),
            ('lost', 'NORTH', 'claim', '2025-05-01'), ('held', 'NORTH', 'claim', '2025-06-01'),
            ('old', 'NORTH', 'claim', '2024-12-31'), ('unseen', 'NORTH', 'remittance', '2025-06-01'),
            ('none', 'SOUTH', 'claim', '2025-06-01')) as t(claim_key, payer_id, origin, answered)
        """
    )
    con.execute(
        """
        create table marts.fct_payment_variances as select claim_key, 1 as line_number, variance_class,
            1000.00::decimal(18,2) as charge_amount, allowed::decimal(18,2) as allowed_amount
        from (values ('paid', 'as_expected', 600), ('short', 'underpaid', 500), ('lost', 'denied', 0),
            ('held', 'denied', 0), ('old', 'as_expected', 900), ('none', 'not_priced', 0))
            as t(claim_key, variance_class, allowed)
        """
    )
    # `lost` was sent again and refused again: only the later refusal counts.
    con.execute(
        """
        create table marts.fct_denials as select claim_key, 'NORTH' as payer_id, 1 as line_number, category as
            denial_category, outcome, denied::date as denial_date, amount::decimal(18,2) as denied_amount
        from (values ('lost', 'bundling', 'upheld', '2025-05-01', 1000), ('lost', 'bundling', 'written_off',
            '2025-07-01', 400), ('held', 'authorization', 'past_deadline', '2025-06-01', 900))
            as t(claim_key, category, outcome, denied, amount)
        """
    )
    return con


def test_factors_and_their_counts(snapshot: duckdb.DuckDBPyConnection) -> None:
    (found,) = forecast(snapshot, "NORTH").estimates
    assert (found.claim_count, found.allowed_row_count) == (4, 2)
    assert (found.lost_denial_count, found.lost_authorization_count) == (1, 1)
    assert found.portfolio is not None
    # Allowed 1,100 of 2,000; lost 400 of 4,000; of the 3,600 left 900 for want of an authorization.
    assert found.portfolio.billed_charges == D("4000.00")
    assert found.portfolio.payment_multiplier == D("0.55")
    assert found.portfolio.denial_rate == D("0.1")
    assert found.portfolio.prior_authorization_loss == D("0.25")
    # 4,000 x 0.55 x 0.9 x 0.75 = 1,485.00
    assert found.portfolio.forecast == D("1485.00")


def test_other_rates_are_set_beside_it(snapshot: duckdb.DuckDBPyConnection) -> None:
    (found,) = forecast(snapshot, "NORTH", denial_rate=D("0.05")).estimates
    # 4,000 x 0.55 x 0.95 x 0.75 = 1,567.50
    assert found.as_dict()["changed_forecast"] == D("1567.50")
    assert "+82.50 (+5.6%)" in str(found)


def test_nothing_allowed_gives_no_multiplier(snapshot: duckdb.DuckDBPyConnection) -> None:
    (found,) = forecast(snapshot, "SOUTH").estimates
    assert found.portfolio is None
    assert "nothing allowed" in str(found)


def test_words_go_with_every_forecast(snapshot: duckdb.DuckDBPyConnection) -> None:
    assert "never one claim's expected amount" in str(forecast(snapshot))


def test_wrong_use_says_what_to_do(snapshot: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(WrongUseError, match="No claim of payer EAST"):
        forecast(snapshot, "EAST")
    with pytest.raises(WrongUseError, match="fraction from 0 to 1"):
        forecast(snapshot, "NORTH", denial_rate=D(5))


def test_percents_of_the_command_line_become_fractions() -> None:
    assert (fraction(4.5), fraction(None)) == (D("0.045"), None)
