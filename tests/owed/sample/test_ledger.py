"""The truth's ledger by hand: INTERFACE section 5, "Ledger: what posts, where, when"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from owed.sample.adjudication import Adjudication, Adjustment, reversal
from owed.sample.calendar import Calendar
from owed.sample.claim_text import Submission
from owed.sample.clearing import clear
from owed.sample.encounter import Encounter, Line
from owed.sample.ledger import Account
from owed.sample.life import Life, Transaction
from owed.sample.payers import BY_ID
from owed.sample.people import person

FIRST, SECOND = BY_ID["FEDCARE"], BY_ID["SUMMIT"]
VISIT = Encounter(
    "professional", "made", (Line("99213", (), "", 1, 20_000, 0),), "11", "", "", ("I10",), "family", 0, 0, 20_000
)  # fmt: skip


def life(*, second: bool = False) -> Life:
    made = Life("HF1", 1, person(FIRST, 1), FIRST, SECOND if second else None, None, VISIT, None, 0)
    made.submissions.append(
        Submission("HF1", 1, "1", "", VISIT, made.person, FIRST, made.secondary, None, 0)
    )  # fmt: skip
    return made


def answer(role: str, day: int, paid: int, *adjustments: Adjustment) -> Adjudication:
    assert 20_000 - sum(amount for _, _, amount in adjustments) == paid
    payer = FIRST if role == "P" else SECOND
    return Adjudication(payer, role, "1", day, 20_000, paid, paid, list(adjustments), [])


def balances(made: Life, last: int = 99) -> tuple[int, int, int]:
    found = Account(made, last).balances
    return found["primary_payer"], found["secondary_payer"], found["patient"]


PAID = answer("P", 10, 8_000, ("CO", "45", 10_000), ("PR", "2", 2_000))


def test_a_payment_moves_the_patient_share() -> None:
    made = life()
    assert balances(made) == (20_000, 0, 0)
    made.adjudications.append(PAID)
    assert balances(made, 9) == (20_000, 0, 0)
    assert balances(made) == (0, 0, 2_000)


def test_a_denial_stays_open_and_a_denial_to_the_patient_moves() -> None:
    made = life()
    made.adjudications.append(answer("P", 10, 0, ("CO", "197", 20_000)))
    assert balances(made) == (20_000, 0, 0)
    made.adjudications[0] = answer("P", 10, 0, ("PR", "204", 20_000))
    assert balances(made) == (0, 0, 20_000)


def test_the_second_payer_gets_the_share_until_it_answers() -> None:
    made = life(second=True)
    made.adjudications.append(PAID)
    assert balances(made) == (0, 2_000, 0)
    made.adjudications.append(answer("S", 20, 1_600, ("OA", "23", 18_000), ("PR", "2", 400)))
    assert balances(made) == (0, 0, 400)


def test_what_the_second_payer_repeats_posts_only_as_far_as_it_owes() -> None:
    made = life(second=True)
    made.adjudications += [PAID, answer("S", 20, 0, ("OA", "23", 8_000), ("CO", "45", 12_000))]
    assert balances(made) == (0, 0, 0)


def test_a_further_answer_replaces_all_but_the_payment() -> None:
    made = life()
    made.adjudications += [PAID, answer("P", 20, 9_000, ("CO", "45", 9_500), ("PR", "2", 1_500))]
    assert balances(made) == (20_000 - 17_000 - 9_500 - 1_500, 0, 1_500)


def test_a_reversal_leaves_what_stood_before() -> None:
    made = life()
    twice = replace(PAID, day=20)
    made.adjudications += [PAID, twice, reversal(twice, 30)]
    assert balances(made, 20) == (-8_000, 0, 2_000)
    assert balances(made) == (0, 0, 2_000)
    made.adjudications.append(reversal(PAID, 40))
    assert balances(made) == (20_000, 0, 0)


def test_corrected_and_voided_claims_post_differences() -> None:
    made = life()
    dearer = VISIT._replace(charge=25_000)
    made.submissions.append(made.submissions[0]._replace(day=5, frequency="7", encounter=dearer))
    assert [posting.amount for posting in Account(made, 99).postings] == [20_000, 5_000]
    made.submissions.append(made.submissions[1]._replace(day=6, frequency="8"))
    assert balances(made) == (0, 0, 0)


def test_transactions_post_to_patient_or_payer() -> None:
    made = life(second=True)
    made.transactions += [
        Transaction(2, "patient_payment", 3_000),
        Transaction(3, "patient_refund", 1_000),
        Transaction(4, "charge_correction", 500, FIRST.id),
        Transaction(5, "payer_refund", 200, SECOND.id),
        Transaction(6, "statement_sent", 0),
    ]
    assert balances(made) == (19_500, 200, -2_000)


def cleared(made: Life, last: int = 3_000) -> list[tuple[str, int, str]]:
    """What is written off of an account; the sample starts on a Wednesday and lasts some years."""
    before = len(made.transactions)
    clear(made, Calendar(date(2025, 1, 1), date(2025, 1, 1) + timedelta(days=last)))
    written = made.transactions[before:]
    # 365 days after the service is a Thursday.
    assert {transaction.day for transaction in written} <= {365}
    return [(transaction.kind, transaction.amount, transaction.payer_id) for transaction in written]


def test_what_is_open_after_a_year_is_written_off() -> None:
    made = life()
    assert cleared(made, last=364) == []
    assert cleared(made) == [("administrative_write_off", 20_000, "FEDCARE")]
    assert balances(made, 365) == (0, 0, 0)
    made = life()
    made.adjudications.append(PAID)
    assert cleared(made) == [("bad_debt", 2_000, "")]
    assert balances(made, 364) == (0, 0, 2_000)
    assert balances(made, 365) == (0, 0, 0)
    made = life(second=True)
    made.adjudications.append(PAID)
    assert cleared(made) == [("administrative_write_off", 2_000, "SUMMIT")]
    assert balances(made, 365) == (0, 0, 0)


def test_an_account_in_credit_is_left_alone() -> None:
    made = life()
    made.adjudications.append(PAID)
    made.transactions.append(Transaction(20, "patient_payment", 2_500))
    assert cleared(made) == []
    # The patient owes, but the payer paid too much.
    made.transactions[0] = Transaction(20, "payer_payment", 500, "FEDCARE")
    assert balances(made) == (-500, 0, 2_000)
    assert cleared(made) == []


def test_what_is_planned_later_comes_first() -> None:
    made = life()
    made.adjudications.append(answer("P", 800, 8_000, ("CO", "45", 10_000), ("PR", "2", 2_000)))
    clear(made, Calendar(date(2025, 1, 1), date(2028, 1, 1)))
    # Day 801 is Saturday 2027-03-13.
    assert made.transactions == [Transaction(803, "bad_debt", 2_000)]
