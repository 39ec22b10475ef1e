"""Contracts held against a hospital's own price-transparency file, from the inbox to the report."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from loaders.landing import Landing
from tests.models import dbt_build

SELECTED = (
    "path:seeds/pricing models/staging/reference models/staging/price_transparency stg_landing__files "
    "path:models/intermediate/rates "
    "int_pricing_term_rows int_pricing_terms int_pricing_term_matches int_pricing_schedule_rates int_pricing_tiers "
    "path:models/intermediate/price_transparency rpt_contract_price_conflicts rpt_price_transparency_coverage"
)
PAYERS = """payer_id,payer_name,payer_class,aliases
NORTH,Northfield Health (fictional),commercial,NORTHFIELD HEALTH|Northfield_HP
BLUE,Bluestone Mutual (fictional),commercial,
PINE,Pinewood (fictional),commercial,
"""
FACILITY = """
contract: north-facility
payer: NORTH
products: [PPO]
claim_types: [institutional]
effective: {from: 2025-01-01}
lesser_of: line
stop_loss: {kind: first_dollar, threshold: 100, percent: 1}
modifiers: {"50": 150, "62": 62.5}
default: {method: percent_of_charge, percent: 48}
terms:
  - id: implants
    carve_out: true
    match: {revenue_code: ["0274-0278"], minimum_charge: 1500}
    method: percent_of_charge
    percent: 55
  - id: joints
    scope: claim
    match: {drg: ["469-470"], bill_type: ["11"]}
    method: case_rate
    amount: 26800
  - id: stays
    scope: claim
    match: {bill_type: ["11"]}
    method: drg_weight
    base_rate: 10000
    weight_set: test-drg
  - id: residential
    match: {procedure: [H0017]}
    method: per_diem
    tiers: [{through_day: 3, amount: 2000}, {through_day: 5, amount: 1800}, {amount: 1200}]
  - id: outpatient
    match: {procedure: ["70010-99499"], bill_type: ["13"]}
    method: fee_schedule
    schedule: north-op
    percent: 110
"""
PROFESSIONAL = """
contract: {id}
payer: {payer}
claim_types: [professional]
effective: {{from: {start}, to: {end}}}
terms:
  - id: visits
    method: fee_schedule
    schedule: visits
