"""Every number can be followed to its rows, and they add up to it, to the cent."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from dashboard_home.follow import adds_up
from dashboard_home.links import links_of
from dashboard_home.pages import OpenPage, text_of
from dashboard_home.world import AS_OF

from dashboards.filters import Filters, add_months
from dashboards.home import current_snapshot
from dashboards.parts.context import Context
from dashboards.rowsets import ROWSETS
from dashboards.selection import Selection
from dashboards.snapshot import Query, Reader

PAGES = {
    "summary": 2,
    "variance": 12,
    "denials": 20,
    "payers": 20,
    "aging": 50,
    "credits": 5,
    "patients": 10,
    "contracts": 2,
    "quality": 5,
}
CHOICES: tuple[dict[str, str | list[str]], ...] = (
    {},
    {"payer": "NORTHFIELD", "period": "3m"},
    {"payer_class": "medicare", "period": "2025-08"},
    {"facility": "1999999984", "period": "all", "responsibility": "patient"},
)


@pytest.fixture(scope="module")
def reader(fictional_home: Path) -> Reader:
    snapshot = current_snapshot(fictional_home)
    assert snapshot is not None
    return Reader(snapshot)


@pytest.mark.parametrize("choice", CHOICES, ids=["everything", "payer", "class", "facility"])
@pytest.mark.parametrize("page", sorted(PAGES))
def test_rows_add_up_to_the_number_that_led_to_them(
    open_page: OpenPage, fictional_home: Path, reader: Reader, page: str, choice: dict[str, str | list[str]]
) -> None:
    app = open_page(fictional_home, page, **choice)
    checked = 0
    for link in links_of(app):
        if link.amount is None or "set" not in link.query:
            continue
        assert adds_up(link, reader, AS_OF), link.address
        checked += 1
    assert checked >= (PAGES[page] if not choice else 0)


@pytest.mark.parametrize(
    ("kpi", "parts"),
    [("underpayment_amount", 1), ("overpayment_amount", 1), ("ar_over_90_percent", 2), ("credit_balance_amount", 1)],
)
def test_an_indicator_leads_to_its_rows(
    open_page: OpenPage, fictional_home: Path, reader: Reader, kpi: str, parts: int
) -> None:
    app = open_page(fictional_home, "kpi", kpi=kpi)
    links = [link for link in links_of(app) if link.amount is not None and "set" in link.query]
    assert len(links) == parts
    for link in links:
        assert adds_up(link, reader, AS_OF)


def test_the_sum_of_the_parts_is_the_whole_at_every_step(reader: Reader) -> None:
    whole = Selection.of("variances", Filters("all"), AS_OF, variance_class="underpaid").summing("recoverable_amount")
    expected = reader.one(Query(
        "select sum(recoverable_amount) as amount from marts.fct_payment_variances where variance_class = 'underpaid'"
    ))["amount"]  # fmt: skip
    causes = reader.rows(whole.groups(["root_cause"]))
    assert sum(row["amount"] for row in causes) == expected
    for cause in causes:
        below = whole.narrow(root_cause=cause["root_cause"])
        assert sum(row["amount"] for row in reader.rows(below.groups(["payer_id"]))) == cause["amount"]
        rows = reader.rows(below.select("recoverable_amount"))
        assert sum((row["recoverable_amount"] for row in rows), Decimal(0)) == cause["amount"]


def test_an_address_names_the_same_rows_again() -> None:
    filters = Filters("2025-08", payer="NORTHFIELD", facility="1999999984")
    made = Selection.of("denials", filters, AS_OF, denial_category=("eligibility", None), is_initial=True)
    made = made.besides(outcome="open").summing("recovered_amount")
    query = {name: [value] if isinstance(value, str) else value for name, value in made.to_query().items()}
    again = Selection.from_query(query, Filters.from_query({name: value[-1] for name, value in query.items()}), AS_OF)
    assert again == made


@pytest.mark.parametrize("key", sorted(ROWSETS))
def test_only_listed_columns_can_be_selected_by(key: str) -> None:
    query = {"set": [key], "f.amount) or (1=1": ["x"], "f.patient_key": ["x"], "not.nothing": ["1"], "sum": ["1; drop"]}
    found = Selection.from_query(query, Filters(), AS_OF)
    assert found is not None
    assert (found.narrowed, found.excluded, found.summed) == ({}, {}, None)
    with pytest.raises(ValueError, match="cannot be selected by"):
        found.narrow(patient_key="x")


def test_an_unknown_value_is_selected_apart_from_every_other(reader: Reader) -> None:
    every = Selection.of("variances", Filters("all"), AS_OF)
    unknown = reader.one(every.narrow(root_cause=None).totals())["row_count"]
    known = reader.one(every.narrow(root_cause=("stale_rate", "recoded")).totals())["row_count"]
    rest = reader.one(every.besides(root_cause=("stale_rate", "recoded")).totals())["row_count"]
    assert rest + known == reader.one(every.totals())["row_count"]
    assert 0 < unknown < rest


def test_the_rows_page_says_the_sum_it_was_asked_for(open_page: OpenPage, fictional_home: Path, reader: Reader) -> None:
    selection = Selection.of("credits", Filters(), AS_OF, cause="duplicate_payment")
    amount = reader.one(selection.totals())["total_amount"]
    shown = text_of(open_page(fictional_home, "rows", **{"set": "credits", "f.cause": "duplicate_payment"}))
    assert f"Credit balances: ${amount:,.2f} credit" in shown


def test_a_period_bounds_rows_by_the_facts_own_date(reader: Reader) -> None:
    selection = Selection.of("denials", Filters("2025-08"), AS_OF)
    days = [row["denial_date"] for row in reader.rows(selection.select("denial_date"))]
    assert min(days) >= date(2025, 8, 1)
    assert max(days) <= date(2025, 8, 31)


def test_a_month_without_rows_is_a_zero_between_the_others(fictional_home: Path, reader: Reader) -> None:
    context = Context("summary", reader, Filters("all"), AS_OF, {})
    months = context.months(Selection.of("denials", Filters("all"), AS_OF, reason_code="29", outcome="upheld"))
    days = [month for month, _ in months]
    assert days == [add_months(days[0], place) for place in range(len(days))]
    assert days[-1] == date(2025, 9, 1)
    assert Decimal(0) in [amount for _, amount in months]
    whole = reader.one(Selection.of("denials", Filters("all"), AS_OF, reason_code="29", outcome="upheld").totals())
    assert sum((amount for _, amount in months if amount), Decimal(0)) == whole["total_amount"]


def test_nothing_is_netted_in_a_total(open_page: OpenPage, fictional_home: Path) -> None:
    """Underpaid with overpaid, credit balances with receivables: such rows are counted, not added up."""
    everything: dict[str, str | list[str]] = {"set": "variances", "period": "all", "sum": "variance_amount"}
    shown = text_of(open_page(fictional_home, "rows", **everything))
    assert re.search(r"<h1>Payment variances: [\d,]+ rows</h1>", shown)
    one_side = text_of(open_page(fictional_home, "rows", **everything, **{"f.variance_class": "underpaid"}))
    assert re.search(r"<h1>Payment variances: \(\$[\d,.]+\) variance in \d+ rows</h1>", one_side)
    both = {"f.variance_class": ["underpaid", "overpaid"]}
    assert re.search(
        r"<h1>Payment variances: \d+ rows</h1>", text_of(open_page(fictional_home, "rows", **everything, **both))
    )
    claims: dict[str, str | list[str]] = {"set": "claims", "period": "all", "sum": "balance_amount"}
    assert "<h1>Claims: 2,000 rows</h1>" in text_of(open_page(fictional_home, "rows", **claims))
    postings: dict[str, str | list[str]] = {"set": "ledger", "period": "all"}
    assert re.search(r"<h1>Account postings: [\d,]+ rows</h1>", text_of(open_page(fictional_home, "rows", **postings)))
