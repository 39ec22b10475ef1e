"""Contracts are executable: one whose examples fail is refused, and what it replaced stays in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

import duckdb

from loaders.landing import FileOutcome, Landing
from loaders.source import Refusal
from owed import files, fingerprint
from owed.contracts_test import ExampleResult, failing_examples
from owed.home import Home

RULE = "contract_examples"
Open = Callable[[Home], AbstractContextManager[duckdb.DuckDBPyConnection]]


def refuse_failing(home: Home, run_id: str, open_warehouse: Open) -> list[FileOutcome]:
    """Runs the examples of the contracts in force and withdraws each contract with one that fails.

    Left out when contracts, rates and program are those of the last time. That is remembered only once the failing are
    withdrawn, so a run killed in between checks again. No connection to the warehouse may be open in this process.
    """
    checked = home.runs / "examples.checked"
    with open_warehouse(home) as warehouse:
        if checked.exists() and checked.read_text(encoding="utf-8") == fingerprint.of_prices(warehouse):
            return []
    failing = refusals(failing_examples(home.warehouse, home.runs / "examples"))
    with open_warehouse(home) as warehouse:
        landing = Landing(warehouse, home.quarantine, run_id)
        refused = [landing.withdraw(file_id, refusal) for file_id, refusal in failing.items()]
        files.replace(checked, fingerprint.of_prices(warehouse))
    return refused


def refusals(failing: Iterable[ExampleResult]) -> dict[str, Refusal]:
    """Why each contract file is refused, by the hash of the file."""
    told: dict[str, list[str]] = {}
    for result in failing:
        told.setdefault(result.file_id, []).append(f"example {result.name!r}: {result.difference()}")
    reason = "its own examples fail, so it is not in force. "
    return {file_id: Refusal(RULE, reason + "; ".join(texts), kind="contract") for file_id, texts in told.items()}
