"""Projects, worklists, prompt pay and the payer scorecard, on a handful of claims counted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.models.upstream import CONTRACT_MODELS

MODELS = (
    f"{CONTRACT_MODELS} int_calendar_months path:models/intermediate/scenarios path:models/intermediate/variance"
    " int_posted_adjudications int_adjudication_reversals"
    " path:models/intermediate/denials path:models/intermediate/scorecard path:models/intermediate/prompt_pay"
    " path:models/marts/variance path:models/marts/denials dim_procedures dim_adjustment_reasons"
    " rpt_underpayment_projects rpt_underpayment_worklist rpt_denial_worklist rpt_unmatched_remittances"
    " rpt_prompt_pay rpt_payer_scorecard"
)
VISIT = [("99213", "200.00", "100.00")]


def paid(amount: str) -> list[tuple[int, str, list[tuple[str, str, str]]]]:
    return [(1, amount, [("CO", "45", str(Decimal("200.00") - Decimal(amount)))])]


@pytest.fixture(scope="module")
def con(build_models: Any, claim_book: Any) -> duckdb.DuckDBPyConnection:
    book = claim_book(as_of=date(2025, 12, 31))
    book.contract("north", "NORTH", appeal_days=180, prompt_pay_days=30, annual_interest_percent="12")
    book.contract("silent", "SILENT", appeal_days=180)
    # Three shortfalls of 20.00 within the window, one of 30.00 after a gap of 110 days.
    for key, remitted, amount in (
        ("early_1", date(2025, 1, 20), "80.00"), ("early_2", date(2025, 3, 1), "80.00"),
        ("early_3", date(2025, 5, 20), "80.00"), ("later", date(2025, 9, 7), "70.00"),
    ):  # fmt: skip
        book.claim(key, VISIT)
        book.adjudicate(key, remitted, paid(amount))
    # A first answer after 95 days: 65 late, 100.00 x 12% x 65 / 365 = 2.14.
    book.claim("late", VISIT)
    book.adjudicate("late", date(2025, 1, 5) + timedelta(days=95), paid("100.00"))
    book.claim("waiting", VISIT, submitted=date(2025, 11, 1))
    book.claim("no_rule", VISIT, payer="SILENT", contract="silent")
    book.adjudicate("no_rule", date(2025, 6, 30), paid("100.00"))
    book.claim("refused", VISIT, submitted=date(2025, 11, 20))
    book.adjudicate("refused", date(2025, 12, 1), [(1, "0.00", [("CO", "197", "200.00")])])
    book.claim("unseen", VISIT, origin="remittance")
    book.adjudicate("unseen", date(2025, 12, 1), paid("100.00"))
    return build_models(book.rows, MODELS)


def test_project_ends_where_the_gap_is_wider_than_the_window(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select project_id, line_count, recoverable_amount, past_deadline_amount, example_claim_1, example_claim_2"
        " from marts.rpt_underpayment_projects order by priority_rank"
    ).fetchall()
    # 180 days: the shortfalls remitted up to 4 July 2025 can no longer be appealed.
    assert found == [
        ("NORTH:unexplained:evaluation_management:2025-09-07", 1, Decimal("30.00"), Decimal("0.00"), "LATER", None),
        ("NORTH:unexplained:evaluation_management:2025-01-20", 3, Decimal("60.00"), Decimal("60.00"), "EARLY_1",
         "EARLY_2"),
    ]  # fmt: skip


def test_worklist_puts_what_can_still_be_appealed_first(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select claim_id, days_left, is_past_deadline from marts.rpt_underpayment_worklist order by priority_rank"
    ).fetchall()
    # 7 September + 180 days is 6 March 2026, 65 days after the as-of date.
    assert found[0] == ("LATER", 65, False)
    assert [row[2] for row in found] == [False, True, True, True]


def test_interest_is_simple_and_unknown_stays_unknown(con: duckdb.DuckDBPyConnection) -> None:
    columns = "payment_status, rule_source, days_taken, days_late, estimated_interest_amount, is_violation"
    rows = {
        key: con.execute(f"select {columns} from marts.rpt_prompt_pay where claim_key = ?", [key]).fetchall()
        for key in ("late", "waiting", "no_rule", "refused")
    }
    assert rows == {
        "late": [("paid", "contract", 95, 65, Decimal("2.14"), True)],
        "waiting": [("waiting", "contract", 60, 30, None, True)],
        "no_rule": [("paid", None, 176, None, None, None)],
        "refused": [("refused", "contract", 11, 0, Decimal("0.00"), False)],
    }


def test_scorecard_counts_with_wilsons_interval(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select metric_value, numerator, denominator, interval_low, interval_high, sample_count, is_small_cell"
        " from marts.rpt_payer_scorecard where payer_id = 'NORTH' and period_kind = 'trailing_12'"
        " and period_month = date '2025-12-01' and metric_id = 'initial_denial_rate'"
    ).fetchone()
    # One of six claims first answered (the unseen one is in neither): 16.67%; Wilson for 1 of 6 is 3.0% to 56.4%.
    assert found is not None
    assert found[0] == Decimal("16.666667")
    assert found[1:3] == (Decimal("1.00"), Decimal("6.00"))
    assert [round(bound, 1) for bound in found[3:5]] == [Decimal("3.0"), Decimal("56.4")]
    assert found[5:] == (6, True)


@pytest.mark.parametrize(("metric", "days"), [("days_to_pay_median", "95"), ("days_to_pay_90th", "245")])
def test_scorecard_days_to_pay_are_of_first_payments(con: duckdb.DuckDBPyConnection, metric: str, days: str) -> None:
    found = con.execute(
        "select metric_value, sample_count from marts.rpt_payer_scorecard where payer_id = 'NORTH'"
        " and period_kind = 'trailing_12' and period_month = date '2025-12-01' and metric_id = ?",
        [metric],
    ).fetchall()
    # 15, 55, 95, 135, 245 days: the third of five is the first by which half were paid, the fifth by which nine tenths.
    assert found == [(Decimal(days), 5)]


def test_denial_worklist_ranks_without_a_rate_by_open_amount(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select claim_id, open_amount, overturn_rate, worklist_score, priority_rank from marts.rpt_denial_worklist"
    ).fetchall()
    assert found == [("REFUSED", Decimal("100.00"), None, None, 1)]


def test_claim_known_from_a_remittance_alone_names_its_likely_twin(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select claim_id, possible_claim_id, possible_claim_count, payer_paid_amount"
        " from marts.rpt_unmatched_remittances"
    ).fetchall()
    # Seven claims of that payer have the same charge and date: no one of them can be named.
    assert found == [("UNSEEN", None, 7, Decimal("100.00"))]


def test_codes_have_families_and_reasons_words(con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute("select procedure_code, code_set, code_family from marts.dim_procedures").fetchall() == [
        ("99213", "CPT", "evaluation_management")
    ]
    found = con.execute(
        "select adjustment_count, adjustment_class, is_listed from marts.dim_adjustment_reasons"
        " where reason_code = '197'"
    ).fetchall()
    assert found == [(1, "denial", True)]
