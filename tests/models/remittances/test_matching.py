"""Which order bills have, which claim an answer answers, and as whom its payer answered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

MODELS = "claim_status_codes int_submissions int_adjudication_claims int_adjudication_roles"
SERVED = date(2025, 1, 7)
FAMILY = [("adult", "SAMPLE", "PAT"), ("child", "SAMPLE", "SAM"), ("other", "EXAMPLE", "SAM")]


@pytest.fixture(scope="module")
def con(build_models: Any) -> duckdb.DuckDBPyConnection:
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("int_billed_claims", "int_submission_lineages", "int_remittance_claims", "int_claims")
    }
    rows["int_as_of"] = [{"as_of_date": date(2025, 12, 31), "run_date": date(2025, 12, 31)}]

    def bill(key: str, number: int, file: int, *, on: date, frequency: str = "1", **facts: Any) -> None:
        rows["int_submission_lineages"].append({"submission_id": f"{key}_{number}", "claim_key": key})
        base = {
            "submission_id": f"{key}_{number}",
            "file_id": f"{9 - file}",  # later files sort first, as hashes may
            "file_number": file,
            "segment_number": number,
            "claim_id": key,
            "frequency_code": frequency,
            "submitted_date": on,
            "payer_sequence": "P",
            "payer_id": "NORTH",
            "service_from_date": SERVED,
            "charge_amount": Decimal(100),
        }
        rows["int_billed_claims"].append(base | facts)

    first, second = date(2025, 1, 10), date(2025, 2, 20)
    # Of one day: in one file as they stand there, in several what replaces comes after what it replaces.
    bill("one_file", 1, 1, on=first)
    bill("one_file", 2, 2, on=second, frequency="8")
    bill("one_file", 3, 2, on=second)
    for number, file in ((2, 2), (4, 3)):  # the same void and new bill in a second file
        bill("sent_twice", number, file, on=second, frequency="8")
        bill("sent_twice", number + 1, file, on=second)
    bill("sent_twice", 1, 1, on=first)
    bill("two_files", 1, 3, on=first)
    bill("two_files", 2, 4, on=first, frequency="7")

    # A family has one number: same payer, day and charge.
    for patient, last, given in FAMILY:
        named = {"patient_last_name": last, "patient_first_name": given}
        bill(f"family_{patient}", 1, 5, on=first, claim_id="FAMILY", **named)
        rows["int_remittance_claims"].append(
            {
                "adjudication_id": f"of_{patient}",
                "claim_id": "FAMILY",
                "payer_id": "NORTH",
                "status_code": "1",
                "service_from_date": SERVED,
                "charge_amount": Decimal(100),
                **named,
            }
        )

    # The claim's own payer answers as one that pays second; a second payer is named, and silent.
    bill("as_second", 1, 6, on=first, secondary_payer_id="SOUTH")
    rows["int_remittance_claims"].append(
        {"adjudication_id": "as_second", "claim_id": "as_second", "payer_id": "NORTH", "status_code": "2",
         "service_from_date": SERVED, "charge_amount": Decimal(100)}
    )  # fmt: skip
    rows["int_claims"] = [
        {"claim_key": key, "payer_id": "NORTH", "secondary_payer_id": "SOUTH" if key == "as_second" else None}
        for key in ("family_adult", "family_child", "family_other", "as_second")
    ]
    connection: duckdb.DuckDBPyConnection = build_models(rows, MODELS)
    return connection


@pytest.mark.parametrize(
    ("key", "in_order"),
    [
        ("one_file", ["one_file_1", "one_file_2", "one_file_3"]),
        ("sent_twice", ["sent_twice_1", "sent_twice_4", "sent_twice_5", "sent_twice_2", "sent_twice_3"]),
        ("two_files", ["two_files_1", "two_files_2"]),
    ],
)
def test_bills_of_one_day_keep_their_order(con: duckdb.DuckDBPyConnection, key: str, in_order: list[str]) -> None:
    found = con.execute(
        "select submission_id from intermediate.int_submissions where claim_key = ? order by submission_number", [key]
    ).fetchall()
    assert [submission for (submission,) in found] == in_order


@pytest.mark.parametrize("patient", [patient for patient, *_ in FAMILY])
def test_an_answer_is_the_patients_it_names(con: duckdb.DuckDBPyConnection, patient: str) -> None:
    found = con.execute(
        "select claim_key from intermediate.int_adjudication_claims where adjudication_id = ?", [f"of_{patient}"]
    ).fetchall()
    assert found == [(f"family_{patient}",)]


def test_the_claim_says_who_is_primary(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select payer_role, responsibility from intermediate.int_adjudication_roles where adjudication_id = 'as_second'"
    ).fetchall()
    assert found == [("primary_payer", "primary_payer")]
