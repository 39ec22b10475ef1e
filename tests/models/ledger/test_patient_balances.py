"""Patient balances: since when the patient owes, how far dunning has come, and why an account stays here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

D = Decimal
STATEMENTS = [("statement_sent", day) for day in ("2025-03-01", "2025-04-01", "2025-05-01", "2025-06-01")]
NOTICE = [("agency_notice_sent", "2025-11-01")]

#: Events of accounts that owe 60 since 1 February and are looked at on 31 December.
ACCOUNTS: dict[str, list[tuple[str, str]]] = {
    "new": [],
    "first_statement": STATEMENTS[:1],
    "third_statement": STATEMENTS[:3],
    "fourth_statement": STATEMENTS,
    "ready": STATEMENTS + NOTICE,
    "placed": [*STATEMENTS, *NOTICE, ("agency_placed", "2025-12-15")],
    "plan_kept": [*STATEMENTS, *NOTICE, ("payment_plan_started", "2025-07-01")],
    "plan_broken": [
        *STATEMENTS,
        *NOTICE,
        ("payment_plan_started", "2025-07-01"),
        ("payment_plan_broken", "2025-09-01"),
    ],
    "disputed": [*STATEMENTS, *NOTICE, ("dispute_opened", "2025-06-01")],
    "dispute_over": [*STATEMENTS, *NOTICE, ("dispute_opened", "2025-06-01"), ("dispute_closed", "2025-07-01")],
    # The feed began after an earlier dispute: its closing is not set against the one opened later.
    "disputed_again": [*STATEMENTS, *NOTICE, ("dispute_closed", "2025-05-01"), ("dispute_opened", "2025-06-01")],
    "assistance_again": [
        *STATEMENTS,
        *NOTICE,
        ("fap_application_opened", "2025-02-10"),
        ("fap_application_closed", "2025-02-20"),
        ("fap_application_closed", "2025-02-21"),
        ("fap_application_opened", "2025-06-01"),
    ],
    "noticed_unbilled": NOTICE,
    "assistance": [*STATEMENTS, *NOTICE, ("fap_application_opened", "2025-06-01")],
    "statement_119_days_ago": [("statement_sent", "2025-09-03"), *NOTICE],
    "statement_120_days_ago": [("statement_sent", "2025-09-02"), *NOTICE],
    "notice_29_days_ago": [*STATEMENTS, ("agency_notice_sent", "2025-12-02")],
    "notice_30_days_ago": [*STATEMENTS, ("agency_notice_sent", "2025-12-01")],
    "asked_16_days_ago": [("statement_sent", "2025-12-15")],
    "asked_14_days_ago": [("statement_sent", "2025-12-17")],
    "statement_before_discharge": [("statement_sent", "2024-12-01"), *NOTICE],
}


@pytest.fixture(scope="module")
def patients(build_ledger: Any, new_inbox: Any) -> Any:
    inbox = new_inbox()
    for key, events in ACCOUNTS.items():
        inbox.claim(key, "100.00", "2025-01-10")
        inbox.answer(key, 1, "2025-02-01", "40.00", [("PR", "1", "60.00")])
        for kind, on in events:
            inbox.transact(key, on, kind)

    for key, balance in (("below", "49.99"), ("at_minimum", "50.00")):
        inbox.claim(key, balance, "2025-01-10")
        inbox.answer(key, 1, "2025-02-01", "0.00", [("PR", "1", balance)])
        for kind, on in STATEMENTS + NOTICE:
            inbox.transact(key, on, kind)

    # 10 of 70 paid after the statement
    inbox.claim("paid_since", "100.00", "2025-01-10")
    inbox.answer("paid_since", 1, "2025-02-01", "30.00", [("PR", "1", "70.00")])
    inbox.transact("paid_since", "2025-12-10", "statement_sent")
    inbox.transact("paid_since", "2025-12-12", "patient_payment", "10.00")

    # the payer still owes 30 of 100
    inbox.claim("payer_open", "100.00", "2025-01-10")
    inbox.answer("payer_open", 1, "2025-02-01", "10.00", [("CO", "50", "30.00"), ("PR", "1", "60.00")])
    for kind, on in STATEMENTS + NOTICE:
        inbox.transact("payer_open", on, kind)

    # 20 paid at the desk: nothing owed on 15 of 1 February, 10 owed after the correction of 1 May
    inbox.claim("prepaid", "100.00", "2025-01-10")
    inbox.transact("prepaid", "2025-01-10", "patient_payment", "20.00")
    inbox.answer("prepaid", 1, "2025-02-01", "85.00", [("PR", "1", "15.00")])
    inbox.answer("prepaid", 2, "2025-05-01", "-15.00", [("PR", "1", "30.00")])

    # a plan that ended at nothing, and a share that came later
    inbox.claim("plan_done", "100.00", "2025-01-10")
    inbox.answer("plan_done", 1, "2025-02-01", "60.00", [("PR", "1", "40.00")])
    inbox.transact("plan_done", "2025-03-01", "payment_plan_started")
    inbox.transact("plan_done", "2025-03-01", "patient_payment", "20.00")
    inbox.transact("plan_done", "2025-04-01", "patient_payment", "20.00")
    inbox.answer("plan_done", 2, "2025-06-01", "-10.00", [("PR", "1", "50.00")])

    # history: 90 of 100, 50 of 100 and 10 of 100 paid on another account
    for key, paid in (("payer_of_most", "90.00"), ("payer_of_half", "50.00"), ("payer_of_little", "10.00")):
        for account, share in ((f"{key}_before", "100.00"), (key, "60.00")):
            inbox.claim(account, share, "2025-01-10")
            inbox.answer(account, 1, "2025-02-01", "0.00", [("PR", "1", share)])
            inbox.rows["intermediate.int_claims"][-1]["patient_key"] = key
        inbox.transact(f"{key}_before", "2025-03-01", "patient_payment", paid)
    return build_ledger(inbox, "2025-12-31")


@pytest.mark.parametrize(
    ("key", "stage", "block"),
    [
        ("new", "not_billed", "no_statement_sent"),
        ("first_statement", "statement_1", "notice_not_sent"),
        ("third_statement", "statement_3", "notice_not_sent"),
        ("fourth_statement", "final_notice", "notice_not_sent"),
        ("ready", "final_notice", None),
        ("placed", "agency", "already_placed"),
        ("plan_kept", "final_notice", "payment_plan_active"),
        ("plan_broken", "final_notice", None),
        ("disputed", "final_notice", "dispute_open"),
        ("dispute_over", "final_notice", None),
        ("disputed_again", "final_notice", "dispute_open"),
        ("assistance", "final_notice", "financial_assistance_application_open"),
        ("assistance_again", "final_notice", "financial_assistance_application_open"),
        ("statement_119_days_ago", "final_notice", "first_statement_too_recent"),
        ("statement_120_days_ago", "final_notice", None),
        ("notice_29_days_ago", "final_notice", "notice_too_recent"),
        ("notice_30_days_ago", "final_notice", None),
        ("statement_before_discharge", "final_notice", "no_statement_sent"),
        ("below", "final_notice", "below_minimum"),
        ("at_minimum", "final_notice", None),
        ("payer_open", "final_notice", "payer_balance_open"),
    ],
)
def test_dunning_stage_and_agency_gates(patients: Any, key: str, stage: str, block: str | None) -> None:
    found = patients.row(
        "select dunning_stage, agency_block_reason, is_agency_eligible "
        f"from marts.fct_patient_balances where claim_key = '{key}'"
    )
    assert found == (stage, block, block is None)


@pytest.mark.parametrize(
    ("key", "balance", "owed_since", "plan"),
    [
        ("new", "60.00", date(2025, 2, 1), "none"),
        ("plan_kept", "60.00", date(2025, 2, 1), "active"),
        ("plan_broken", "60.00", date(2025, 2, 1), "broken"),
        ("prepaid", "10.00", date(2025, 5, 1), "none"),
        ("plan_done", "10.00", date(2025, 2, 1), "completed"),
    ],
)
def test_balance_since_when_and_plan(patients: Any, key: str, balance: str, owed_since: date, plan: str) -> None:
    found = patients.row(
        "select balance_amount, first_owed_date, age_days, plan_status "
        f"from marts.fct_patient_balances where claim_key = '{key}'"
    )
    assert found == (D(balance), owed_since, (date(2025, 12, 31) - owed_since).days, plan)


def test_segments_collect_what_such_shares_did(patients: Any) -> None:
    """Every share is older than 90 days.

    50 to 200: 21 x 60, the payer's open 60, 70, 50, the plan's 50 (40, then 50), 3 x 100 and 3 x 60 are 1970 asked;
    90 + 50 + 10 of histories, 40 of the plan and 10 are 200 paid, 10.15%. Under 50: 49.99 and 30, with 20 paid ahead.
    """
    found = patients.rows(
        "select balance_band, asked_amount, paid_amount, collection_percent from marts.rpt_patient_segments order by 1"
    )
    assert found == [
        ("50 to 200", D("1970.00"), D("200.00"), D("10.15")),
        ("under 50", D("79.99"), D("20.00"), D("25.00")),
    ]


@pytest.mark.parametrize(
    ("key", "action", "on", "is_due"),
    [
        ("new", "send_statement", date(2025, 2, 1), True),
        ("third_statement", "send_statement", date(2025, 5, 31), True),  # 30 days after 1 May
        ("fourth_statement", "send_agency_notice", date(2025, 7, 1), True),
        ("ready", "place_with_agency", date(2025, 12, 31), True),
        ("placed", "with_agency", None, False),
        ("plan_kept", "remind_of_plan", date(2025, 3, 3), True),
        ("disputed", "resolve_dispute", date(2025, 12, 31), True),
        ("assistance", "decide_financial_assistance", date(2025, 12, 31), True),
        # noticed on 2 December: 30 days later is the new year's first day
        ("notice_29_days_ago", "wait_for_notice", date(2026, 1, 1), False),
        ("noticed_unbilled", "send_statement", date(2025, 2, 1), True),
        # Its two statements are past; the payer's 30 must be settled first.
        ("payer_open", "wait_for_payer", None, False),
        ("below", "review_small_balance", date(2025, 12, 31), True),
    ],
)
def test_what_to_do_next(patients: Any, key: str, action: str, on: date | None, is_due: bool) -> None:
    found = patients.row(
        f"select next_action, next_action_date, is_due from marts.rpt_patient_worklist where claim_key = '{key}'"
    )
    assert found == (action, on, is_due)


@pytest.mark.parametrize(
    ("key", "is_due"),
    [
        ("new", False),  # nothing was asked yet: a statement goes first
        ("third_statement", False),  # the next statement is due, and is the reminder
        ("asked_16_days_ago", True),
        ("asked_14_days_ago", False),
        ("paid_since", False),
        ("fourth_statement", True),  # statements are over, and the last brought nothing
        ("plan_kept", True),  # nothing paid on the plan within 30 days
        ("disputed", False),
        ("assistance", False),
        ("placed", False),
    ],
)
def test_reminders(patients: Any, key: str, is_due: bool) -> None:
    found = patients.row(f"select is_reminder_due from marts.rpt_patient_worklist where claim_key = '{key}'")
    assert found == (is_due,)


@pytest.mark.parametrize(
    ("key", "band"),
    [
        ("payer_of_most", "high"),
        ("payer_of_half", "medium"),
        ("payer_of_little", "low"),
        ("new", "unknown"),
        ("prepaid", "unknown"),
        ("plan_broken", "low"),
    ],
)
def test_propensity_band(patients: Any, key: str, band: str) -> None:
    assert patients.row(f"select propensity_band from marts.fct_patient_balances where claim_key = '{key}'") == (band,)
