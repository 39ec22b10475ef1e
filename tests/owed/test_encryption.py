"""A home with a key: nothing of it is readable without, every command reads it with, and no file holds the key."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from owed import encryption, ledger, publish, query, snapshots
from owed.check import preview
from owed.demo import TRUTH
from owed.encrypt import encrypt
from owed.encryption import EncryptionError
from owed.errors import OwedError, WrongUseError
from owed.home import Home
from owed.progress import Reporter
from owed.query import Format
from owed.refresh import Request, open_warehouse, refresh
from owed.rollback import rollback
from owed.snapshots import Snapshot
from owed.status import status
from owed.whatif import whatif
from tests.conftest import Owed
from tests.owed import processes
from tests.owed.conftest import Refresh, WritePayers

SECRET = "a key that is in no file 4711"


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    """Gives the site a key, for this process and its children."""
    monkeypatch.setenv(encryption.KEY, SECRET)
    return SECRET


def files_holding(text: str, *folders: Path) -> list[Path]:
    return [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes()
    ]


def databases(home: Home) -> list[Path]:
    return [home.warehouse, *(snapshot.path for snapshot in snapshots.listed(home))]


def payers(home: Home) -> list[str]:
    with snapshots.open_current(home) as connection:
        return [row[0] for row in connection.execute("select payer_name from marts.dim_payers order by all").fetchall()]


def opened_plainly(path: Path) -> None:
    with duckdb.connect(str(path), read_only=True):
        pass


@pytest.mark.usefixtures("key")
def test_days_and_a_rollback(home: Home, tiny: Path, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield", file="a.csv")
    first = run_refresh()
    write_payers("Lakeshore", file="b.csv")
    second = run_refresh()
    assert (second.status, payers(home)) == (ledger.PUBLISHED, ["Lakeshore", "Northfield"])
    assert first.build is not None
    rollback(home, first.build)
    assert payers(home) == ["Northfield"]
    assert status(home).is_good
    assert preview(home, [home.inbox]) == []

    assert len(databases(home)) == 3
    for path in databases(home):
        with pytest.raises(duckdb.Error, match="without a key"):
            opened_plainly(path)
    kept_in_plain = {path.relative_to(home.root).parts[0] for path in files_holding("Northfield", home.root)}
    assert kept_in_plain == {"inbox"}
    assert files_holding(SECRET, home.root, tiny) == []


NOT_THE_KEY: list[tuple[dict[str, str], str]] = [
    ({}, "is encrypted: set OWED_ENCRYPTION_KEY"),
    ({encryption.KEY: "some other key"}, "was encrypted with another key"),
    ({encryption.KEY: " "}, "is set but empty"),
    ({encryption.KEY_FILE: "no-such-file"}, "The key file no-such-file cannot be read"),
    ({encryption.KEY: SECRET, encryption.KEY_FILE: "key"}, "are both set"),
]


def test_without_the_key_one_sentence(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv(encryption.KEY, SECRET)
        write_payers("Northfield")
        build = run_refresh().build
    assert build is not None
    for environment, sentence in NOT_THE_KEY:
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            for command in (
                run_refresh,
                lambda: rollback(home, build),
                lambda: snapshots.open_current(home),
                lambda: preview(home, [home.inbox]),
            ):
                with pytest.raises(WrongUseError, match=sentence) as refused:
                    command()
                assert SECRET not in str(refused.value)
            found = status(home)
            assert not found.is_good
            assert sentence in found.sentence
            run = ledger.history(home)[0]
            assert (run.status, run.exit_code) == (ledger.FAILED, 2)
            assert sentence in run.message
    assert payers_with(SECRET, home, monkeypatch) == ["Northfield"]


@pytest.mark.usefixtures("tiny")
def test_the_command_line_ends_with_a_sentence_and_the_code_of_wrong_use(
    home: Home, write_payers: WritePayers, owed: Owed, tmp_path: Path
) -> None:
    write_payers("Northfield")
    key_file = tmp_path / "key"
    key_file.write_text(f"{SECRET}\n")
    assert owed("refresh", home=home, OWED_ENCRYPTION_KEY_FILE=str(key_file)).returncode == 0
    read = owed(*("query", "select payer_name from marts.dim_payers", "--json"), home=home, OWED_ENCRYPTION_KEY=SECRET)
    assert json.loads(read.stdout) == [{"payer_name": "Northfield"}]
    for environment in ({}, {"OWED_ENCRYPTION_KEY": "wrong"}):
        refused = owed("query", "select 1", "--json", home=home, OWED_DEBUG="", **environment)
        assert refused.returncode == 2
        assert "encrypted" in json.loads(refused.stdout)["error"]
        assert len(refused.stderr.splitlines()) == 1


def test_a_key_for_a_home_in_plain(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_payers("Northfield")
    run_refresh()
    monkeypatch.setenv(encryption.KEY, SECRET)
    for command in (run_refresh, lambda: snapshots.open_current(home)):
        with pytest.raises(WrongUseError, match=r"is not encrypted, but .* is set"):
            command()


def test_a_home_in_plain_is_encrypted_and_its_key_exchanged(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_payers("Northfield")
    first = run_refresh()
    write_payers("Lakeshore")
    run_refresh()
    with pytest.raises(EncryptionError, match="to encrypt with"):
        encrypt(home)
    # What one that was killed left.
    for name in (".warehouse.duckdb.tmp", ".warehouse.duckdb.tmp.wal"):
        (home.root / name).write_bytes(b"half of a file")
    with snapshots.open_current(home) as reader:
        monkeypatch.setenv(encryption.KEY, SECRET)
        done = encrypt(home)
        assert sorted(done.now) == sorted(path.name for path in databases(home))
        # A reader keeps the file it opened.
        assert reader.execute("select payer_name from marts.dim_payers").fetchall() == [("Lakeshore",)]
    assert encrypt(home).now == ()
    # What stands is known for what it was: nothing is built or published anew.
    assert run_refresh().status == ledger.UNCHANGED
    assert {path.parent.name for path in files_holding("Northfield", home.root)} == set()

    monkeypatch.setenv(encryption.KEY, "the next key")
    with pytest.raises(EncryptionError, match="is encrypted: give its key with --old-key-file"):
        encrypt(home)
    with pytest.raises(EncryptionError, match="has another key than that given with --old-key-file"):
        encrypt(home, "neither")
    assert payers_with(SECRET, home, monkeypatch) == ["Lakeshore"]
    assert len(encrypt(home, SECRET).now) == 3

    assert payers(home) == ["Lakeshore"]
    with snapshots.open_current(home) as connection:
        comments = connection.execute("select comment from duckdb_tables() where table_name = 'dim_payers'").fetchall()
    assert comments == [("One row a payer, as the payer's own file has it.",)]
    assert first.build is not None
    rollback(home, first.build)
    assert payers(home) == ["Northfield"]
    write_payers("Northfield", "Lakeshore")
    assert run_refresh().status == ledger.PUBLISHED
    assert payers(home) == ["Lakeshore", "Northfield"]
    assert not list(home.root.glob(".*"))


def payers_with(secret: str, home: Home, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    with monkeypatch.context() as patch:
        patch.setenv(encryption.KEY, secret)
        return payers(home)


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_landing(root: Path) -> None:
    """Leaves a row in the warehouse's log alone, and what a query spilled."""
    home = Home(root)
    warehouse = open_warehouse(home)
    warehouse.execute("create table raw.written (name varchar)")
    warehouse.execute("insert into raw.written values ('Ashgrove in the log')")
    warehouse.execute("set memory_limit = '40MB'")
    warehouse.execute(
        "create temp table wide as select 'Ashgrove ' || number as name, md5(cast(number as varchar)) as text "
        "from range(1500000) as numbers (number)"
    )
    die()


