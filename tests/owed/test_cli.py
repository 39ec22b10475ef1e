"""The command line: every command's options, exit codes, and what goes to which stream."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from owed.cli import app
from owed.home import Home
from owed.reports import WRITERS
from tests.conftest import PROJECT, Owed
from tests.owed.conftest import WritePayers

COMMANDS = {
    "demo", "refresh", "check", "status", "history", "rollback", "query", "explain", "dashboard", "report", "contracts"
}  # fmt: skip


def test_every_promised_command_takes_home_and_json() -> None:
    group = typer.main.get_command(app)
    commands = dict(group.commands)  # type: ignore[attr-defined]
    assert set(commands) >= COMMANDS
    for group_name in ("contracts", "quarantine"):
        for name, command in commands.pop(group_name).commands.items():
            commands[f"{group_name} {name}"] = command
    for name, command in commands.items():
        options = {option for parameter in command.params for option in parameter.opts}
        assert {"--home", "--json"} <= options, name


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["refresh", "--as-of", "yesterday"],
        ["refresh", "--inbox", "no/such/folder"],
        ["query"],
        ["query", "select 1", "--format", "xml"],
        ["refresh", "--home", "pyproject.toml"],
        ["refresh", "--home", "pyproject.toml/home"],
        ["rollback"],
        ["check"],
        ["check", "no/such/file"],
        ["history", "--limit", "0"],
        ["report", "board-pack"],
    ],
)
def test_wrong_use_exits_2(arguments: list[str], owed: Owed, home: Home, tiny: Path) -> None:
    refused = owed(*arguments, home=None if "--home" in arguments else home)
    assert refused.returncode == 2, refused.stderr
    assert refused.stderr
    assert "Traceback" not in refused.stderr


def test_wrong_use_as_json(owed: Owed, home: Home) -> None:
    refused = owed("query", "drop table marts.x", "--json", home=home)
    assert refused.returncode == 2
    assert json.loads(refused.stdout) == {"error": refused.stderr.strip().removeprefix("owed: "), "exit_code": 2}


def test_a_refresh_from_the_shell(owed: Owed, home: Home, tiny: Path, write_payers: WritePayers) -> None:
    write_payers("Northfield")
    first = owed("refresh", home=home)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("Published build ")
    assert first.stdout.count("\n") == 1
    assert "Landing: 1 of 1" in first.stderr
    second = owed("refresh", "--json", "--as-of", "2025-12-31", home=home)
    run = json.loads(second.stdout)
    assert (second.returncode, run["status"], run["as_of_date"], run["run_date"]) == (
        0,
        "published",
        "2025-12-31",
        "2026-01-15",
    )
    assert second.stderr == ""
    write_payers("Broken")
    failed = owed("refresh", "--json", home=home)
    assert failed.returncode == 1
    assert "A payer's record is broken" in json.loads(failed.stdout)["error"]
    rows = owed("query", "select payer_name from marts.dim_payers", "--json", home=home)
    assert json.loads(rows.stdout) == [{"payer_name": "Northfield"}]


def test_query_to_a_file(owed: Owed, home: Home, tiny: Path, write_payers: WritePayers, tmp_path: Path) -> None:
    write_payers("Northfield")
    owed("refresh", home=home)
    out = tmp_path / "payers.csv"
    asked = ("query", "select payer_id from marts.dim_payers", "--format", "csv", "--out")
    done = owed(*asked, str(out), home=home)
    assert (done.returncode, done.stdout) == (0, "")
    assert out.read_text() == "payer_id\nNORTHFIELD\n"
    report = ("report", "underpayments", "--out")
    for arguments, path, reason in (
        (asked, out / "x.csv", "a file lies where a folder is needed"),
        (report, out / "x.csv", "a file lies where a folder is needed"),
        (asked, tmp_path, "it is a folder"),
    ):
        refused = owed(*arguments, str(path), home=home)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert f"{path} cannot be written: {reason}" in refused.stderr


def test_a_report_is_asked_for_by_a_name_that_help_tells(owed: Owed) -> None:
    told = owed("report", "--help", COLUMNS="300").stdout
    assert [name for name in WRITERS if name not in told] == []


def test_cron_mails_a_refresh_that_fails_alone(home: Home, tiny: Path, write_payers: WritePayers) -> None:
    """What the line in `deploy/owed.cron` prints is mailed."""
    line = (PROJECT / "deploy" / "owed.cron").read_text().splitlines()[-1]
    _, command = line.split(" owed ", 1)
    command = command.replace("/opt/owed/.venv/bin/owed", f"{sys.executable} -m owed")

    def mailed() -> tuple[int, str]:
        done = subprocess.run(
            ["sh", "-c", command],
            env={**os.environ, "OWED_HOME": str(home.root)},
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    write_payers("Northfield")
    assert mailed() == (0, "")
    write_payers("Broken")
    returned, text = mailed()
    assert (returned, text.count("\n")) == (1, 1)
    assert "A payer's record is broken" in text


def test_the_home_may_stand_in_the_environment_or_before_the_command(owed: Owed, home: Home) -> None:
    for asked in (owed("status", OWED_HOME=str(home.root)), owed("--home", str(home.root), "status")):
        assert asked.returncode == 1
        assert "nothing is published yet" in asked.stdout


def test_check_tells_and_keeps_nothing(owed: Owed, home: Home, write_payers: WritePayers) -> None:
    good = write_payers("Northfield")
    bad = home.inbox / "letter.txt"
    bad.write_text("Dear sir")
    checked = owed("check", str(good), "--json", home=home)
    assert checked.returncode == 0
    assert [(file["kind"], file["status"]) for file in json.loads(checked.stdout)] == [("payers", "loaded")]
    refused = owed("check", str(good), str(bad), home=home)
    assert refused.returncode == 1
    assert "letter.txt: unknown, refused: unknown_kind" in refused.stdout
    assert not home.warehouse.exists()
    assert list(home.quarantine.iterdir()) == []


def test_check_runs_the_examples_of_contracts(owed: Owed, home: Home) -> None:
    contract = home.root / "northfield.contract.yaml"
    text = """
contract: northfield-2025
name: Northfield 2025
payer: NORTHFIELD
claim_types: [professional]
effective: {from: 2025-01-01, to: 2025-12-31}
terms:
  - {id: visits, match: {procedure: ["99213"]}, method: fee_schedule, schedule: northfield, percent: 100}
examples:
  - name: a visit
    claim: {service_from: 2025-03-04, lines: [{procedure: "99213", charge: 200, units: 1}]}
    expect: {allowed: 100.00}
"""
    contract.write_text(text)
    # The home's own rates are used; the row below is the price.
    header = "schedule_id,procedure_code,modifier,setting,effective_from,effective_to,amount\n"
    (home.inbox / "rates.csv").write_text(header + "northfield,99213,,,2025-01-01,2025-12-31,100.00\n")
    good = owed("check", str(contract), home=home)
    assert (good.returncode, good.stdout.strip()) == (0, "northfield.contract.yaml: contract, loaded")
    contract.write_text(text.replace("allowed: 100.00", "allowed: 110.00"))
    bad = owed("check", str(contract), home=home)
    assert bad.returncode == 1
    assert "example 'a visit': allowed is 100.00, not 110.00" in bad.stdout


def test_version(owed: Owed) -> None:
    from owed import __version__

    assert owed("--version").stdout.strip() == f"owed {__version__}"
