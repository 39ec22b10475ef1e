"""What a payer allowed on a claim, and which of its answers count as the primary payer's first and latest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

SERVICES = {
    # Two lines, each paid 80 with 20 left to the patient; of the second the payer states 105.
    "stated_line": [("100.00", "100.00"), ("105.00", "100.00")],
    "stated_claim": [("100.00", "100.00"), ("105.00", "100.00")],
    "stated_nothing": [("100.00", "100.00"), ("100.00", "100.00")],
    "no_lines": [],
}

# Claim status codes in the order of their days: 1 and 19 as primary, 2 as secondary, 4 denied.
ANSWERS = {"after_itself": "12", "corrected": "141", "only_as_second": "22"}


@pytest.fixture(scope="module")
def con(build_models: Any) -> duckdb.DuckDBPyConnection:
    rows: dict[str, list[dict[str, Any]]] = {"int_adjudication_roles": [], "int_adjudication_services": []}
    for number, (key, services) in enumerate(SERVICES.items(), start=1):
        rows["int_adjudication_roles"].append(
            {
                "adjudication_id": key,
                "claim_key": key,
                "claim_payer_id": "NORTH",
                "payer_id": "NORTH",
                "payer_role": "primary_payer",
                "responsibility": "primary_payer",
                "segment_number": number,
                "file_id": "a",
                "remit_date": date(2025, 3, 25),
                "charge_amount": Decimal("360.00"),
                "payer_paid_amount": Decimal("160.00"),
                "coverage_amount": Decimal("207.00") if key == "stated_claim" else None,
            }
        )
        rows["int_adjudication_services"] += [
            {
                "adjudication_id": key,
                "service_number": place,
                "allowed_amount": Decimal(allowed),
                "computed_allowed_amount": Decimal(computed),
            }
            for place, (allowed, computed) in enumerate(services, start=1)
        ]
    rows["int_adjustment_totals"] = [
        {
            "adjudication_id": key,
            "service_number": None,
            "patient_responsibility_amount": Decimal("40.00"),
            "contractual_amount": Decimal("160.00"),
            "denied_amount": Decimal("0.00"),
            "unpaid_allowed_amount": Decimal("40.00"),
        }
        for key in SERVICES
    ]
    rows["int_adjudication_roles"] += [
        {
            "adjudication_id": f"{claim}_{number}",
            "claim_key": claim,
            "claim_payer_id": "NORTH",
            "payer_id": "NORTH",
            "status_code": status,
            "payer_role": "primary_payer",
            "responsibility": "primary_payer",
            "segment_number": 1,
            "file_id": "a",
            "remit_date": date(2025, 3, 25 + number),
        }
        for claim, statuses in ANSWERS.items()
        for number, status in enumerate(statuses, start=1)
    ]
    # One day's answers in two files: the first by its hash takes back what stands in the second, and corrects it.
    rows["int_adjudication_roles"] += [
        {
            "adjudication_id": name,
            "claim_key": "two_files",
            "claim_payer_id": "NORTH",
            "payer_id": "NORTH",
            "status_code": "22" if name == "taken_back" else "1",
            "payer_role": "primary_payer",
            "responsibility": "primary_payer",
            "segment_number": segment,
            "file_id": file,
            "remit_date": date(2025, 3, 25),
            "is_reversal": name == "taken_back",
        }
        for file, segment, name in (("a", 1, "taken_back"), ("a", 2, "correction"), ("b", 1, "answer"))
    ]
    connection: duckdb.DuckDBPyConnection = build_models(rows, "claim_status_codes int_adjudications")
    return connection


@pytest.mark.parametrize(
    ("adjudication", "allowed"),
    [
        # Paid 160 and the patient's 40 are 200; the line's statement is 5 more; AMT*AU goes before all of it.
        ("stated_line", "205.00"),
        ("stated_claim", "207.00"),
        ("stated_nothing", "200.00"),
        ("no_lines", "200.00"),
    ],
)
def test_a_claim_is_allowed_what_its_payer_states_of_it_or_its_lines(
    con: duckdb.DuckDBPyConnection, adjudication: str, allowed: str
) -> None:
    found = con.execute(
        "select allowed_amount from intermediate.int_adjudications where adjudication_id = ?", [adjudication]
    ).fetchall()
    assert found == [(Decimal(allowed),)]


@pytest.mark.parametrize(
    ("claim", "first", "latest"),
    [
        # One payer covers the patient twice: what it adds after itself is not its answer as primary.
        ("after_itself", 1, 1),
        ("corrected", 1, 3),
        ("only_as_second", 1, 2),
    ],
)
def test_what_a_payer_pays_after_itself_is_not_its_answer_as_primary(
    con: duckdb.DuckDBPyConnection, claim: str, first: int, latest: int
) -> None:
    chosen = "select adjudication_id from intermediate.int_adjudications where claim_key = ? and "
    assert con.execute(chosen + "is_first", [claim]).fetchall() == [(f"{claim}_{first}",)]
    assert con.execute(chosen + "is_latest", [claim]).fetchall() == [(f"{claim}_{latest}",)]


def test_what_is_taken_back_in_another_file_of_the_day_came_before(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        """
        select adjudication_id, is_first, is_latest from intermediate.int_adjudications
        where claim_key = 'two_files' order by adjudication_number
        """
    ).fetchall()
    assert found == [("answer", True, False), ("taken_back", False, False), ("correction", False, True)]
