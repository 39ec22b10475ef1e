"""From the files landed to what models read: what is in force, and Medicare's amounts by locality."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from loaders.reference import LOADERS, create_tables
from loaders.source import SourceFile

PROJECT = Path(__file__).parents[3]
DATA = Path(__file__).parent / "data"
ADDENDUM_B = (
    "\tAddendum B.-- OPPS Payment by HCPCS Code for CY 2025\t\t\t\t\t\t\n"
    "HCPCS Code\tShort Descriptor\tSI\tAPC\tRelative Weight\tPayment Rate\tNational Unadjusted Copayment\t"
    "Minimum Unadjusted Copayment\n"
    "G0463\t\tJ2\t5012\t1.4452\t$128.87\t.\t$25.78\n"
    "99213\t\tB\t\t\t\t\t\n"
    "J1105\t\tK\t0722\t\t$0.779\t.\t$0.16\n"
    "J0001\t\tK\t0001\t\t$0.003\t.\t$0.00\n"
)
ANES = "Contractor,Locality,Locality Name,National Anes CF of 20.3178\n01112 ,05 ,SAN FRANCISCO,22.45 \n"
SELECTED = ("models/staging/reference", "models/staging/accounts", "+int_medicare_rates")
TRANSACTIONS = "transaction_id,claim_id,posted_date,transaction_type,amount\n"
Rates = Callable[..., list[tuple[object, ...]]]


def contract(number: int, schedule: str, locality: str | None, wage_index: str | None = None) -> str:
    place = f", locality: '{locality}'" if locality else ""
    place += f", wage_index: {wage_index}" if wage_index else ""
    return (
        f"contract: c{number}\npayer: P{number}\nclaim_types: [professional]\neffective: {{from: 2025-01-01}}\n"
        f"default: {{method: percent_of_medicare, schedule: {schedule}{place}, percent: 135}}\n"
    )


def build(home: Path, contents: list[tuple[str, bytes]]) -> None:
    """A warehouse with these files in force and the rate models over them."""
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        create_tables(con)
        con.execute("create table raw.files (file_number integer, file_name varchar)")
        con.execute("create view raw.files_in_force as select file_number from raw.files")
        for number, (name, data) in enumerate(contents, 1):
            load = next(load for recognise, load in LOADERS if recognise(data[:65536]))
            load(con, SourceFile(number, str(number), name, len(data), lambda data=data: io.BytesIO(data)))
            con.execute("insert into raw.files values (?, ?)", [number, name])
    environment = {**os.environ, "OWED_HOME": str(home), "OWED_TARGET": str(home / "target")}
    ran = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "--quiet", "build", "--select", *SELECTED],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse built from a few published rows and a few files of each of our own kinds."""
    home = tmp_path_factory.mktemp("rates")
    october = (DATA / "PPRRVU2025_Oct.csv").read_text()
    # A July release in which 97110 had other values: 0.46 work instead of 0.45.
    july = october.replace("October Release", "July Release").replace("97110,,,A,,0.45", "97110,,,A,,0.46")
    texts = [
        ("PPRRVU2025_Oct.csv", october),
        ("PPRRVU2025_Jul.csv", july),
        ("GPCI2025.csv", (DATA / "GPCI2025.csv").read_text()),
        ("addendum b.txt", ADDENDUM_B),
        ("ANES2025.csv", ANES),
        ("base units.csv", "procedure_code,base_units\n142,4\n00840,6\n"),
        ("c1.contract.yaml", contract(1, "mpfs-2025", "99999-00")),
        ("c2.contract.yaml", contract(2, "mpfs-2025", "1112-5")),
        ("c3.contract.yaml", contract(3, "opps-2025", None)),
        ("c4.contract.yaml", contract(4, "opps-2025", None, "0.9000")),
        ("january.csv", TRANSACTIONS + "T1,C1,2025-01-02,charity,5.00\nT2,C1,2025-01-02,charity,6.00\n"),
        ("february.csv", TRANSACTIONS + "T1,C1,2025-01-02,charity,5.00\nT2,C1,2025-01-02,charity,7.00\n"),
        ("payers.csv", "payer_id,payer_name,payer_class\np1,Alder Health,commercial\n"),
        ("rates.csv", "schedule_id,procedure_code,amount\ns,99213,95.00\n"),
    ]
    build(home, [(name, text.encode()) for name, text in texts])
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        yield con


