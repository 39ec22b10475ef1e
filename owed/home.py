"""A site's folder, the program's own folder, and today."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from owed.errors import WrongUseError


@dataclass(frozen=True)
class Home:
    """One site's state. Everything in it may hold protected health information, so folders are its owner's alone."""

    root: Path

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def data_docs(self) -> Path:
        """What the files landed last met of what is expected of them: pages without health information."""
        return self.root / "data_docs"

    @property
    def lock(self) -> Path:
        return self.root / "refresh.lock"

    @property
    def spill(self) -> Path:
        """Where queries too large for memory put what does not fit; emptied after each run."""
        return self.root / "warehouse.duckdb.tmp"

    def inboxes(self, given: Sequence[Path]) -> Sequence[Path]:
        """The folders to read: those given, else the home's own. Raises `WrongUseError` for one that is not there."""
        for inbox in given:
            if not inbox.is_dir():
                raise WrongUseError(f"There is no folder {inbox} to read files from.")
        return given or (self.inbox,)

    def create(self) -> None:
        """Makes what is missing; an existing folder keeps its permissions."""
        try:
            for folder in (self.root, self.inbox, self.published, self.quarantine, self.runs):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise WrongUseError(f"{error.filename}: a file lies where the home needs a folder.") from error

    def require(self) -> Home:
        if not self.root.is_dir():
            raise WrongUseError(f"No home at {self.root}: make one with `owed refresh`, or name it with --home.")
        return self


def find_home(option: Path | None) -> Home:
    """`--home`, else `$OWED_HOME`, else `./home`."""
    return Home((option or Path(os.environ.get("OWED_HOME") or "home")).absolute())


def project_dir() -> Path:
    """The dbt project: `$OWED_PROJECT`, else the folder the `owed` package lies in."""
    named = os.environ.get("OWED_PROJECT")
    folder = Path(named).absolute() if named else Path(__file__).resolve().parent.parent
    if not (folder / "dbt_project.yml").is_file():
        raise WrongUseError(f"No dbt_project.yml in {folder}: run Owed from its source folder, or set OWED_PROJECT.")
    return folder


def today() -> date:
    """The day of the run: `$OWED_TODAY` (an ISO date), else the local date."""
    named = os.environ.get("OWED_TODAY")
    if not named:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(named)
    except ValueError as error:
        raise WrongUseError("OWED_TODAY is not a date as 2025-12-31.") from error


def now() -> datetime:
    """This moment in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
