"""Credit balances: why an account is in credit, whose money it is, and by when it must go back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

D = Decimal
ALLOWED_70 = [("CO", "45", "30.00"), ("PR", "2", "14.00")]
PAYERS = [
    ("NORTH", "commercial"),
    ("SOUTH", "commercial"),
    ("MEDI", "medicare"),
    ("MAPD", "medicare_advantage"),
    ("CAID", "managed_medicaid"),
    ("TRI", "tricare"),
]


def answered(inbox: Any, key: str, *, payer: str = "NORTH", secondary: str | None = None, **more: Any) -> None:
    """Charge 100, allowed 70: 56 paid on 1 February, 14 the patient's (or the secondary payer's)."""
    classes = dict(PAYERS)
    inbox.claim(key, "100.00", "2025-01-10", payer=payer, payer_class=classes[payer], secondary=secondary, **more)
    inbox.answer(key, 1, "2025-02-01", "56.00", ALLOWED_70, payer=payer, allowed="70.00", latest=True)


@pytest.fixture(scope="module")
def credits_(build_ledger: Any, new_inbox: Any) -> Any:
    inbox = new_inbox()
    for payer, payer_class in PAYERS:
        inbox.add("intermediate.int_payers", payer_id=payer, payer_name=payer, payer_class=payer_class)
        inbox.add("staging.stg_reference__payer_aliases", payer_id=payer, alias=payer)

    # paid twice, the patient has paid: -56
    answered(inbox, "duplicate", payer="MEDI")
    inbox.answer("duplicate", 2, "2025-03-01", "56.00", ALLOWED_70, payer="MEDI", allowed="70.00")
    inbox.transact("duplicate", "2025-02-20", "patient_payment", "14.00")

    inbox.add(
        "intermediate.int_remittance_claims",
        adjudication_id="duplicate-MEDI-2",
        patient_last_name="SAMPLE",
        patient_first_name="PAT",
        member_id="1AA0AA0AA00",
    )

    # Medicare paid twice in the first quarter and was repaid before the report was due
    answered(inbox, "repaid", payer="MEDI")
    inbox.answer("repaid", 2, "2025-03-01", "56.00", ALLOWED_70, payer="MEDI", allowed="70.00")
    inbox.transact("repaid", "2025-02-20", "patient_payment", "14.00")
    inbox.transact("repaid", "2025-04-20", "payer_refund", "56.00")

    # the same, but the payer took it back from a later check without a reversal
    answered(inbox, "recouped")
    inbox.answer("recouped", 2, "2025-03-01", "56.00", ALLOWED_70, allowed="70.00")
    inbox.add(
        "intermediate.int_provider_adjustments",
        remittance_key="NORTH-2025-04-01",
        adjustment_number=1,
        payer_id="NORTH",
        payment_date="2025-04-01",
        adjustment_code="WO",
        reference_id="ICN9 recouped",
        adjustment_amount=D("56.00"),
        is_duplicate=False,
    )

    # of two payments the first is named by the payer's number; and one, after an earlier answer was corrected
    for key, answers in {
        "recouped_first": [("2025-02-01", "A1"), ("2025-03-01", "A2")],
        "recouped_after_correction": [("2025-01-20", "B1"), ("2025-02-01", "B2"), ("2025-03-01", "B3")],
    }.items():
        inbox.claim(key, "100.00", "2025-01-10", payer="NORTH", payer_class="commercial")
        for number, (day, control) in enumerate(answers, start=1):
            inbox.answer(key, number, day, "56.00", ALLOWED_70, control=control, allowed="70.00", latest=True)
        named = control if key == "recouped_after_correction" else "A1"
        if key == "recouped_after_correction":
            inbox.answer(key, 4, "2025-02-01", "-56.00", [], control="B1", status="22")
        inbox.add(
            "intermediate.int_provider_adjustments",
            remittance_key="NORTH-2025-04-01",
            adjustment_number=len(answers),
            payer_id="NORTH",
            payment_date="2025-04-01",
            adjustment_code="WO",
            reference_id=named,
            adjustment_amount=D("56.00"),
            is_duplicate=False,
        )

    # a second payer also paid as primary
    answered(inbox, "two_primaries")
    inbox.answer("two_primaries", 1, "2025-03-01", "60.00", [("CO", "45", "40.00")], payer="CAID", status="1")

    # the first payer left all 70 to the deductible, the second paid 80 as primary: 70 moved to it, 10 too much
    inbox.claim("two_primaries_deductible", "100.00", "2025-01-10", secondary="TRI")
    deductible = [("CO", "45", "30.00"), ("PR", "1", "70.00")]
    inbox.answer("two_primaries_deductible", 1, "2025-02-01", "0.00", deductible, allowed="70.00", latest=True)
    inbox.answer(
        "two_primaries_deductible",
        1,
        "2025-03-01",
        "80.00",
        [("CO", "45", "20.00")],
        payer="TRI",
        role="secondary_payer",
        status="1",
    )

    # 14 was left to the secondary payer and it paid 20
    answered(inbox, "cob", secondary="TRI")
    inbox.answer(
        "cob", 1, "2025-03-01", "20.00", [("OA", "23", "80.00")], payer="TRI", role="secondary_payer", status="2"
    )

    # paid in full, then the charge fell by 100
    answered(inbox, "corrected")
    inbox.submit("corrected", 2, "100.00", "2025-03-01", frequency="8")

    # the contract's 30 written off a second time by hand; 56 + 14 paid is not above 70
    answered(inbox, "excess", payer="MAPD")
    inbox.transact("excess", "2025-02-20", "patient_payment", "14.00")
    inbox.transact("excess", "2025-02-21", "contractual_adjustment", "30.00")

    # a stranger's 40 posted by hand
    answered(inbox, "misposted")
    inbox.transact("misposted", "2025-06-01", "payer_payment", "40.00")

    # 20 refused to the patient, who pays them; then they are written off besides: 60 + 20 + 20 were 100
    inbox.claim("refused_share", "100.00", "2025-01-10", payer="NORTH", payer_class="commercial")
    refused = [("CO", "45", "20.00"), ("PR", "204", "20.00")]
    inbox.answer("refused_share", 1, "2025-02-01", "60.00", refused, allowed="60.00", latest=True)
    inbox.transact("refused_share", "2025-02-20", "patient_payment", "20.00")
    inbox.transact("refused_share", "2025-03-20", "small_balance_write_off", "20.00")

    # 120 paid on 100, and nothing that could be put back
    inbox.claim("above_charge", "100.00", "2025-01-10", payer="NORTH", payer_class="commercial")
    inbox.answer("above_charge", 1, "2025-02-01", "120.00", [], allowed="120.00", latest=True)

    # Medicare keeps 1.12 of its 56 (sequestration), so 68.88 of the 70 is to be paid; a stranger's dollar makes 69.88
    inbox.claim("sequestered", "100.00", "2025-01-10", payer="MEDI", payer_class="medicare")
    kept = [*ALLOWED_70, ("CO", "253", "1.12")]
    inbox.answer("sequestered", 1, "2025-02-01", "54.88", kept, payer="MEDI", allowed="70.00", latest=True)
    inbox.transact("sequestered", "2025-02-20", "patient_payment", "14.00")
    inbox.transact("sequestered", "2025-06-01", "payer_payment", "1.00")

    # the same patient owes 25 on one account and paid 25 too much on the other
    answered(inbox, "wrong_account", expected="70.00")
    inbox.transact("wrong_account", "2025-02-20", "patient_payment", "39.00")
    inbox.claim("right_account", "25.00", "2025-01-10")
    inbox.answer("right_account", 1, "2025-02-01", "0.00", [("PR", "1", "25.00")], allowed="25.00", latest=True)
    for row in inbox.rows["intermediate.int_claims"]:
        if row["claim_id"] in ("wrong_account", "right_account"):
            row["patient_key"] = "patient-shared"

    # the copayment of 14 paid twice; that another visit's copayment of 14 is open too is chance
    answered(inbox, "copay_twice")
    inbox.transact("copay_twice", "2025-01-10", "patient_payment", "14.00")
    inbox.transact("copay_twice", "2025-02-20", "patient_payment", "14.00")
    answered(inbox, "copay_open")
    for row in inbox.rows["intermediate.int_claims"]:
        if row["claim_id"] in ("copay_twice", "copay_open"):
            row["patient_key"] = "patient-of-copays"

    # 30 taken at the desk, the share was 14
    answered(inbox, "patient")
    inbox.transact("patient", "2025-01-10", "patient_payment", "30.00")

    # allowed 94 against 70 by contract; the contract's 24 written off by hand: the payer owes itself 24 back
    inbox.claim("above_contract", "100.00", "2025-01-10", expected="70.00")
    inbox.answer("above_contract", 1, "2025-02-01", "94.00", [("CO", "45", "6.00")], allowed="94.00", latest=True)
    inbox.transact("above_contract", "2025-02-05", "contractual_adjustment", "24.00")
    inbox.add(
        "marts.fct_payment_variances",
        claim_key="above_contract",
        line_number=1,
        variance_class="overpaid",
        root_cause="stale_rate",
        variance_amount=D("24.00"),
        remit_date="2025-02-01",
    )

    # an unbalanced answer: 110 paid on 100 and nothing said
    inbox.claim("unexplained", "100.00", "2025-01-10")
    inbox.answer("unexplained", 1, "2025-02-01", "110.00", [], allowed="100.00", latest=True)

    # an appeal's second payment beside a patient's overpayment is no duplicate: 100 - 40 - 16 - 30 - 20 = -6
    inbox.claim("two_parts", "100.00", "2025-01-10")
    inbox.answer(
        "two_parts",
        1,
        "2025-02-01",
        "40.00",
        [("CO", "45", "30.00"), ("CO", "50", "16.00"), ("PR", "2", "14.00")],
        allowed="54.00",
    )
    inbox.answer(
        "two_parts",
        2,
        "2025-03-01",
        "16.00",
        [("CO", "45", "30.00"), ("PR", "2", "14.00")],
        allowed="70.00",
        latest=True,
    )
    inbox.transact("two_parts", "2025-02-20", "patient_payment", "20.00")

    for key, events in CLOCKS.items():
        answered(inbox, key)
        inbox.transact(key, "2025-03-01", "patient_payment", "15.00")  # in credit from 1 March
        for kind, on in events:
            inbox.transact(key, on, kind)

    # once in credit and settled; what was said of that credit does not start the clock of this one
    answered(inbox, "second_credit")
    inbox.transact("second_credit", "2025-03-01", "patient_payment", "20.00")
    inbox.transact("second_credit", "2025-03-02", "credit_identified")
    inbox.transact("second_credit", "2025-03-10", "patient_refund", "6.00")
    inbox.transact("second_credit", "2025-08-01", "patient_payment", "5.00")

    # 10 more than the share of 14, years ago
    for key, paid_on in (("almost_dormant", "2023-01-02"), ("dormant", "2022-12-31")):
        inbox.claim(key, "100.00", "2022-10-10")
        inbox.answer(key, 1, "2022-11-01", "56.00", ALLOWED_70, allowed="70.00", latest=True)
        inbox.transact(key, paid_on, "patient_payment", "24.00")
    for key, state in (("clock_plain", "FL"), ("clock_identified", "WY"), ("almost_dormant", "TX")):
        inbox.add("intermediate.int_patient_states", claim_key=key, state_code=state)
    inbox.add("intermediate.int_payer_states", payer_id="NORTH", state_code="TX")
    return build_ledger(inbox, "2025-12-31")


CLOCKS: dict[str, list[tuple[str, str]]] = {
    "clock_plain": [],
    "clock_identified": [("credit_identified", "2025-04-10")],
    "clock_stopped": [
        ("credit_identified", "2025-04-10"),
        ("credit_investigation_started", "2025-04-30"),
        ("credit_investigation_ended", "2025-06-09"),
    ],
    "clock_open": [("credit_identified", "2025-04-10"), ("credit_investigation_started", "2025-04-30")],
    "clock_started_late": [
        ("credit_identified", "2025-04-10"),
        ("credit_investigation_started", "2025-06-10"),
        ("credit_investigation_ended", "2025-06-20"),
    ],
    "clock_started_before": [
        ("credit_investigation_started", "2025-03-20"),
        ("credit_identified", "2025-04-10"),
        ("credit_investigation_ended", "2025-05-10"),
    ],
}


@pytest.mark.parametrize(
    ("key", "amount", "cause", "owner", "owner_payer", "is_true"),
    [
        ("duplicate", "56.00", "duplicate_payment", "medicare", "MEDI", True),
        ("recouped", "42.00", "unposted_recoupment", "commercial", "NORTH", True),
        ("recouped_first", "42.00", "unposted_recoupment", "commercial", "NORTH", True),
        ("recouped_after_correction", "42.00", "unposted_recoupment", "commercial", "NORTH", True),
        ("two_primaries", "86.00", "two_primary_payers", "medicaid", "CAID", True),
        ("two_primaries_deductible", "10.00", "two_primary_payers", "other_government", "TRI", True),
        ("cob", "6.00", "coordination_of_benefits", "other_government", "TRI", True),
        ("corrected", "86.00", "charge_correction", "commercial", "NORTH", True),
        ("excess", "30.00", "excess_adjustment", "commercial", "MAPD", False),
        ("misposted", "26.00", "misposted_payment", "commercial", "NORTH", False),
        ("refused_share", "20.00", "excess_adjustment", "patient", None, False),
        ("above_charge", "20.00", "unknown", "commercial", "NORTH", True),
        ("sequestered", "1.00", "misposted_payment", "medicare", "MEDI", False),
        ("wrong_account", "25.00", "misposted_payment", "patient", None, False),
        ("copay_twice", "14.00", "patient_overpayment", "patient", None, True),
        ("patient", "16.00", "patient_overpayment", "patient", None, True),
        ("above_contract", "24.00", "paid_above_contract", "commercial", "NORTH", True),
        ("unexplained", "10.00", "unknown", "commercial", "NORTH", True),
        ("two_parts", "6.00", "patient_overpayment", "patient", None, True),
    ],
)
def test_cause_and_owner(
    credits_: Any, key: str, amount: str, cause: str, owner: str, owner_payer: str | None, is_true: bool
) -> None:
    found = credits_.row(
        "select credit_amount, cause, owner, owner_payer_id, is_true_overpayment "
        f"from marts.fct_credit_balances where claim_key = '{key}'"
    )
    assert found == (D(amount), cause, owner, owner_payer, is_true)


@pytest.mark.parametrize(
    ("key", "identified", "due"),
    [
        # 60 days from 1 March
        ("clock_plain", date(2025, 3, 1), date(2025, 4, 30)),
        ("clock_identified", date(2025, 4, 10), date(2025, 6, 9)),
        # 20 of 60 days gone when it stopped on 30 April: 40 more from 9 June
        ("clock_stopped", date(2025, 4, 10), date(2025, 7, 19)),
        # stopped for ever: the suspension ends 180 days after identification, 7 October, and 40 days run on
        ("clock_open", date(2025, 4, 10), date(2025, 11, 16)),
        # the 60 days were over on 9 June
        ("clock_started_late", date(2025, 4, 10), date(2025, 6, 9)),
        # under way when identified: none of the 60 days gone, all run from 10 May
        ("clock_started_before", date(2025, 4, 10), date(2025, 7, 9)),
        ("second_credit", date(2025, 8, 1), date(2025, 9, 30)),
    ],
)
def test_sixty_day_clock(credits_: Any, key: str, identified: date, due: date) -> None:
    found = credits_.row(
        f"select identified_date, refund_due_date, age_days from marts.fct_credit_balances where claim_key = '{key}'"
    )
    assert found == (identified, due, (date(2025, 12, 31) - identified).days)


def test_the_last_day_of_suspension_is_180_days_after_identification() -> None:
    """The arithmetic the open investigation above rests on."""
    assert date(2025, 4, 10) + timedelta(days=180) == date(2025, 10, 7)
    assert date(2025, 10, 7) + timedelta(days=40) == date(2025, 11, 16)


def test_cms_838_lists_what_medicare_is_owed_at_each_quarter_end(credits_: Any) -> None:
    found = credits_.rows(
        "select quarter, claim_id, beneficiary_name, medicare_beneficiary_id, paid_date, credit_amount, repaid_amount, "
        "outstanding_amount, repayment_method, reason_code, due_date, is_closed_quarter "
        "from marts.rpt_cms_838 order by quarter, claim_id"
    )
    due = (date(2025, 4, 30), True)
    name = ("SAMPLE, P", "1AA0AA0AA00", date(2025, 3, 1), D("56.00"), D("0.00"), D("56.00"), None, "1")
    assert found == [
        ("2025Q1", "duplicate", *name, date(2025, 4, 30), True),
        # by the due date the check was sent: 56 of 56 repaid
        ("2025Q1", "repaid", None, None, date(2025, 3, 1), D("56.00"), D("56.00"), D("0.00"), "C", "1", *due),
        ("2025Q2", "duplicate", *name, date(2025, 7, 30), True),
        ("2025Q3", "duplicate", *name, date(2025, 10, 30), True),
        ("2025Q4", "duplicate", *name, date(2026, 1, 30), True),
    ]


def test_refund_worklist_puts_the_oldest_true_overpayment_first(credits_: Any) -> None:
    """False credits are corrected, not refunded: they come last and ask for nothing back."""
    found = credits_.rows(
        "select is_true_overpayment, refund_due_date, credit_amount, refund_amount, is_overdue "
        "from marts.rpt_refund_worklist order by priority_rank"
    )
    assert len(found) == credits_.row("select count(*) from marts.fct_credit_balances")[0]
    true_ones = [row for row in found if row[0]]
    assert found[: len(true_ones)] == true_ones
    assert [row[1] for row in true_ones] == sorted(row[1] for row in true_ones)
    assert all(refund <= (credit if is_true else 0) for is_true, _, credit, refund, _ in found)
    assert all(overdue == (is_true and due < date(2025, 12, 31)) for is_true, due, _, _, overdue in found)


def test_nobody_is_returned_more_than_it_paid_too_much(credits_: Any) -> None:
    """Of 86 in credit the second primary payer's 60 go back to it; its write-off of 40 took what was left, and more."""
    less = credits_.rows(
        "select claim_id, credit_amount, refund_amount from marts.rpt_refund_worklist "
        "where is_true_overpayment and refund_amount < credit_amount order by 1"
    )
    assert less == [("two_primaries", D("86.00"), D("60.00"))]