@pytest.fixture(scope="module")
def rates(models: duckdb.DuckDBPyConnection) -> Rates:
    """`rates(columns, where)` over Medicare's rates."""
    return lambda columns, where: models.execute(
        f"select {columns} from intermediate.int_medicare_rates where {where} order by all"
    ).fetchall()


def test_of_two_files_that_say_a_transaction_the_first_stands(models: duckdb.DuckDBPyConnection) -> None:
    found = models.execute("select transaction_id, amount from staging.stg_accounts__transactions order by all")
    assert found.fetchall() == [("T1", Decimal("5.00")), ("T2", Decimal("6.00"))]


def test_a_contract_joins_its_payer_however_the_id_is_written(models: duckdb.DuckDBPyConnection) -> None:
    # The contract says P1, the payer file p1; the others are in no payer file.
    found = models.execute("select payer_id from staging.stg_reference__contracts order by contract_id").fetchall()
    assert found == [("p1",), ("P2",), ("P3",), ("P4",)]


def test_open_dates_and_tolerances_can_be_compared_with(models: duckdb.DuckDBPyConnection) -> None:
    rate = models.execute(
        "select effective_from, effective_to from staging.stg_reference__fee_schedule_rates"
    ).fetchall()
    assert rate == [(date(1900, 1, 1), date(9999, 12, 31))]
    contracts = models.execute(
        "select distinct effective_to, tolerance_amount, tolerance_percent from staging.stg_reference__contracts"
    )
    assert contracts.fetchall() == [(date(9999, 12, 31), Decimal("0.01"), Decimal(0))]


@pytest.mark.parametrize(
    ("code", "modifier", "non_facility", "facility"),
    [
        ("99213", "", "88.95", "63.72"),
        ("70551", "", "193.43", "193.43"),
        ("70551", "26", "67.28", "67.28"),
        ("70551", "TC", "126.15", "126.15"),
        ("49505", "", "515.60", "515.60"),
        ("45378", "", "327.67", "177.26"),
        ("45378", "53", "164.00", "88.95"),
        ("29881", "", "538.25", "538.25"),
        ("27447", "", "1257.63", "1257.63"),
        ("97110", "", "28.79", "28.79"),
    ],
)
def test_national_amounts(rates: Rates, code: str, modifier: str, non_facility: str, facility: str) -> None:
    """DOMAIN 2.4's national test vectors: the published values where every index is one."""
    found = rates(
        "setting, amount",
        f"locality = '99999-00' and procedure_code = '{code}' and modifier = '{modifier}' "
        "and date '2025-10-01' between effective_from and effective_to",
    )
    assert found == [("facility", Decimal(facility)), ("non_facility", Decimal(non_facility))]


def test_a_locality_worked_by_hand(rates: Rates) -> None:
    """San Francisco, indices 1.088, 1.419, 0.445; 2025 factor 32.3465.

    99213 elsewhere: 1.30 x 1.088 + 1.35 x 1.419 + 0.10 x 0.445 = 3.37455; x 32.3465 = 109.154882 -> 109.15
    99213 facility: 1.4144 + 0.57 x 1.419 + 0.0445 = 2.26773; x 32.3465 = 73.353128 -> 73.35
    """
    where = "locality = '01112-05' and procedure_code = '99213' and effective_to = date '9999-12-31'"
    assert rates("setting, amount", where) == [("facility", Decimal("73.35")), ("non_facility", Decimal("109.15"))]


def test_imaging_is_capped_at_the_outpatient_amount(rates: Rates) -> None:
    """93926 by its values: 0.544 + 3.68 x 1.419 + 0.07 x 0.445 = 5.79707 -> 187.51. By the outpatient values
    0.544 + 3.39 x 1.419 + 0.03115 = 5.38556; x 32.3465 = 174.204017 -> 174.20, which CMS's OPPSCAP file prints."""
    where = (
        "locality = '01112-05' and procedure_code = '93926' and setting = 'facility' and effective_to > '2026-01-01'"
    )
    assert rates("amount, is_opps_capped", where) == [(Decimal("174.20"), True)]


def test_codes_that_are_not_priced_by_values_have_no_rate(rates: Rates) -> None:
    # R without values (0275T), X (G0463) and C (G0183).
    assert rates("*", "procedure_code in ('0275T', 'G0463', 'G0183') and schedule_id = 'mpfs-2025'") == []


