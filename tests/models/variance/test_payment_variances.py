"""fct_payment_variances: which rows there are, and which class each is of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.models.upstream import CONTRACT_MODELS

MODELS = (
    f"{CONTRACT_MODELS} path:models/intermediate/scenarios path:models/intermediate/variance path:models/marts/variance"
)


@pytest.fixture(scope="module")
def con(build_models: Any, claim_book: Any) -> duckdb.DuckDBPyConnection:
    book = claim_book()
    book.contract("north", "NORTH")
    book.contract("medicare", "CMS", sequestration_percent=2, appeal_days=120, tolerance_amount="5.00")
    remitted = date(2025, 2, 10)
    # One line each: expected 120.00.
    for key, paid in [
        ("exact", "120.00"),
        ("cent", "119.01"),
        ("at_tolerance", "118.80"),
        ("under", "100.00"),
        ("over", "150.00"),
    ]:
        book.claim(key, [("99213", "200.00", "120.00")])
        book.adjudicate(key, remitted, [(1, paid, [("CO", "45", str(Decimal("200") - Decimal(paid)))])])
    # 1.50 off 500.00 is a dollar, but not one percent.
    book.claim("small_share", [("99215", "900.00", "500.00")])
    book.adjudicate("small_share", remitted, [(1, "498.50", [("CO", "45", "401.50")])])
    # Patient owes 20 of the 120; paid 90 of the 100 left: 10 short.
    book.claim("patient_share", [("99213", "200.00", "120.00")])
    book.adjudicate("patient_share", remitted, [(1, "90.00", [("CO", "45", "90.00"), ("PR", "3", "20.00")])])
    # Denied in part, and a denial of less than the tolerance.
    book.claim("denied_part", [("99213", "200.00", "120.00")])
    book.adjudicate("denied_part", remitted, [(1, "60.00", [("CO", "45", "80.00"), ("CO", "50", "60.00")])])
    book.claim("denied_cents", [("99213", "200.00", "120.00")])
    book.adjudicate("denied_cents", remitted, [(1, "119.50", [("CO", "45", "80.00"), ("CO", "50", "0.50")])])
    # Not priced comes before denied.
    book.claim("no_rate", [("0000X", "200.00", None), ("99213", "200.00", "120.00")])
    book.adjudicate(
        "no_rate", remitted, [(1, "0.00", [("CO", "50", "200.00")]), (2, "120.00", [("CO", "45", "80.00")])]
    )
    book.claim("no_contract", [("99213", "200.00", None)], contract=None, reason="no_contract")
    book.adjudicate("no_contract", remitted, [(1, "100.00", [("CO", "45", "100.00")])])
    # A claim-scoped price: one row, though the remittance has lines.
    book.claim("case_rate", [("27447", "9000.00", None), ("J1100", "50.00", None)], whole=("total-knee", "5000.00"))
    book.adjudicate("case_rate", remitted, [(1, "4500.00", [("CO", "45", "4500.00")]), (2, "50.00", [])])
    # No service lines: one row.
    book.claim("no_lines", [("99213", "200.00", "120.00"), ("85025", "50.00", "30.00")])
    book.adjudicate(
        "no_lines", remitted, [], paid="100.00", claim_adjustments=[("CO", "45", "100.00"), ("PR", "1", "50.00")]
    )
    # The claim-level contractual cut leaves 150 allowed where the lines say 250.
    book.claim("claim_cut", [("99213", "200.00", "120.00"), ("85025", "50.00", "30.00")])
    book.adjudicate(
        "claim_cut",
        remitted,
        [(1, "200.00", []), (2, "50.00", [])],
        paid="150.00",
        claim_adjustments=[("CO", "45", "100.00")],
    )
    # A balanced deductible at claim level changes no line: 120 + 30 allowed, 100 of it paid.
    book.claim("claim_deductible", [("99213", "200.00", "120.00"), ("85025", "50.00", "30.00")])
    book.adjudicate(
        "claim_deductible",
        remitted,
        [(1, "120.00", [("CO", "45", "80.00")]), (2, "30.00", [("CO", "45", "20.00")])],
        paid="100.00",
        claim_adjustments=[("PR", "1", "50.00")],
    )
    # Two services answer line 1; a third answers nothing billed; line 2 is left out.
    book.claim("split", [("97110", "100.00", "60.00"), ("97140", "90.00", "45.00")], unit_count=2)
    book.adjudicate(
        "split",
        remitted,
        [(1, "30.00", [("CO", "45", "20.00")]), (1, "20.00", [("CO", "45", "30.00")]), (None, "5.00", [])],
        paid_codes=["97110", "97112", "99080"],
    )
    # Corrected: the latest that is no reversal counts, the secondary payer's never.
    book.claim("corrected", [("99213", "200.00", "120.00")])
    book.adjudicate("corrected", remitted, [(1, "0.00", [("CO", "197", "200.00")])])
    book.adjudicate("corrected", date(2025, 3, 1), [(1, "0.00", [("CO", "197", "-200.00")])], is_reversal=True)
    book.adjudicate("corrected", date(2025, 3, 1), [(1, "120.00", [("CO", "45", "80.00")])])
    book.adjudicate("corrected", date(2025, 3, 20), [(1, "10.00", [])], payer="SECOND", role="secondary_payer")
    # Medicare: 100 allowed, 20 the patient's; 80 less two percent is 78.40.
    book.claim("sequestered", [("99213", "200.00", "100.00")], payer="CMS", contract="medicare")
    book.adjudicate(
        "sequestered", remitted, [(1, "80.00", [("CO", "45", "100.00"), ("PR", "2", "20.00")])], payer="CMS"
    )
    # Priced from the remittance alone.
    book.claim("unseen", [("99213", "200.00", "120.00")], origin="remittance")
    book.adjudicate("unseen", remitted, [(1, "110.00", [("CO", "45", "90.00")])])
    # Not answered: no row.
    book.claim("waiting", [("99213", "200.00", "120.00")])
    return build_models(book.rows, MODELS)


def rows(con: duckdb.DuckDBPyConnection, key: str, columns: str) -> list[tuple[Any, ...]]:
    query = f"select {columns} from marts.fct_payment_variances where claim_key = ? order by line_number"
    return con.execute(query, [key]).fetchall()


@pytest.mark.parametrize(
    ("key", "variance", "variance_class", "recoverable"),
    [
        ("exact", "0.00", "as_expected", "0.00"),
        ("cent", "-0.99", "as_expected", "0.00"),  # under a dollar
        ("at_tolerance", "-1.20", "underpaid", "1.20"),  # one percent of 120.00, at least the tolerance
        ("small_share", "-1.50", "as_expected", "0.00"),
        ("under", "-20.00", "underpaid", "20.00"),
        ("over", "30.00", "overpaid", "0.00"),
        ("patient_share", "-10.00", "underpaid", "10.00"),
        ("denied_part", "-60.00", "denied", "0.00"),
        ("denied_cents", "-0.50", "as_expected", "0.00"),
        ("unseen", "-10.00", "underpaid", "10.00"),
        ("corrected", "0.00", "as_expected", "0.00"),
    ],
)
def test_class_of_a_line(
    con: duckdb.DuckDBPyConnection, key: str, variance: str, variance_class: str, recoverable: str
) -> None:
    found = rows(con, key, "line_number, variance_amount, variance_class, recoverable_amount")
    assert found == [(1, Decimal(variance), variance_class, Decimal(recoverable))]


def test_not_priced_says_why_and_claims_nothing(con: duckdb.DuckDBPyConnection) -> None:
    columns = "line_number, variance_amount, variance_class, not_priced_reason, contract_id"
    assert rows(con, "no_rate", columns) == [
        (1, None, "not_priced", "no_rate", "north"),
        (2, Decimal("0.00"), "as_expected", None, "north"),
    ]
    assert rows(con, "no_contract", f"{columns}, appeal_deadline_date") == [
        (1, None, "not_priced", "no_contract", None, None)
    ]


@pytest.mark.parametrize(
    ("key", "term", "expected", "allowed", "variance_class"),
    [
        ("case_rate", "total-knee", "5000.00", "4550.00", "underpaid"),
        ("no_lines", None, "150.00", "150.00", "as_expected"),
        ("claim_cut", None, "150.00", "150.00", "as_expected"),
    ],
)
def test_claim_known_only_as_a_whole_has_one_row(
    con: duckdb.DuckDBPyConnection, key: str, term: str | None, expected: str, allowed: str, variance_class: str
) -> None:
    columns = "line_number, term_id, expected_allowed_amount, allowed_amount, variance_class"
    assert rows(con, key, columns) == [(0, term, Decimal(expected), Decimal(allowed), variance_class)]


def test_claim_level_deductible_leaves_the_lines_comparable(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "claim_deductible", "line_number, variance_class") == [(1, "as_expected"), (2, "as_expected")]


def test_services_of_one_line_are_added_and_the_unbilled_one_is_not_priced(con: duckdb.DuckDBPyConnection) -> None:
    columns = "line_number, procedure_code, paid_procedure_code, allowed_amount, variance_class, not_priced_reason"
    assert rows(con, "split", columns) == [
        (1, "97110", "97110", Decimal("50.00"), "underpaid", None),
        (3, "99080", "99080", Decimal("5.00"), "not_priced", "not_billed"),
    ]


def test_expected_payer_amount_takes_sequestration_off_the_payers_part(con: duckdb.DuckDBPyConnection) -> None:
    # (100 - 20) x 0.98 = 78.40; paid 80.00, so 1.60 more than expected, while what was allowed is as expected.
    columns = "variance_class, expected_payer_amount, payer_paid_variance_amount, appeal_deadline_date"
    assert rows(con, "sequestered", columns) == [("as_expected", Decimal("78.40"), Decimal("1.60"), date(2025, 6, 10))]


def test_no_answer_no_row(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "waiting", "line_number") == []
    answered = con.execute("select count(distinct claim_key) from intermediate.int_adjudications").fetchone()
    assert con.execute("select count(distinct claim_key) from marts.fct_payment_variances").fetchone() == answered
