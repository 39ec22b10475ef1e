"""fct_denials: one row a refused line and date, its reason, its outcome and what can still be won."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

MODELS = (
    "path:seeds/variance int_posted_adjudications int_adjudication_reversals"
    " int_answered_lines int_answered_line_totals int_adjudicated_lines"
    " path:models/intermediate/denials fct_denials"
)
FIRST = date(2025, 2, 10)
SECOND = date(2025, 4, 1)
LINE = [("99213", "200.00", "120.00")]
REFUSED = [(1, "0.00", [("CO", "197", "200.00")])]
PAID = [(1, "120.00", [("CO", "45", "80.00")])]


@pytest.fixture(scope="module")
def con(build_models: Any, claim_book: Any) -> duckdb.DuckDBPyConnection:
    book = claim_book(as_of=date(2025, 12, 31))
    book.contract("north", "NORTH", appeal_days=360)
    book.contract("short", "SHORT", appeal_days=90)

    # Reasons: the largest; of equal ones the first in the file; PR beside CO.
    book.claim("reasons", [("99213", "200.00", "120.00"), ("85025", "90.00", "30.00"), ("J1100", "50.00", "20.00")])
    book.adjudicate(
        "reasons",
        FIRST,
        [
            (1, "0.00", [("CO", "50", "60.00"), ("CO", "197", "140.00")]),
            (2, "0.00", [("PR", "204", "45.00"), ("CO", "50", "45.00")]),
            (3, "20.00", [("CO", "45", "30.00")]),
        ],
    )
    book.claim("whole", [*LINE, ("85025", "50.00", "30.00")])
    book.adjudicate("whole", FIRST, [], paid="0.00", claim_adjustments=[("CO", "50", "250.00")])

    # The patient's 20.00 of the 120.00 later allowed are not recovered from the payer.
    book.claim("with_copay", LINE)
    book.adjudicate("with_copay", FIRST, [(1, "0.00", [("CO", "4", "200.00")])])
    book.adjudicate("with_copay", SECOND, [(1, "100.00", [("CO", "45", "80.00"), ("PR", "3", "20.00")])])

    book.claim("overturned", LINE)
    book.adjudicate("overturned", FIRST, REFUSED)
    book.adjudicate("overturned", FIRST, [(1, "0.00", [("CO", "197", "-200.00")])], is_reversal=True)
    book.adjudicate("overturned", SECOND, PAID)

    book.claim("partially", LINE)
    book.adjudicate("partially", FIRST, REFUSED)
    book.adjudicate("partially", SECOND, [(1, "70.00", [("CO", "45", "80.00"), ("CO", "50", "50.00")])])

    book.claim("twice", LINE)
    book.adjudicate("twice", FIRST, REFUSED)
    book.submit("twice", date(2025, 2, 20), frequency="7")
    book.adjudicate("twice", SECOND, [(1, "0.00", [("CO", "50", "200.00")])])

    book.claim("appealed_again", LINE)
    book.adjudicate("appealed_again", FIRST, REFUSED)
    book.event("appealed_again", date(2025, 2, 20), "appeal_filed")
    book.adjudicate("appealed_again", SECOND, [(1, "0.00", [("CO", "50", "200.00")])])

    book.claim("twice_then_paid", LINE)
    book.adjudicate("twice_then_paid", FIRST, REFUSED)
    book.adjudicate("twice_then_paid", SECOND, [(1, "40.00", [("CO", "45", "80.00"), ("CO", "50", "80.00")])])
    book.adjudicate("twice_then_paid", date(2025, 5, 1), PAID)

    for key in ("appealed", "letter_upheld", "letter_overturned", "written_off", "write_off_undone", "second_appeal"):
        book.claim(key, LINE)
        book.adjudicate(key, FIRST, REFUSED)
    book.event("appealed", date(2025, 3, 3), "appeal_filed")
    book.event("letter_upheld", date(2025, 3, 3), "appeal_filed")
    book.event("letter_upheld", date(2025, 3, 30), "appeal_upheld")
    book.event("second_appeal", date(2025, 3, 30), "appeal_upheld")
    book.event("second_appeal", date(2025, 4, 9), "appeal_filed")
    book.event("letter_overturned", date(2025, 3, 30), "appeal_overturned")
    book.event("written_off", date(2025, 6, 1), "denial_write_off", "200.00")
    book.event("write_off_undone", date(2025, 6, 1), "denial_write_off", "200.00")
    book.event("write_off_undone", date(2025, 6, 2), "denial_write_off", "-200.00")

    # Three lines refused: one is written off by its own amount, one of the two of equal amounts by another.
    book.claim("one_line_off", [*LINE, ("85025", "90.00", "30.00"), ("85027", "90.00", "30.00")])
    refused = [(line, "0.00", [("CO", "11", amount)]) for line, amount in ((1, "200.00"), (2, "90.00"), (3, "90.00"))]
    book.adjudicate("one_line_off", FIRST, refused)
    book.event("one_line_off", date(2025, 6, 1), "denial_write_off", "90.00")
    book.event("one_line_off", date(2025, 6, 8), "denial_write_off", "200.00")

    book.claim("answered_193", LINE)
    book.adjudicate("answered_193", FIRST, REFUSED)
    book.adjudicate("answered_193", SECOND, [(1, "0.00", [("CO", "193", "200.00")])])

    book.claim("rebilled", LINE)
    book.adjudicate("rebilled", FIRST, REFUSED)
    book.submit("rebilled", date(2025, 2, 20), frequency="7")
    book.claim("voided", LINE)
    book.adjudicate("voided", FIRST, REFUSED)
    book.submit("voided", date(2025, 2, 20), frequency="8")

    book.claim("to_patient", LINE)
    book.adjudicate("to_patient", FIRST, [(1, "0.00", [("PR", "204", "200.00")])])
    book.claim("late", LINE, payer="SHORT", contract="short")
    book.adjudicate("late", FIRST, REFUSED, payer="SHORT")
    book.claim("no_contract", [("99213", "200.00", None)], payer="OTHER", contract=None, reason="no_contract")
    book.adjudicate("no_contract", FIRST, REFUSED, payer="OTHER")
    book.claim("taken_back", LINE)
    book.adjudicate("taken_back", FIRST, PAID)
    book.adjudicate("taken_back", SECOND, REFUSED)

    # A payment taken back wins nothing; one that is corrected wins what the correction pays, dated by the first.
    for key in ("won_and_taken_back", "won_and_corrected"):
        book.claim(key, LINE)
        book.adjudicate(key, FIRST, REFUSED)
        book.adjudicate(key, SECOND, PAID)
        book.adjudicate(key, date(2025, 5, 1), [(1, "-120.00", [("CO", "45", "-80.00")])], is_reversal=True)
    book.adjudicate("won_and_corrected", date(2025, 5, 1), [(1, "100.00", [("CO", "45", "100.00")])])

    # The secondary payer repeats the primary's refusal, then refuses something of its own.
    book.claim("secondary", LINE)
    book.adjudicate("secondary", FIRST, [(1, "60.00", [("CO", "45", "80.00"), ("CO", "50", "60.00")])])
    book.adjudicate(
        "secondary",
        SECOND,
        [(1, "0.00", [("CO", "50", "60.00"), ("OA", "197", "140.00")])],
        payer="SECOND",
        role="secondary_payer",
    )
    book.claim("paid", LINE)
    book.adjudicate("paid", FIRST, PAID)
    book.rows["stg_landing__files"] = [{"file_id": "f1", "file_number": 7}]
    book.rows["stg_x12__outpatient_adjudications"] = [
        {"file_number": 7, "claim_number": 33, "remark_code_1": "MA04", "remark_code_2": "N290"}
    ]
    whole = next(row for row in book.rows["int_adjudications"] if row["claim_key"] == "whole")
    whole |= {"file_id": "f1", "segment_number": 33}
    return build_models(book.rows, MODELS)


def rows(con: duckdb.DuckDBPyConnection, key: str, columns: str) -> list[tuple[Any, ...]]:
    query = f"select {columns} from marts.fct_denials where claim_key = ? order by line_number, denial_date, payer_id"
    return con.execute(query, [key]).fetchall()


def test_reason_is_the_largest_and_of_equal_ones_the_first(con: duckdb.DuckDBPyConnection) -> None:
    columns = "line_number, group_code, reason_code, denied_amount, denial_category, remark_codes, is_initial"
    assert rows(con, "reasons", columns) == [
        (1, "CO", "197", Decimal("200.00"), "authorization", "N130", True),
        (2, "PR", "204", Decimal("90.00"), "non_covered", "N130", True),
    ]


def test_claim_level_denial_is_a_row_of_line_0(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "whole", "line_number, reason_code, remark_codes, denied_amount, open_amount") == [
        (0, "50", "MA04,N290", Decimal("250.00"), Decimal("150.00"))  # the contract allows 120 + 30 of the 250 refused
    ]


@pytest.mark.parametrize(
    ("key", "outcome", "outcome_date", "recovered"),
    [
        ("overturned", "overturned", SECOND, "120.00"),
        ("with_copay", "overturned", SECOND, "100.00"),
        ("appealed", "appealed", date(2025, 3, 3), "0.00"),
        ("letter_upheld", "upheld", date(2025, 3, 30), "0.00"),
        ("second_appeal", "appealed", date(2025, 4, 9), "0.00"),
        ("letter_overturned", "overturned", date(2025, 3, 30), "0.00"),
        ("written_off", "written_off", date(2025, 6, 1), "0.00"),
        ("write_off_undone", "open", None, "0.00"),
        ("answered_193", "upheld", SECOND, "0.00"),
        ("rebilled", "rebilled", date(2025, 2, 20), "0.00"),
        ("voided", "open", None, "0.00"),
        ("to_patient", "billed_to_patient", FIRST, "0.00"),
        ("late", "past_deadline", date(2025, 5, 11), "0.00"),  # 10 February + 90 days
        ("no_contract", "open", None, "0.00"),
        ("won_and_taken_back", "open", None, "0.00"),
        ("won_and_corrected", "overturned", SECOND, "100.00"),
    ],
)
def test_outcome(
    con: duckdb.DuckDBPyConnection, key: str, outcome: str, outcome_date: date | None, recovered: str
) -> None:
    found = rows(con, key, "line_number, outcome, outcome_date, recovered_amount")
    assert found == [(1, outcome, outcome_date, Decimal(recovered))]


def test_write_off_of_a_lines_amount_is_that_lines(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "one_line_off", "line_number, outcome, outcome_date") == [
        (1, "written_off", date(2025, 6, 8)),
        (2, "written_off", date(2025, 6, 1)),
        (3, "open", None),
    ]


def test_line_refused_twice_has_two_rows(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "twice", "denial_date, is_initial, reason_code, outcome, outcome_date") == [
        (FIRST, True, "197", "rebilled", date(2025, 2, 20)),
        (SECOND, False, "50", "open", None),
    ]


def test_appeal_answered_by_a_refusal_is_upheld(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "appealed_again", "denial_date, outcome, outcome_date") == [
        (FIRST, "upheld", SECOND),
        (SECOND, "open", None),
    ]


def test_part_allowed_is_partly_overturned_and_the_rest_a_denial_of_its_own(con: duckdb.DuckDBPyConnection) -> None:
    columns = "denial_date, denied_amount, outcome, outcome_date, recovered_amount, open_amount"
    assert rows(con, "partially", columns) == [
        (FIRST, Decimal("200.00"), "partially_overturned", SECOND, Decimal("70.00"), Decimal("0.00")),
        (SECOND, Decimal("50.00"), "open", None, Decimal("0.00"), Decimal("50.00")),  # 120 expected less 70 allowed
    ]


def test_what_a_later_round_wins_is_counted_once(con: duckdb.DuckDBPyConnection) -> None:
    # 40 on the second answer, 80 more on the third: 120 in all.
    assert rows(con, "twice_then_paid", "outcome, outcome_date, recovered_amount") == [
        ("overturned", date(2025, 5, 1), Decimal("40.00")),
        ("overturned", date(2025, 5, 1), Decimal("80.00")),
    ]


def test_takeback_is_a_later_denial(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "taken_back", "denial_date, is_initial, outcome") == [(SECOND, False, "open")]


def test_secondary_payers_repetition_is_no_denial_of_its_own(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "secondary", "payer_id, reason_code, denied_amount, is_initial, appeal_deadline_date") == [
        ("NORTH", "50", Decimal("60.00"), True, date(2026, 2, 5)),
        ("SECOND", "197", Decimal("140.00"), False, None),
    ]


def test_no_denial_no_row(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "paid", "line_number") == []


def test_expected_recovery_draws_few_counts_towards_the_category(con: duckdb.DuckDBPyConnection) -> None:
    """NORTH and authorization: decided are overturned, partially, both rounds of `twice` and so on, counted by hand.

    authorization (197), NORTH: overturned: overturned, partially, twice_then_paid round 1, letter_overturned,
    won_and_corrected = 5; upheld: letter_upheld, answered_193, appealed_again round 1 = 3; written_off = 1. 5 of 9.
    medical_necessity (50), NORTH: twice_then_paid round 2 overturned: 1 of 1. All, with_copay (4) overturned and two
    lines of one_line_off (11) written off: 7 of 13.
    Category authorization: (5 + 10 x 7/13) / (9 + 10) = 0.546559; all its decided ones are NORTH's:
    (5 + 10 x 0.546559) / (9 + 10) = 0.550820. `appealed` can still win 120.00 of its 200.00: 66.10.
    """
    found = rows(con, "appealed", "overturn_rate, open_amount, expected_recovery_amount")
    assert found == [(Decimal("0.550820"), Decimal("120.00"), Decimal("66.10"))]
    # Another payer without a decided denial of its own takes the category's rate.
    assert rows(con, "no_contract", "overturn_rate, open_amount") == [(Decimal("0.546559"), Decimal("200.00"))]
    assert rows(con, "late", "expected_recovery_amount") == [(Decimal("0.00"),)]