def test_every_account_in_credit_is_there_once(credits_: Any) -> None:
    in_credit = credits_.rows(
        "select claim_key, -sum(amount) from marts.fct_account_ledger group by 1 having sum(amount) < 0 order by 1"
    )
    assert in_credit == credits_.rows("select claim_key, credit_amount from marts.fct_credit_balances order by 1")
    assert "right_account" not in {key for key, _ in in_credit}


def test_every_month_end_tells_what_was_known_then(credits_: Any) -> None:
    """`second_credit`: 20 paid on a share of 14 on 1 March, 6 back on the 10th, 5 more on 1 August."""
    found = credits_.rows(
        "select as_of_date, cause, credit_amount, credit_since_date from marts.fct_credit_history "
        "where claim_key in ('second_credit', 'repaid') order by 1, 2"
    )
    march, april, august = date(2025, 3, 1), date(2025, 4, 30), date(2025, 8, 1)
    assert found == [
        (date(2025, 3, 31), "duplicate_payment", D("56.00"), march),  # repaid on 20 April
        *(
            (date(2025, month, day), "patient_overpayment", D("5.00"), august)
            for month, day in ((8, 31), (9, 30), (10, 31), (11, 30), (12, 31))
        ),
    ]
    assert april not in {row[0] for row in found}


