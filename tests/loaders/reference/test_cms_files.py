"""CMS rate files in CMS's own layouts, and the real ones where they are at hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from loaders.source import LoadResult, Refusal

Land = Callable[..., LoadResult]
DATA = Path(__file__).parent / "data"
PPRRVU = (DATA / "PPRRVU2025_Oct.csv").read_text()
GPCI = (DATA / "GPCI2025.csv").read_text()
OPPSCAP = (
    "HCPCS,MOD,PROCSTAT,CARRIER,LOCALITY,FACILITY PRICE,NON-FACILTY PRICE\n93926,,A,1112,5,174.20,174.20\n,,,,,,\n"
)
ANES = "Contractor,Locality,Locality Name,National Anes CF of 20.3178\n01112 ,05 ,SAN FRANCISCO,22.37 \n,,,\n"
ADDENDUM_A = (
    "\tAddendum A.- OPPS APCs for CY 2025\t\t\t\t\t\t\t\t\r\n"
    "APC \tGroup Title\tSI\tRelative Weight \tPayment Rate \tNational Unadjusted Copayment\t"
    "Minimum Unadjusted Copayment\tIRA Coinsurance percentage \tAdjusted Beneficiary Copayment\tNote\r\n"
    '0713\tA drug\tG\t\t"$12,007.813"\t.\t"$2,401.57"\t20.000%\t"$1,632.00"\t\r\n'
    "5012\tA visit\tJ2\t1.4452\t$128.87\t.\t$25.78\t\t\t\r\n"
)
ADDENDUM_B = (
    "\tAddendum B.-- OPPS Payment by HCPCS Code for CY 2025\t\t\t\t\t\t\r\n"
    "HCPCS Code\tShort Descriptor\t CI\t SI\t APC \tRelative Weight\tPayment Rate\tNational Unadjusted Copayment\t"
    "Minimum Unadjusted Copayment\tAdjusted Beneficiary Copayment\r\n"
    '27447\t\t\tJ1\t5115\t144.2970\t"$12,866.82"\t.\t"$2,573.37"\t"$1,632.00"\r\n'
    "99213\t\t\tB\t\t\t\t\t\t\r\n"
    "J1105\t\t\tK\t0722\t\t$0.779\t.\t$0.16\t$0.16\r\n"
)


def rows(con: duckdb.DuckDBPyConnection, columns: str, table: str) -> list[tuple[object, ...]]:
    return con.execute(f"select {columns} from raw.{table} order by all").fetchall()


def test_relative_values_are_typed_column_by_column(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    result = land(PPRRVU, "PPRRVU2025_Oct.csv")
    assert (result.kind, result.findings) == ("cms_rates", [])
    assert rows(
        con,
        "procedure_code, modifier, schedule_id, rate_year, effective_from, status_code, work_rvu, non_facility_pe_rvu, "
        "facility_pe_rvu, malpractice_rvu, is_non_facility_na, is_facility_na, pctc_indicator, global_days, "
        "intraoperative_percent, multiple_procedure_indicator, bilateral_indicator, assistant_indicator, "
        "cosurgeon_indicator, team_indicator, endoscopic_base_code, conversion_factor, imaging_family_indicator, "
        "opps_non_facility_pe_rvu, opps_malpractice_rvu",
        "cms_pprrvu where procedure_code in ('29881', '45378', '70551') and modifier in ('', '53', 'TC')",
    ) == [
        (
            *("29881", "", "mpfs-2025", 2025, date(2025, 10, 1), "A"),
            *map(Decimal, ("7.03", "8.22", "8.22", "1.39")),
            *(True, False, "0", "090", Decimal("0.69"), "3", "1", "0", "0", "0", "29870", Decimal("32.3465"), "99"),
            *(Decimal(0), Decimal(0)),
        ),
        (
            *("45378", "", "mpfs-2025", 2025, date(2025, 10, 1), "A"),
            *map(Decimal, ("3.26", "6.44", "1.79", "0.43")),
            *(False, False, "0", "000", Decimal(0), "2", "0", "1", "0", "0", None, Decimal("32.3465"), "99"),
            *(Decimal(0), Decimal(0)),
        ),
        (
            *("45378", "53", "mpfs-2025", 2025, date(2025, 10, 1), "A"),
            *map(Decimal, ("1.63", "3.22", "0.90", "0.22")),
            *(False, False, "0", "000", Decimal(0), "2", "0", "1", "0", "0", None, Decimal("32.3465"), "99"),
            *(Decimal(0), Decimal(0)),
        ),
        (
            *("70551", "", "mpfs-2025", 2025, date(2025, 10, 1), "A"),
            *map(Decimal, ("1.48", "4.41", "4.41", "0.09")),
            *(False, True, "1", "XXX", Decimal(0), "4", "0", "0", "0", "0", None, Decimal("32.3465"), "88"),
            *(Decimal("7.96"), Decimal("0.11")),
        ),
        (
            *("70551", "TC", "mpfs-2025", 2025, date(2025, 10, 1), "A"),
            *map(Decimal, ("0.00", "3.88", "3.88", "0.02")),
            *(False, True, "1", "XXX", Decimal(0), "4", "0", "0", "0", "0", None, Decimal("32.3465"), "88"),
            *(Decimal("7.43"), Decimal("0.04")),
        ),
    ]


def test_descriptors_are_never_stored(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(PPRRVU.replace("99213,,,A", "99213,,SOME WORDING,A"))
    columns = con.execute("select column_name from duckdb_columns() where table_name like 'cms_%'").fetchall()
    assert not {name for (name,) in columns} & {"description", "short_descriptor", "group_title", "descriptor"}
    found = con.execute("select count(*) from raw.cms_pprrvu where cms_pprrvu::varchar like '%WORDING%'").fetchone()
    assert found == (0,)


@pytest.mark.parametrize(
    ("name", "title", "schedule_id", "first_day"),
    [
        (
            "a.csv",
            "2025 National Physician Fee Schedule Relative Value File January Release",
            "mpfs-2025",
            date(2025, 1, 1),
        ),
        (
            "a.csv",
            "2024 National Physician Fee Schedule Relative Value File July Release",
            "mpfs-2024",
            date(2024, 7, 1),
        ),
        (
            "PPRRVU2026_Jan_nonQPP.csv",
            "2026 National Physician Fee Schedule Relative Value File",
            "mpfs-2026",
            date(2026, 1, 1),
        ),
        (
            "PPRRVU2026_Jan_QPP.csv",
            "2026 National Physician Fee Schedule Relative Value File",
            "mpfs-2026-qpp",
            date(2026, 1, 1),
        ),
        ("x/PPRRVU2023.csv", "National Physician Fee Schedule Relative Value File", "mpfs-2023", date(2023, 1, 1)),
    ],
)
def test_year_and_release_come_from_the_title_else_the_name(
    con: duckdb.DuckDBPyConnection, land: Land, name: str, title: str, schedule_id: str, first_day: date
) -> None:
    published = "2025 National Physician Fee Schedule Relative Value File October Release"
    land(PPRRVU.replace(published, title), name)
    assert rows(con, "distinct schedule_id, effective_from", "cms_pprrvu") == [(schedule_id, first_day)]


def test_a_moved_column_refuses_the_file(land: Land) -> None:
    with pytest.raises(Refusal, match="cms_columns_moved"):
        land(PPRRVU.replace("CODE,PAYMENT,RVU,PE RVU", "PAYMENT,CODE,RVU,PE RVU"))
    with pytest.raises(Refusal, match=r"cms_columns_moved.*pe_gpci"):
        land(GPCI.replace("2025 PE GPCI", "2025 PRACTICE"))


def test_without_a_year_a_fee_schedule_is_nobodys(land: Land) -> None:
    title = "2025 National Physician Fee Schedule"
    with pytest.raises(Refusal, match=r"cms_year_unknown: .*file name says the year"):
        land(PPRRVU.replace(title, "National Physician Fee Schedule"), "relative values.csv")


def test_indices_and_footnotes(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(GPCI)
    assert rows(con, "rate_year, locality, work_gpci, pe_gpci, malpractice_gpci", "cms_gpci") == [
        (2025, "01112-05", Decimal("1.088"), Decimal("1.419"), Decimal("0.445")),
        (2025, "10112-00", Decimal(1), Decimal("0.869"), Decimal("0.575")),
        (2025, "99999-00", Decimal(1), Decimal(1), Decimal(1)),
    ]


def test_of_two_work_indices_the_one_with_the_floor_is_paid(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(
        "ADDENDUM E. GEOGRAPHIC PRACTICE COST INDICES\n"
        "Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,2026 PW GPCI (without 1.0 Floor),"
        "2026 PW GPCI (with 1.0 Floor),2026 PE GPCI,2026 MP GPCI\n10112,AL,0,ALABAMA,0.97,1,0.869,0.575\n"
    )
    assert rows(con, "rate_year, locality, work_gpci", "cms_gpci") == [(2026, "10112-00", Decimal(1))]


def test_caps_and_anesthesia_factors(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(OPPSCAP, "rvu25d.zip/OPPSCAP_Oct.csv")
    land(ANES, "ANES2025.csv")
    assert rows(con, "rate_year, locality, procedure_code, modifier, facility_amount", "cms_oppscap") == [
        (2025, "01112-05", "93926", "", Decimal("174.20"))
    ]
    assert rows(con, "rate_year, locality, conversion_factor, national_conversion_factor", "cms_anes") == [
        (2025, "01112-05", Decimal("22.37"), Decimal("20.3178"))
    ]


def test_outpatient_addenda(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(ADDENDUM_A.encode("latin-1"))
    land(ADDENDUM_B.encode("latin-1"))
    amounts = (
        "relative_weight, payment_rate, national_copayment_amount, minimum_copayment_amount, adjusted_copayment_amount"
    )
    assert rows(con, f"rate_year, apc, status_indicator, {amounts}", "cms_opps_addendum_a") == [
        (2025, "0713", "G", None, Decimal("12007.813"), None, Decimal("2401.57"), Decimal("1632.00")),
        (2025, "5012", "J2", Decimal("1.4452"), Decimal("128.87"), None, Decimal("25.78"), None),
    ]
    assert rows(con, f"rate_year, procedure_code, status_indicator, apc, {amounts}", "cms_opps_addendum_b") == [
        (
            *(2025, "27447", "J1", "5115", Decimal("144.2970"), Decimal("12866.82")),
            *(None, Decimal("2573.37"), Decimal("1632.00")),
        ),
        (2025, "99213", "B", None, None, None, None, None, None),
        (2025, "J1105", "K", "0722", None, Decimal("0.779"), None, Decimal("0.16"), Decimal("0.16")),
    ]


def test_a_bad_row_is_refused_alone(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    result = land(GPCI.replace("1.419", "n/a"))
    assert [(finding.rule, finding.severity, finding.position) for finding in result.findings] == [
        ("number_unreadable", "fail", 5)
    ]
    assert len(rows(con, "locality", "cms_gpci")) == 2


def test_every_row_of_the_published_files_lands(con: duckdb.DuckDBPyConnection, land: Land, shared_dir: Path) -> None:
    folder = shared_dir / "reference" / "cms_2025"
    # Data rows counted in the files by hand: their lines without titles, headers, blank lines and footnotes.
    published = {
        "PPRRVU2025_Oct.csv": ("cms_pprrvu", 19090),
        "GPCI2025.csv": ("cms_gpci", 109),
        "OPPSCAP_Oct.csv": ("cms_oppscap", 16100),
        "ANES2025.csv": ("cms_anes", 109),
        "2025_NFRM_Addendum_A.txt": ("cms_opps_addendum_a", 994),
        "2025_NFRM_Addendum_B.txt": ("cms_opps_addendum_b", 18682),
    }
    for name, (table, count) in published.items():
        result = land((folder / name).read_bytes(), name)
        assert (result.kind, result.findings) == ("cms_rates", [])
        assert con.execute(f"select count(*) from raw.{table}").fetchone() == (count,)
    # DOMAIN 2.4 counts these codes by status in the same release.
    by_status = dict(con.execute("select status_code, count(*) from raw.cms_pprrvu group by all").fetchall())
    assert (by_status["A"], by_status["C"], by_status["R"], by_status["T"]) == (9021, 1347, 1058, 8)


def test_a_line_without_end_is_refused(land: Land) -> None:
    with pytest.raises(Refusal, match="cms_unreadable"):
        land(GPCI + "1," + "x" * 200_000)
