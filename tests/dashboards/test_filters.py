"""The filters of an address."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.filters import PERIODS, RESPONSIBILITIES, Filters

AS_OF = date(2025, 9, 30)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("3m", date(2025, 7, 1), date(2025, 9, 30)),
        ("12m", date(2024, 10, 1), date(2025, 9, 30)),
        ("ytd", date(2025, 1, 1), date(2025, 9, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_a_period_is_whole_months(period: str, first: date, last: date) -> None:
    assert Filters(period=period).months(AS_OF) == (first, last)


def test_twelve_months_to_a_december_begin_in_january() -> None:
    assert Filters().months(date(2025, 12, 5)) == (date(2025, 1, 1), date(2025, 12, 31))


def test_only_what_differs_from_the_default_stands_in_the_address() -> None:
    assert Filters().to_query() == {}
    assert Filters(payer="NORTHFIELD").to_query() == {"payer": "NORTHFIELD"}


@pytest.mark.parametrize("period", ["2025-13", "yesterday", "1=1", "12M", "99999-01"])
def test_a_period_that_means_nothing_is_the_default(period: str) -> None:
    assert Filters.from_query({"period": period}) == Filters()


months = st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(lambda day: f"{day:%Y-%m}")
texts = st.none() | st.text(min_size=1, max_size=20)


@given(
    st.builds(
        Filters,
        period=st.sampled_from(sorted(PERIODS)) | months,
        payer=texts,
        payer_class=texts,
        facility=texts,
        responsibility=st.none() | st.sampled_from(RESPONSIBILITIES),
    )
)
def test_an_address_says_the_filters_again(filters: Filters) -> None:
    assert Filters.from_query(filters.to_query()) == filters
