"""`owed check`: what a refresh would do with files, found out in a scratch database; nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from loaders.inbox import InboxFile, Unreadable, measure, scan
from loaders.landing import FileOutcome, Landing
from loaders.source import Refusal
from owed import contract_gate
from owed.contracts_test import rate_files, test_files
from owed.errors import WrongUseError
from owed.faults import explained
from owed.home import Home


def preview(home: Home, inboxes: Sequence[Path]) -> list[FileOutcome]:
    """What `check` says of the files no refresh has met yet, whatever they are called."""
    known: set[str] = set()
    if home.warehouse.exists():
        with explained(), duckdb.connect(str(home.warehouse), read_only=True) as warehouse:
            known = {row[0] for row in warehouse.execute("select file_id from raw.files").fetchall()}
    new = {file.path: None for file in scan(inboxes) if isinstance(file, Unreadable) or _hash(file) not in known}
    return check(home, list(new))


def check(home: Home, paths: Sequence[Path]) -> list[FileOutcome]:
    """An outcome for each file, or for each member of an archive, as if together they were a new home's inbox.

    Examples of contracts may use the rates in `home`, if there is one.
    """
    for path in paths:
        if not path.is_file():
            raise WrongUseError(f"There is no file {path}.")
    with TemporaryDirectory() as scratch, explained():
        with duckdb.connect(":memory:") as connection:
            landing = Landing(connection, Path(scratch), "check")
            landing.prepare()
            outcomes = list(landing.land(paths))
        if not any(outcome.kind == "contract" and outcome.status != "refused" for outcome in outcomes):
            return outcomes
        tested = test_files([*paths, *rate_files(home)], Path(scratch) / "dbt")
    refusals = contract_gate.refusals(result for result in tested.results if not result.passed)
    return [
        replace(outcome, status="refused", refusal_reason=str(refusals[outcome.file_id]), claim_count=None)
        if outcome.file_id in refusals
        else outcome
        for outcome in outcomes
    ]


def _hash(file: InboxFile) -> str | None:
    try:
        return measure(file, keep_bytes=0).file_id
    except Refusal:
        return None
