"""The commands that draft contracts, and the report of allowed amounts, on a sample home."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

from loaders.contracts.load import read_contract
from owed.home import Home
from tests.conftest import Owed


def test_from_mrf(owed: Owed, home: Home, price_file: Callable[..., Path], tmp_path: Path) -> None:
    path = price_file({"code": "99213", "dollar": "92.50"})
    arguments = ["contracts", "from-mrf", str(path), "--payer", "northfield health", "--out", str(tmp_path / "out")]
    done = owed(*arguments, "--json", home=home)
    assert done.returncode == 0, done.stderr
    [written] = json.loads(done.stdout)
    assert (written["term_count"], written["rate_count"]) == (1, 1)
    contract, _ = read_contract(Path(written["files"][0]).read_bytes(), "draft")
    assert contract.payer == "NORTHFIELD-HEALTH"
    again = owed(*arguments, home=home)
    assert again.returncode == 2
    assert "is there already" in again.stderr


def test_draft(owed: Owed, sample_home: Home, tmp_path: Path) -> None:
    done = owed("contracts", "draft", "--payer", "northfield", "--out", str(tmp_path / "out"), home=sample_home)
    assert done.returncode == 0, done.stderr
    contracts = sorted((tmp_path / "out").glob("*.contract.yaml"))
    assert len(contracts) >= 2
    for path in contracts:
        contract, _ = read_contract(path.read_bytes(), path.name)
        assert (contract.payer, "INFERRED" in (contract.name or "")) == ("NORTHFIELD", True)
    unknown = owed("contracts", "draft", "--payer", "NOBODY", "--out", str(tmp_path / "none"), home=sample_home)
    assert unknown.returncode == 2
    assert "NORTHFIELD" in unknown.stderr and not (tmp_path / "none").exists()


def test_allowed_amounts(owed: Owed, sample_home: Home, tmp_path: Path) -> None:
    out = tmp_path / "amounts.csv"
    done = owed("report", "mrf-allowed-amounts", "--out", str(out), home=sample_home)
    assert done.returncode == 0, done.stderr
    with out.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {"Northfield Health (fictional)"} <= {row["payer_name"] for row in rows}
    for row in rows:
        assert float(row["10th_percentile"]) <= float(row["median_amount"]) <= float(row["90th_percentile"])
        assert row["count"] == "1 through 10" or int(row["count"]) >= 11