def test_causes_drift_from_month_to_month(credits_: Any) -> None:
    """Medicare: 56 paid twice on two accounts in March, 112 of all Medicare credit; one repaid in April."""
    found = credits_.rows(
        "select period_month, accounts, opening_amount, new_amount, settled_amount, changed_amount, closing_amount "
        "from marts.rpt_credit_trend where owner = 'medicare' and period_month <= '2025-05-01' order by 1"
    )
    assert found == [
        (date(2025, 3, 1), 2, D("0.00"), D("112.00"), D("0.00"), D("0.00"), D("112.00")),
        (date(2025, 4, 1), 1, D("112.00"), D("0.00"), D("-56.00"), D("0.00"), D("56.00")),
        (date(2025, 5, 1), 1, D("56.00"), D("0.00"), D("0.00"), D("0.00"), D("56.00")),
    ]


def test_a_payment_that_turns_out_a_duplicate_changes_its_cause(credits_: Any) -> None:
    """`recouped`: two payments of 56 on 1 February and 1 March; on 1 April the payer took one back from a check."""
    found = credits_.rows(
        "select as_of_date, cause from marts.fct_credit_history where claim_key = 'recouped' order by 1 limit 2"
    )
    assert found == [(date(2025, 3, 31), "duplicate_payment"), (date(2025, 4, 30), "unposted_recoupment")]


