"""`owed check`: what a refresh would do with files, found out in a scratch database; nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from loaders.landing import FileOutcome, Landing
from owed.errors import WrongUseError
from owed.faults import explained


def check(paths: Sequence[Path]) -> list[FileOutcome]:
    """An outcome for each file, or for each member of an archive, as if together they were a new home's inbox."""
    for path in paths:
        if not path.is_file():
            raise WrongUseError(f"There is no file {path}.")
    with TemporaryDirectory() as scratch, duckdb.connect(":memory:") as connection, explained():
        landing = Landing(connection, Path(scratch), "check")
        landing.prepare()
        return list(landing.land(paths))
