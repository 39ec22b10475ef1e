"""A refresh lands, builds, checks and publishes; whatever fails, what was published stands."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from loaders import landing_tables
from owed import changed, ledger, snapshots
from owed.contracts_test import ExampleResult
from owed.errors import CheckFailedError, OwedError, WrongUseError
from owed.home import Home
from owed.progress import LineReporter
from owed.refresh import Request, refresh
from tests.loaders.x12.x12_text import REMITTANCE, interchange, transaction
from tests.owed.conftest import Refresh, WritePayers


def payers(home: Home) -> list[str]:
    with snapshots.open_current(home) as connection:
        return [row[0] for row in connection.execute("select payer_name from marts.dim_payers order by all").fetchall()]


def test_publishes_what_the_inbox_holds(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield", "Lakeshore")
    run = run_refresh()
    assert (run.status, run.exit_code, run.files) == (ledger.PUBLISHED, 0, {"loaded": 1})
    assert [stage.name for stage in run.stages] == ["find", "land", "examples", "scope", "build", "gates", "publish"]
    assert payers(home) == ["Lakeshore", "Northfield"]
    # unique, no_broken_payer, no_odd_payer
    assert (run.gates_passed, run.gates) == (3, [])


def test_nothing_new_is_told_and_not_built_again(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield")
    first = run_refresh()
    second = run_refresh()
    assert (second.status, second.build, second.as_of_date) == (ledger.UNCHANGED, first.build, first.as_of_date)
    assert [stage.name for stage in second.stages] == ["find", "land", "examples"]
    assert len(snapshots.listed(home)) == 1


def test_another_as_of_date_or_full_is_built(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield")
    builds = [run_refresh(), run_refresh(as_of=date(2025, 6, 30)), run_refresh(as_of=date(2025, 6, 30), full=True)]
    assert [run.status for run in builds] == [ledger.PUBLISHED] * 3
    assert [run.as_of_date for run in builds] == ["2025-12-31", "2025-06-30", "2025-06-30"]
    assert len({run.build for run in builds}) == 3


def test_a_later_day_or_a_file_gone_is_built(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_payers("Northfield", file="a.csv")
    second = write_payers("Lakeshore", file="b.csv")
    run_refresh()
    second.unlink()
    assert run_refresh().status == ledger.PUBLISHED
    assert payers(home) == ["Northfield"]
    monkeypatch.setenv("OWED_TODAY", "2026-01-16")
    assert run_refresh().status == ledger.PUBLISHED


def test_a_changed_model_is_built(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, tiny_project: Path
) -> None:
    write_payers("Northfield")
    run_refresh()
    model = tiny_project / "models" / "marts" / "rpt_payer_classes.sql"
    before = model.read_text()
    try:
        model.write_text(before + "\nhaving count(*) > 0\n")
        assert run_refresh().status == ledger.PUBLISHED
    finally:
        model.write_text(before)


def test_a_failed_check_publishes_nothing(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield")
    good = run_refresh()
    write_payers("Northfield", "Broken")
    with pytest.raises(CheckFailedError, match=r"1 check failed.*dim_payers: A payer's record is broken \(1\)"):
        run_refresh()
    assert payers(home) == ["Northfield"]
    failed = ledger.history(home)[0]
    assert (failed.status, failed.exit_code, failed.build) == (ledger.FAILED_CHECKS, 1, None)
    # The next run tries again, though no file is new, and says the same.
    with pytest.raises(CheckFailedError):
        run_refresh()
    write_payers("Northfield", "Lakeshore")
    mended = run_refresh()
    assert mended.build is not None and good.build is not None and mended.build > good.build
    assert payers(home) == ["Lakeshore", "Northfield"]


def test_a_warning_is_published_and_shown(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Odd")
    run = run_refresh()
    assert run.status == ledger.PUBLISHED
    with snapshots.open_current(home) as connection:
        shown = connection.execute(
            "select check_name, layer, subject, severity, status, failure_count, sentence from marts.rpt_data_quality "
            "where status <> 'pass'"
        ).fetchall()
        counted = connection.execute(
            "select gates_passed, gates_warned, gates_failed from marts.rpt_refresh"
        ).fetchall()
    assert shown == [("no_odd_payer", "build", "dim_payers", "warn", "warn", 1, "A payer's record is odd")]
    assert counted == [(2, 1, 0)]


def test_a_refused_file_alone_does_not_fail(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield")
    (home.inbox / "letter.txt").write_text("Dear sir")
    run = run_refresh()
    assert (run.status, run.files) == (ledger.PUBLISHED, {"loaded": 1, "refused": 1})
    assert len(list(home.quarantine.glob("*.json"))) == 1


def test_a_refusal_is_new_once(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    """Contracts refused for what lay beside them are looked at again by every run."""
    write_payers("Northfield")
    contract = home.inbox / "a.contract.yaml"
    contract.write_text("contract: a\nname: A\n", encoding="utf-8")
    assert run_refresh().files == {"loaded": 1, "refused": 1}
    again = run_refresh()
    assert (again.status, again.files) == (ledger.UNCHANGED, {})
    assert 'owed_files{status="refused"} 0' in (home.runs / "metrics.prom").read_text()
    contract.with_name("b.contract.yaml").write_text("contract: b\nname: B\n", encoding="utf-8")
    assert run_refresh().files == {"refused": 1}
    contract.write_text("contract: a\nname: B\n", encoding="utf-8")
    assert run_refresh().files == {"refused": 1}


def test_a_contract_whose_examples_fail_is_news_once(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The landing takes it every time, until its examples are run."""

    def failing(warehouse: Path, _: Path) -> list[ExampleResult]:
        with duckdb.connect(warehouse, read_only=True) as connection:
            in_force = connection.execute(
                "select files.file_id from raw.files as files inner join raw.files_in_force as in_force "
                "on files.file_number = in_force.file_number where files.kind = 'contract'"
            ).fetchall()
        return [
            ExampleResult("a", file_id, "a.contract.yaml", 1, "a visit", True, Decimal(110), Decimal(100), None)
            for (file_id,) in in_force
        ]

    monkeypatch.setattr("owed.contract_gate.failing_examples", failing)
    write_payers("Northfield")
    (home.inbox / "a.contract.yaml").write_text(
        "contract: a\nname: A\npayer: NORTHFIELD\nclaim_types: [professional]\n"
        "effective: {from: 2025-01-01, to: 2025-12-31}\ndefault: {method: percent_of_charge, percent: 45}\n"
    )
    assert run_refresh().files == {"loaded": 1, "refused": 1}
    again = run_refresh()
    assert (again.status, again.files) == (ledger.UNCHANGED, {})


