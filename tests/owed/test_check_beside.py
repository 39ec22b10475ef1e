"""`owed check` and a dry run look at files beside what the home has loaded, as the refresh would."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.landing import Landing
from owed import contract_gate, lock
from owed.check import FileReport, check, preview
from owed.errors import OwedError, WrongUseError
from owed.home import Home
from owed.refresh import open_warehouse
from tests.loaders.x12.x12_text import REMITTANCE, interchange, transaction

CONTRACT = """
contract: {name}
name: Northfield
payer: NORTHFIELD
claim_types: [professional]
effective: {{from: {start}, to: 2025-12-31}}
default: {{method: percent_of_charge, percent: {percent}}}
"""
BY_SCHEDULE = """
contract: lakeshore
name: Lakeshore
payer: LAKESHORE
claim_types: [professional]
effective: {from: 2025-01-01, to: 2025-12-31}
terms: [{id: visits, match: {procedure: ["99213"]}, method: fee_schedule, schedule: lake, percent: 100}]
examples:
  - name: a visit
    claim: {service_from: 2025-03-04, lines: [{procedure: "99213", charge: 200, units: 1}]}
    expect: {allowed: 90.00}
"""
SCHEDULE = "schedule_id,procedure_code,amount\nlake,99213,{amount}\n"
PAYERS = "payer_id,payer_name,payer_class,aliases\nNORTHFIELD,{name},commercial,\n"


def _contract(path: Path, name: str, percent: int = 50, start: str = "2025-01-01") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(CONTRACT.format(name=name, percent=percent, start=start))
    return path


def _land(home: Home) -> None:
    with open_warehouse(home) as warehouse:
        landing = Landing(warehouse, home.quarantine, "land")
        landing.prepare()
        list(landing.land([home.inbox]))


def _told(reports: list[FileReport]) -> list[tuple[str, str, str | None]]:
    return [
        (report.outcome.file_name, report.outcome.status, (report.outcome.refusal_reason or "").split(":")[0] or None)
        for report in reports
    ]


def test_a_contract_is_held_against_those_in_force(home: Home, tmp_path: Path) -> None:
    _contract(home.inbox / "contracts" / "a.contract.yaml", "first")
    _land(home)
    before = home.warehouse.read_bytes()
    given = tmp_path / "given"
    rival = _contract(given / "b.contract.yaml", "second", start="2025-06-01")
    twin = _contract(given / "c.contract.yaml", "first", percent=45)
    (overlap,) = check(home, [rival])
    assert overlap.outcome.refusal_reason is not None
    assert "'second' (2025-06-01 to 2025-12-31) overlaps contract 'first'" in overlap.outcome.refusal_reason
    assert "contracts/a.contract.yaml" in overlap.outcome.refusal_reason
    assert _told(check(home, [twin])) == [("c.contract.yaml", "refused", "contract_id_twice")]

    # Of the same name it would take the first one's place, wherever it lies now.
    renamed = _contract(given / "a.contract.yaml", "second", start="2025-06-01")
    assert _told(check(home, [renamed])) == [("a.contract.yaml", "loaded", None)]
    edited = _contract(home.inbox / "contracts" / "a.contract.yaml", "first", percent=45)
    assert _told(check(home, [edited])) == [("a.contract.yaml", "loaded", None)]
    assert home.warehouse.read_bytes() == before


def test_a_name_that_several_loaded_files_have_stands_in_for_none(home: Home, tmp_path: Path) -> None:
    for number, folder in enumerate(("one", "two")):
        path = _contract(home.inbox / folder / "a.contract.yaml", f"of-{folder}")
        path.write_text(path.read_text().replace("NORTHFIELD", f"PAYER{number}"))
    _land(home)
    rival = _contract(tmp_path / "a.contract.yaml", "third")
    rival.write_text(rival.read_text().replace("NORTHFIELD", "PAYER1"))
    assert _told(check(home, [rival])) == [("a.contract.yaml", "refused", "contract_overlap")]


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_what_left_the_inbox_is_in_nobodys_way(home: Home, tmp_path: Path, is_elsewhere: bool) -> None:
    if is_elsewhere:
        home.inbox.rename(tmp_path / "elsewhere")
        home.inbox.symlink_to(tmp_path / "elsewhere")
    old = _contract(home.inbox / "a.contract.yaml", "first")
    _land(home)
    old.rename(home.inbox / "b.contract.yaml")
    renamed = _contract(home.inbox / "b.contract.yaml", "first", percent=45)
    assert _told(check(home, [renamed])) == [("b.contract.yaml", "loaded", None)]


def test_a_dry_run_holds_new_files_against_those_that_stay(home: Home) -> None:
    first = _contract(home.inbox / "a.contract.yaml", "first")
    _land(home)
    assert preview(home, [home.inbox]) == []
    with pytest.raises(WrongUseError, match="There is no folder"):
        preview(home, [home.root / "none"])
    rival = _contract(home.inbox / "b.contract.yaml", "second")
    (outcome,) = preview(home, [home.inbox])
    assert (outcome.file_name, (outcome.refusal_reason or "").split(":")[0]) == ("b.contract.yaml", "contract_overlap")
    # Once the first has left the inbox the second may come.
    first.unlink()
    assert [outcome.status for outcome in preview(home, [home.inbox])] == ["loaded"]
    assert rival.exists()


def test_what_is_loaded_is_a_duplicate_and_told_all_the_same(home: Home, tmp_path: Path) -> None:
    remittance = home.inbox / "remits.835"
    remittance.write_text(interchange(transaction("835", REMITTANCE)))
    contract = _contract(home.inbox / "a.contract.yaml", "first")
    (home.inbox / "letter.txt").write_text("Dear sir")
    _land(home)
    elsewhere = tmp_path / "elsewhere.835"
    elsewhere.write_bytes(remittance.read_bytes())
    for path in (remittance, elsewhere):
        (report,) = check(home, [path], with_round_trip=True)
        assert (report.outcome.status, report.outcome.claim_count) == ("duplicate", 1)
        assert [entry.status for entry in report.transactions] == ["accepted"]
        assert report.is_good
    # A folder is each file in it; what was refused before is looked at again.
    assert sorted(_told(check(home, [home.inbox]))) == [
        ("a.contract.yaml", "duplicate", None),
        ("letter.txt", "refused", "unknown_kind"),
        ("remits.835", "duplicate", None),
    ]
    assert _told(check(home, [contract])) == [("a.contract.yaml", "duplicate", None)]


def test_rows_that_contradict_loaded_ones_are_told(home: Home, tmp_path: Path) -> None:
    (home.inbox / "payers.csv").write_text(PAYERS.format(name="Northfield Health"))
    _land(home)
    other, same = tmp_path / "other.csv", tmp_path / "payers.csv"
    for path in (other, same):
        path.write_text(PAYERS.format(name="Northfield Mutual"))
    (contradiction,) = check(home, [other])
    assert [(finding.rule, finding.severity) for finding in contradiction.findings] == [("record_contradicts", "fail")]
    assert "payers.csv, line 2" in contradiction.findings[0].message
    assert [report.findings for report in check(home, [same])] == [()]


def test_rates_that_break_the_examples_of_a_contract_in_force_are_told(home: Home, tmp_path: Path) -> None:
    (home.inbox / "lake.csv").write_text(SCHEDULE.format(amount="90.00"))
    (home.inbox / "lake.contract.yaml").write_text(BY_SCHEDULE)
    _land(home)
    new = tmp_path / "lake.csv"
    new.write_text(SCHEDULE.format(amount="95.00"))
    without = tmp_path / "without" / "lake.csv"
    without.parent.mkdir()
    without.write_text("schedule_id,procedure_code,amount\nlake,99214,90.00\n")
    for rates in (new, without):
        assert _told(check(home, [rates])) == [
            ("lake.csv", "loaded", None),
            ("lake.contract.yaml", "refused", "contract_examples"),
        ]


def test_a_dry_run_tells_of_contracts_what_the_refresh_then_does(home: Home) -> None:
    (home.inbox / "lake.csv").write_text(SCHEDULE.format(amount="90.00"))
    (home.inbox / "lake.contract.yaml").write_text(BY_SCHEDULE)
    _land(home)
    assert contract_gate.refuse_failing(home, "first", open_warehouse) == []
    (home.inbox / "lake.contract.yaml").write_text(BY_SCHEDULE.replace("allowed: 90.00", "allowed: 91.00"))
    (told,) = preview(home, [home.inbox])
    _land(home)
    (done,) = contract_gate.refuse_failing(home, "second", open_warehouse)
    assert (told.status, told.refusal_reason) == ("refused", done.refusal_reason)
    assert "loaded before it stays in force" in str(told.refusal_reason)
    # Without its rates the version that stayed fails, too, though no new file is there to say it of.
    (home.inbox / "lake.contract.yaml").write_text(BY_SCHEDULE)
    (home.inbox / "lake.csv").unlink()
    assert [(outcome.status, "no_rate" in str(outcome.refusal_reason)) for outcome in preview(home, [home.inbox])] == [
        ("refused", True)
    ]


def test_a_contracts_examples_use_the_rates_that_wait_in_the_inbox(home: Home, tmp_path: Path) -> None:
    contract = tmp_path / "lake.contract.yaml"
    contract.write_text(BY_SCHEDULE)
    assert _told(check(home, [contract])) == [("lake.contract.yaml", "refused", "contract_examples")]
    (home.inbox / "lake.csv").write_text(SCHEDULE.format(amount="90.00"))
    assert _told(check(home, [contract])) == [("lake.contract.yaml", "loaded", None)]


def test_while_a_refresh_runs_nothing_is_guessed(home: Home, tmp_path: Path) -> None:
    _land(home)
    with lock.hold(home, "run"), pytest.raises(OwedError, match="being refreshed"):
        check(home, [_contract(tmp_path / "a.contract.yaml", "first")])