"""
RATES = """schedule_id,procedure_code,modifier,setting,effective_from,effective_to,amount
north-op,99213,,,2025-01-01,2025-06-30,80.00
north-op,99213,,,2025-07-01,,90.00
north-op,70551,,,,,400.00
north-op,70551,26,,,,100.00
visits,99213,,facility,,,60.00
visits,99213,,non_facility,,,90.00
"""
WEIGHTS = "weight_set,drg,relative_weight\ntest-drg,194,0.9723\n"
SHORT = {
    "code": "code|1", "type": "code|1|type", "code2": "code|2", "type2": "code|2|type", "modifiers": "modifiers",
    "class": "billing_class", "setting": "setting", "unit": "drug_unit_of_measurement",
    "unit_type": "drug_type_of_measurement", "gross": "standard_charge|gross", "payer": "payer_name",
    "plan": "plan_name", "dollar": "standard_charge|negotiated_dollar",
    "percent": "standard_charge|negotiated_percentage", "formula": "standard_charge|negotiated_algorithm",
    "method": "standard_charge|methodology", "notes": "additional_generic_notes", "what": "description",
}  # fmt: skip
PERCENT = "percent of total billed charges"


def price_file(*rows: dict[str, str], updated: str = "2025-08-01") -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["hospital_name", "last_updated_on", "version"])
    writer.writerow(["Example General (fictional)", updated, "3.0.0"])
    writer.writerow(SHORT.values())
    usual = {"what": "x", "setting": "outpatient", "payer": "northfield health", "plan": "PPO", "type": "CPT"}
    for row in rows:
        named = usual | {"method": "fee schedule"} | row
        writer.writerow([named.get(name, "") for name in SHORT])
    return text.getvalue()


DRG = {"type": "MS-DRG", "setting": "inpatient", "method": "case rate"}
PRICES = price_file(
    # Line 4: 90.00 x 110 % = 99.00 since July. Line 5 says the 88.00 of before.
    {"code": "99213", "dollar": "99.00"},
    {"code": "99213", "dollar": "88.00", "plan": "Choice PPO Network"},
    # 400.00 x 110 % = 440.00; with its own row for 26, 110.00; for 50, 440.00 x 150 % = 660.00.
    {"code": "70551", "dollar": "500.00", "payer": "Northfield_HP"},
    {"code": "70551", "dollar": "110.00", "modifiers": "26"},
    {"code": "70551", "dollar": "600.00", "modifiers": "50"},
    # No rate: the default, 48 % of charges. 9: 48 % of 300.00 is 144.00. 10: agrees. 11: dollars that agree.
    {"code": "80053", "percent": "50", "method": PERCENT, "gross": "300"},
    {"code": "80054", "percent": "48", "method": PERCENT},
    {"code": "80055", "dollar": "144.00", "gross": "300"},
    # 12: nobody knows what 48 % is of.
    {"code": "80056", "dollar": "150.00"},
    # Stays: 26,800.00 for 470; 10,000 x 0.9723 = 9,723.00 for 194.
    {"code": "470", "dollar": "25000", **DRG},
    {"code": "194", "dollar": "9723.00", **DRG},
    {"code": "194", "percent": "40", **DRG, "method": PERCENT, "gross": "20000", "plan": "PPO B"},
    # Days 4 and 5 cost 1,800.00 each.
    {"code": "H0017", "type": "HCPCS", "dollar": "1700", "method": "per diem", "what": "days 4-5"},
    {"code": "H0017", "type": "HCPCS", "dollar": "1200", "method": "per diem", "what": "days 6+"},
    # An implant of 2,000.00 is carved out at 55 %; of 1,000.00 it is not: 48 %. Of unknown charge: one of the two.
    {"code": "0278", "type": "RC", "percent": "50", "method": PERCENT, "gross": "2000"},
    {"code": "0278", "type": "RC", "percent": "48", "method": PERCENT, "gross": "1000", "plan": "PPO B"},
    {"code": "0278", "type": "RC", "percent": "44", "method": PERCENT, "plan": "PPO C"},
    # Two prices for one code, of which one agrees: 21 and 22.
    {"code": "99283", "dollar": "1", "percent": "48", "method": PERCENT, "notes": "without surgery"},
    {"code": "99283", "percent": "60", "method": PERCENT, "notes": "with surgery"},
    # Not comparable: 23 a formula, 24 a percentage of nothing said, 25 by drug unit.
    {"code": "99284", "formula": "ask"},
    {"code": "99284", "percent": "115", "plan": "PPO D"},
    {"code": "J1450", "type": "HCPCS", "dollar": "35", "unit": "100", "unit_type": "ML"},
    # Modifiers alone: 50 agrees, 62 does not, 80 is not agreed, so that the whole rate is paid.
    {"type": "", "modifiers": "50", "percent": "150"},
    {"type": "", "modifiers": "62", "percent": "60"},
    {"type": "", "modifiers": "80", "percent": "16"},
    # No contract of that plan; a payer nobody listed; a professional contract where there is no other.
    {"code": "99213", "dollar": "5", "plan": "HMO"},
    {"code": "99213", "dollar": "5", "payer": "Somebody Else"},
    {"code": "99213", "dollar": "61", "payer": "Bluestone Mutual (fictional)", "plan": "any"},
    # The contract has ended.
    {"code": "99213", "dollar": "5", "payer": "pine"},
    # 33: 48 % or 55 % is right, and it is one of them. 34: inpatients are paid by their group, which is unknown.
    {"code": "0276", "type": "RC", "percent": "55", "method": PERCENT},
    {"code": "99221", "dollar": "5", "setting": "inpatient"},
    # 35: without a revenue code it may be an implant, 55 % of 2,000.00, or not, 48 %; 15.00 is neither.
    {"code": "L8699", "type": "HCPCS", "dollar": "15.00", "gross": "2000"},
)  # fmt: skip


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse as of 2025-09-30, built from an inbox that holds no claim."""
    home = tmp_path_factory.mktemp("home")
    inbox = home / "inbox"
    inbox.mkdir()
    files = {
        "payers.csv": PAYERS,
        "north.contract.yaml": FACILITY,
        "north-pro.contract.yaml": PROFESSIONAL.format(
            id="north-pro", payer="NORTH", start="2025-01-01", end="2025-12-31"
        ),
        "blue-pro.contract.yaml": PROFESSIONAL.format(
            id="blue-pro", payer="BLUE", start="2025-01-01", end="2025-12-31"
        ),
        "pine-old.contract.yaml": PROFESSIONAL.format(
            id="pine-old", payer="PINE", start="2024-01-01", end="2024-12-31"
        ),
        "rates.csv": RATES,
        "weights.csv": WEIGHTS,
        "prices.csv": PRICES,
        # Last year's file, left beside this year's under another name.
        "old-prices.csv": price_file({"code": "99213", "dollar": "1.00"}, updated="2024-08-01"),
    }
    for name, text in files.items():
        (inbox / name).write_text(text)
    warehouse = home / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as landed:
        landing = Landing(landed, home / "quarantine", "run")
        landing.prepare()
        outcomes = list(landing.land([inbox]))
        assert [outcome.refusal_reason for outcome in outcomes if outcome.status == "refused"] == []
        landed.execute("create schema intermediate")
        landed.execute(
            "create table intermediate.int_as_of as "
            "select date '2025-09-30' as as_of_date, date '2025-10-01' as run_date"
        )
    dbt_build.build(home, home / "target", "--select", *SELECTED.split())
    with duckdb.connect(str(warehouse)) as built:
        yield built


