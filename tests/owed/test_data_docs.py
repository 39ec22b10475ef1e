"""A refresh leaves Great Expectations' pages for what it landed: counts alone, whole, for the home's owner."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import pytest

from loaders.landing import Landing
from loaders.quality.check import Outcome
from owed import data_docs, ledger
from owed.home import Home
from tests.loaders.x12.x12_text import REMITTANCE, interchange, transaction
from tests.owed.conftest import Refresh

BALANCED = interchange(transaction("835", REMITTANCE))
# Ten more charged than paid (80) and adjusted (20 + 20), and than its one service (120).
UNBALANCED = BALANCED.replace("CLP*CLAIM-1*1*120*", "CLP*CLAIM-2*1*130*").replace("CHECK1", "CHECK2")
SAID = re.compile(r"TESTPATIENT|ALPHA|CLAIM-\d|CHECK\d|PAYER-1|99213|LINE-1")


def pages(home: Home) -> dict[str, str]:
    """Name and text of every file of the pages, of all runs."""
    return {
        str(path.relative_to(home.data_docs)): path.read_text() for path in home.data_docs.rglob("*") if path.is_file()
    }


def docs_status(home: Home, run: ledger.Run) -> list[str]:
    log = map(json.loads, (home.runs / f"{run.run_id}.log").read_text().splitlines())
    return [entry["status"] for entry in log if entry["event"] == "data_docs"]


def test_the_pages_tell_of_the_newest_files_and_of_nobody(home: Home, run_refresh: Refresh) -> None:
    (home.inbox / "one.835").write_text(BALANCED)
    first = run_refresh()
    (home.inbox / "two.835").write_text(UNBALANCED)
    second = run_refresh()
    unchanged = run_refresh()
    assert unchanged.status == ledger.UNCHANGED
    assert [docs_status(home, run) for run in (first, second, unchanged)] == [["done"], ["done"], []]

    written = pages(home)
    assert {name.split("/")[0] for name in written} == {second.run_id}
    results = {entry["suite_name"]: entry for entry in json.loads(written[f"{second.run_id}/validations.json"])}
    assert results["remittance_claims"]["meta"]["batch_spec"]["rows"] == 1
    unmet = {
        outcome["expectation_config"]["meta"]["rule"]: outcome["result"]
        for entry in results.values()
        for outcome in entry["results"]
        if not outcome["success"]
    }
    once = {"element_count": 1, "unexpected_count": 1, "unexpected_percent": 100.0}
    assert unmet == {"claim_balance": once, "claim_service_charges": once}
    page = written[f"{second.run_id}/remittance_claims.html"]
    assert "Not met where CLP03 less all adjustments is not CLP04. The record is then used, and flagged." in page
    assert "1 unexpected values found. 100% of 1 total rows." in page

    assert all(re.findall(r"<script|<link|<img|https?:|url\(|@import", text) == [] for text in written.values())
    assert SAID.findall("".join(written.values())) == []
    kept = [home.data_docs, *home.data_docs.rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_file()} == {0o600}


@pytest.mark.parametrize("ending", ["9876", "0000", "abcd"])
def test_no_run_id_is_taken_for_a_time(
    home: Home, run_refresh: Refresh, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(ledger.secrets, "token_hex", lambda _: ending)
    (home.inbox / "one.835").write_text(BALANCED)
    run = run_refresh()
    assert run.run_id.endswith(f"Z-{ending}")
    assert docs_status(home, run) == ["done"]


def test_pages_that_cannot_be_made_stop_nothing(home: Home, run_refresh: Refresh) -> None:
    home.data_docs.write_text("in the way")
    (home.inbox / "one.835").write_text(BALANCED)
    run = run_refresh()
    assert (run.status, docs_status(home, run)) == (ledger.PUBLISHED, ["failed"])


def test_no_process_to_be_had(home: Home, run_refresh: Refresh, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(data_docs.subprocess, "Popen", refuse)
    (home.inbox / "one.835").write_text(BALANCED)
    run = run_refresh()
    assert (run.status, docs_status(home, run)) == (ledger.PUBLISHED, ["not started"])


def test_only_what_is_landed_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that is given up after its check, and then lands file by file, is counted once."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "one.835").write_text(BALANCED)
    (inbox / "two.835").write_text(UNBALANCED)
    with duckdb.connect() as connection:
        landing = Landing(connection, tmp_path / "quarantine", "run")
        landing.prepare()
        record, failures = landing._record, iter([duckdb.ConversionException("a value of the batch"), None, None])

        def fail_first(landed: object) -> None:
            if failure := next(failures):
                raise failure
            record(landed)  # type: ignore[arg-type]

        monkeypatch.setattr(landing, "_record", fail_first)
        assert [outcome.status for outcome in landing.land([inbox])] == ["loaded", "loaded_with_findings"]
        expected = Outcome(2, {"claim_balance": 1, "claim_service_charges": 1})
        assert landing.outcomes["remittance_claims"] == expected
        assert landing.outcomes["claims"] == Outcome()
