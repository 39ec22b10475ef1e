"""What was refused is listed without what it says, and tried again after mending."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from owed import quarantine, snapshots
from owed.errors import WrongUseError
from owed.home import Home
from tests.conftest import Owed
from tests.owed.conftest import Refresh, WritePayers

PATIENT = "NM1*QC*1*SMITH*JOHN"


def test_a_mended_file_is_loaded_and_the_old_entry_stays_told(
    home: Home, run_refresh: Refresh, write_payers: WritePayers
) -> None:
    broken = write_payers("Northfield")
    broken.write_text(broken.read_text().replace("payer_class", "class"))
    assert run_refresh().files == {"refused": 1}
    entry = quarantine.entries(home)[0]
    assert (entry.file, entry.raw_text) == ("payers.csv", None)
    write_payers("Northfield")
    assert run_refresh().files == {"loaded": 1}
    with snapshots.open_current(home) as connection:
        assert connection.execute("select payer_id from marts.dim_payers").fetchall() == [("NORTHFIELD",)]


def test_the_same_bytes_are_tried_again_when_asked(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield")
    (home.inbox / "letter.txt").write_text("Dear sir")
    (home.inbox / "other.txt").write_text("Dear madam")
    assert run_refresh().files == {"loaded": 1, "refused": 2}
    assert run_refresh().files == {}
    letter, other = quarantine.entries(home)
    if letter.file != "letter.txt":
        letter, other = other, letter
    assert quarantine.replay(home, [letter.name]) == [letter]
    assert [entry.name for entry in quarantine.entries(home)] == [other.name]
    assert run_refresh().files == {"refused": 1}
    assert len(quarantine.entries(home)) == 2
    assert len(quarantine.replay(home, [])) == 2
    assert run_refresh().files == {"refused": 2}
    with pytest.raises(WrongUseError, match="Not in quarantine: nothing"):
        quarantine.replay(home, ["nothing"])


def test_raw_text_is_shown_only_when_asked(home: Home, owed: Owed) -> None:
    entry = {
        "file": "a.835", "file_id": "ab", "rule": "cut_off", "reason": "The file ends inside a claim.", "position": 9,
        "transaction_number": None, "segment_number": None, "raw_text": PATIENT, "run_id": "r",
    }  # fmt: skip
    (home.quarantine / "ab-9-cut_off-0.json").write_text(json.dumps(entry))
    for arguments in (["quarantine", "list"], ["quarantine", "list", "--json"]):
        shown = owed(*arguments, home=home)
        assert shown.returncode == 0, shown.stderr
        assert "cut_off" in shown.stdout
        assert "SMITH" not in shown.stdout
        assert "SMITH" in owed(*arguments, "--raw", home=home).stdout


def test_a_dry_run_tells_and_changes_nothing(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, owed: Owed, tiny: Path
) -> None:
    write_payers("Northfield")
    run_refresh()
    assert owed("refresh", "--dry-run", home=home).stdout == "Nothing new.\n"
    write_payers("Lakeshore", file="b.csv")
    (home.inbox / "letter.txt").write_text("Dear sir")
    before = home.warehouse.read_bytes()
    shown = owed("refresh", "--dry-run", "--json", home=home)
    assert shown.returncode == 0, shown.stderr
    assert sorted((file["file_name"], file["status"]) for file in json.loads(shown.stdout)) == [
        ("b.csv", "loaded"),
        ("letter.txt", "refused"),
    ]
    assert home.warehouse.read_bytes() == before
    assert not list(home.quarantine.iterdir())
