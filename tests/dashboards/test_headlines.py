"""What the pages say of their figures: headlines, hints and headings follow the filter, the month and the day."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest
from dashboard_home.maker import write_home
from dashboard_home.pages import OpenPage, text_of
from dashboard_home.world import AS_OF, make_world

from dashboards import formats, tellings
from dashboards.home import current_snapshot
from dashboards.snapshot import Query, Reader


@pytest.fixture(scope="module")
def reader(fictional_home: Path) -> Reader:
    snapshot = current_snapshot(fictional_home)
    assert snapshot is not None
    return Reader(snapshot)


def headline(shown: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", shown, re.DOTALL)
    assert found
    return found[1]


def test_the_forecast_says_one_figure_without_history(open_page: OpenPage, tmp_path: Path) -> None:
    """1,403.00 has no history from the second week on, 264.00 none at all: 1,667.00 in the headline and the table."""
    with duckdb.connect(str(write_home(tmp_path, world=make_world(claim_count=3)))) as connection:
        connection.execute(
            """
            create table marts.fct_cash_forecasts as select 0 as weeks_back, date '2025-09-30' as forecast_date,
                week_start_date, week_number, payer_class, 'unanswered_claims' as source, 5000.00 as open_amount,
                uncovered_amount, 100.00 as forecast_amount, cast(null as decimal(18, 2)) as actual_amount
            from (values
                (1, date '2025-10-01', 'medicaid', 0.00), (2, date '2025-10-08', 'medicaid', 1403.00),
                (1, date '2025-10-01', 'tricare', 264.00), (2, date '2025-10-08', 'tricare', 264.00)
            ) as made (week_number, week_start_date, payer_class, uncovered_amount)
            """
        )
    shown = text_of(open_page(tmp_path, "forecast"))
    assert "$400 should come in" in shown
    assert "$1,667 is open that has no history" in shown
    assert "1,667.00" in shown


def test_the_contracts_headline_counts_the_payer_chosen(
    open_page: OpenPage, fictional_home: Path, reader: Reader
) -> None:
    row = reader.one(
        Query(
            "select min(payer_id) as payer, count(*) as number from marts.dim_contracts where payer_id ="
            " (select min(payer_id) from marts.dim_contracts) and effective_from <= ?"
            " and coalesce(effective_to, ?) >= ?",
            (AS_OF, AS_OF, AS_OF),
        )
    )
    said = headline(text_of(open_page(fictional_home, "contracts", payer=row["payer"])))
    assert said.startswith(f"{formats.counted(row['number'], 'contract')} of ")


def test_one_payer_is_not_compared_with_itself(open_page: OpenPage, fictional_home: Path) -> None:
    assert "furthest behind" in headline(text_of(open_page(fictional_home, "payers")))
    alone = headline(text_of(open_page(fictional_home, "payers", payer="NORTHFIELD")))
    assert "furthest behind" not in alone and " underpaid $" in alone


def test_payers_that_all_keep_their_contracts_are_not_ranked(open_page: OpenPage, tmp_path: Path) -> None:
    with duckdb.connect(str(write_home(tmp_path, world=make_world(claim_count=60)))) as connection:
        connection.execute(
            "update marts.fct_payment_variances set variance_class = 'as_expected' where variance_class = 'underpaid'"
        )
    assert headline(text_of(open_page(tmp_path, "payers"))).startswith("No payer paid less than agreed")


def test_a_class_without_contracts_is_not_told_as_one_payer(open_page: OpenPage, tmp_path: Path) -> None:
    with duckdb.connect(str(write_home(tmp_path, world=make_world(claim_count=3)))) as connection:
        connection.execute(
            "delete from marts.dim_contracts"
            " where payer_id in (select payer_id from marts.dim_payers where payer_class = 'commercial')"
        )
    for filters, told in (({"payer": "NORTHFIELD"}, "this payer"), ({"payer_class": "commercial"}, "these payers")):
        assert f"No contract of {told} is on file" in headline(text_of(open_page(tmp_path, "contracts", **filters)))


def test_two_yields_have_two_names(open_page: OpenPage, fictional_home: Path) -> None:
    shown = text_of(open_page(fictional_home, "payers"))
    assert "Yield, refused left out" in shown
    assert "The contracts page counts refused lines too." in shown


def test_each_card_names_its_month(open_page: OpenPage, fictional_home: Path) -> None:
    shown = text_of(open_page(fictional_home, "summary", period="2025-08"))
    assert shown.count('<span class="month">Aug 2025</span>') == shown.count('class="card"') == 8


def test_the_hint_of_the_cms_838_names_the_newest_quarter_over(open_page: OpenPage, tmp_path: Path) -> None:
    with duckdb.connect(str(write_home(tmp_path, world=make_world(claim_count=60)))) as connection:
        connection.execute(
            "create table marts.rpt_cms_838 as select date '2025-03-31' as quarter_end_date, 1 as credit"
        )
        connection.execute("update marts.rpt_refresh set as_of_date = date '2025-06-30'")
    assert "cms-838 --quarter 2025Q2 " in text_of(open_page(tmp_path, "credits"))


def test_a_claim_tells_what_was_underpaid(open_page: OpenPage, fictional_home: Path, reader: Reader) -> None:
    row = reader.one(
        Query(
            "select claim_key, sum(recoverable_amount) as amount, max(appeal_deadline_date) as deadline"
            " from marts.fct_payment_variances where variance_class = 'underpaid'"
            " and root_cause <> 'contract_load_suspect' group by claim_key order by deadline, claim_key limit 1"
        )
    )
    shown = text_of(open_page(fictional_home, "claim", claim=row["claim_key"]))
    assert f"{formats.dollars(row['amount'])} was underpaid" in headline(shown)
    assert tellings.appeal(row["deadline"], AS_OF) in shown


def test_the_time_to_appeal_is_told_as_over_when_it_is() -> None:
    assert tellings.appeal(date(2025, 9, 29), AS_OF) == "The time to appeal ended on 29 Sep 2025."
    assert tellings.appeal(AS_OF, AS_OF) == "Appeal by 30 Sep 2025."
    assert tellings.appeal(None, AS_OF) == ""


def test_a_posting_names_the_file_of_its_segment(open_page: OpenPage, tmp_path: Path) -> None:
    with duckdb.connect(str(write_home(tmp_path, world=make_world(claim_count=3)))) as connection:
        connection.execute(
            "insert into marts.rpt_files (file_id, file_name)"
            " select distinct source_file_id, 'remittances/of-the-day.835' from marts.fct_account_ledger"
        )
        found = connection.execute("select claim_key from marts.fct_account_ledger limit 1").fetchone()
    assert found
    assert "remittances/of-the-day.835" in text_of(open_page(tmp_path, "claim", claim=found[0]))
