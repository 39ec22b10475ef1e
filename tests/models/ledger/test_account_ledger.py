"""What posts, where and when: each case is one claim, its balances worked by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

D = Decimal
CONTRACTUAL_AND_COINSURANCE = [("CO", "45", "30.00"), ("PR", "2", "14.00")]


@pytest.fixture(scope="module")
def ledger(build_ledger: Any, new_inbox: Any) -> Any:
    inbox = new_inbox()
    for case in CASES:
        case(inbox)
    return build_ledger(inbox, "2025-12-31")


def unanswered(inbox: Any) -> None:
    inbox.claim("unanswered", "100.00", "2025-01-10")


def plain(inbox: Any) -> None:
    inbox.claim("plain", "100.00", "2025-01-10")
    inbox.answer("plain", 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)


def sequestered(inbox: Any) -> None:
    inbox.claim("sequestered", "100.00", "2025-01-10", payer="MEDI", payer_class="medicare")
    inbox.answer(
        "sequestered",
        1,
        "2025-02-01",
        "53.90",
        [("CO", "45", "30.00"), ("PR", "2", "15.00"), ("CO", "253", "1.10")],
        payer="MEDI",
    )


def paid_above_charge(inbox: Any) -> None:
    inbox.claim("paid_above_charge", "100.00", "2025-01-10")
    inbox.answer("paid_above_charge", 1, "2025-02-01", "120.00", [("OA", "94", "-20.00")])


def denied(inbox: Any) -> None:
    inbox.claim("denied", "100.00", "2025-01-10")
    inbox.answer("denied", 1, "2025-02-01", "0.00", [("CO", "50", "100.00")], latest=True)


def denied_to_patient(inbox: Any) -> None:
    inbox.claim("denied_to_patient", "100.00", "2025-01-10")
    inbox.answer("denied_to_patient", 1, "2025-02-01", "0.00", [("PR", "204", "100.00")])


def replaced(inbox: Any) -> None:
    inbox.claim("replaced", "100.00", "2025-01-10")
    inbox.submit("replaced", 2, "140.00", "2025-03-05", frequency="7")


def voided(inbox: Any) -> None:
    inbox.claim("voided", "100.00", "2025-01-10")
    inbox.submit("voided", 2, "100.00", "2025-03-05", frequency="8")


def voided_and_billed_anew(inbox: Any) -> None:
    """Void and new bill in one file, of one day; a replacement months later."""
    inbox.claim("voided_and_billed_anew", "300.00", "2025-01-10")
    inbox.submit("voided_and_billed_anew", 2, "300.00", "2025-02-20", frequency="8")
    inbox.submit("voided_and_billed_anew", 3, "400.00", "2025-02-20", frequency="1")
    inbox.submit("voided_and_billed_anew", 4, "500.00", "2025-04-11", frequency="7")


def replaced_twice_a_day(inbox: Any) -> None:
    inbox.claim("replaced_twice_a_day", "300.00", "2025-01-10")
    for number, (charge, day) in enumerate((("350.00", "02-20"), ("400.00", "02-20"), ("500.00", "04-11")), start=2):
        inbox.submit("replaced_twice_a_day", number, charge, f"2025-{day}", frequency="7")


def late_charges(inbox: Any) -> None:
    inbox.claim("late_charges", "100.00", "2025-01-10")
    inbox.submit("late_charges", 2, "25.00", "2025-02-05", frequency="5")
    inbox.submit("late_charges", 3, "90.00", "2025-03-05", frequency="7")


def billed_to_secondary(inbox: Any) -> None:
    inbox.claim("billed_to_secondary", "100.00", "2025-01-10", secondary="SOUTH")
    inbox.submit("billed_to_secondary", 2, "100.00", "2025-02-05", frequency="1", sequence="S", payer="SOUTH")
    inbox.answer("billed_to_secondary", 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)


def secondary_repeats(inbox: Any) -> None:
    inbox.claim("secondary_repeats", "100.00", "2025-01-10", secondary="SOUTH")
    inbox.answer("secondary_repeats", 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)
    inbox.answer(
        "secondary_repeats",
        1,
        "2025-03-01",
        "10.00",
        [("CO", "45", "30.00"), ("OA", "23", "56.00"), ("PR", "2", "4.00")],
        payer="SOUTH",
        role="secondary_payer",
        status="2",
    )


def secondary_writes_down(inbox: Any) -> None:
    inbox.claim("secondary_writes_down", "100.00", "2025-01-10", secondary="SOUTH")
    inbox.answer("secondary_writes_down", 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)
    inbox.answer(
        "secondary_writes_down",
        1,
        "2025-03-01",
        "5.00",
        [("CO", "45", "39.00"), ("OA", "23", "56.00")],
        payer="SOUTH",
        role="secondary_payer",
        status="2",
    )


def unnamed_secondary(inbox: Any) -> None:
    """A payer the claim does not name answers second: it posts to the primary's balance, where nothing is open."""
    inbox.claim("unnamed_secondary", "100.00", "2025-01-10")
    inbox.answer("unnamed_secondary", 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)
    inbox.answer(
        "unnamed_secondary",
        1,
        "2025-03-01",
        "14.00",
        [("CO", "45", "30.00"), ("OA", "23", "56.00")],
        payer="EAST",
        role="secondary_payer",
        on_balance_of="primary_payer",
        status="2",
    )