def killed_publishing(root: Path) -> None:
    real = publish.copy

    def copy_and_die(*arguments: object, **named: object) -> None:
        real(*arguments, **named)  # type: ignore[arg-type]
        die()

    publish.copy = copy_and_die  # type: ignore[assignment]
    refresh(Request(Home(root)), Reporter())


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("killed", [killed_landing, killed_publishing])
def test_killed_with_logs_drafts_and_spill_about(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, killed: Callable[[Path], None]
) -> None:
    write_payers("Northfield", file="a.csv")
    run_refresh()
    write_payers("Ashgrove", file="b.csv")
    process = processes.start(killed, home.root)
    process.join(120)
    assert process.exitcode == -signal.SIGKILL

    left = {path.relative_to(home.root).parts[0] for path in home.root.rglob("*") if path.is_file()}
    if killed is killed_landing:
        assert {"warehouse.duckdb.wal", "warehouse.duckdb.tmp"} <= left
    else:
        assert list(home.published.glob(".*.tmp"))
    assert {path.name for path in files_holding("Ashgrove", home.root)} == {"b.csv"}
    assert payers(home) == ["Northfield"]
    assert run_refresh().status == ledger.PUBLISHED
    assert payers(home) == ["Ashgrove", "Northfield"]
    assert not list(home.root.glob("*.wal"))


