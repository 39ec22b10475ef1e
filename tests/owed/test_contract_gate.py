"""A contract whose own examples fail is refused by the refresh; the one it would have replaced stays in force."""

from __future__ import annotations

import json

import duckdb
import pytest

from loaders.landing import Landing
from owed import contract_gate, quarantine
from owed.home import Home
from owed.refresh import open_warehouse

PAYERS = "payer_id,payer_name,payer_class,aliases\nNORTHFIELD,Northfield Health,commercial,\n"
CONTRACT = """
contract: northfield-{year}
name: Northfield {year}
payer: NORTHFIELD
claim_types: [professional]
effective: {{from: {year}-01-01, to: {year}-12-31}}
default: {{method: percent_of_charge, percent: {percent}}}
examples:
  - name: half of what is billed
    claim: {{service_from: {year}-03-04, lines: [{{procedure: "99213", charge: 200, units: 1}}]}}
    expect: {{allowed: 100.00}}
"""


def write(home: Home, year: int, percent: int) -> None:
    text = CONTRACT.format(year=year, percent=percent)
    (home.inbox / f"northfield-{year}.contract.yaml").write_text(text, encoding="utf-8")


def land(home: Home) -> None:
    with open_warehouse(home) as warehouse:
        landing = Landing(warehouse, home.quarantine, "land")
        landing.prepare()
        list(landing.land([home.inbox]))


def in_force(home: Home) -> list[tuple[str, str]]:
    """Contract and percent, as text."""
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return connection.execute(
            "select contracts.contract_id, cast(cast(contracts.default_percent as integer) as varchar) "
            "from raw.contracts as contracts inner join raw.files_in_force as files "
            "on contracts.file_number = files.file_number order by all"
        ).fetchall()


def test_a_failing_contract_is_refused_and_the_others_stay(home: Home) -> None:
    (home.inbox / "payers.csv").write_text(PAYERS, encoding="utf-8")
    write(home, 2024, 50)
    write(home, 2025, 50)
    land(home)
    assert contract_gate.refuse_failing(home, "first", open_warehouse) == []

    # 200.00 at 45 percent is 90.00; the example says 100.00.
    write(home, 2025, 45)
    write(home, 2026, 45)
    land(home)
    refused = contract_gate.refuse_failing(home, "second", open_warehouse)
    assert {(outcome.file_name, outcome.kind, outcome.status) for outcome in refused} == {
        ("northfield-2025.contract.yaml", "contract", "refused"),
        ("northfield-2026.contract.yaml", "contract", "refused"),
    }
    assert all("half of what is billed" in str(outcome.refusal_reason) for outcome in refused)
    assert all("90.00, not 100.00" in str(outcome.refusal_reason) for outcome in refused)
    stays = {str(outcome.file_name): "loaded before it stays" in str(outcome.refusal_reason) for outcome in refused}
    assert stays == {"northfield-2025.contract.yaml": True, "northfield-2026.contract.yaml": False}
    assert in_force(home) == [("northfield-2024", "50"), ("northfield-2025", "50")]
    entries = [json.loads(path.read_text(encoding="utf-8")) for path in home.quarantine.glob("*.json")]
    assert {entry["rule"] for entry in entries} == {"contract_examples"}

    # What stands has been tested: it is not tested again until a contract, a rate or the program changes.
    with open_warehouse(home) as warehouse:
        assert contract_gate.are_tested(home, warehouse)
    write(home, 2026, 50)
    land(home)
    with open_warehouse(home) as warehouse:
        assert not contract_gate.are_tested(home, warehouse)


def test_nothing_of_a_refused_contract_comes_back_under_another_files_number(home: Home) -> None:
    (home.inbox / "payers.csv").write_text(PAYERS, encoding="utf-8")
    write(home, 2025, 45)
    land(home)
    assert len(contract_gate.refuse_failing(home, "first", open_warehouse)) == 1

    # Forgotten and gone from the inbox; the next two files are given the numbers that are free again.
    quarantine.replay(home, [])
    (home.inbox / "northfield-2025.contract.yaml").unlink()
    for number in (1, 2):
        (home.inbox / f"rates-{number}.csv").write_text(
            f"schedule_id,procedure_code,amount\nnorth-{number},99213,90.00\n", encoding="utf-8"
        )
    land(home)
    assert in_force(home) == []


def test_a_run_killed_before_the_refusal_tests_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    (home.inbox / "payers.csv").write_text(PAYERS, encoding="utf-8")
    write(home, 2025, 45)
    land(home)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Landing, "withdraw", killed)
    with pytest.raises(KeyboardInterrupt):
        contract_gate.refuse_failing(home, "first", open_warehouse)
    monkeypatch.undo()
    land(home)
    with open_warehouse(home) as warehouse:
        assert not contract_gate.are_tested(home, warehouse)
    assert [outcome.status for outcome in contract_gate.refuse_failing(home, "second", open_warehouse)] == ["refused"]
    assert in_force(home) == []


def test_an_earlier_version_that_fails_too_does_not_come_back(home: Home) -> None:
    """Both versions expect 100.00 of a schedule that pays 90.00 since the newer came."""
    (home.inbox / "payers.csv").write_text(PAYERS, encoding="utf-8")
    text = CONTRACT.replace("method: percent_of_charge, percent: {percent}", "method: fee_schedule, schedule: north")
    contract, rates = home.inbox / "north.contract.yaml", home.inbox / "rates.csv"
    contract.write_text(text.format(year=2025), encoding="utf-8")
    rates.write_text("schedule_id,procedure_code,amount\nnorth,99213,100.00\n", encoding="utf-8")
    land(home)
    assert contract_gate.refuse_failing(home, "first", open_warehouse) == []

    contract.write_text(text.format(year=2025) + "tolerance: {amount: 1.00}\n", encoding="utf-8")
    rates.write_text("schedule_id,procedure_code,amount\nnorth,99213,90.00\n", encoding="utf-8")
    land(home)
    refused = contract_gate.refuse_failing(home, "second", open_warehouse)
    assert [(outcome.file_name, outcome.status) for outcome in refused] == [("north.contract.yaml", "refused")] * 2
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        in_force_now = connection.execute(
            "select count(*) from raw.contracts where file_number in (select file_number from raw.files_in_force)"
        ).fetchone()
    assert in_force_now == (0,)
