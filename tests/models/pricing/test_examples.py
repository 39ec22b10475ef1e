"""Contract examples: priced by the models, told step by step, and failing ones named with their file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from loaders.landing import Landing
from owed import contracts_test
from owed.contracts_test import ContractTests, failing_examples

CONTRACT = """\
contract: northfield-ppo-2025
payer: NORTHFIELD
claim_types: [professional, institutional]
effective: {from: 2025-01-01, to: 2025-12-31}
lesser_of: line
multiple_procedures: {percents: [100, 50], applies_to: {procedure: ["10004-69990"]}}
terms:
  - id: total-knee
    scope: claim
    match: {drg: ["469-470"]}
    method: case_rate
    amount: 24500.00
  - id: surgery
    match: {procedure: ["10004-69990"]}
    method: fee_schedule
    schedule: northfield
    percent: 135
examples:
  - name: two procedures on one day
    claim:
      service_from: 2025-03-04
      lines: [{procedure: "27447", charge: 4000, units: 1}, {procedure: "49505", charge: 1800, units: 1}]
    expect: {allowed: 2045.83, lines: [1697.80, 348.03]}
  - name: a knee by case rate leaves its line no amount
    claim: {service_from: 2025-03-04, drg: "470", bill_type: "111", lines: [{procedure: "27447", charge: 60000}]}
    expect: {allowed: 24500, lines: [null]}
"""
WRONG = """\
  - name: no rate is no amount, whatever is hoped
    claim: {service_from: 2025-03-04, lines: [{procedure: "99999", charge: 10}]}
    expect: {allowed: 10}
  - name: the second at half, not whole
    claim:
      service_from: 2025-03-04
      lines: [{procedure: "27447", charge: 4000}, {procedure: "49505", charge: 1800}]
    expect: {lines: [1697.80, 696.06]}
"""
RATES = """\
schedule_id,procedure_code,modifier,setting,effective_from,effective_to,amount
northfield,27447,,,2025-01-01,,1257.63
northfield,49505,,,2025-01-01,,515.60
northfield,99213,,,2025-01-01,,88.95
"""


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> ContractTests:
    folder = tmp_path_factory.mktemp("files")
    (folder / "northfield.contract.yaml").write_text(CONTRACT + WRONG)
    (folder / "broken.contract.yaml").write_text("contract: broken\npayer: NOBODY\nterms: []\n")
    (folder / "rates.csv").write_text(RATES)
    return contracts_test.test_files(sorted(folder.iterdir()), folder / "target")


def test_examples_that_hold_pass(tested: ContractTests) -> None:
    assert [result.passed for result in tested.results] == [True, True, False, False]
    assert [result.got for result in tested.results[:2]] == [Decimal("2045.83"), Decimal("24500.00")]


def test_what_differs_is_said_with_the_reason(tested: ContractTests) -> None:
    assert [result.difference() for result in tested.results[2:]] == [
        "allowed is not priced (no_rate), not 10.00",
        "line 2 is 348.03, not 696.06",
    ]
    assert not tested.is_good


def test_the_report_shows_the_steps_of_a_failure_only(tested: ContractTests) -> None:
    text = str(tested)
    assert "line 2  multiple_procedures  rank 2  50%" in text
    assert "case rate 24500" not in text
    assert text.endswith("4 examples, 2 failed.")


def test_a_file_that_cannot_be_read_is_a_failure_too(tested: ContractTests) -> None:
    assert list(tested.refused) == ["broken.contract.yaml"]
    assert tested.as_dict()["is_good"] is False


def test_failing_contracts_of_a_warehouse_are_found_by_their_file(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "northfield.contract.yaml").write_text(CONTRACT + WRONG)
    (inbox / "rates.csv").write_text(RATES)
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as con:
        landing = Landing(con, tmp_path, "test")
        landing.prepare()
        file_ids = {outcome.file_name: outcome.file_id for outcome in landing.land([inbox])}
    failing = failing_examples(warehouse, tmp_path / "target")
    assert {result.file_id for result in failing} == {file_ids["northfield.contract.yaml"]}
    assert [result.source_line for result in failing] == [27, 30]
    assert failing_examples(warehouse, tmp_path / "target", ["another"]) == []
