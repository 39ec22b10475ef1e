"""Faults of the machine, made for real: a full disk, a read-only home, damaged files, a clock that jumps."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

import owed.home
from loaders import landing_tables
from owed import ledger, snapshots
from owed.errors import CheckFailedError, OwedError, WrongUseError
from owed.home import Home
from owed.progress import Reporter
from owed.refresh import Request, refresh
from owed.status import status
from tests.conftest import Owed
from tests.owed.conftest import Refresh, WritePayers

MEGABYTE = 1 << 20


def payers(home: Home) -> list[str]:
    with snapshots.open_current(home) as connection:
        return [row[0] for row in connection.execute("select payer_name from marts.dim_payers order by all").fetchall()]


# A file system of a test's own takes root; without, the quota and permissions stand for it.
IS_ROOT = os.geteuid() == 0
LEFT = [0, 256 << 10, 2 * MEGABYTE]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Home]:
    """A home on a file system of 64 MB of its own (for root), else in a folder."""
    mount = tmp_path / "disk"
    mount.mkdir()
    home = Home(mount / "home")
    home.create()
    if not IS_ROOT:
        yield home
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(mount)], check=True)
    home.create()
    try:
        yield home
    finally:
        subprocess.run(["umount", "--lazy", str(mount)], check=True)


@contextmanager
def read_only(home: Home) -> Iterator[None]:
    folders = [home.root, home.published, home.runs, home.quarantine, home.inbox]
    if IS_ROOT:
        subprocess.run(["mount", "-o", "remount,ro", str(home.root.parent)], check=True)
    else:
        for folder in folders:
            folder.chmod(0o500)
    try:
        yield
    finally:
        if not IS_ROOT:
            for folder in folders:
                folder.chmod(0o700)


def write_many(home: Home) -> None:
    """A file that takes room to land."""
    rows = "".join(f"P{number},Lakeshore {number},commercial,\n" for number in range(50_000))
    (home.inbox / "b.csv").write_text("payer_id,payer_name,payer_class,aliases\n" + rows)


if IS_ROOT:

    @pytest.mark.usefixtures("tiny")
    @pytest.mark.parametrize("left", LEFT)
    def test_a_full_disk(small_disk: Home, left: int) -> None:
        home = small_disk
        (home.inbox / "a.csv").write_text("payer_id,payer_name,payer_class,aliases\nA,Northfield,commercial,\n")
        refresh(Request(home), Reporter())
        write_many(home)
        filler = home.root / "filler"
        free = os.statvfs(home.root)
        with filler.open("wb") as handle:
            handle.write(b"\0" * (free.f_bavail * free.f_frsize - left))
        with pytest.raises(OwedError, match="disk or the quota is full"):
            refresh(Request(home), Reporter())
        assert payers(home) == ["Northfield"]
        filler.unlink()
        assert refresh(Request(home), Reporter()).status == ledger.PUBLISHED
        assert len(payers(home)) == 50_001
        assert not list(home.published.glob(".*"))


def test_a_quota(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield")
    run_refresh()
    write_many(home)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTE, MEGABYTE))

    limited = subprocess.run(
        [sys.executable, "-m", "owed", "refresh", "--json", "--home", str(home.root)],
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert limited.returncode == 1
    assert "disk or the quota is full" in json.loads(limited.stdout)["error"]
    assert payers(home) == ["Northfield"]
    assert run_refresh().status == ledger.PUBLISHED
    assert len(payers(home)) == 50_001


def test_what_was_deleted_does_not_stop_a_landing(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A checkpoint reads what was deleted of all tables, 8 bytes a row of each row group that lost one: 24 million rows
    # take 192 MB, more than there are to land in.
    write_payers("Northfield")
    run_refresh()
    with landing_tables.connect(home.warehouse, home.spill) as warehouse:
        warehouse.execute("set memory_limit = '1GB'")
        warehouse.execute("create table raw.emptied as select cast(0 as utinyint) as number from range(24_000_000)")
        warehouse.execute("checkpoint")
        warehouse.execute("delete from raw.emptied where rowid % 2048 = 0")
        warehouse.execute("checkpoint")
    write_payers("Northfield", "Southfield")
    with monkeypatch.context() as patched, pytest.raises(OwedError, match="Raise OWED_MEMORY_LIMIT"):
        patched.setenv("OWED_MEMORY_LIMIT", landing_tables.MEMORY_LIMIT)
        run_refresh()
    assert payers(home) == ["Northfield"]
    assert run_refresh().status == ledger.PUBLISHED
    assert payers(home) == ["Northfield", "Southfield"]
    with landing_tables.connect(home.warehouse, home.spill) as warehouse:
        assert warehouse.execute("select count(*) from raw.files").fetchone() == (2,)


@pytest.mark.usefixtures("tiny")
def test_a_read_only_home_can_be_read(small_disk: Home, owed: Owed) -> None:
    home = small_disk
    (home.inbox / "a.csv").write_text("payer_id,payer_name,payer_class,aliases\nA,Northfield,commercial,\n")
    refresh(Request(home), Reporter())
    with read_only(home):
        refused = owed("refresh", home=home)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "read-only file system" in refused.stderr or "Permission denied" in refused.stderr
        assert payers(home) == ["Northfield"]
        assert status(home).is_good


@pytest.mark.parametrize("damage", ["not a database", "torn header", "torn blocks", "empty"])
def test_a_damaged_warehouse(home: Home, run_refresh: Refresh, write_payers: WritePayers, damage: str) -> None:
    write_payers("Northfield", file="a.csv")
    run_refresh()
    write_payers("Lakeshore", file="b.csv")
    with home.warehouse.open("r+b") as handle:
        if damage == "not a database":
            handle.write(b"PK" * 4096)
        elif damage == "torn header":
            handle.seek(4096)
            handle.write(os.urandom(8192))
        elif damage == "torn blocks":
            for offset in range(12288 + 64, home.warehouse.stat().st_size, 65536):
                handle.seek(offset)
                handle.write(os.urandom(512))
        else:
            handle.truncate(0)
    try:
        run_refresh()
    except OwedError as error:
        assert not isinstance(error, WrongUseError)
        assert isinstance(error, CheckFailedError) or "warehouse" in str(error), str(error)
        assert payers(home) == ["Northfield"]
        home.warehouse.rename(home.root / "damaged.duckdb")
        home.warehouse.with_suffix(".duckdb.wal").unlink(missing_ok=True)
        assert run_refresh().status == ledger.PUBLISHED
    # An empty file is a new database: everything is landed again.
    assert payers(home) == ["Lakeshore", "Northfield"]


def test_a_damaged_snapshot_is_replaced(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield")
    broken = snapshots.path_of(home, run_refresh().build or "")
    broken.chmod(0o600)
    broken.write_bytes(b"no database")
    assert not status(home).is_good
    assert run_refresh().status == ledger.PUBLISHED
    assert status(home).is_good
    assert payers(home) == ["Northfield"]


def test_a_snapshot_damaged_behind_its_head_is_replaced(
    home: Home, run_refresh: Refresh, write_payers: WritePayers
) -> None:
    """With nothing new in the inbox, and where only a reader of one table would have met the damage."""
    write_payers("Northfield")
    broken = snapshots.path_of(home, str(run_refresh().build))
    content = bytearray(broken.read_bytes())
    for place in range(64 << 10, len(content), 16 << 10):
        content[place : place + 8] = b"\xff" * 8
    broken.chmod(0o600)
    broken.write_bytes(content)
    with pytest.raises(OwedError, match="damaged"):
        snapshots.verify(broken)
    assert run_refresh().status == ledger.PUBLISHED
    assert payers(home) == ["Northfield"]
    assert run_refresh().status == ledger.UNCHANGED


def test_a_lost_published_folder_is_made_again(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield")
    run_refresh()
    for path in home.published.iterdir():
        path.unlink()
    home.published.rmdir()
    assert run_refresh().status == ledger.PUBLISHED
    assert payers(home) == ["Northfield"]


def test_the_clock_goes_back(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_payers("Northfield")
    real = owed.home.now
    for module in ("owed.publish", "owed.ledger"):
        monkeypatch.setattr(f"{module}.now", lambda: real() + timedelta(days=400))
    first = run_refresh()
    for module in ("owed.publish", "owed.ledger"):
        monkeypatch.setattr(f"{module}.now", real)
    write_payers("Lakeshore")
    second = run_refresh()
    assert first.build is not None
    assert second.build is not None
    assert second.build > first.build
    assert [run.run_id for run in ledger.history(home)] == [second.run_id, first.run_id]
    found = status(home)
    assert (found.is_good, found.build) == (True, second.build)
    assert payers(home) == ["Lakeshore"]


def test_garbage_among_the_runs_is_passed_over(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield")
    (home.runs / "20200101T000000.000000Z-0000.json").write_text('{"run_id": 1')
    (home.runs / "notes.json").write_text("[]")
    assert run_refresh().status == ledger.PUBLISHED
    assert len(ledger.history(home)) == 1
