"""Claims, aging and roll-forward over one small book, looked at on 15 April 2025.

claim     charge  events
open         100  sent 10 January for 5 January; no answer
settled      200  sent 10 January; 20 January: 150 paid, 50 contractual
denied       300  sent 20 January; 10 February: refused; 1 April: written off
split        100  sent 1 February; 1 March: 56 paid, 30 contractual, 14 to the second payer, which is silent
patient      100  sent 1 February; 1 March: 40 paid, 60 the patient's; 5 April: 20 paid by the patient
partial      100  sent 1 March; 20 March: 30 paid, 20 contractual, 50 refused
credit       100  sent 1 March; 20 March: 100 paid; 1 April: 10 paid by the patient
gone         100  sent 1 March; void on 1 April
stranger       -  an answer to a claim never sent: 80 paid
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

D = Decimal


@pytest.fixture(scope="module")
def book(build_ledger: Any, new_inbox: Any) -> Any:
    inbox = new_inbox()
    inbox.claim("open", "100.00", "2025-01-10", service="2025-01-05", expected="70.00")
    inbox.claim("settled", "200.00", "2025-01-10")
    inbox.answer("settled", 1, "2025-01-20", "150.00", [("CO", "45", "50.00")], allowed="150.00", latest=True)
    inbox.claim("denied", "300.00", "2025-01-20", payer="MEDI", payer_class="medicare")
    inbox.answer("denied", 1, "2025-02-10", "0.00", [("CO", "50", "300.00")], payer="MEDI", allowed="0", latest=True)
    inbox.transact("denied", "2025-04-01", "denial_write_off", "300.00")
    inbox.claim("split", "100.00", "2025-02-01", secondary="SOUTH")
    inbox.answer(
        "split", 1, "2025-03-01", "56.00", [("CO", "45", "30.00"), ("PR", "2", "14.00")], allowed="70.00", latest=True
    )
    inbox.add(
        "staging.stg_reference__contracts",
        contract_id="north-2025",
        sequestration_percent=D("2"),
        prompt_pay_days=30,
        timely_filing_days=90,
    )
    inbox.claim("patient", "100.00", "2025-02-01", expected="100.00")
    inbox.answer("patient", 1, "2025-03-01", "40.00", [("PR", "1", "60.00")], allowed="100.00", latest=True)
    inbox.transact("patient", "2025-04-05", "patient_payment", "20.00")
    inbox.claim("partial", "100.00", "2025-03-01")
    inbox.answer(
        "partial",
        1,
        "2025-03-20",
        "30.00",
        [("CO", "45", "20.00"), ("CO", "50", "50.00")],
        allowed="30.00",
        latest=True,
    )
    inbox.claim("credit", "100.00", "2025-03-01")
    inbox.answer("credit", 1, "2025-03-20", "100.00", [], allowed="100.00", latest=True)
    inbox.transact("credit", "2025-04-01", "patient_payment", "10.00")
    inbox.claim("gone", "100.00", "2025-03-01")
    inbox.submit("gone", 2, "100.00", "2025-04-01", frequency="8")
    inbox.claim("stranger", "80.00", "2025-03-01", in_ledger=False)
    inbox.answer("stranger", 1, "2025-03-20", "80.00", [], allowed="80.00", latest=True)
    for day, paid in (("2025-03-20", "210.00"), ("2025-03-01", "96.00"), ("2025-01-20", "150.00")):
        inbox.add(
            "intermediate.int_remittances",
            remittance_key=f"NORTH-{day}",
            payer_id="NORTH",
            trace_number=day,
            payment_date=day,
            payment_amount=D(paid),
            claim_paid_amount=D(paid),
            provider_adjustment_amount=D(0),
            is_balanced=True,
            is_duplicate=False,
        )
    return build_ledger(inbox, "2025-04-15", with_grains=True)


@pytest.mark.parametrize(
    ("key", "status", "insurance", "patient"),
    [
        ("open", "unanswered", "100.00", "0.00"),
        ("settled", "closed", "0.00", "0.00"),
        ("denied", "closed", "0.00", "0.00"),
        ("split", "paid", "14.00", "0.00"),
        ("patient", "paid", "0.00", "40.00"),
        ("partial", "partially_denied", "50.00", "0.00"),
        ("credit", "credit", "0.00", "-10.00"),
        ("gone", "closed", "0.00", "0.00"),
    ],
)
def test_claim_status_and_balances(book: Any, key: str, status: str, insurance: str, patient: str) -> None:
    found = book.row(
        "select claim_status, insurance_balance_amount, patient_balance_amount, balance_amount "
        f"from marts.fct_claims where claim_key = '{key}'"
    )
    assert found == (status, D(insurance), D(patient), D(insurance) + D(patient))


def test_a_refused_claim_is_denied_until_it_is_written_off(book: Any) -> None:
    found = book.row("select denied_amount, written_off_amount from marts.fct_claims where claim_key = 'denied'")
    assert found == (D("300.00"), D("300.00"))


def test_a_claim_we_never_sent_has_no_balance(book: Any) -> None:
    found = book.row(
        "select origin, claim_status, payer_paid_amount, balance_amount, insurance_balance_amount "
        "from marts.fct_claims where claim_key = 'stranger'"
    )
    assert found == ("remittance", "paid", D("80.00"), None, None)


def test_expected_payer_amount_is_net_of_the_patients_share_and_sequestration(book: Any) -> None:
    """(100 - 60) x 98% = 39.20; without an answer the patient's share is not known."""
    found = dict(
        book.rows(
            "select claim_key, expected_payer_amount from marts.fct_claims where claim_key in ('patient', 'open')"
        )
    )
    assert found == {"patient": D("39.20"), "open": None}


