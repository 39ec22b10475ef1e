"""`owed status`: is what people read good, how old is it, and what did the last run say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import duckdb

from owed import gates, ledger, lock, snapshots
from owed.errors import OwedError
from owed.home import Home, now
from owed.ledger import Run


@dataclass(frozen=True)
class Status:
    """`is_good` decides the exit code.

    `age_hours` counts from the last run that ended well; after a rollback, from when the build was made (`built_at`,
    UTC). `is_rolled_back`: it is not the newest that is kept. `files_refused` counts all that was ever refused and not
    tried again, as published (`rpt_files`); None where that cannot be read.
    """

    is_good: bool
    sentence: str
    build: str | None
    built_at: str | None
    is_rolled_back: bool
    as_of_date: str | None
    age_hours: float | None
    is_running: bool
    last_run_id: str | None
    last_run_status: str | None
    files_refused: int | None
    gates_warned: int


def status(home: Home, max_age: timedelta | None = None) -> Status:
    """The home's state. With `max_age`, data that no run confirmed for longer than that is not good."""
    home.require()
    runs = ledger.history(home)
    last = next((run for run in runs if run.status != ledger.RUNNING), None)
    good = next((run for run in runs if run.exit_code == 0), None)
    confirmed = good.confirmed_at() if good else None
    age = max(now() - confirmed, timedelta()) if confirmed else None  # the clock may have gone back
    build, as_of_date, refused, problem = _published(home)
    is_rolled_back = bool(
        good and good.status == ledger.ROLLED_BACK and build and snapshots.listed(home)[0].build > build
    )
    if problem is None and last is not None and last.exit_code != 0:
        problem = f"the last run {last.status.replace('_', ' ')}: {last.message}"
    if problem is None and max_age is not None and (age is None or age > max_age):
        problem = f"no good refresh for more than {_hours(max_age)}"
    return Status(
        is_good=problem is None,
        sentence=_sentence(problem, _told(build, is_rolled_back, as_of_date), age, last, refused),
        build=build,
        built_at=snapshots.made_at(build).isoformat() if build else None,
        is_rolled_back=is_rolled_back,
        as_of_date=as_of_date,
        age_hours=round(age.total_seconds() / 3600, 2) if age is not None else None,
        is_running=lock.is_held(home),
        last_run_id=last.run_id if last else None,
        last_run_status=last.status if last else None,
        files_refused=refused,
        gates_warned=len(gates.warned(last.gates)) if last else 0,
    )


def _published(home: Home) -> tuple[str | None, str | None, int | None, str | None]:
    """Build and as-of date of what is published, how many files were refused, and what is wrong with it."""
    try:
        snapshot = snapshots.current(home)
        if snapshot is None:
            return None, None, None, "nothing is published yet, run `owed refresh`"
        with snapshots.open_snapshot(snapshot.path) as connection:
            refused = connection.execute("select count(*) from marts.rpt_files where status = 'refused'").fetchone()
        return snapshot.build, snapshots.as_of(home), refused[0] if refused else None, None
    except (OwedError, duckdb.Error) as error:
        return None, None, None, str(error)


def _told(build: str | None, is_rolled_back: bool, as_of_date: str | None) -> str:
    if build is None:
        return "nothing to read"
    put_back = f", an earlier one put back, made {snapshots.made_at(build):%Y-%m-%d %H:%M} UTC"
    return f"as of {as_of_date}, build {build}{put_back if is_rolled_back else ''}"


def _sentence(problem: str | None, published: str, age: timedelta | None, last: Run | None, refused: int | None) -> str:
    parts = [f"{'NOT GOOD' if problem else 'GOOD'}: {published}"]
    if age is not None:
        parts.append(f"{_hours(age)} old")
    if last and last.status != ledger.ROLLED_BACK:
        parts.append(last.told_files())
    if refused:
        parts.append(f"{refused} refused in all (`owed quarantine list`)")
    return ", ".join(parts) + (f"; {problem}" if problem else "")


def _hours(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:.0f} h" if hours >= 1 else f"{hours * 60:.0f} min"
