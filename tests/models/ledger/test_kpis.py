"""KPIs by month, each figure worked by hand from a few claims.

claim  payer  charge  sent    answer
a      NORTH     100  10 Jan  1 Feb: 56 paid, 30 contractual, 14 patient (paid 20 Feb); contract 70
b      NORTH     200  15 Jan  10 Feb: refused; written off 5 March
c      SOUTH     300   1 Feb  none; contract 180
d      NORTH      50   1 Mar  11 March: 50 paid; the patient paid 10 too much on 20 March
e      NORTH      80  10 Jan  none, no contract; service 1 December
f      NORTH      40  no date to be read, nor of service: in no month, of which no figure may be told
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

D = Decimal


@pytest.fixture(scope="module")
def kpis(build_ledger: Any, new_inbox: Any) -> Any:
    inbox = new_inbox()
    inbox.add("staging.stg_reference__contracts", contract_id="north-2025", prompt_pay_days=20)
    inbox.claim("a", "100.00", "2025-01-10", expected="70.00")
    inbox.answer(
        "a",
        1,
        "2025-02-01",
        "56.00",
        [("CO", "45", "30.00"), ("PR", "2", "14.00")],
        allowed="70.00",
        charge="100.00",
        first=True,
        latest=True,
    )
    inbox.transact("a", "2025-02-20", "patient_payment", "14.00")
    inbox.claim("b", "200.00", "2025-01-15")
    inbox.answer(
        "b", 1, "2025-02-10", "0.00", [("CO", "50", "200.00")], allowed="0.00", charge="200.00", first=True, latest=True
    )
    inbox.transact("b", "2025-03-05", "denial_write_off", "200.00")
    inbox.claim("c", "300.00", "2025-02-01", payer="SOUTH", expected="180.00")
    inbox.claim("d", "50.00", "2025-03-01")
    inbox.answer("d", 1, "2025-03-11", "50.00", [], allowed="50.00", charge="50.00", first=True, latest=True)
    inbox.transact("d", "2025-03-20", "patient_payment", "10.00")
    inbox.claim("e", "80.00", "2025-01-10", service="2024-12-01")
    inbox.claim("f", "40.00", None)

    for outcome, on in [
        ("overturned", "2025-03-02"),
        ("partially_overturned", "2025-03-09"),
        ("upheld", "2025-03-10"),
        ("written_off", "2025-03-05"),
        ("open", None),
    ]:
        inbox.add("marts.fct_denials", claim_key="b", outcome=outcome, outcome_date=on)
    for line, variance_class, amount, cause in [
        (1, "as_expected", "0.00", None),
        (2, "underpaid", "-12.50", "stale_rate"),
        (3, "overpaid", "7.25", "recoded"),
        (4, "underpaid", "-90.00", "contract_load_suspect"),
        (5, "denied", "-40.00", None),
    ]:
        inbox.add(
            "marts.fct_payment_variances",
            claim_key="a",
            payer_id="NORTH",
            line_number=line,
            variance_class=variance_class,
            variance_amount=D(amount),
            root_cause=cause,
            remit_date="2025-02-01",
        )
    return build_ledger(inbox, "2025-03-31")


@pytest.mark.parametrize(
    ("kpi", "month", "payer", "value"),
    [
        ("gross_charges", "2025-01-01", "ALL", "380"),
        ("gross_charges", "2025-02-01", "ALL", "300"),
        ("gross_charges", "2025-02-01", "NORTH", "0"),
        # what contracts still take off: a 30, b 17.14 and e 6.86 (both at 30 / 350 = 0.085714), c 120, so 54.00 at
        # January's end, 144.00 at February's, 126.86 at March's, when b is written off
        ("net_revenue", "2025-01-01", "ALL", "326"),  # 380 - 54
        ("net_revenue", "2025-02-01", "ALL", "180"),  # 300 - 30 - (144 - 54)
        ("net_revenue", "2025-03-01", "ALL", "67.14"),  # 50 - (126.86 - 144)
        ("cash_collected", "2025-02-01", "ALL", "70"),
        ("cash_collected", "2025-03-01", "ALL", "60"),
        ("initial_denial_rate", "2025-02-01", "ALL", "50"),
        ("initial_denial_rate", "2025-03-01", "NORTH", "0"),
        ("initial_denial_rate_dollars", "2025-02-01", "ALL", "66.666667"),  # 200 of 300
        ("first_pass_payment_rate", "2025-02-01", "ALL", "50"),
        ("days_to_payment", "2025-02-01", "ALL", "22"),  # 10 January to 1 February
        ("days_to_payment", "2025-03-01", "ALL", "10"),
        ("prompt_pay_violation_rate", "2025-02-01", "ALL", "100"),  # 22 days where the contract says 20
        ("denial_overturn_rate", "2025-03-01", "ALL", "50"),  # 2 of 4 decided
        ("underpayment_rate", "2025-02-01", "ALL", "33.333333"),  # 1 of 3
        ("underpayment_amount", "2025-02-01", "ALL", "12.50"),
        ("overpayment_amount", "2025-02-01", "ALL", "7.25"),
        # open on 31 March: c 300 (58 days), e 80 (120 days); d is 10 in credit
        ("ar_over_90_percent", "2025-03-01", "ALL", "21.052632"),  # 80 of 380
        ("ar_over_90_percent", "2025-03-01", "NORTH", "100"),
        ("ar_over_90_percent", "2025-03-01", "SOUTH", "0"),
        ("credit_balance_amount", "2025-02-01", "ALL", "0"),
        ("credit_balance_amount", "2025-03-01", "ALL", "10"),
        # net revenue 326 + 180 + 67.14 = 573.14 over 31 + 28 + 31 = 90 days; 10 x 90 / 573.14
        ("credit_balance_days", "2025-03-01", "ALL", "1.570297"),
        # 300 + 80 - 10 - 126.86 = 243.14; x 90 / 573.14
        ("net_days_in_ar", "2025-03-01", "ALL", "38.180200"),
        ("net_collection_rate", "2025-03-01", "ALL", "22.682067"),  # 130 of 573.14
        ("gross_collection_rate", "2025-03-01", "ALL", "17.808219"),  # 130 of 730
        ("denial_write_off_percent", "2025-03-01", "ALL", "104.686464"),  # 200 of 573.14 / 3
        ("patient_collection_rate", "2025-03-01", "ALL", "171.428571"),  # 24 of 14
        ("bad_debt_percent", "2025-03-01", "ALL", "0"),
    ],
)
def test_value(kpis: Any, kpi: str, month: str, payer: str, value: str) -> None:
    found = kpis.row(
        "select value, not_computable_reason from marts.fct_kpis "
        f"where kpi_id = '{kpi}' and period_month = '{month}' and payer_id = '{payer}'"
    )
    assert found == (D(value), None)


@pytest.mark.parametrize(
    ("kpi", "month", "payer", "reason"),
    [
        ("days_not_final_billed", "2025-03-01", "ALL", "unbilled encounters"),
        ("cost_to_collect", "2025-03-01", "ALL", "revenue-cycle cost"),
        ("initial_denial_rate", "2025-01-01", "ALL", "nothing in: claims first adjudicated"),
        ("days_to_payment", "2025-03-01", "SOUTH", "nothing in: claims first paid"),
    ],
)
def test_what_cannot_be_computed_says_why(kpis: Any, kpi: str, month: str, payer: str, reason: str) -> None:
    value, given = kpis.row(
        "select value, not_computable_reason from marts.fct_kpis "
        f"where kpi_id = '{kpi}' and period_month = '{month}' and payer_id = '{payer}'"
    )
    assert value is None
    assert reason in given


def test_the_promised_kpis_are_there(kpis: Any) -> None:
    promised = {
        "net_days_in_ar",
        "ar_over_90_percent",
        "initial_denial_rate",
        "initial_denial_rate_dollars",
        "denial_write_off_percent",
        "denial_overturn_rate",
        "first_pass_payment_rate",
        "net_collection_rate",
        "gross_collection_rate",
        "underpayment_rate",
        "underpayment_amount",
        "overpayment_amount",
        "days_to_payment",
        "prompt_pay_violation_rate",
        "credit_balance_amount",
        "credit_balance_days",
        "patient_collection_rate",
        "bad_debt_percent",
        "charity_percent",
        "cash_collected",
        "gross_charges",
        "net_revenue",
        "days_not_final_billed",
        "cost_to_collect",
    }
    assert {kpi for (kpi,) in kpis.rows("select distinct kpi_id from marts.fct_kpis")} == promised


def test_every_kpi_every_month_every_payer(kpis: Any) -> None:
    """24 definitions, three months, two payers and ALL; March ends on the as-of date, so no month is partial."""
    assert kpis.rows("select count(*), count(distinct kpi_id) from marts.fct_kpis where not is_partial_month") == [
        (24 * 3 * 3, 24)
    ]


def test_amounts_of_payers_add_up_to_all(kpis: Any) -> None:
    apart = kpis.rows(
        "select kpi_id, period_month, sum(value) filter (payer_id <> 'ALL') - sum(value) filter (payer_id = 'ALL') "
        "from marts.fct_kpis where unit = 'amount' group by 1, 2"
    )
    assert len(apart) == 6 * 3
    assert {difference for _, _, difference in apart} == {0}


def test_without_a_feed_there_is_no_figure(build_ledger: Any, new_inbox: Any) -> None:
    """Only claims: nothing on remittances, account transactions or contracts is known, and zero is not claimed."""
    inbox = new_inbox()
    inbox.claim("alone", "100.00", "2025-01-10")
    alone = build_ledger(inbox, "2025-01-20")
    unknown = dict(
        alone.rows("select kpi_id, not_computable_reason from marts.fct_kpis where value is null and payer_id = 'ALL'")
    )
    assert {"initial_denial_rate", "bad_debt_percent", "underpayment_amount", "denial_overturn_rate"} <= set(unknown)
    assert unknown["bad_debt_percent"] == "no account transactions are loaded"
    assert unknown["underpayment_amount"] == "no contract prices any claim"
    assert alone.row(
        "select value, is_partial_month from marts.fct_kpis where kpi_id = 'gross_charges' and payer_id = 'ALL'"
    ) == (D(100), True)
