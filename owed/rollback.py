"""`owed rollback`: an earlier snapshot is what people read again."""

from __future__ import annotations

from owed import faults, ledger, lock, metrics, snapshots
from owed.errors import EXIT_DONE
from owed.home import Home
from owed.ledger import Run


def rollback(home: Home, build: str) -> Run:
    """Republishes an earlier snapshot, in the ledger like any run; raises `LockHeldError` while a refresh runs."""
    run = Run.new(home, "rollback")
    with lock.hold(home, run.run_id), faults.explained():
        snapshots.rollback(home, build)
        run.build, run.as_of_date = build, snapshots.as_of(home)
        run.finish(home, ledger.ROLLED_BACK, f"Build {build}, as of {run.as_of_date}, is published again.", EXIT_DONE)
        metrics.write(home, run)
    return run
