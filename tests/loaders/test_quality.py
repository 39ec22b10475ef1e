"""How broken expectations are told: each record, up to a number, and then how many more."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from loaders.landing import Landing
from loaders.quality import check
from loaders.quality.suites import REMITTANCE_CLAIMS
from tests.loaders.x12.x12_text import REMITTANCE, interchange, transaction

FIRST_CLAIM = 10  # ISA, GS and ST, then six segments before the first CLP


def _unbalanced(claims: int) -> str:
    """Charges of 120 paid with 80, and no adjustment that says why."""
    head = REMITTANCE[: FIRST_CLAIM - 4]
    return interchange(transaction("835", [*head, *(f"CLP*C{n}*1*120*80*20*12*P{n}*11*1" for n in range(claims))]))


def test_past_a_thousand_records_of_a_file_the_rest_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """1,005 claims of one file and 3 of another, looked at a hundred at a time."""
    monkeypatch.setattr(check, "ROWS_A_BATCH", 100)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name, claims in (("1.835", 1_005), ("2.835", 3)):
        (inbox / name).write_text(_unbalanced(claims))
    con = duckdb.connect()
    landing = Landing(con, tmp_path / "quarantine", "test")
    landing.prepare()
    assert [outcome.status for outcome in landing.land([inbox])] == ["loaded_with_findings"] * 2
    told = [
        con.execute(
            "SELECT segment_number FROM raw.findings INNER JOIN raw.files USING (file_number) "
            "WHERE rule = 'claim_balance' AND file_name = ? ORDER BY segment_number NULLS LAST",
            [name],
        ).fetchall()
        for name in ("1.835", "2.835")
    ]
    assert told[0] == [(number,) for number in (*range(FIRST_CLAIM, FIRST_CLAIM + 1_000), None)]
    assert told[1] == [(number,) for number in range(FIRST_CLAIM, FIRST_CLAIM + 3)]
    (rest,) = con.execute(
        "SELECT message FROM raw.findings WHERE rule = 'claim_balance' AND segment_number IS NULL"
    ).fetchall()
    assert rest[0].endswith(": 5 more in this file")
    assert landing.outcomes[REMITTANCE_CLAIMS.name].unmet["claim_balance"] == 1_008


@pytest.mark.parametrize(("claim", "is_balanced"), [("22*-120*-80*-20", True), ("1*120*80*20", False)])
def test_a_debit_is_balanced_by_what_is_taken_back(tmp_path: Path, claim: str, is_balanced: bool) -> None:
    """BPR03 D: 80 go back to the payer."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    head = ["BPR*I*80*D*ACH************20250305", *REMITTANCE[1 : FIRST_CLAIM - 4]]
    (inbox / "debit.835").write_text(interchange(transaction("835", [*head, f"CLP*C1*{claim}*12*P1*11*1"])))
    con = duckdb.connect()
    landing = Landing(con, tmp_path / "quarantine", "test")
    landing.prepare()
    assert [outcome.status for outcome in landing.land([inbox])] == ["loaded_with_findings"]
    found = {rule for (rule,) in con.execute("SELECT rule FROM raw.findings").fetchall()}
    assert ("remittance_balance" not in found) is is_balanced
