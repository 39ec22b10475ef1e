"""The portfolio formula's published worked examples, exactly, and what must hold of any portfolio."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from owed.formula import PUBLISHED_CORRECTIONS, Portfolio, difference

D = Decimal


@pytest.mark.parametrize(
    ("portfolio", "forecast"),
    [
        # 800 x 0.95 x 0.85 x 1.02 x 0.97 = 639.1524
        (Portfolio(D(1000), D("0.8"), D("0.05"), D("0.15"), D("0.02"), D("0.03")), "639.15"),
        # 375 x 0.92 x 0.88 x 1.03 x 0.98 = 306.45384
        (Portfolio(D(500), D("0.75"), D("0.08"), D("0.12"), D("0.03"), D("0.02")), "306.45"),
        (Portfolio(D(1000), D("0.70"), contractual_discount=D("0.20")), "560.00"),
        (Portfolio(D(1000), D("0.80"), contractual_discount=D("0.25")), "600.00"),
        (Portfolio(D(1000), D("0.8"), prior_authorization_loss=D("0.15")), "680.00"),
        (Portfolio(D(1000), D("0.8"), prior_authorization_loss=D("0.02")), "784.00"),
    ],
)
def test_published_examples(portfolio: Portfolio, forecast: str) -> None:
    assert portfolio.forecast == D(forecast)


def test_published_factor_of_the_second_example() -> None:
    assert Portfolio(D(500), D("0.75"), D("0.08"), D("0.12"), D("0.03"), D("0.02")).factor == D("0.81721024")


def test_contract_b_against_contract_a() -> None:
    gained, percent = difference(
        Portfolio(D(1000), D("0.70"), contractual_discount=D("0.20")),
        Portfolio(D(1000), D("0.80"), contractual_discount=D("0.25")),
    )
    assert gained == D("40.00")
    assert percent is not None
    assert round(percent, 6) == D("7.142857")  # 40 / 560


def test_losses_multiply_and_are_not_added() -> None:
    # 1,000 claims of 1,200 at 0.75: 900,000; x 0.94 x 0.85 = 719,100, so 180,900 is lost, not 135,000 + 54,000.
    now = Portfolio(D(1_200_000), D("0.75"), denial_rate=D("0.06"), contractual_discount=D("0.15"))
    assert (now.multiplied, now.forecast, now.loss) == (D("900000.00"), D("719100.00"), D("180900.00"))
    fewer = now.changed(denial_rate=D("0.04"))
    assert (fewer.forecast, difference(now, fewer)[0]) == (D("734400.00"), D("15300.00"))


def test_corrections_state_what_the_formula_gives() -> None:
    assert [correction.exact for correction in PUBLISHED_CORRECTIONS] == [
        D("639.15"), D("306.45"), D("180900.00"), D("15300.00"),
    ]  # fmt: skip
    assert all(correction.printed != correction.exact for correction in PUBLISHED_CORRECTIONS)


@pytest.mark.parametrize("wrong", [{"denial_rate": D(5)}, {"contractual_discount": D("-0.1")}])
def test_percent_given_for_a_fraction_is_refused(wrong: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match="fraction from 0 to 1"):
        Portfolio(D(1000), **wrong)


FRACTION = st.decimals(0, 1, places=4)


@given(st.decimals(0, 10**9, places=2), st.decimals(0, 3, places=4), FRACTION, FRACTION, FRACTION)
def test_fewer_denials_never_yield_less(
    billed: Decimal, multiplier: Decimal, denials: Decimal, discount: Decimal, held: Decimal
) -> None:
    now = Portfolio(billed, multiplier, denials, discount, prior_authorization_loss=held)
    assert D(0) <= now.forecast <= now.multiplied
    assert now.changed(denial_rate=denials / 2).forecast >= now.forecast


def test_difference_from_nothing_has_no_percent() -> None:
    assert difference(Portfolio(D(0)), Portfolio(D(10))) == (D("10.00"), None)
