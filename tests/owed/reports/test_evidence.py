"""The evidence packet: what it says of a claim and a project, its files, and the words of the contract in it."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from owed.cli import app
from owed.errors import WrongUseError
from owed.home import project_dir
from owed.reports import Options, write
from owed.reports.evidence import matter, pages
from owed.reports.evidence.clauses import excerpt, place
from owed.reports.stamp import stamp_of
from owed.reports.typeset import exact

CONTRACT = """contract: northfield-ppo
multiple_procedures: {percents: [100, 50]}
terms:
  - id: visits
    match: {procedure: ["99202-99215"]}
    method: fee_schedule
    percent: 110
  - id: drugs
    method: per_unit

default: {method: percent_of_charge, percent: 45}
"""
PROJECT = "NORTHFIELD:units_changed:drugs:2025-09-02"


@pytest.fixture
def packet(snapshot: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Two claims. V-1 line 1: 100.00 × 110% = 110.00 agreed, 88.00 allowed, 22.00 too little; line 2 as agreed.

    V-2 line 1: 50.00 agreed, 45.50 allowed, 4.50 too little. Both short lines are of one project: 26.50 together.
    """
    con = snapshot
    con.execute(
        """
        create table marts.fct_payment_variances as select * from (values
            ('k1', 'V-1', 1, 'NORTHFIELD', 'northfield-ppo', 'visits', '99213', '99212', date '2025-08-01',
             date '2025-09-02', 200.00, 110.00, 88.00, -22.00, 22.00, 'underpaid', null, 'units_changed',
             'the price of the units paid (2 billed, 1 paid): 88.00', date '2025-10-01'),
            ('k1', 'V-1', 2, 'NORTHFIELD', 'northfield-ppo', 'visits', '99214', '99214', date '2025-08-01',
             date '2025-09-02', 80.00, 60.00, 60.00, 0.00, 0.00, 'as_expected', null, null, null, date '2025-10-01'),
            ('k2', 'V-2', 1, 'NORTHFIELD', 'northfield-ppo', 'visits', '99213', '99213', date '2025-08-04',
             date '2025-09-05', 90.00, 50.00, 45.50, -4.50, 4.50, 'underpaid', null, 'units_changed', null,
             date '2026-03-04')
        ) as made (claim_key, claim_id, line_number, payer_id, contract_id, term_id, procedure_code,
            paid_procedure_code, service_date, remit_date, charge_amount, expected_allowed_amount, allowed_amount,
            variance_amount, recoverable_amount, variance_class, not_priced_reason, root_cause, root_cause_detail,
            appeal_deadline_date)
        """
    )
    con.execute(
        f"create table marts.rpt_underpayment_worklist as select claim_key, line_number, '{PROJECT}' as project_id"
        " from marts.fct_payment_variances where variance_class = 'underpaid'"
    )
    con.execute(
        f"create table marts.rpt_underpayment_projects as select '{PROJECT}' as project_id,"
        " 'units_changed' as root_cause, 'Other units were paid' as root_cause_words, true as is_payer_error"
    )
    con.execute(
        """
        create table marts.fct_adjudications as select * from (values
            ('k1', 'a0', 'ICN-0', 'r1', '1', null, false), ('k1', 'a1', 'ICN-1', 'r1', '1', 'MA01', true),
            ('k2', 'a2', 'ICN-2', 'r1', '1', null, true)
        ) as made (claim_key, adjudication_id, payer_claim_control_number, remittance_key, status_code, remark_codes,
            is_latest)
        """
    )
    con.execute(
        "create or replace table marts.fct_claims as"
        " select unnest(['k1', 'k2']) as claim_key, '1992999825' as billing_npi"
    )
    con.execute(
        """
        create table marts.fct_claim_lines as select * from (values
            ('k1', 1, 2.000), ('k1', 2, 1.000), ('k2', 1, 1200.500)
        ) as made (claim_key, line_number, units)
        """
    )
    con.execute("create table marts.fct_remittances as select 'r1' as remittance_key, 'TRACE-7' as trace_number")
    con.execute("create table marts.dim_payers as select 'NORTHFIELD' as payer_id, 'Northfield (fictional)' payer_name")
    con.execute(
        """
        create table marts.fct_adjustments as select * from (values
            ('k1', 'a0', 1, 1, 1, 'CO', '45', null, 1.00), ('k1', 'a1', 1, 1, 1, 'CO', '45', 'N180', 90.00),
            ('k1', 'a1', 2, 1, 1, 'CO', '151', 'N180', 22.00), ('k2', 'a2', 1, 1, 1, 'CO', '45', null, 44.50)
        ) as made (claim_key, adjudication_id, adjustment_number, service_number, line_number, group_code, reason_code,
            remark_codes, adjustment_amount)
        """
    )
    con.execute("create table marts.dim_adjustment_reasons as select '45' as reason_code, 'above the fee' as words")
    con.execute(
        """
        create table marts.fct_pricing_steps as select * from (values
            ('k1', 0, 1, 'northfield-ppo', 'contract', 'northfield-ppo', 'PPO', null, null),
            ('k1', 1, 2, 'northfield-ppo', 'term', 'visits, line 4', 'fee 100 × 110%', null, 110.00),
            ('k1', 2, 2, 'northfield-ppo', 'term', 'visits, line 4', 'fee 54.545 × 110%', null, 59.9995),
            ('k2', 1, 2, 'northfield-ppo', 'term', 'visits, line 4', 'fee 45.4545 × 110%', null, 50.00)
        ) as made (claim_key, line_number, step_number, contract_id, rule, clause, inputs, amount_before, amount_after)
        """
    )
    con.execute(
        "create table marts.dim_contracts as select 'northfield-ppo' as contract_id, 'Northfield PPO' as contract_name,"
        " date '2025-01-01' as effective_from, cast(null as date) as effective_to, ? as source_text",
        [CONTRACT],
    )
    money = "charge_amount expected_allowed_amount allowed_amount variance_amount recoverable_amount".split()
    for name in money:
        con.execute(f"alter table marts.fct_payment_variances alter {name} type decimal(18, 2)")
    con.execute("alter table marts.fct_adjustments alter adjustment_amount type decimal(18, 2)")
    return con


