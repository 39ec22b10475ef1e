"""The executive summary, in every state a home can be in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dashboard_home.maker import write_home
from dashboard_home.pages import OpenPage, text_of


def test_the_summary_shows_its_cards_and_the_stamp(open_page: OpenPage, fictional_home: Path) -> None:
    app = open_page(fictional_home)
    shown = text_of(app)
    assert not app.exception
    assert shown.count('class="card"') == 8
    assert "As of 30 Sep 2025" in shown
    assert "24 gates passed" in shown
    assert "1 file refused" in shown
    assert "Underpaid" in shown and "Overpaid" in shown


def test_an_empty_home_is_told_what_to_do(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page(tmp_path)
    assert not app.exception
    assert "Nothing is published here yet" in text_of(app)
    assert "owed refresh" in text_of(app)


def test_a_snapshot_without_rows_makes_no_figure_up(open_page: OpenPage, tmp_path: Path) -> None:
    write_home(tmp_path, empty_tables=True)
    app = open_page(tmp_path)
    assert not app.exception
    assert "not known" in text_of(app)
    assert "$0" not in text_of(app).split("Who paid less")[0]


def test_a_stale_snapshot_is_said_to_be_stale(open_page: OpenPage, tmp_path: Path) -> None:
    write_home(tmp_path, finished_at=datetime.now(UTC).replace(tzinfo=None) - timedelta(days=9))
    shown = text_of(open_page(tmp_path))
    assert 'class="stamp bad"' in shown
    assert "Stale: last refreshed 9 days ago" in shown


def test_a_failed_refresh_makes_the_stamp_red(open_page: OpenPage, tmp_path: Path) -> None:
    write_home(tmp_path)
    (tmp_path / "runs").mkdir()
    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    (tmp_path / "runs" / "20990101.json").write_text(
        json.dumps({"finished_at": later, "exit_code": 1, "message": "the ledger does not balance"})
    )
    shown = text_of(open_page(tmp_path))
    assert 'class="stamp bad"' in shown
    assert "the ledger does not balance" in shown


def test_a_damaged_snapshot_says_what_to_do(open_page: OpenPage, tmp_path: Path) -> None:
    write_home(tmp_path, build="damaged", empty_tables=True).write_bytes(b"no database" * 999)
    app = open_page(tmp_path)
    assert not app.exception
    assert "owed rollback" in text_of(app)


def test_a_filter_of_an_unknown_payer_does_not_empty_the_page(open_page: OpenPage, fictional_home: Path) -> None:
    app = open_page(fictional_home, payer="NOBODY")
    assert not app.exception
    assert text_of(app).count('class="card"') == 8
    assert "Payers paid $" in text_of(app)