def test_aging_at_each_month_end_and_the_as_of_date(book: Any) -> None:
    """Payers by last service date; patients from the day they first owed; nothing below or at zero."""
    found = book.rows(
        "select as_of_date, claim_key, responsibility, balance_amount, age_days, aging_bucket, is_denied, "
        "is_unanswered from marts.fct_ar_aging order by 1, 2"
    )
    january, february, march, today = date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 15)
    assert found == [
        (january, "denied", "primary_payer", D("300.00"), 11, "0-30", False, True),
        (january, "open", "primary_payer", D("100.00"), 26, "0-30", False, True),
        (february, "denied", "primary_payer", D("300.00"), 39, "31-60", True, False),
        (february, "open", "primary_payer", D("100.00"), 54, "31-60", False, True),
        (february, "patient", "primary_payer", D("100.00"), 27, "0-30", False, True),
        (february, "split", "primary_payer", D("100.00"), 27, "0-30", False, True),
        (march, "denied", "primary_payer", D("300.00"), 70, "61-90", True, False),
        (march, "gone", "primary_payer", D("100.00"), 30, "0-30", False, True),
        (march, "open", "primary_payer", D("100.00"), 85, "61-90", False, True),
        (march, "partial", "primary_payer", D("50.00"), 30, "0-30", True, False),
        (march, "patient", "patient", D("60.00"), 30, "0-30", False, False),
        (march, "split", "secondary_payer", D("14.00"), 58, "31-60", False, True),
        (today, "open", "primary_payer", D("100.00"), 100, "91-120", False, True),
        (today, "partial", "primary_payer", D("50.00"), 45, "31-60", True, False),
        (today, "patient", "patient", D("40.00"), 45, "31-60", False, False),
        (today, "split", "secondary_payer", D("14.00"), 73, "61-90", False, True),
    ]


def test_what_contracts_will_still_take_off_open_balances(book: Any) -> None:
    """By contract 100 - 70; the partly refused claim at its class's rate, (50 + 30 + 0 + 20 + 0) of 600, all posted.

    No answered Medicare claim says what a contract takes off but the refused one, which took nothing.
    """
    found = dict(
        book.rows(
            "select claim_key || ' ' || responsibility, expected_contractual_amount from marts.fct_ar_aging "
            "where as_of_date = '2025-03-31'"
        )
    )
    assert found == {
        "open primary_payer": D("30.00"),
        "gone primary_payer": D("0.00"),
        "partial primary_payer": D("0.00"),
        "denied primary_payer": D("0.00"),
        "patient patient": D("0.00"),
        "split secondary_payer": D("0.00"),
    }


def test_unanswered_claims_with_their_deadlines(book: Any) -> None:
    """Sent on 10 January for a service of 5 January: 95 days without an answer; 90 days to file ended on 5 April."""
    found = book.rows(
        "select claim_key, responsible_payer_id, days_since_submission, is_past_prompt_pay, "
        "timely_filing_deadline_date, timely_filing_days_left from marts.rpt_unanswered_claims order by 1"
    )
    assert found == [
        ("open", "NORTH", 95, True, date(2025, 4, 5), -10),
        ("split", "SOUTH", 73, None, None, None),
    ]


def test_rollforward_by_month_and_class(book: Any) -> None:
    """Commercial in March: 300 open; charges 100 x 3; paid 56 + 40 + 30 + 100; contractual 30 + 20; 324 left.

    April: void -100; patients paid 20 + 10; 194 left: 204 open less 10 in credit.
    """
    found = book.rows(
        "select period_month, payer_class, opening, charges, payer_payments, patient_payments, contractual, "
        "denial_write_offs, closing, is_partial_month from marts.fct_ar_rollforward "
        "where period_month >= '2025-03-01' order by 1, 2"
    )
    march, april = date(2025, 3, 1), date(2025, 4, 1)
    assert found == [
        (march, "commercial", D(300), D(300), D(-226), D(0), D(-50), D(0), D(324), False),
        (march, "medicare", D(300), D(0), D(0), D(0), D(0), D(0), D(300), False),
        (april, "commercial", D(324), D(-100), D(0), D(-30), D(0), D(0), D(194), True),
        (april, "medicare", D(300), D(0), D(0), D(0), D(0), D(-300), D(0), True),
    ]


def test_remittances_say_what_was_posted_and_what_was_not(book: Any) -> None:
    found = book.rows(
        "select trace_number, claim_paid_amount, posted_amount, unposted_amount from marts.fct_remittances order by 1"
    )
    assert found == [
        ("2025-01-20", D("150.00"), D("150.00"), D("0.00")),
        ("2025-03-01", D("96.00"), D("96.00"), D("0.00")),
        ("2025-03-20", D("210.00"), D("130.00"), D("80.00")),
    ]