def set_pages(con: duckdb.DuckDBPyConnection, found: matter.Matter) -> dict[str, Any]:
    return pages.data(con, found, stamp_of(con))


def test_a_project_adds_up_its_lines_and_works_each_claim(packet: duckdb.DuckDBPyConnection) -> None:
    found = set_pages(packet, matter.of_project(packet, PROJECT))
    assert found["headline"] == "Northfield (fictional) allowed $26.50 less than agreed on 2 lines of 2 claims"
    assert found["total"] == "26.50"
    assert [row[-3:] for row in found["lines"]] == [["110.00", "88.00", "(22.00)"], ["50.00", "45.50", "(4.50)"]]
    assert found["lines"][0][:4] == ["V-1", "ICN-1", "1", "99213, paid as 99212"]
    # As of 31 October one deadline is over and one is ahead; the payer is told of the one ahead.
    assert ["First appeal due", "2026-03-04"] in found["facts"]
    assert "Past the deadline" not in dict(found["facts"])
    assert ["Provider (NPI)", "1992999825"] in found["facts"]
    assert [claim["claim_id"] for claim in found["claims"]] == ["V-1", "V-2"]


def test_a_claim_shows_clause_steps_answer_and_difference(packet: duckdb.DuckDBPyConnection) -> None:
    found = set_pages(packet, matter.of_claim(packet, "V-1"))
    assert found["clauses"] == [{
        "contract": "Northfield PPO, from 2025-01-01 on", "clause": "visits, line 4",
        "text": '- id: visits\n  match: {procedure: ["99202-99215"]}\n  method: fee_schedule\n  percent: 110',
    }]  # fmt: skip
    claim = found["claims"][0]
    assert ["Payer's number (CLP07)", "ICN-1"] in claim["facts"]
    assert ["Payment (TRN02)", "TRACE-7"] in claim["facts"]
    assert ["1", "term", "visits, line 4", "fee 100 × 110%", "110.00"] in claim["steps"]
    assert ["2", "term", "visits, line 4", "fee 54.545 × 110%", "59.9995"] in claim["steps"]
    # Only the answer that was compared, in its own codes; a code without words of ours has none.
    assert claim["adjustments"] == [
        ["1", "CO-45", "N180", "above the fee", "90.00"], ["1", "CO-151", "N180", "", "22.00"],
    ]  # fmt: skip
    assert claim["compared"][0] == [
        "1", "99213, paid as 99212", "2", "200.00", "110.00", "88.00", "(22.00)",
        "underpaid: units changed: the price of the units paid (2 billed, 1 paid): 88.00",
    ]  # fmt: skip
    assert ["Provider (NPI)", "1992999825"] in claim["facts"]
    assert claim["compared"][1] == ["2", "99214", "1", "80.00", "60.00", "60.00", "0.00", "as expected"]


