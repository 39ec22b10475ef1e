"""`owed status`: is what people read good, how old is it, and what did the last run say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb

from owed import gates, ledger, lock, snapshots
from owed.errors import OwedError
from owed.home import Home, now
from owed.ledger import Run


@dataclass(frozen=True)
class Status:
    """`is_good` decides the exit code; `age_hours` counts from the last run that ended well."""

    is_good: bool
    sentence: str
    build: str | None
    as_of_date: str | None
    age_hours: float | None
    is_running: bool
    last_run_id: str | None
    last_run_status: str | None
    files_refused: int
    gates_warned: int


def status(home: Home, max_age: timedelta | None = None) -> Status:
    """The home's state. With `max_age`, data that no run confirmed for longer than that is not good."""
    home.require()
    runs = ledger.history(home)
    last = next((run for run in runs if run.status != ledger.RUNNING), None)
    good = next((run for run in runs if run.exit_code == 0 and run.finished_at), None)
    age = _since(good.finished_at) if good and good.finished_at else None
    build, as_of_date, problem = _published(home)
    if problem is None and last is not None and last.exit_code != 0:
        problem = f"the last run {last.status.replace('_', ' ')}: {last.message}"
    if problem is None and max_age is not None and (age is None or age > max_age):
        problem = f"no good refresh for more than {_hours(max_age)}"
    return Status(
        is_good=problem is None,
        sentence=_sentence(problem, build, as_of_date, age, last),
        build=build,
        as_of_date=as_of_date,
        age_hours=round(age.total_seconds() / 3600, 2) if age is not None else None,
        is_running=lock.is_held(home),
        last_run_id=last.run_id if last else None,
        last_run_status=last.status if last else None,
        files_refused=last.files.get("refused", 0) if last else 0,
        gates_warned=len(gates.warned(last.gates)) if last else 0,
    )


def _since(moment: str) -> timedelta:
    """The time since; none if the clock went back meanwhile."""
    return max(now() - datetime.fromisoformat(moment).astimezone(UTC), timedelta())


def _published(home: Home) -> tuple[str | None, str | None, str | None]:
    """Build and as-of date of what is published, and what is wrong with it."""
    try:
        snapshot = snapshots.current(home)
        if snapshot is None:
            return None, None, "nothing is published yet, run `owed refresh`"
        return snapshot.build, snapshots.as_of(home), None
    except (OwedError, duckdb.Error) as error:
        return None, None, str(error)


def _sentence(
    problem: str | None, build: str | None, as_of_date: str | None, age: timedelta | None, last: Run | None
) -> str:
    published = f"as of {as_of_date}, build {build}" if build else "nothing to read"
    confirmed = f", {_hours(age)} old" if age is not None else ""
    files = f", {last.told_files()}" if last else ""
    return f"{'NOT GOOD' if problem else 'GOOD'}: {published}{confirmed}{files}" + (f"; {problem}" if problem else "")


def _hours(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:.0f} h" if hours >= 1 else f"{hours * 60:.0f} min"