def test_what_was_landed_is_told_of_claims_and_of_answers(
    home: Home, run_refresh: Refresh, write_payers: WritePayers
) -> None:
    write_payers("Northfield")
    answer = interchange(transaction("835", REMITTANCE))
    (home.inbox / "a.835").write_text(answer)
    assert "1 claim or answer landed" in run_refresh().message
    for number in (2, 3):
        (home.inbox / f"{number}.835").write_text(answer.replace("CHECK1", f"CHECK{number}"))
    assert "2 claims and answers landed" in run_refresh().message


def test_no_more_is_built_than_there_is(
    home: Home, tiny: Path, write_payers: WritePayers, capsys: pytest.CaptureFixture[str]
) -> None:
    """A model that lives in the queries of others alone is in dbt's steps, and not in its total."""
    write_payers("Northfield")
    model = tiny / "models" / "intermediate" / "int_within.sql"
    model.write_text("{{ config(materialized='ephemeral') }} select 1 as one")
    try:
        refresh(Request(home), LineReporter())
    finally:
        model.unlink()
    told = re.search(r"^Building and checking: (\d+) of (\d+) in", capsys.readouterr().err, re.MULTILINE)
    assert told is not None
    assert told[1] == told[2]


def test_the_interpreter_may_end_while_dbt_loads(home: Home, tiny: Path, write_payers: WritePayers) -> None:
    """A run that stops before it builds leaves nothing loading, which would fail as the interpreter shuts down."""
    write_payers("Northfield")
    program = (
        "import sys; from owed import cli, contract_gate\n"
        "def fail(*_): raise MemoryError\n"
        "contract_gate.are_tested = fail; cli.main()"
    )
    stopped = subprocess.run(
        [sys.executable, "-c", program, "refresh", "--home", str(home.root)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert stopped.returncode == 1
    assert stopped.stderr.splitlines()[-1].startswith("owed: Memory ran out.")
    assert "Traceback" not in stopped.stderr


def test_an_empty_inbox_is_no_fault(home: Home, run_refresh: Refresh) -> None:
    assert run_refresh().status == ledger.PUBLISHED
    assert payers(home) == []


def test_a_long_log_is_written_out_between_files(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("owed.refresh.LOG_BYTES", 0)
    log = Path(f"{home.warehouse}.wal")
    lengths: list[int] = []
    monkeypatch.setattr("owed.refresh._log_file", lambda *_: lengths.append(log.stat().st_size if log.exists() else 0))
    write_payers("Northfield")
    for number, kind in enumerate(("small.835", "large.835", "small.835.gz", "broken.835")):
        text = interchange(transaction("835", REMITTANCE)).replace("CHECK1", f"CHECK{number}")
        content = text[: 300 if "broken" in kind else None] + "\n" * ((9 << 20) * ("large" in kind))
        (home.inbox / kind).write_bytes(gzip.compress(content.encode()) if kind.endswith("gz") else content.encode())
    assert run_refresh().status == ledger.PUBLISHED
    assert 0 in lengths
    assert any(lengths)
    with landing_tables.connect(home.warehouse, home.spill) as warehouse:
        assert warehouse.execute("select count(*) from raw.x12_clp").fetchone() == (3,)
        assert warehouse.execute("select count(*) from raw.files where status = 'refused'").fetchone() == (1,)


def test_what_changed_is_found_with_the_memory_of_a_build(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where contracts were tested just before, for which the warehouse is opened again, and where they were not."""
    given = []

    def begin(warehouse: duckdb.DuckDBPyConnection, *rest: Any) -> changed.Scope:
        given.append(warehouse.execute("select current_setting('memory_limit')").fetchone())
        return begun(warehouse, *rest)

    begun = changed.begin
    monkeypatch.setattr(changed, "begin", begin)
    monkeypatch.setenv("OWED_MEMORY_LIMIT", "512MiB")
    write_payers("Northfield")
    run_refresh()
    run_refresh(full=True)
    assert given == [("512.0 MiB",)] * 2


def test_named_inboxes_are_read_instead(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, tmp_path: Path
) -> None:
    write_payers("Northfield")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (home.inbox / "payers.csv").rename(elsewhere / "payers.csv")
    write_payers("Lakeshore")
    run_refresh(inboxes=(elsewhere,))
    assert payers(home) == ["Northfield"]
    with pytest.raises(WrongUseError, match="no folder"):
        run_refresh(inboxes=(tmp_path / "nowhere",))


@pytest.mark.parametrize("name", ["SMITH", "SMITH Tests failed: unique_dim_payers_payer_id (1)"])
def test_a_broken_model_is_a_failed_check(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, tiny_project: Path, name: str
) -> None:
    write_payers(name)
    model = tiny_project / "models" / "marts" / "broken.sql"
    model.write_text("select cast(payer_name as integer) as amount from raw.payers")
    try:
        with pytest.raises(CheckFailedError, match="broken: Not built") as failure:
            run_refresh()
    finally:
        model.unlink()
    assert "SMITH" not in str(failure.value)
    assert b"SMITH" not in b"".join(path.read_bytes() for path in home.runs.rglob("*") if path.is_file())


def test_a_table_whose_own_tests_fail_is_a_failed_check(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, tiny_project: Path
) -> None:
    write_payers("SMITH", "Lakeshore")
    marts = tiny_project / "models" / "marts"
    written = {
        "doubled.sql": "select payer_name as name, 1 as one, null as gone from raw.payers",
        "after.sql": "select name from {{ ref('doubled') }}",
        "_doubled.yml": """
models:
  - name: doubled
    columns:
      - name: name
        data_tests: [unique, accepted_values: {arguments: {values: [SMITH]}}]
      - name: one
        data_tests: [unique]
      - name: gone
        data_tests: [{not_null: {name: nothing_is_gone, description: Nothing may be gone}}]
  - name: after
    columns: [{name: name, data_tests: [unique]}]
""",
    }
    for name, text in written.items():
        (marts / name).write_text(text)
    try:
        with pytest.raises(CheckFailedError, match=r"3 checks failed.*doubled: Nothing may be gone \(2\)"):
            run_refresh()
    finally:
        for name in written:
            (marts / name).unlink()
    failed = ledger.history(home)[0]
    # Of two names one is not accepted; both have the one value, and neither has what is gone.
    assert sorted((gate.check, gate.subject, gate.status, gate.failure_count) for gate in failed.gates) == [
        ("accepted_values_doubled_name__SMITH", "doubled", "fail", 1),
        ("nothing_is_gone", "doubled", "fail", 2),
        ("unique_after_name", "after", "skipped", 0),
        ("unique_doubled_one", "doubled", "fail", 1),
    ]
    # That of dim_payers, the two of the project, and unique_doubled_name.
    assert failed.gates_passed == 4
    with duckdb.connect(str(home.warehouse), read_only=True) as warehouse:
        assert warehouse.execute("select 1 from duckdb_tables() where table_name = 'doubled'").fetchall() == []


def test_a_project_that_does_not_parse_is_told(home: Home, run_refresh: Refresh, tiny_project: Path) -> None:
    model = tiny_project / "models" / "marts" / "lost.sql"
    model.write_text("select * from {{ ref('nothing') }}")
    try:
        with pytest.raises(OwedError, match="models cannot be run"):
            run_refresh()
    finally:
        model.unlink()
    assert ledger.history(home)[0].status == ledger.FAILED


def test_the_refresh_report_tells_of_every_run(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield")
    first = run_refresh()
    write_payers("Broken")
    with pytest.raises(CheckFailedError):
        run_refresh()
    write_payers("Lakeshore")
    third = run_refresh()
    with snapshots.open_current(home) as connection:
        rows = connection.execute(
            "select build, status, cast(as_of_date as varchar), files_loaded, input_fingerprint is not null "
            "from marts.rpt_refresh order by run_id"
        ).fetchall()
    assert sorted(rows, key=str) == sorted(
        [
            (first.build, "published", "2025-12-31", 1, False),
            (None, "failed_checks", None, 1, False),
            (third.build, "published", "2025-12-31", 1, True),
        ],
        key=str,
    )


def test_nothing_in_the_home_is_for_others(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    import os

    before = os.umask(0o077)
    try:
        write_payers("Northfield")
        (home.inbox / "letter.txt").write_text("Dear sir")
        run_refresh()
    finally:
        os.umask(before)
    open_to_others = [
        path for path in home.root.rglob("*") if path.stat().st_mode & 0o077 and home.inbox not in path.parents
    ]
    assert open_to_others == []


def test_metrics_and_logs_hold_counts_alone(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield", file="SMITH^JOHN.csv")
    run = run_refresh()
    written = (home.runs / "metrics.prom").read_text()
    assert "owed_run_success 1" in written
    assert 'owed_files{status="loaded"} 1' in written
    log = (home.runs / f"{run.run_id}.log").read_text()
    assert [json.loads(line)["event"] for line in log.splitlines()].count("file") == 1
    kept = b"".join(path.read_bytes() for path in home.runs.rglob("*") if path.is_file())
    assert b"SMITH" not in kept
    assert b"Northfield" not in kept
