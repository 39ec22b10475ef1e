"""Files as they lie in an inbox: packed, broken, bombs, and written to while they are read."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from loaders import inbox
from loaders.inbox import InboxFile
from loaders.landing import FileOutcome, Landing
from tests.loaders.x12.x12_text import CLAIM, REMITTANCE, interchange, transaction

GOOD = interchange(transaction("835", REMITTANCE)).encode()


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    Landing(connection, Path(), "test").prepare()
    return connection


@pytest.fixture
def con(database: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    yield database
    for (name,) in database.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'raw'").fetchall():
        database.execute(f"DELETE FROM raw.{name}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    made.mkdir()
    return made


def _land(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, FileOutcome]:
    found = Landing(con, folder.parent / "quarantine", "test").land([folder])
    return {outcome.file_name: outcome for outcome in found}


def _rule(outcome: FileOutcome) -> str:
    assert outcome.status == "refused"
    return (outcome.refusal_reason or "").partition(":")[0]


def _zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


def test_packed_files_are_read_in_place_and_known_by_their_content(
    con: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    (folder / "a.835").write_bytes(GOOD)
    (folder / "b.835.gz").write_bytes(gzip.compress(GOOD))
    (folder / "c.zip").write_bytes(_zipped(inner=GOOD, deep__other=GOOD.replace(b"CLAIM-1", b"CLAIM-2")))
    outcomes = _land(con, folder)
    assert {name: outcome.status for name, outcome in outcomes.items()} == {
        "a.835": "loaded",
        "b.835.gz": "duplicate",
        "c.zip/inner": "duplicate",
        "c.zip/deep/other": "loaded",
    }


def test_what_macos_adds_to_a_zip_is_no_file(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("a.835", GOOD)
        archive.writestr("__MACOSX/._a.835", b"\x00\x05\x16\x07")
        archive.writestr(".DS_Store", b"\x00")
    assert list(_land(con, folder)) == ["a.zip/a.835"]


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        pytest.param("a.gz", gzip.compress(GOOD)[:-40], "bad_archive", id="gzip cut"),
        pytest.param("a.gz", gzip.compress(GOOD)[:-8] + bytes(8), "bad_archive", id="gzip checksum"),
        pytest.param("a.gz", gzip.compress(gzip.compress(GOOD)), "nested_archive", id="gzip in gzip"),
        pytest.param("a.gz", gzip.compress(_zipped(a=GOOD)), "nested_archive", id="zip in gzip"),
        pytest.param("a.zip", _zipped(a=GOOD)[:-30], "bad_zip", id="zip cut"),
        pytest.param("a.zip", b"PK\x03\x04 and nothing else", "bad_zip", id="no zip"),
    ],
)
def test_archives_that_are_broken_or_nested_are_refused(
    con: duckdb.DuckDBPyConnection, folder: Path, name: str, content: bytes, rule: str
) -> None:
    (folder / name).write_bytes(content)
    assert [_rule(outcome) for outcome in _land(con, folder).values()] == [rule]
    assert con.execute("SELECT count(*) FROM raw.x12_st").fetchone() == (0,)
    (entry,) = (json.loads(path.read_text()) for path in (folder.parent / "quarantine").glob("*.json"))
    assert (entry["file"], entry["rule"]) == (name, rule)
    assert entry["position"] is not None


def test_a_zip_in_a_zip_is_refused_and_what_lies_beside_it_is_read(
    con: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    (folder / "a.zip").write_bytes(_zipped(inner=_zipped(a=GOOD), good=GOOD))
    outcomes = _land(con, folder)
    assert _rule(outcomes["a.zip/inner"]) == "nested_archive"
    assert outcomes["a.zip/good"].status == "loaded"


def test_a_member_whose_bytes_were_damaged_is_refused(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    packed = bytearray(_zipped(a=GOOD))
    packed[60] ^= 0xFF
    (folder / "a.zip").write_bytes(packed)
    assert _rule(_land(con, folder)["a.zip/a"]) == "bad_archive"


def test_an_encrypted_member_is_refused(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    packed = bytearray(_zipped(a=GOOD))
    # The flag of encryption, in the member's own header and in the directory at the end.
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    (folder / "a.zip").write_bytes(packed)
    assert _rule(_land(con, folder)["a.zip/a"]) == "encrypted_zip"


def test_bombs_are_told_by_size_and_ratio_before_they_are_unpacked(
    con: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "SUSPECT_CONTENT", 1 << 20)
    monkeypatch.setattr(inbox, "READ_BYTES", 1 << 18)
    # A million and a half zeros pack about a thousand to one.
    (folder / "bomb.gz").write_bytes(gzip.compress(bytes(3 << 19)))
    (folder / "bomb.zip").write_bytes(_zipped(a=bytes(3 << 19)))
    # Each member alone is small: together they are not.
    (folder / "many.zip").write_bytes(_zipped(**{f"m{n}": bytes(1 << 18) for n in range(8)}))
    # Large, and no more than real files pack.
    noise = os.urandom(1 << 18).hex().encode() * 3
    (folder / "plain.gz").write_bytes(gzip.compress(noise))
    rules = {name: _rule(outcome) for name, outcome in _land(con, folder).items()}
    assert rules == {
        "bomb.gz": "decompression_bomb",
        "bomb.zip": "decompression_bomb",
        "many.zip": "decompression_bomb",
        "plain.gz": "unknown_kind",
    }


def test_a_zip_of_too_many_members_is_refused(
    con: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "LARGEST_MEMBERS", 3)
    (folder / "a.zip").write_bytes(_zipped(a=GOOD, b=GOOD, c=GOOD, d=GOOD))
    assert _rule(_land(con, folder)["a.zip"]) == "bad_zip"


def test_each_unreadable_file_has_a_quarantine_entry_of_its_own(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for name in ("a.zip", "b.zip"):
        (folder / name).write_bytes(b"PK\x03\x04")
    (folder / "c.txt").write_bytes(b"nothing we know")
    (folder / "d.txt").write_bytes(b"nothing we know")
    _land(con, folder)
    entries = [json.loads(path.read_text()) for path in (folder.parent / "quarantine").glob("*.json")]
    assert sorted(entry["file"] for entry in entries) == ["a.zip", "b.zip", "c.txt", "d.txt"]


def _once(monkeypatch: pytest.MonkeyPatch, happening: object) -> None:
    """Let `happening()` take place between the measuring of a file and its loading."""
    measured = inbox.measure

    def measure(file: InboxFile, keep_bytes: int) -> inbox.Content:
        content = measured(file, keep_bytes)
        monkeypatch.setattr(inbox, "measure", measured)
        happening()  # type: ignore[operator]
        return content

    monkeypatch.setattr(inbox, "measure", measure)
    # Files of any size are read twice, as large ones are.
    monkeypatch.setattr("loaders.landing.SMALL_FILE", 0)


def test_a_file_that_vanishes_is_refused_and_loaded_when_it_is_back(
    con: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "a.835"
    path.write_bytes(GOOD)
    _once(monkeypatch, path.unlink)
    assert _rule(_land(con, folder)["a.835"]) == "unreadable"
    assert con.execute("SELECT count(*) FROM raw.x12_st").fetchone() == (0,)
    path.write_bytes(GOOD)
    assert _land(con, folder)["a.835"].status == "loaded"


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_grows_is_refused_and_loaded_when_it_rests(
    con: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    path = folder / "a.835"
    more = GOOD + GOOD.replace(b"CLAIM-1", b"CLAIM-2")
    path.write_bytes(gzip.compress(GOOD) if packed else GOOD)
    _once(monkeypatch, lambda: path.write_bytes(gzip.compress(more) if packed else more))
    assert _rule(_land(con, folder)["a.835"]) == "changed_while_read"
    assert con.execute("SELECT count(*) FROM raw.x12_st").fetchone() == (0,)
    outcome = _land(con, folder)["a.835"]
    assert (outcome.status, outcome.claim_count) == ("loaded", 2)


def test_a_new_time_alone_changes_nothing(
    con: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "a.835"
    path.write_bytes(GOOD)
    _once(monkeypatch, lambda: os.utime(path, (1, 1)))
    assert _land(con, folder)["a.835"].status == "loaded"


def test_a_full_disk_stops_the_landing_and_refuses_no_file(
    con: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.835").write_bytes(GOOD)

    def full(*_: object) -> None:
        raise duckdb.IOException("no space left on the device")

    with monkeypatch.context() as patch:
        patch.setattr("loaders.x12.load.insert", full)
        with pytest.raises(duckdb.IOException, match="no space"):
            _land(con, folder)
    assert con.execute("SELECT count(*) FROM raw.files").fetchone() == (0,)
    assert _land(con, folder)["a.835"].status == "loaded"


def test_amounts_of_any_size_do_not_stop_a_file(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Sums of the greatest amounts stay within their range, or the file would be refused for a fault of ours."""
    largest = "999999999999.99"
    triplets = "**".join(f"{reason}*{largest}" for reason in ("45", "59", "97", "131", "24", "104"))
    claims = [f"CLP*BIG-{n}*1*{largest}*-{largest}*0*12*P{n}*11*1~CAS*CO*{triplets}" for n in range(50)]
    segments = "~".join(transaction("835", [*REMITTANCE, *claims]))
    (folder / "big.835").write_bytes(interchange(segments.split("~")).encode())
    (folder / "twice.835").write_bytes(interchange(segments.replace("BIG-", "BAG-").split("~")).encode())
    outcomes = _land(con, folder)
    assert {outcome.status for outcome in outcomes.values()} == {"loaded_with_findings"}
    # 50 claims at the largest charge, and the one of 120 dollars.
    charges = con.execute("SELECT DISTINCT charge_amount FROM raw.files").fetchall()
    assert [str(charge) for (charge,) in charges] == ["50000000000119.50"]