def conflicts(con: duckdb.DuckDBPyConnection) -> dict[tuple[int, str], dict[str, Any]]:
    """By line and setting; the conflict and both figures."""
    rows = con.execute("select * from marts.rpt_contract_price_conflicts order by line_number, setting")
    names = [column[0] for column in rows.description]
    found = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    return {(row["line_number"], row["setting"]): row for row in found}


def figures(row: dict[str, Any]) -> tuple[Any, ...]:
    columns = ("conflict_type", "term_id", "contract_amount", "file_amount", "contract_percent", "file_percent")
    return tuple(None if row[name] is None else row[name] for name in columns)


def amount(text: str) -> Decimal:
    return Decimal(text)


EXPECTED: dict[int, tuple[Any, ...]] = {
    5: ("amount", "outpatient", amount("99.00"), amount("88.00"), None, None),
    6: ("amount", "outpatient", amount("440.00"), amount("500.00"), None, None),
    8: ("amount", "outpatient", amount("660.00"), amount("600.00"), None, None),
    9: ("percent", "default", None, None, amount("48"), amount("50")),
    12: ("method", "default", None, amount("150.00"), amount("48"), None),
    13: ("amount", "joints", amount("26800.00"), amount("25000.00"), None, None),
    15: ("method", "stays", amount("9723.00"), None, None, amount("40")),
    16: ("amount", "residential", amount("1800.00"), amount("1700.00"), None, None),
    18: ("percent", "implants", None, None, amount("55"), amount("50")),
    20: ("percent", "default", None, None, amount("48"), amount("44")),
    27: ("modifier", "modifiers", None, None, amount("62.5"), amount("60")),
    28: ("modifier", "modifiers", None, None, amount("100"), amount("16")),
    31: ("amount", "visits", amount("60.00"), amount("61.00"), None, None),
    35: ("method", "default", None, amount("15.00"), amount("48"), None),
}


def test_every_conflict_and_no_other(con: duckdb.DuckDBPyConnection) -> None:
    found = conflicts(con)
    assert {line: figures(row) for (line, _), row in found.items()} == EXPECTED
    assert len(found) == len(EXPECTED)


def test_both_figures_in_dollars(con: duckdb.DuckDBPyConnection) -> None:
    found = {line: row["difference_amount"] for (line, _), row in conflicts(con).items()}
    # 99.00 - 88.00; 48 % less 50 % of 300.00; nothing to take 48 % of; 9,723.00 less 40 % of 20,000.00.
    assert (found[5], found[9], found[12], found[15]) == (amount("11.00"), amount("-6.00"), None, amount("1723.00"))


def test_a_conflict_says_where_it_stands(con: duckdb.DuckDBPyConnection) -> None:
    row = conflicts(con)[13, "inpatient"]
    assert (row["file_name"], row["hospital_name"], row["file_payer_name"], row["payer_id"]) == (
        "prices.csv",
        "Example General (fictional)",
        "northfield health",
        "NORTH",
    )
    term_line = FACILITY.splitlines().index("  - id: joints") + 1
    assert (row["contract_id"], row["contract_source_line"], row["claim_type"]) == (
        "north-facility",
        term_line,
        "institutional",
    )
    assert str(row["file_updated_date"]) == "2025-08-01"


def test_what_was_not_compared_says_why(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "select file_payer_name, file_plan_name, not_compared_reason, charge_count, compared_count, conflict_count "
        "from marts.rpt_price_transparency_coverage"
    ).fetchall()
    found = {row[:2]: row[2:] for row in rows}
    assert found["Somebody Else", "PPO"] == ("payer_not_listed", 1, 0, 0)
    assert found["northfield health", "HMO"] == ("no_contract", 1, 0, 0)
    assert found["pine", "PPO"] == ("no_contract", 1, 0, 0)
    assert found["northfield health", "PPO C"] == (None, 1, 1, 1)
    assert found["northfield health", "PPO D"] == ("nothing_comparable", 1, 0, 0)
    assert found["northfield health", "Choice PPO Network"] == (None, 1, 1, 1)
    # The old file is not asked.
    assert sum(row[3] for row in rows) == len(PRICES.splitlines()) - 3
