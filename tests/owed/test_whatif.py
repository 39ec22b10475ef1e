"""`owed whatif`: claims of a small warehouse priced again under another contract file, worked by hand."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from loaders.landing import Landing
from owed.errors import OwedError, WrongUseError
from owed.home import Home
from owed.pricing_run import create_claims, price
from owed.whatif import WhatIf, whatif

NOW = """
contract: now-2025
name: In force
payer: NORTH
claim_types: [professional]
effective: {from: 2025-01-01, to: 2025-12-31}
terms:
  - {id: fees, match: {procedure: ["10000-99999"]}, method: fee_schedule, schedule: fees}
"""
# Next year's proposal: 120% of the same fees for visits, 40% of charges for all else but supplies, which it leaves out.
PROPOSED = """
contract: proposal-2026
name: Proposed
payer: NORTH
claim_types: [professional]
effective: {from: 2026-01-01, to: 2026-12-31}
terms:
  - {id: visits, match: {procedure: ["99202-99215"]}, method: fee_schedule, schedule: new-fees, percent: 120}
  - {id: rest, match: {procedure: ["10000-99201"]}, method: percent_of_charge, percent: 40}
"""
FEES = "schedule_id,procedure_code,modifier,setting,effective_from,effective_to,amount\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("site"))
    home.create()
    (home.inbox / "now.contract.yaml").write_text(NOW)
    fees = "fees,99213,,,2025-01-01,,100.00\nfees,27447,,,2025-01-01,,1200.00\nfees,99499,,,2025-01-01,,50.00\n"
    (home.inbox / "fees.csv").write_text(FEES + fees)
    with duckdb.connect(str(home.warehouse)) as con:
        landing = Landing(con, home.quarantine, "test")
        landing.prepare()
        assert {outcome.status for outcome in landing.land([home.inbox])} == {"loaded"}
        create_claims(con)
        con.execute("create table intermediate.int_as_of as select date '2025-12-31' as as_of_date")
        con.execute(
            "create table intermediate.int_procedures as select '99213' as procedure_code, 'visits' as code_family"
        )
        con.execute("create schema marts")
        con.execute(
            "create table marts.fct_pricing_steps as select 1 as claim_key, 2 as line_number, 3 as step_number, "
            "'rate' as rule, 'fees' as clause, 'schedule fees' as inputs, null::decimal(18,6) as amount_before, "
            "1200.00::decimal(18,6) as amount_after"
        )
        for column in ("claim_id varchar", "claim_key bigint", "is_void boolean", "current_submission_id bigint"):
            con.execute(f"alter table intermediate.int_claims add column if not exists {column}")
        for column in (
            "submission_number integer", "primary_payer_id varchar", "secondary_payer_id varchar", "file_id varchar",
            "segment_number integer", "claim_id varchar", "frequency_code varchar", "submitted_date date",
            "payer_claim_control_number varchar", "patient_key bigint", "patient_state_code varchar",
        ):  # fmt: skip
            con.execute(f"alter table intermediate.int_submissions add column {column}")
        for column in ("line_control_number", "procedure_qualifier", "modifiers"):
            con.execute(f"alter table intermediate.int_submission_lines add column {column} varchar")
        claims = (
            (1, "A1", "2025-03-04", [("99213", "200.00"), ("27447", "4000.00")]),
            (2, "A2", "2025-06-01", [("99213", "200.00"), ("99499", "90.00")]),
            (3, "A3", "2024-12-30", [("99213", "200.00")]),  # more than twelve months ago
        )
        for key, claim_id, served, lines in claims:
            con.execute(
                "insert into intermediate.int_claims by name select ? as claim_key, ? as claim_id, 'claim' as origin, "
                "'NORTH' as payer_id, false as is_void, ? as current_submission_id, ?::date as service_from_date",
                [key, claim_id, 10 * key, served],
            )
            con.execute(
                "insert into intermediate.int_submissions by name select ? as submission_id, ? as claim_key, "
                "? as claim_id, 'P' as payer_sequence, 'NORTH' as payer_id, 'professional' as claim_type, "
                "'11' as place_of_service, ?::date as service_from_date",
                [10 * key, key, claim_id, served],
            )
            for number, (code, charge) in enumerate(lines, start=1):
                con.execute(
                    "insert into intermediate.int_submission_lines by name select ? as submission_id, "
                    "? as line_number, ? as procedure_code, 1 as units, ?::decimal(18,2) as charge_amount, "
                    "?::date as service_date",
                    [10 * key, number, code, charge, served],
                )
    price(home.root, home.runs / "test")
    return home


@pytest.fixture(scope="module")
def found(home: Home, tmp_path_factory: pytest.TempPathFactory) -> WhatIf:
    folder = tmp_path_factory.mktemp("proposal")
    (folder / "proposal.contract.yaml").write_text(PROPOSED)
    (folder / "new.csv").write_text(FEES + "new-fees,99213,,,2026-01-01,2026-12-31,110.00\n")
    return whatif(home, folder / "proposal.contract.yaml", rates=[folder / "new.csv"])


def test_families_and_total(found: WhatIf) -> None:
    # Visits, two: 100.00 each, then 120% of 110.00 = 132.00. The knee: 1,200.00, then 40% of 4,000.00 = 1,600.00.
    assert [
        (family.code_family, family.line_count, family.now_amount, family.then_amount, family.difference_amount)
        for family in (*found.comparison.families, found.comparison.total)
    ] == [
        ("other", 1, Decimal("1200.00"), Decimal("1600.00"), Decimal("400.00")),
        ("visits", 2, Decimal("200.00"), Decimal("264.00"), Decimal("64.00")),
        ("total", 3, Decimal("1400.00"), Decimal("1864.00"), Decimal("464.00")),
    ]


def test_what_the_file_does_not_price_is_in_no_total(found: WhatIf) -> None:
    comparison = found.comparison
    assert (comparison.no_longer_priced_count, comparison.no_longer_priced_amount) == (1, Decimal("50.00"))
    assert (comparison.newly_priced_count, comparison.priced_by_neither_count) == (0, 0)


def test_largest_difference_is_explained_on_both_sides(found: WhatIf) -> None:
    example = found.comparison.examples[0]
    assert (example.claim_id, example.line_number) == ("A1", 2)
    assert (example.now_amount, example.then_amount) == (Decimal("1200.00"), Decimal("1600.00"))
    assert [step.clause for step in example.now_steps] == ["fees"]
    assert any(step.clause and step.clause.startswith("rest") for step in example.then_steps)
    assert "Claim A1 line 2: 1,200.00 -> 1,600.00" in str(found)


def test_only_the_last_twelve_months_count(found: WhatIf) -> None:
    assert (found.from_date, found.to_date) == ("2025-03-04", "2025-06-01")


def test_what_cannot_be_is_said(home: Home, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("contract: only-a-name\nname: x\n")
    with pytest.raises(WrongUseError, match="no contract"):
        whatif(home, broken)
    with pytest.raises(WrongUseError, match="cannot be read"):
        whatif(home, tmp_path / "missing.yaml")
    good = tmp_path / "good.yaml"
    good.write_text(PROPOSED)
    unbuilt = Home(tmp_path / "unbuilt")
    unbuilt.create()
    shutil.copy(home.warehouse, unbuilt.warehouse)
    with duckdb.connect(unbuilt.warehouse) as con:
        con.execute("drop table intermediate.int_claims")
    with pytest.raises(OwedError, match="run `owed refresh`"):
        whatif(unbuilt, good)
    shutil.copy(home.warehouse, unbuilt.warehouse)
    with duckdb.connect(unbuilt.warehouse) as con:
        for table, key in (("int_submissions", "submission_id"), ("int_claims", "current_submission_id")):
            con.execute(f"alter table intermediate.{table} alter {key} type varchar using 'k' || {key}")
    with pytest.raises(OwedError, match="an earlier version: run `owed refresh`"):
        whatif(unbuilt, good)
    with pytest.raises(WrongUseError, match="No claim of payer SOUTH"):
        whatif(home, good, "SOUTH")
