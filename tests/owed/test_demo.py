"""The demo: a sample home, a summary that agrees with what was planted in it, pages that answer."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from decimal import Decimal
from http.client import HTTPConnection
from pathlib import Path

import pytest

from owed import demo
from owed.errors import WrongUseError
from owed.home import Home
from owed.progress import Reporter
from tests.conftest import Owed


def truth(home: Home, table: str) -> list[dict[str, str]]:
    with (home.root / "truth" / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_the_summary_agrees_with_what_was_planted(sample_home: Home) -> None:
    shown = {figure.name: figure.value for figure in demo.summary(sample_home)}
    underpaid = [row for row in truth(sample_home, "payment_variances") if row["variance_class"] == "underpaid"]
    credits = truth(sample_home, "credit_balances")
    in_inbox = sum(path.is_file() for path in sample_home.inbox.rglob("*"))
    duplicates = sum(row["status"] == "duplicate" for row in truth(sample_home, "files"))
    assert shown["files"] == in_inbox - duplicates
    assert shown["claims"] == sum(row["origin"] == "claim" for row in truth(sample_home, "claims"))
    assert shown["remittances"] == sum(row["is_duplicate"] == "false" for row in truth(sample_home, "remittances"))
    assert shown["underpaid"] == -sum(
        Decimal(row["variance_amount"]) for row in underpaid if row["root_cause"] != "contract_load_suspect"
    )
    assert shown["denied"] == sum(Decimal(row["denied_amount"]) for row in truth(sample_home, "denials"))
    assert shown["open_ar"] == sum(
        max(Decimal(row[f"{side}_balance_amount"]), Decimal(0))
        for row in truth(sample_home, "claims")
        for side in ("primary", "secondary", "patient")
    )
    assert shown["credit_balances"] == sum(Decimal(row["credit_amount"]) for row in credits)
    assert shown["credit_accounts"] == len(credits)
    assert all(shown.values())


def test_a_home_with_other_files_is_left_alone(home: Home) -> None:
    letter = home.inbox / "payers.csv"
    letter.write_text("payer_id,payer_name,payer_class,aliases\n")
    with pytest.raises(WrongUseError, match="no sample"):
        demo.prepare(home, 100, Reporter())
    assert [path.name for path in home.inbox.iterdir()] == ["payers.csv"]


def test_an_interrupted_preparation_starts_over(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def generate(out: Path, **_: int) -> None:
        (out / "inbox").mkdir(parents=True)
        (out / "inbox" / "half.837").write_text("ISA")
        raise KeyboardInterrupt

    monkeypatch.setattr("owed.sample.generate", generate)
    with pytest.raises(KeyboardInterrupt):
        demo.prepare(home, 100, Reporter())
    monkeypatch.undo()
    assert demo.prepare(home, 100, Reporter())
    assert not list(home.root.rglob("half.837"))
    assert not demo.prepare(home, 100, Reporter())


def test_a_second_demo_uses_the_home_and_serves_it(sample_home: Home, tmp_path: Path, owed: Owed) -> None:
    home = Home(tmp_path / "copy")
    shutil.copytree(sample_home.root, home.root)
    arguments = [sys.executable, "-m", "owed", "demo", "--json", "--home", str(home.root)]
    environment = {**os.environ, "DEMO_SERVE": "1"}
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        summary, _ = json.JSONDecoder().raw_decode("".join(iter(serving.stdout.readline, "}\n")) + "}")
        assert summary["claims"] == "400"
        address = json.loads("".join(iter(serving.stdout.readline, "}\n")) + "}")["address"]
        host, port = address.removeprefix("http://").split(":")
        assert host == "127.0.0.1"
        connection = HTTPConnection(host, int(port), timeout=30)
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(30) == 0
    with pytest.raises(ConnectionRefusedError):
        HTTPConnection(host, int(port), timeout=5).connect()
