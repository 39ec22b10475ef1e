"""The board pack: its month, its figures, and that a closed month stays as it was."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from owed.errors import WrongUseError
from owed.reports import Options, write
from owed.reports.board_pack.figures import HEADLINES, collect, month_start
from owed.reports.stamp import stamp_of

MONTH = "2025-09"


@pytest.fixture
def pack(snapshot: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The hand-made snapshot with the tables of the pack; every KPI is 12.50 in September."""
    kpis = ", ".join(f"('{kpi_id}')" for kpi_id in HEADLINES)
    snapshot.execute(
        f"""
        create table marts.dim_kpis as
        select kpi_id, kpi_id as kpi_name, 'AR-1' as map_key, 'What it is' as definition, 'posting date' as date_basis,
            'amount' as unit, 'lower' as better_when, null::decimal(18, 6) as target_low,
            20::decimal(18, 6) as target_high, 10::decimal(18, 6) as benchmark_low,
            30::decimal(18, 6) as benchmark_high, 'basis' as benchmark_basis, 'source' as benchmark_source,
            '2024' as benchmark_year
        from (values {kpis}) as kpis (kpi_id);
        create table marts.fct_kpis as
        select kpi_id, date '2025-09-01' as period_month, 'ALL' as payer_id, 12.50::decimal(18, 6) as value,
            null::varchar as not_computable_reason
        from marts.dim_kpis;
        create table marts.dim_payers as select 'NORTHFIELD' as payer_id, 'Northfield (fictional)' as payer_name;
        create table marts.fct_payment_variances as select * from (values
            ('k1', 'NORTHFIELD', 'underpaid', 'recoded', -10.00::decimal(18, 2), date '2025-09-01'),
            ('k1', 'NORTHFIELD', 'underpaid', 'recoded', -5.25::decimal(18, 2), date '2025-09-30'),
            ('k2', 'NORTHFIELD', 'overpaid', 'recoded', 7.00::decimal(18, 2), date '2025-09-15'),
            ('k3', 'NORTHFIELD', 'underpaid', 'contract_load_suspect', -99.00::decimal(18, 2), date '2025-09-15'),
            ('k4', 'NORTHFIELD', 'underpaid', 'recoded', -77.00::decimal(18, 2), date '2025-10-01')
        ) as rows (claim_key, payer_id, variance_class, root_cause, variance_amount, remit_date);
        create table marts.fct_denials as select 'coding' as denial_category, 40.00::decimal(18, 2) as denied_amount,
            true as is_initial, false as is_preventable, date '2025-09-03' as denial_date;
        create table marts.fct_ar_aging as select date '2025-09-30' as as_of_date, 'primary_payer' as responsibility,
            '0-30' as aging_bucket, 100.00::decimal(18, 2) as balance_amount;
        create table marts.fct_ar_rollforward as select date '2025-09-01' as period_month, 'commercial' as payer_class,
            0.00::decimal(18, 2) as opening, 150.00::decimal(18, 2) as charges,
            -40.00::decimal(18, 2) as payer_payments,
            0.00::decimal(18, 2) as patient_payments, -10.00::decimal(18, 2) as contractual,
            0.00::decimal(18, 2) as denial_write_offs, 0.00::decimal(18, 2) as bad_debt,
            0.00::decimal(18, 2) as charity, 0.00::decimal(18, 2) as other_adjustments,
            0.00::decimal(18, 2) as refunds, 100.00::decimal(18, 2) as closing;
        create table marts.fct_credit_balances as select 'duplicate_payment' as cause, 'commercial' as owner,
            5.00::decimal(18, 2) as credit_amount, 5.00::decimal(18, 2) as evidence_amount,
            true as is_true_overpayment, date '2025-12-01' as refund_due_date;
        create table marts.fct_patient_balances as select 'statement_1' as dunning_stage,
            9.00::decimal(18, 2) as balance_amount, false as is_agency_eligible;
        create table marts.rpt_files as select 'loaded' as status;
        """
    )
    return snapshot


@pytest.mark.parametrize(
    ("month", "as_of", "expected"),
    [
        (None, date(2025, 10, 31), date(2025, 10, 1)),
        (None, date(2025, 10, 30), date(2025, 9, 1)),
        (None, date(2025, 1, 5), date(2024, 12, 1)),
        ("2025-09", date(2025, 10, 31), date(2025, 9, 1)),
    ],
)
def test_the_month_is_one_that_is_over(month: str | None, as_of: date, expected: date) -> None:
    assert month_start(month, as_of) == expected


@pytest.mark.parametrize("month", ["2025-11", "2025-13", "September"])
def test_an_open_month_or_none_is_refused(pack: duckdb.DuckDBPyConnection, tmp_path: Path, month: str) -> None:
    with pytest.raises(WrongUseError):
        write(pack, "board-pack", tmp_path / "pack.pdf", Options(month=month))


def test_underpaid_and_overpaid_stay_apart_and_suspect_terms_out(pack: duckdb.DuckDBPyConnection) -> None:
    data = collect(pack, stamp_of(pack), date(2025, 9, 1))
    # 10.00 + 5.25 of September; October's 77.00 and the 99.00 of a suspect term are not in it.
    assert [(row["variance_class"], row["amount"], row["claim_count"]) for row in data["variances"]] == [
        ("underpaid", Decimal("15.25"), 1),
        ("overpaid", Decimal("7.00"), 1),
    ]


def test_a_pdf_and_a_workbook(pack: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(pack, "board-pack", tmp_path / "pack.pdf", Options(month=MONTH))
    assert (tmp_path / "pack.pdf").read_bytes().startswith(b"%PDF-")
    write(pack, "board-pack", tmp_path / "pack.xlsx", Options(month=MONTH))
    with zipfile.ZipFile(tmp_path / "pack.xlsx") as workbook:
        text = "".join(workbook.read(name).decode() for name in workbook.namelist() if name.endswith(".xml"))
    assert "<f>" not in text
    assert "15.25" in text


def test_a_closed_month_is_frozen_until_it_is_reopened(pack: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    options = Options(month=MONTH, frozen=tmp_path / "closed_months")
    write(pack, "board-pack", tmp_path / "first.xlsx", options)
    pack.execute("update marts.fct_kpis set value = 14 where kpi_id = 'cash_collected'")
    write(pack, "board-pack", tmp_path / "later.xlsx", options)
    reopened = Options(month=MONTH, frozen=tmp_path / "closed_months", reopen=True)
    write(pack, "board-pack", tmp_path / "new.xlsx", reopened)
    assert _cash(tmp_path / "first.xlsx") == _cash(tmp_path / "later.xlsx") == Decimal("12.5")
    assert _cash(tmp_path / "new.xlsx") == 14
    assert "Changed since frozen" in _sheets(tmp_path / "later.xlsx")
    assert "Changed since frozen" not in _sheets(tmp_path / "new.xlsx")


def _sheets(path: Path) -> str:
    with zipfile.ZipFile(path) as workbook:
        return workbook.read("xl/workbook.xml").decode()


def _cash(path: Path) -> Decimal:
    """The value beside the first headline on the summary sheet (row 5, column B)."""
    with zipfile.ZipFile(path) as workbook:
        sheet = workbook.read("xl/worksheets/sheet1.xml").decode()
    return Decimal(sheet.split('r="B5"')[1].split("<v>")[1].split("</v>")[0])
