"""dbt's reading of the project is kept: for every database of a program, and no longer than the program."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from owed.home import Home
from owed.models import PARSED, invoke


def test_the_project_is_read_anew_only_where_it_or_the_copy_changed(
    home: Home, tmp_path: Path, tiny_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "owed"
    shutil.copytree(tiny_project, project)
    model = project / "models" / "marts" / "fct_amounts.sql"
    model.write_text("select 1 as amount")
    monkeypatch.setenv("OWED_PROJECT", str(project))
    kept = home.runs / PARSED

    def built(root: Path, target: str) -> tuple[int, int]:
        """What the model gives in the database of `root`, and which file now holds the project."""
        root.mkdir(exist_ok=True)
        settings = {"OWED_AS_OF": "", "OWED_RUN_DATE": "2026-01-15"}
        results = invoke(["run", "--select", "fct_amounts"], root, home.runs / target, settings=settings).results
        assert [str(result.status) for result in results] == ["success"]
        with duckdb.connect(root / "warehouse.duckdb") as con:
            ((amount,),) = con.execute("select amount from marts.fct_amounts").fetchall()
        return amount, kept.stat().st_ino

    amount, first = built(home.root, "dbt")
    assert amount == 1
    assert built(tmp_path / "scratch", "examples") == (1, first)

    torn = bytearray(kept.read_bytes())
    torn[len(torn) // 2] ^= 0xFF
    kept.write_bytes(torn)
    assert kept.stat().st_ino == first
    amount, second = built(home.root, "dbt")
    assert (amount, second != first) == (1, True)

    model.write_text("select 2 as amount")
    amount, third = built(home.root, "dbt")
    assert (amount, third != second) == (2, True)
    assert built(tmp_path / "scratch", "examples") == (2, third)