@pytest.mark.parametrize(
    ("version", "kind"), [("005010X222A1", "837P"), ("005010X223A2", "837I"), ("005010X224A2", "837D")]
)
def test_a_claim_file_cut_short_is_refused_as_what_it_is(
    con: duckdb.DuckDBPyConnection, folder: Path, version: str, kind: str
) -> None:
    """Its kind is told by the guide it names, and its quarantine entry shows where it ends."""
    whole = interchange(transaction("837", CLAIM, version=version), version=version)
    content = whole[: whole.index("CLAIM-1") + 4]
    (folder / "cut.txt").write_text(content)
    outcome = _land(con, folder)["cut.txt"]
    assert (_rule(outcome), outcome.kind) == ("truncated", kind)
    (entry,) = (folder.parent / "quarantine").iterdir()
    told = json.loads(entry.read_text())
    assert told["position"] == len(content)
    assert told["raw_text"] == content[-300:]


def test_a_remittance_cut_short_and_a_letter_are_told_by_what_they_hold(
    con: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    (folder / "cut.835").write_bytes(GOOD[: GOOD.index(b"SE*")])
    (folder / "letter.txt").write_text("Dear sir")
    outcomes = _land(con, folder)
    assert {name: outcome.kind for name, outcome in outcomes.items()} == {"cut.835": "835", "letter.txt": "unknown"}
    texts = {
        json.loads(entry.read_text())["file"]: json.loads(entry.read_text())["raw_text"]
        for entry in (folder.parent / "quarantine").iterdir()
    }
    assert texts["letter.txt"] == "Dear sir"
    assert texts["cut.835"].encode() == GOOD[: GOOD.index(b"SE*")][-300:]