def primary_corrects_after_secondary(inbox: Any) -> None:
    key = "primary_corrects_after_secondary"
    inbox.claim(key, "100.00", "2025-01-10", secondary="SOUTH")
    inbox.answer(key, 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)
    inbox.answer(key, 1, "2025-03-01", "14.00", [("OA", "23", "86.00")], payer="SOUTH", role="secondary_payer")
    inbox.answer(key, 2, "2025-04-01", "-56.00", [("CO", "45", "-30.00"), ("PR", "2", "-14.00")], status="22")
    inbox.answer(key, 3, "2025-04-01", "50.00", [("CO", "45", "30.00"), ("PR", "2", "20.00")])


def reversed_and_corrected(inbox: Any) -> None:
    key = "reversed_and_corrected"
    inbox.claim(key, "100.00", "2025-01-10")
    inbox.answer(key, 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE, control="A")
    inbox.answer(key, 2, "2025-03-01", "-56.00", [("CO", "45", "-30.00"), ("PR", "2", "-14.00")], status="22")
    corrected = [("CO", "45", "30.00"), ("PR", "2", "10.00")]
    inbox.answer(key, 3, "2025-03-01", "60.00", corrected, control="B", latest=True)


def corrected_before_reversal(inbox: Any) -> None:
    key = "corrected_before_reversal"
    inbox.claim(key, "100.00", "2025-01-10")
    inbox.answer(key, 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)
    inbox.answer(key, 2, "2025-03-01", "56.00", [("CO", "45", "34.00"), ("PR", "2", "10.00")])
    inbox.answer(key, 3, "2025-03-01", "-56.00", [("CO", "45", "-30.00"), ("PR", "2", "-14.00")], status="22")


def taken_back(inbox: Any) -> None:
    key = "taken_back"
    inbox.claim(key, "100.00", "2025-01-10")
    inbox.answer(key, 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE, latest=True)
    inbox.answer(key, 2, "2025-03-01", "-56.00", [("CO", "45", "-30.00"), ("PR", "2", "-14.00")], status="22")


def second_reversed(inbox: Any) -> None:
    """A refusal, a payment after appeal, and the payment taken back: the refusal stands again."""
    key = "second_reversed"
    inbox.claim(key, "100.00", "2025-01-10")
    inbox.answer(key, 1, "2025-02-01", "0.00", [("CO", "45", "20.00"), ("CO", "50", "80.00")])
    inbox.answer(key, 2, "2025-03-01", "70.00", [("CO", "45", "30.00")], latest=True)
    inbox.answer(key, 3, "2025-04-01", "-70.00", [("CO", "45", "-30.00")], status="22")