def test_releases_hold_until_the_next_and_the_last_for_good(rates: Rates) -> None:
    """97110 at indices of one: (0.46 + 0.43 + 0.01) x 32.3465 = 29.11185 -> 29.11 by the July release."""
    where = "locality = '99999-00' and procedure_code = '97110' and setting = 'facility'"
    assert rates("effective_from, effective_to, amount", where) == [
        (date(1900, 1, 1), date(2025, 9, 30), Decimal("29.11")),
        (date(2025, 10, 1), date(9999, 12, 31), Decimal("28.79")),
    ]


def test_medicares_own_indicators_come_along(rates: Rates) -> None:
    """97110's practice expense at indices of one: 0.43 x 32.3465 = 13.908995, of which therapy pays half again."""
    where = "locality = '99999-00' and setting = 'facility' and effective_to > '2026-01-01'"
    columns = "multiple_procedure_indicator, bilateral_indicator, endoscopic_base_code, practice_expense_amount"
    assert rates(columns, where + " and procedure_code = '97110'") == [("5", "0", None, Decimal("13.908995"))]
    assert rates("multiple_procedure_indicator, endoscopic_base_code", where + " and procedure_code = '29881'") == [
        ("3", "29870")
    ]


def test_only_localities_that_contracts_name_are_priced(rates: Rates) -> None:
    assert rates("distinct schedule_id, locality", "true") == [
        ("mpfs-2025", "01112-05"),
        ("mpfs-2025", "99999-00"),
        ("opps-2025", ""),
        ("opps-2025", "wage-index 0.9"),
    ]


def test_outpatient_rates_are_rounded_to_cents_and_never_zero(rates: Rates) -> None:
    where = "schedule_id = 'opps-2025' and locality = ''"
    assert rates("procedure_code, amount, status_code, apc", where) == [
        ("G0463", Decimal("128.87"), "J2", "5012"),
        ("J1105", Decimal("0.78"), "K", "0722"),
    ]


def test_wages_move_the_labor_share_of_outpatient_rates(rates: Rates) -> None:
    """128.87 x (60% x 0.9 + 40%) = 128.87 x 0.94 = 121.1378 -> 121.14; a drug of status K has no labor share."""
    assert rates("procedure_code, amount", "locality = 'wage-index 0.9'") == [
        ("G0463", Decimal("121.14")),
        ("J1105", Decimal("0.78")),
    ]


def test_anesthesia_is_a_conversion_factor_and_base_units(rates: Rates) -> None:
    """The locality's factor by the unit; a code that lost its leading zeros is found. No factor, no rate (99999-00)."""
    columns = "schedule_id, locality, procedure_code, amount, base_units"
    assert rates(columns, "base_units is not null") == [
        ("mpfs-2025", "01112-05", "00142", Decimal("22.45"), Decimal(4)),
        ("mpfs-2025", "01112-05", "00840", Decimal("22.45"), Decimal(6)),
    ]


def test_every_capped_amount_is_the_one_cms_publishes(tmp_path: Path, shared_dir: Path) -> None:
    """OPPSCAP lists the capped amounts of every locality: CMS's own arithmetic, against ours, to the cent."""
    folder = shared_dir / "reference" / "cms_2025"
    names = ("PPRRVU2025_Oct.csv", "GPCI2025.csv", "OPPSCAP_Oct.csv")
    files = [(name, (folder / name).read_bytes()) for name in names]
    for number, locality in enumerate(("01112-05", "13202-01", "10112-00", "02102-01")):
        files.append((f"{number}.contract.yaml", contract(number, "mpfs-2025", locality).encode()))
    build(tmp_path, files)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as con:
        compared = con.execute(
            """
            select
                count(*),
                count(*) filter (published.procedure_code is null),
                count(*) filter (
                    rates.amount <> case setting when 'facility' then facility_amount else non_facility_amount end
                )
            from intermediate.int_medicare_rates as rates
            left join raw.cms_oppscap as published using (locality, procedure_code, modifier)
            where rates.is_opps_capped or published.procedure_code is not null
            """
        ).fetchone()
    # 58 codes and components are capped, in 4 localities and 2 settings.
    assert compared == (58 * 4 * 2, 0, 0)
