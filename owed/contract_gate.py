"""Contracts are executable: one whose examples fail is refused, and what it replaced stays in force."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb

from loaders.landing import FileOutcome, Landing
from loaders.source import Refusal
from owed import files, fingerprint
from owed.contracts_test import ExampleResult, failing_examples
from owed.home import Home

RULE = "contract_examples"
Open = Callable[[Home], AbstractContextManager[duckdb.DuckDBPyConnection]]


def are_tested(home: Home, warehouse: duckdb.DuckDBPyConnection) -> bool:
    """Whether contracts, rates and program are those of the last time that all examples held."""
    tested = _tested(home)
    return tested.exists() and tested.read_text(encoding="utf-8") == fingerprint.of_prices(warehouse)


def _tested(home: Home) -> Path:
    return home.runs / "examples.checked"


def refuse_failing(home: Home, run_id: str, open_warehouse: Open) -> list[FileOutcome]:
    """Runs the examples of the contracts in force and withdraws each contract with one that fails.

    An earlier version that comes back into force is tested in its turn. What was tested (`are_tested`) is remembered
    only once the failing are withdrawn, so a run killed in between tests again. No connection to the warehouse may be
    open in this process.
    """
    refused: list[FileOutcome] = []
    while True:
        results = failing_examples(home.warehouse, home.runs / "examples")
        with open_warehouse(home) as warehouse:
            replacements = _replacements(warehouse)
            failing = refusals(results, replacements)
            landing = Landing(warehouse, home.quarantine, run_id)
            refused += [landing.withdraw(file_id, refusal) for file_id, refusal in failing.items()]
            # What comes into force in place of a withdrawn file may fail too, by rates that changed since.
            if replacements.isdisjoint(failing):
                files.replace(_tested(home), fingerprint.of_prices(warehouse))
                return refused


def _replacements(warehouse: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Hashes of the files in force that took the place of an earlier content of the same name."""
    rows = warehouse.execute(
        """
        select distinct newer.file_id
        from raw.files_in_force as in_force
        inner join raw.files as newer on in_force.file_number = newer.file_number
        inner join raw.files as older on newer.file_name = older.file_name and newer.file_number > older.file_number
        where older.status in ('loaded', 'loaded_with_findings')
        """
    ).fetchall()
    return frozenset(file_id for (file_id,) in rows)


def refusals(failing: Iterable[ExampleResult], replacements: Container[str] | None = None) -> dict[str, Refusal]:
    """Why each contract file is refused, by the hash of the file.

    `replacements` are those with a version before them; None where nothing is known of earlier versions.
    """
    told: dict[str, list[str]] = {}
    for result in failing:
        told.setdefault(result.file_id, []).append(f"example {result.name!r}: {result.difference()}")
    return {
        file_id: Refusal(RULE, f"{_standing(file_id, replacements)} {'; '.join(texts)}", kind="contract")
        for file_id, texts in told.items()
    }


def _standing(file_id: str, replacements: Container[str] | None) -> str:
    told = "its own examples fail, so it is not in force."
    if replacements is None:
        return told
    if file_id in replacements:
        return f"{told} The version loaded before it stays in force."
    return f"{told} No version was loaded before it."