def reversed_the_same_day(inbox: Any) -> None:
    """A refusal stands again: what the same file paid nothing for and took back is not confused with it (0 = 0)."""
    key = "reversed_the_same_day"
    inbox.claim(key, "200.00", "2025-01-10")
    inbox.answer(key, 1, "2025-02-01", "0.00", [("CO", "50", "200.00")], control="A")
    later = [("CO", "45", "50.00"), ("PR", "1", "150.00")]
    inbox.answer(key, 2, "2025-03-01", "0.00", later, control="B", latest=True)
    inbox.answer(key, 3, "2025-03-01", "0.00", [], control="B", status="22")


def first_of_a_day_reversed(inbox: Any) -> None:
    key = "first_of_a_day_reversed"
    inbox.claim(key, "200.00", "2025-01-10")
    inbox.answer(key, 1, "2025-02-01", "150.00", [("CO", "45", "40.00"), ("PR", "1", "10.00")], control="A")
    inbox.answer(key, 2, "2025-02-01", "120.00", [("CO", "45", "50.00"), ("PR", "1", "30.00")], control="B")
    inbox.answer(key, 3, "2025-02-01", "-150.00", [("CO", "45", "-40.00")], control="A", status="22")


def secondary_reversed_twice(inbox: Any) -> None:
    """Two refusals, each taken back on its own day: nothing of the secondary payer stands."""
    key = "secondary_reversed_twice"
    inbox.claim(key, "200.00", "2025-01-10", secondary="SOUTH")
    for number, day in ((1, "2025-02-01"), (3, "2025-03-01")):
        as_second = {"payer": "SOUTH", "role": "secondary_payer", "control": f"C{number}"}
        inbox.answer(key, number, day, "0.00", [("CO", "45", "90.00"), ("CO", "50", "110.00")], **as_second)
        inbox.answer(key, number + 1, day, "0.00", [], status="22", **as_second)


def paid_again(inbox: Any) -> None:
    """A further answer without a reversal: 56 + 6 paid; contractual 28 and coinsurance 10 stand for 30 and 14."""
    key = "paid_again"
    inbox.claim(key, "100.00", "2025-01-10")
    inbox.answer(key, 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)
    inbox.answer(key, 2, "2025-03-01", "6.00", [("CO", "45", "28.00"), ("PR", "2", "10.00")])


def paid_twice(inbox: Any) -> None:
    key = "paid_twice"
    inbox.claim(key, "100.00", "2025-01-10")
    inbox.answer(key, 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)
    inbox.answer(key, 2, "2025-03-01", "56.00", CONTRACTUAL_AND_COINSURANCE)


def orphan_reversal(inbox: Any) -> None:
    inbox.claim("orphan_reversal", "100.00", "2025-01-10")
    inbox.answer("orphan_reversal", 1, "2025-02-01", "-40.00", [("CO", "45", "-60.00")], status="22")


def sent_again(inbox: Any) -> None:
    inbox.claim("sent_again", "100.00", "2025-01-10")
    inbox.answer("sent_again", 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)
    inbox.answer("sent_again", 2, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE, duplicate=True)
    inbox.answer("sent_again", 3, "2025-02-02", "0.00", [("CO", "45", "99.00")], status="25")


def by_hand_then_remitted(inbox: Any) -> None:
    inbox.claim("by_hand_then_remitted", "100.00", "2025-01-10")
    inbox.transact("by_hand_then_remitted", "2025-01-28", "payer_payment", "56.00")
    inbox.answer("by_hand_then_remitted", 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)


def by_hand_long_after(inbox: Any) -> None:
    inbox.claim("by_hand_long_after", "100.00", "2025-01-10")
    inbox.answer("by_hand_long_after", 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)
    inbox.transact("by_hand_long_after", "2025-03-01", "payer_payment", "56.00", payer="NORTH")


def by_hand_withdrawn(inbox: Any) -> None:
    key = "by_hand_withdrawn"
    inbox.claim(key, "100.00", "2025-01-10")
    inbox.transact(key, "2025-01-20", "payer_payment", "56.00")
    inbox.transact(key, "2025-01-21", "payer_payment", "-56.00")
    inbox.answer(key, 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)


