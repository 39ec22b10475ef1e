"""Statement, reminder and agency lists hold who is due; a patient's refunds share a letter."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from owed.reports import write

WORKLIST = """
    create table marts.rpt_patient_worklist as select * from (values
        ('s1', 'send_statement', 2, true, false, false),
        ('s2', 'send_statement', 1, true, false, false),
        ('s3', 'send_statement', 3, false, true, false),
        ('p1', 'remind_of_plan', 4, true, true, false),
        ('a1', 'place_with_agency', 5, true, false, true),
        ('d1', 'resolve_dispute', 6, true, false, false)
    ) as rows (claim_id, next_action, priority_rank, is_due, is_reminder_due, is_agency_eligible)
"""


@pytest.mark.parametrize(
    ("name", "expected"), [("statements", ["s2", "s1"]), ("reminders", ["s3", "p1"]), ("agency", ["a1"])]
)
def test_patient_lists(snapshot: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, expected: list[str]) -> None:
    snapshot.execute(WORKLIST)
    assert write(snapshot, name, tmp_path / f"{name}.csv").rows == len(expected)
    with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["claim_id"] for row in csv.DictReader(stream)] == expected
    assert write(snapshot, name, tmp_path / f"{name}.xlsx").rows == len(expected)


def test_two_refunds_to_a_patient_are_one_letter(snapshot: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A payer's letter and the patient's; the patient's second account joins the latter."""
    snapshot.execute(
        "insert into marts.rpt_refund_worklist select * replace ('k5' as claim_key, 'A-5' as claim_id) "
        "from marts.rpt_refund_worklist where claim_key = 'k3'"
    )
    written = write(snapshot, "refunds", tmp_path / "letters.pdf")
    content = (tmp_path / "letters.pdf").read_bytes()
    assert written.rows == 4
    assert content.count(b"/Type /Page\n") + content.count(b"/Type/Page/") == 2