def test_an_appeal_is_due_for_underpaid_lines_only(packet: duckdb.DuckDBPyConnection) -> None:
    """Line 2 of V-1 was paid as agreed: its day, which is ahead, is nothing to appeal by."""
    packet.execute(
        "update marts.fct_payment_variances set appeal_deadline_date = date '2026-01-02' where line_number = 2"
    )
    assert "First appeal due" not in dict(set_pages(packet, matter.of_claim(packet, "V-1"))["facts"])


def test_a_claim_is_named_by_its_number_or_by_its_key(packet: duckdb.DuckDBPyConnection) -> None:
    assert matter.of_claim(packet, "k2").lines == matter.of_claim(packet, "V-2").lines


def test_what_is_probably_our_own_rate_says_so(packet: duckdb.DuckDBPyConnection) -> None:
    assert set_pages(packet, matter.of_project(packet, PROJECT))["doubt"] == ""
    packet.execute("update marts.rpt_underpayment_projects set is_payer_error = false")
    assert "Check the contract file" in set_pages(packet, matter.of_project(packet, PROJECT))["doubt"]


def test_the_pdf_is_tagged_and_the_workbook_is_tables_without_formulas(
    packet: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    packet.execute("update marts.fct_payment_variances set claim_id = '=1+1' where claim_key = 'k2'")
    written = write(packet, "evidence", tmp_path / "packet.pdf", Options(project=PROJECT))
    content = (tmp_path / "packet.pdf").read_bytes()
    assert written.rows == 2
    assert content.startswith(b"%PDF-") and b"/StructTreeRoot" in content
    write(packet, "evidence", tmp_path / "packet.xlsx", Options(project=PROJECT))
    with zipfile.ZipFile(tmp_path / "packet.xlsx") as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        tables = [name for name in book.namelist() if name.startswith("xl/tables/")]
        texts = book.read("xl/sharedStrings.xml").decode()
    assert (len(sheets), len(tables)) == (4, 3)
    assert not [sheet for sheet in sheets if "<f>" in sheet]
    assert "=1+1" in texts and PROJECT in texts and "claim_key" not in texts


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(), "one project"),
        (Options(project=PROJECT, claim="V-1"), "one project"),
        (Options(project="nothing"), "No project"),
        (Options(claim="V-9"), "No answered claim"),
    ],
)
def test_a_packet_of_nothing_is_refused(
    packet: duckdb.DuckDBPyConnection, tmp_path: Path, options: Options, said: str
) -> None:
    with pytest.raises(WrongUseError, match=said):
        write(packet, "evidence", tmp_path / "packet.pdf", options)


def test_a_packet_has_no_other_formats(packet: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="ending"):
        write(packet, "evidence", tmp_path / "packet.csv", Options(claim="V-1"))


def test_a_clause_is_the_block_on_its_line() -> None:
    assert place("visits, line 24", "term", CONTRACT) == 24
    assert place("carve-outs and claim", "sum", CONTRACT) is None
    assert place("rank 2", "multiple_procedures", CONTRACT) == 2
    assert place("each line", "lesser_of", CONTRACT) is None
    assert excerpt(CONTRACT, 8) == "- id: drugs\n  method: per_unit"
    assert excerpt(CONTRACT, 11) == "default: {method: percent_of_charge, percent: 45}"
    assert excerpt(CONTRACT, 99) == ""


@pytest.mark.parametrize(("amount", "shown"), [("1234.5", "1,234.50"), ("0.123456", "0.123456"), ("7", "7.00")])
def test_amounts_of_steps_keep_their_decimals(amount: str, shown: str) -> None:
    assert exact(Decimal(amount)) == shown
    assert exact(None) == ""


def test_the_command_writes_the_packet_it_was_asked_for(
    packet: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("owed.snapshots.open_current", lambda home: packet.cursor())
    out = tmp_path / "packet.pdf"
    asked = ["report", "evidence", "--claim", "V-1", "--out", str(out), "--home", str(tmp_path), "--json"]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0, result.output
    said = json.loads(result.output)
    assert (said["report"], said["files"], said["rows"]) == ("evidence", [str(out)], 2)
    assert out.read_bytes().startswith(b"%PDF-")


def test_the_words_of_a_reason_code_are_for_the_payer() -> None:
    """A packet prints them: they hold no note of the biller to itself."""
    with (project_dir() / "seeds" / "adjustment_reasons.csv").open(encoding="utf-8", newline="") as seed:
        words = {row["reason_code"]: row["note"] for row in csv.DictReader(seed)}
    assert words["59"] == "multiple or concurrent procedure reduction"
    asides = re.compile(r"\b(verify|read the|RARC|MPPR|RFI|group (CO|OA|PR|PI))\b| - ")
    assert {code: text for code, text in words.items() if asides.search(text)} == {}