def transactions(inbox: Any) -> None:
    """Patient 14 - 5 + 1 - 2 - 3 - 4 - 1 = 0; primary 0 - 7 + 2 - 1 - 2 - 3 - 4 = -15; secondary -6."""
    key = "transactions"
    inbox.claim(key, "100.00", "2025-01-10", secondary="SOUTH")
    inbox.answer(key, 1, "2025-01-15", "0.00", [("OA", "23", "100.00")], payer="SOUTH", role="secondary_payer")
    inbox.answer(key, 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)
    for kind, amount in [
        ("patient_payment", "5"),
        ("patient_refund", "1"),
        ("charity", "2"),
        ("bad_debt", "3"),
        ("small_balance_write_off", "4"),
        ("patient_payment", "1"),
        ("payer_payment", "7"),
        ("payer_refund", "2"),
        ("contractual_adjustment", "1"),
        ("denial_write_off", "2"),
        ("administrative_write_off", "3"),
        ("charge_correction", "4"),
        ("statement_sent", "0"),
    ]:
        inbox.transact(key, "2025-03-01", kind, amount)
    inbox.transact(key, "2025-03-01", "payer_payment", "6", payer="south")
    inbox.add("staging.stg_reference__payer_aliases", payer_id="SOUTH", alias="SOUTH")


def misdated(inbox: Any) -> None:
    """A year mistyped: posted on the day given, and in the first month the roll-forward keeps."""
    inbox.claim("misdated", "100.00", "2025-01-10")
    inbox.transact("misdated", "1025-01-10", "patient_payment", "10.00")


def never_billed(inbox: Any) -> None:
    inbox.claim("never_billed", "100.00", "2025-01-10", in_ledger=False)
    inbox.answer("never_billed", 1, "2025-02-01", "56.00", CONTRACTUAL_AND_COINSURANCE)
    inbox.transact("never_billed", "2025-02-03", "patient_payment", "14.00")
    inbox.transact("unheard_of", "2025-02-03", "patient_payment", "14.00")


CASES = [
    unanswered,
    plain,
    sequestered,
    paid_above_charge,
    denied,
    denied_to_patient,
    replaced,
    voided,
    voided_and_billed_anew,
    replaced_twice_a_day,
    late_charges,
    unnamed_secondary,
    billed_to_secondary,
    secondary_repeats,
    secondary_writes_down,
    primary_corrects_after_secondary,
    reversed_and_corrected,
    corrected_before_reversal,
    taken_back,
    second_reversed,
    reversed_the_same_day,
    first_of_a_day_reversed,
    secondary_reversed_twice,
    paid_again,
    paid_twice,
    orphan_reversal,
    sent_again,
    by_hand_then_remitted,
    by_hand_long_after,
    by_hand_withdrawn,
    transactions,
    misdated,
    never_billed,
]


def test_what_reaches_no_account_is_listed(ledger: Any) -> None:
    found = ledger.rows("select claim_id, reason, amount from marts.rpt_unmatched_transactions order by 1")
    assert found == [
        ("never_billed", "the claim was never billed by us", D("14.00")),
        ("unheard_of", "no such claim", D("14.00")),
    ]


