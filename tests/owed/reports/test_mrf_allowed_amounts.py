"""Allowed amounts by CMS's rule, worked by hand over a snapshot of a few claims."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from owed.errors import WrongUseError
from owed.reports.mrf_allowed_amounts import write
from owed.reports.stamp import Stamp

STAMP = Stamp(date(2025, 10, 31), "20251101T010000Z-abc")
TABLES = """
create schema marts;
create table marts.dim_payers (payer_id varchar, payer_name varchar);
create table marts.fct_claims (
    claim_key varchar, payer_id varchar, claim_type varchar, plan_name varchar, place_of_service varchar,
    bill_type varchar, drg varchar, allowed_amount decimal(18, 2));
create table marts.fct_claim_lines (
    claim_key varchar, line_number integer, procedure_code varchar, revenue_code varchar,
    allowed_amount decimal(18, 2), payer_paid_amount decimal(18, 2));
create table marts.fct_payment_variances (
    claim_key varchar, line_number integer, remit_date date, payer_paid_amount decimal(18, 2));
insert into marts.dim_payers values ('NORTH', 'Northfield Health (fictional)');
"""


class Claims:
    """Writes claims of one line each; what is not said is an office visit, paid in full in September 2025."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.count = 0

    def add(
        self,
        allowed: str,
        paid: str | None = None,
        code: str | None = "99213",
        remit: date = date(2025, 9, 1),
        payer: str = "NORTH",
        plan: str | None = "PPO",
        kind: str = "professional",
        place: str | None = "11",
        bill: str | None = None,
        drg: str | None = None,
        revenue: str | None = None,
    ) -> None:
        self.count += 1
        key, amount = f"c{self.count}", Decimal(allowed)
        received = amount if paid is None else Decimal(paid)
        self.con.execute(
            "insert into marts.fct_claims values (?, ?, ?, ?, ?, ?, ?, ?)",
            [key, payer, kind, plan, place, bill, drg, amount],
        )
        self.con.execute(
            "insert into marts.fct_claim_lines values (?, 1, ?, ?, ?, ?)", [key, code, revenue, amount, received]
        )
        self.con.execute("insert into marts.fct_payment_variances values (?, 1, ?, ?)", [key, remit, received])


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute(TABLES)
    return made


@pytest.fixture
def claims(con: duckdb.DuckDBPyConnection) -> Claims:
    return Claims(con)


def rows(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> list[dict[str, str]]:
    [path], count = write(con, tmp_path / "amounts.csv", STAMP)
    with path.open(newline="") as stream:
        read = list(csv.DictReader(stream))
    assert len(read) == count
    return read


def figures(row: dict[str, str]) -> tuple[str, str, str, str]:
    return row["10th_percentile"], row["median_amount"], row["90th_percentile"], row["count"]


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        # One amount is every percentile.
        (["80"], ("80.00", "80.00", "80.00", "1 through 10")),
        # Three: the second is the middle.
        (["10", "20", "30"], ("10.00", "20.00", "30.00", "1 through 10")),
        # Four: the middle lies between 20 and 30, so 30, the next higher amount that was seen.
        (["40", "10", "30", "20"], ("10.00", "30.00", "40.00", "1 through 10")),
        # Ten: a tenth of them lies between the first and the second, nine tenths between the ninth and the tenth.
        ([str(10 * n) for n in range(1, 11)], ("20.00", "60.00", "100.00", "1 through 10")),
        # Eleven, from which on the count is told: 1.1, 5.5 and 9.9 of them lie below the second, sixth and tenth.
        ([str(10 * n) for n in range(1, 12)], ("20.00", "60.00", "100.00", "11")),
        # Twenty: 2, 10 and 18 of them lie below, so the third, eleventh and nineteenth.
        ([str(n) for n in range(1, 21)], ("3.00", "11.00", "19.00", "20")),
        # Equal amounts count each.
        (["50"] * 12 + ["70"], ("50.00", "50.00", "50.00", "13")),
    ],
)
def test_percentiles(
    con: duckdb.DuckDBPyConnection, claims: Claims, tmp_path: Path, amounts: list[str], expected: tuple[str, ...]
) -> None:
    for amount in amounts:
        claims.add(amount)
    [row] = rows(con, tmp_path)
    assert figures(row) == expected
    assert (row["code|1"], row["code|1|type"], row["payer_name"], row["plan_name"]) == (
        "99213",
        "CPT",
        "Northfield Health (fictional)",
        "PPO",
    )


def test_what_counts(con: duckdb.DuckDBPyConnection, claims: Claims, tmp_path: Path) -> None:
    claims.add("100", paid="80")  # the patient's 20.00 is part of the allowed amount
    claims.add("999", paid="0")  # a zero payment
    claims.add("0", paid="0")  # a denial
    claims.add("500", remit=date(2024, 7, 31))  # fifteen months before the as-of date, and one day too old
    claims.add("90", remit=date(2024, 8, 1))
    claims.add("700", remit=date(2025, 11, 1))  # not there yet
    [row] = rows(con, tmp_path)
    # Of 90.00 and 100.00 the median lies between, so 100.00.
    assert figures(row) == ("90.00", "100.00", "100.00", "1 through 10")


def test_groups(con: duckdb.DuckDBPyConnection, claims: Claims, tmp_path: Path) -> None:
    claims.add("10")
    claims.add("11", plan=None)
    claims.add("12", payer="OTHER")
    claims.add("13", code="J1100", place="22")
    claims.add("14", code="J1100", place="21")
    claims.add("15", code="D1110", kind="dental")
    claims.add("16", code="99213", kind="institutional", place=None, bill="131")
    claims.add("17", code=None, revenue="0450", kind="institutional", place=None, bill="131")
    claims.add("18", code=None, revenue="0120", kind="institutional", place=None, bill="111", drg="470")
    found = [
        (
            r["payer_name"][:5],
            r["plan_name"],
            r["billing_class"],
            r["setting"],
            r["code|1|type"],
            r["code|1"],
            r["median_amount"],
        )
        for r in rows(con, tmp_path)
    ]
    assert found == [
        ("North", "", "professional", "outpatient", "CPT", "99213", "11.00"),
        ("North", "PPO", "facility", "outpatient", "CPT", "99213", "16.00"),
        ("North", "PPO", "facility", "inpatient", "MS-DRG", "470", "18.00"),
        ("North", "PPO", "facility", "outpatient", "RC", "0450", "17.00"),
        ("North", "PPO", "professional", "outpatient", "CDT", "D1110", "15.00"),
        ("North", "PPO", "professional", "outpatient", "CPT", "99213", "10.00"),
        # 13.00 at the hospital's outpatients, 14.00 at the bedside: the median of two is the higher.
        ("North", "PPO", "professional", "both", "HCPCS", "J1100", "14.00"),
        ("OTHER", "PPO", "professional", "outpatient", "CPT", "99213", "12.00"),
    ]


def test_csv_alone(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match=r"must be one of \.csv"):
        write(con, tmp_path / "amounts.xlsx", STAMP)
    assert rows(con, tmp_path) == []