@pytest.mark.usefixtures("key")
def test_a_damaged_file_is_told_from_a_wrong_key(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield")
    run_refresh()
    for path in databases(home):
        path.chmod(0o600)
        content = bytearray(path.read_bytes())
        for place in range(13_000, len(content), 4096):
            content[place] ^= 0xFF
        path.write_bytes(content)
    with pytest.raises(OwedError, match="The warehouse file is damaged"):
        run_refresh(full=True)
    snapshot = snapshots.current(home)
    assert snapshot is not None
    with pytest.raises(OwedError, match="damaged"):
        snapshots.verify(snapshot.path)


@pytest.mark.usefixtures("key")
def test_a_reader_can_read_and_do_nothing_else(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, tmp_path: Path
) -> None:
    write_payers("Northfield")
    run_refresh()
    other = tmp_path / "secret.csv"
    other.write_text("name\nsmith\n")
    with snapshots.open_current(home) as connection:
        assert connection.execute("select count(*) from marts.dim_payers").fetchall() == [(1,)]
        for forbidden in (
            "delete from marts.dim_payers",
            "create table marts.x as select 1",
            "create table x as select 1",
            f"select * from read_csv('{other}')",
            f"attach '{home.warehouse}' as other",
            f"copy marts.dim_payers to '{tmp_path / 'out.csv'}'",
            "set enable_external_access = true",
            "set temp_file_encryption = false",
            "install httpfs",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(forbidden)
        with pytest.raises(WrongUseError):
            query.run(connection, "attach ':memory:' as other", Format.JSON, io.BytesIO())
        shown = connection.execute("select * from duckdb_databases(), duckdb_settings()").fetchall()
        assert SECRET not in repr(shown)


@pytest.mark.usefixtures("key")
def test_a_site_s_own_command_gets_no_key(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "command"
    command.write_text(f"#!/bin/sh\nenv > '{tmp_path / 'environment'}'\n")
    command.chmod(0o700)
    monkeypatch.setenv("OWED_ON_SUCCESS", str(command))
    write_payers("Northfield")
    run_refresh()
    told = (tmp_path / "environment").read_text()
    assert "OWED_TODAY" in told
    assert "OWED_ENCRYPTION" not in told


@pytest.fixture
def real(sample_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """The sample home, encrypted."""
    home = Home(tmp_path / "real")
    shutil.copytree(sample_home.root, home.root)
    monkeypatch.setenv(encryption.KEY, SECRET)
    encrypt(home)
    yield home


def test_a_day_of_the_real_models_and_what_prices_again(real: Home) -> None:
    """Claims alone that one more remittance names are built anew, and none of their patients stands in any file."""
    sent = min(real.inbox.rglob("*.835"))
    (real.inbox / "later.835").write_bytes(sent.read_bytes().replace(b"TRN*1*", b"TRN*1*9"))
    before = snapshots.current(real)
    run = refresh(Request(real), Reporter())
    assert run.status == ledger.PUBLISHED
    log = [json.loads(line) for line in (real.runs / f"{run.run_id}.log").read_text().splitlines()]
    scope = next(entry for entry in log if entry["event"] == "scope")
    assert scope["all_because"] is None
    assert scope["claims"] > 0
    current = snapshots.current(real)
    assert isinstance(current, Snapshot)
    assert current != before

    with snapshots.open_current(real) as connection:
        claims = connection.execute("select claim_id from marts.fct_claims using sample 20 rows").fetchall()
    with open_warehouse(real) as warehouse:
        names = warehouse.execute("select distinct last_name from raw.x12_nm1 where entity = 'QC' limit 20").fetchall()
    assert claims
    assert names
    in_plain = {real.inbox, real.quarantine, real.root / TRUTH}
    kept = [path for path in real.root.rglob("*") if path.is_file() and not in_plain & set(path.parents)]
    assert set(databases(real)) < set(kept)
    told = {path: path.read_bytes() for path in kept}
    assert [(text, path) for path in kept for (text,) in [*claims, *names] if text.encode() in told[path]] == []
    assert files_holding(SECRET, real.root) == []

    found = whatif(real, min(real.inbox.rglob("oakdent*.contract.yaml")))
    assert found.payer_id == "OAKDENT"
    assert files_holding(SECRET, real.root) == []