def test_shares_of_causes_are_of_all_credit(credits_: Any) -> None:
    found = credits_.rows(
        "select period_month, sum(share_percent) from marts.rpt_credit_trend group by 1 "
        "having abs(sum(share_percent) - 100) > 0.05"
    )
    assert found == []


@pytest.mark.parametrize(
    ("key", "state", "rule", "years", "since", "until", "status"),
    [
        # the patient paid last on 1 March; Florida waits five years
        ("clock_plain", "FL", "FL", 5, date(2025, 3, 1), date(2030, 3, 1), "running"),
        # no rule on file for Wyoming: the shortest common period
        ("clock_identified", "WY", "*", 3, date(2025, 3, 1), date(2028, 3, 1), "running"),
        # in credit since 2 January 2023, nothing heard since: 2 January 2026 is two days off
        ("almost_dormant", "TX", "TX", 3, date(2023, 1, 2), date(2026, 1, 2), "notice_due"),
        ("dormant", None, "*", 3, date(2022, 12, 31), date(2025, 12, 31), "dormant"),
        # the commercial payer answered last on 1 February
        ("unexplained", "TX", "TX", 3, date(2025, 2, 1), date(2028, 2, 1), "running"),
    ],
)
def test_unclaimed_property(
    credits_: Any, key: str, state: str | None, rule: str, years: int, since: date, until: date, status: str
) -> None:
    found = credits_.row(
        "select state_code, rule_state_code, dormancy_years, dormant_since_date, unclaimed_property_date, "
        f"dormancy_status from marts.rpt_unclaimed_property where claim_key = '{key}'"
    )
    assert found == (state, rule, years, since, until, status)
    listed = credits_.row(f"select unclaimed_property_date from marts.rpt_refund_worklist where claim_key = '{key}'")
    assert listed == (until,)


def test_public_payers_are_repaid_under_their_own_rules(credits_: Any) -> None:
    found = credits_.rows("select distinct owner from marts.rpt_unclaimed_property order by 1")
    assert found == [("commercial",), ("patient",)]