@pytest.mark.parametrize(
    ("key", "on", "expected"),
    [
        ("unanswered", "2025-01-09", {}),
        ("unanswered", "2025-01-10", {"primary_payer": D("100.00")}),
        ("plain", "2025-01-31", {"primary_payer": D("100.00")}),
        ("plain", "2025-02-01", {"patient": D("14.00")}),
        ("sequestered", "2025-12-31", {"patient": D("15.00")}),  # 100 - 53.90 - 30 - 1.10 - 15 = 0 on the payer
        ("paid_above_charge", "2025-12-31", {}),  # 100 - 120 + 20
        ("denied", "2025-12-31", {"primary_payer": D("100.00")}),
        ("denied_to_patient", "2025-12-31", {"patient": D("100.00")}),
        ("replaced", "2025-03-04", {"primary_payer": D("100.00")}),
        ("replaced", "2025-03-05", {"primary_payer": D("140.00")}),
        ("voided", "2025-03-04", {"primary_payer": D("100.00")}),
        ("voided", "2025-03-05", {}),
        ("voided_and_billed_anew", "2025-02-20", {"primary_payer": D("400.00")}),
        ("voided_and_billed_anew", "2025-04-11", {"primary_payer": D("500.00")}),
        ("replaced_twice_a_day", "2025-02-20", {"primary_payer": D("400.00")}),
        ("replaced_twice_a_day", "2025-04-11", {"primary_payer": D("500.00")}),
        ("late_charges", "2025-02-05", {"primary_payer": D("125.00")}),
        ("late_charges", "2025-03-05", {"primary_payer": D("90.00")}),
        ("billed_to_secondary", "2025-12-31", {"secondary_payer": D("14.00")}),
        # 14 moved in, 10 paid, 4 on to the patient: nothing is open for the repeated 30
        ("secondary_repeats", "2025-12-31", {"patient": D("4.00")}),
        # 14 moved in, 5 paid: 9 open, so 9 of the 39 post
        ("secondary_writes_down", "2025-12-31", {}),
        ("unnamed_secondary", "2025-12-31", {"primary_payer": D("-14.00"), "patient": D("14.00")}),
        # the secondary paid 14 of 14; taking back the first answer leaves it 14 over, and 20 goes to the patient
        ("primary_corrects_after_secondary", "2025-03-31", {}),
        ("primary_corrects_after_secondary", "2025-04-01", {"secondary_payer": D("-14.00"), "patient": D("20.00")}),
        ("reversed_and_corrected", "2025-12-31", {"patient": D("10.00")}),
        ("corrected_before_reversal", "2025-12-31", {"patient": D("10.00")}),
        ("taken_back", "2025-12-31", {"primary_payer": D("100.00")}),
        ("second_reversed", "2025-03-31", {}),
        ("second_reversed", "2025-04-01", {"primary_payer": D("80.00")}),
        ("reversed_the_same_day", "2025-12-31", {"primary_payer": D("200.00")}),
        ("first_of_a_day_reversed", "2025-12-31", {"patient": D("30.00")}),  # 200 - 120 - 50
        ("secondary_reversed_twice", "2025-12-31", {"primary_payer": D("200.00")}),
        # 100 - 62 - 28 - 10 on the payer
        ("paid_again", "2025-12-31", {"patient": D("10.00")}),
        ("paid_twice", "2025-12-31", {"primary_payer": D("-56.00"), "patient": D("14.00")}),
        ("orphan_reversal", "2025-12-31", {"primary_payer": D("200.00")}),
        ("sent_again", "2025-12-31", {"patient": D("14.00")}),
        ("by_hand_then_remitted", "2025-01-31", {"primary_payer": D("44.00")}),
        ("by_hand_then_remitted", "2025-02-01", {"patient": D("14.00")}),
        ("by_hand_long_after", "2025-12-31", {"primary_payer": D("-56.00"), "patient": D("14.00")}),
        ("by_hand_withdrawn", "2025-12-31", {"patient": D("14.00")}),
        ("transactions", "2025-12-31", {"primary_payer": D("-15.00"), "secondary_payer": D("-6.00")}),
        ("misdated", "2025-01-09", {"patient": D("-10.00")}),
        ("never_billed", "2025-12-31", {}),
    ],
)
def test_balances_on_a_date(ledger: Any, key: str, on: str, expected: dict[str, Decimal]) -> None:
    assert ledger.balances(key, on) == expected


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("taken_back", "unanswered"),  # its only answer was taken back: 100 are open
        ("second_reversed", "denied"),  # the payment was taken back: the refusal stands again
        ("reversed_the_same_day", "denied"),
        ("reversed_and_corrected", "paid"),
    ],
)
def test_the_answer_that_stands_says_how_a_claim_is(ledger: Any, key: str, status: str) -> None:
    assert ledger.row(f"select claim_status from marts.fct_claims where claim_key = '{key}'") == (status,)
