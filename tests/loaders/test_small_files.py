"""Small files share batches and transactions; what becomes of one must not depend on its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from loaders import small_files
from loaders.landing import FileOutcome, Landing
from loaders.x12 import load
from loaders.x12.tables import Rows
from tests.loaders.x12.x12_text import REMITTANCE, interchange, transaction

GOOD = interchange(transaction("835", REMITTANCE)).encode()
COUNT = 9
# No byte of the file is one a reader would stumble over; the fault is put into what inserts it.
POISON = "CLAIM-4"


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    made.mkdir()
    for number in range(COUNT):
        (made / f"{number}.835").write_bytes(GOOD.replace(b"CLAIM-1", f"CLAIM-{number}".encode()))
    return made


def _land(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, FileOutcome]:
    landing = Landing(con, folder.parent / "quarantine", "test")
    landing.prepare()
    return {outcome.file_name: outcome for outcome in landing.land([folder])}


def _claims(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """File and claim of every CLP, with those of no file told as such."""
    return con.execute(
        "SELECT coalesce(file_name, 'none'), claim_id FROM raw.x12_clp "
        "LEFT JOIN raw.files USING (file_number) WHERE status IS DISTINCT FROM 'duplicate' ORDER BY ALL"
    ).fetchall()


def _poisoned(monkeypatch: pytest.MonkeyPatch) -> None:
    insert = load.insert

    def fails(con: duckdb.DuckDBPyConnection, rows: Sequence[Rows]) -> None:
        rows = list(rows)
        insert(con, rows)
        if any(POISON in batch["claim_id"].to_pylist() for table, batch in rows if table == "raw.x12_clp_short"):
            raise duckdb.ConversionException("a fault of ours")

    monkeypatch.setattr(load, "insert", fails)


def _limits(monkeypatch: pytest.MonkeyPatch, **limits: Any) -> None:
    for name, value in limits.items():
        monkeypatch.setattr(small_files, name, value)


@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"BATCH_BYTES": 1},
        {"BATCH_BYTES": 1, "COMMIT_BYTES": 3 * len(GOOD)},
        {"MOST_FILES": 2},
        {"BATCH_BYTES": 2 * len(GOOD), "COMMIT_BYTES": 5 * len(GOOD)},
    ],
)
class TestLimits:
    """Whatever shares a batch or a transaction, the same is landed."""

    def test_all_are_landed_once(
        self, con: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch, limits: dict[str, int]
    ) -> None:
        _limits(monkeypatch, **limits)
        assert {outcome.status for outcome in _land(con, folder).values()} == {"loaded"}
        assert _claims(con) == [(f"{number}.835", f"CLAIM-{number}") for number in range(COUNT)]
        assert _land(con, folder) == {}

    def test_one_that_fails_is_refused_alone(
        self, con: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch, limits: dict[str, int]
    ) -> None:
        _limits(monkeypatch, **limits)
        _poisoned(monkeypatch)
        outcomes = _land(con, folder)
        refused = {name: outcome.refusal_reason for name, outcome in outcomes.items() if outcome.status == "refused"}
        assert refused == {"4.835": "internal_error: ConversionException while it was being loaded"}
        assert _claims(con) == [(f"{number}.835", f"CLAIM-{number}") for number in range(COUNT) if number != 4]

    def test_a_broken_file_and_a_copy_among_them(
        self, con: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch, limits: dict[str, int]
    ) -> None:
        _limits(monkeypatch, **limits)
        (folder / "5.835").write_bytes(GOOD[:-40])
        (folder / "7.835").write_bytes((folder / "6.835").read_bytes())
        outcomes = _land(con, folder)
        assert {name: outcome.status for name, outcome in outcomes.items() if outcome.status != "loaded"} == {
            "5.835": "refused",
            "7.835": "duplicate",
        }
        assert [name for name, _ in _claims(con)] == [
            f"{number}.835" for number in range(COUNT) if number not in (5, 7)
        ]


def test_one_that_changed_before_it_is_tried_alone_waits_for_the_next_landing(
    con: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes were let go after the batch: what lies there now is another content."""
    with monkeypatch.context() as patch:
        _poisoned(patch)
        _limits(patch, BATCH_BYTES=1)
        failing = load.insert

        def fails(con: duckdb.DuckDBPyConnection, rows: Sequence[Rows]) -> None:
            try:
                failing(con, rows)
            except duckdb.ConversionException:
                (folder / "2.835").write_bytes(GOOD.replace(b"CLAIM-1", b"CLAIM-NEW"))
                raise

        patch.setattr(load, "insert", fails)
        reason = _land(con, folder)["2.835"].refusal_reason or ""
    assert reason.startswith("changed_while_read:")
    assert ("2.835", "CLAIM-2") not in _claims(con)
    assert _land(con, folder)["2.835"].status == "loaded"
    assert ("2.835", "CLAIM-NEW") in _claims(con)
