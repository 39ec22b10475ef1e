"""The refresh: find files, land what is new, build, check, publish. Wherever it stops, what is published stands."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from loaders import landing_tables
from loaders.landing import LOADED, FileOutcome, Landing
from loaders.quality.check import Outcome
from owed import (
    changed,
    contract_gate,
    data_docs,
    encryption,
    faults,
    files,
    fingerprint,
    gates,
    hooks,
    ledger,
    lock,
    metrics,
    models,
    publish,
    run_tables,
    snapshots,
    time_limit,
)
from owed.build import Advance, Build, build
from owed.changed import Scope
from owed.errors import EXIT_DONE, EXIT_FAILED, CheckFailedError, OwedError, redact
from owed.home import Home, today
from owed.ledger import Run
from owed.progress import Reporter
from owed.publish import Base
from owed.snapshots import Snapshot
from owed.words import counted

# A landing that was killed reads its log again; written out more often, much is written twice.
LOG_BYTES = 256 << 20
# File hash (None: it could not be opened), name and rule.
Refused = tuple[str | None, str, str]


@dataclass(frozen=True)
class Request:
    """`inboxes` empty: the home's own. `as_of` None: the watermark. `full`: build anew, even if nothing is new.

    `timeout`: the minutes after which it is stopped; None: as long as it takes.
    """

    home: Home
    inboxes: tuple[Path, ...] = ()
    as_of: date | None = None
    full: bool = False
    timeout: float | None = None


def refresh(request: Request, reporter: Reporter) -> Run:
    """Runs one refresh and returns its ledger entry.

    Raises `LockHeldError` if another runs, `CheckFailedError` if a gate failed, `OwedError` for anything else; the
    ledger then holds why, and what was published before stays published.
    """
    home = request.home
    request = replace(request, inboxes=tuple(home.inboxes(request.inboxes)))
    with faults.explained():
        home.create()
        run = Run.new(home, "refresh")
        try:
            with lock.hold(home, run.run_id), _recorded(home, run), time_limit.within(request.timeout):
                _stages(request, run, reporter)
        finally:
            models.finish_loading()
    return run


@contextmanager
def _recorded(home: Home, run: Run) -> Iterator[None]:
    """However the run ends, the ledger says how."""
    try:
        with faults.explained():
            yield
    except CheckFailedError as error:
        _end(home, run, ledger.FAILED_CHECKS, str(error), error.exit_code)
        raise
    except OwedError as error:
        _end(home, run, ledger.FAILED, str(error), error.exit_code)
        raise
    except Exception as error:
        _end(home, run, ledger.FAILED, f"{type(error).__name__}: {redact(str(error))}", EXIT_FAILED)
        raise
    except BaseException:
        _end(home, run, ledger.INTERRUPTED, "Stopped by a signal; the next run redoes what is missing.", EXIT_FAILED)
        raise


def _stages(request: Request, run: Run, reporter: Reporter) -> None:
    home, run_date = request.home, today()
    run.run_date = run_date.isoformat()
    run.save(home)
    ledger.close_interrupted(home, except_run=run.run_id)
    publish.clear_drafts(home)
    shutil.rmtree(home.spill, ignore_errors=True)

    with run.stage(home, "find"), reporter.step("Finding files"):
        file_count = sum(1 for inbox in request.inboxes for path in inbox.rglob("*") if path.is_file())
    # Opened once for all that comes before dbt: to close it is to checkpoint it, which takes a second or two.
    with ExitStack() as stack:
        warehouse = stack.enter_context(open_warehouse(home))
        with run.stage(home, "land"):
            outcomes, refused_before, expectations = _land(home, run, warehouse, request.inboxes, file_count, reporter)
        stack.enter_context(data_docs.beside(home, run, expectations))
        with run.stage(home, "examples"), reporter.step("Testing contracts"):
            if not contract_gate.are_tested(home, warehouse):
                _write_out(warehouse)
                warehouse.close()
                for refused in contract_gate.refuse_failing(home, run.run_id, open_warehouse):
                    outcomes[_key(refused)] = refused
                    _log_file(home, run, refused)
                warehouse = stack.enter_context(open_warehouse(home))
                _give_memory(warehouse)
            news = [outcome for outcome in outcomes.values() if _refusal(outcome) not in refused_before]
            run.files = dict(Counter(outcome.status for outcome in news))
        _build(request, run, run_date, warehouse, reporter)


def _build(
    request: Request, run: Run, run_date: date, warehouse: duckdb.DuckDBPyConnection, reporter: Reporter
) -> None:
    """What follows on the landing: models, gates, publication. Closes the warehouse, which dbt opens for itself."""
    home = request.home
    inputs = fingerprint.of(warehouse, request.as_of, run_date)
    published_by, made_from = run_tables.of_published(home) or ("", None)
    if not request.full and inputs == made_from and _is_whole(home, run, warehouse):
        warehouse.close()
        _keep(home, run)
        return
    run.files_before = _loaded_since(warehouse, published_by, run)
    models.loading(home.runs)
    with run.stage(home, "scope"), reporter.step("Finding changed claims"):
        warehouse.execute("set threads = 2")
        scope = changed.begin(warehouse, request.as_of, run_date, request.full)
        # Not left to the closing, which keeps to itself that the disk is full.
        _write_out(warehouse)
        warehouse.close()
        run.log(home, "scope", claims=scope.claims, all_because=scope.reason)
    # After a rollback the last build is not the one that is read now; its file may even be gone.
    last = next((kept for kept in snapshots.listed(home) if not scope.is_all and kept.build == scope.build), None)
    with publish.copied(home, last) as base:
        built = _built(request, run, run_date, scope, reporter)
        with run.stage(home, "publish"), reporter.step("Publishing") as step:
            snapshot = _published(home, run, built, inputs, scope, base, step.advance)
            with open_warehouse(home) as warehouse:
                changed.finish(warehouse, request.as_of, run_date, snapshot)
    _end(home, run, ledger.PUBLISHED, run.message, EXIT_DONE)


def _built(request: Request, run: Run, run_date: date, scope: Scope, reporter: Reporter) -> Build:
    """The models and tests, run and good."""
    home = request.home
    with run.stage(home, "build"), reporter.step("Building and checking") as step:
        built = build(home, request.as_of, run_date, scope, step.advance)
    for node, seconds in built.seconds_by_node.items():
        run.log(home, "node", name=node, seconds=seconds)
    with run.stage(home, "gates"):
        run.gates = [gate for gate in built.gates if gate.status != gates.PASS]
        run.gates_passed = len(built.gates) - len(run.gates)
        for gate in run.gates:
            run.log(home, "gate", check=gate.check, status=gate.status, failures=gate.failure_count)
        _require(run)
    return built


def _published(
    home: Home, run: Run, built: Build, inputs: str, scope: Scope, copied: Base | None, advance: Advance
) -> Snapshot:
    """What was built as the snapshot that is read from now on; of one that begins as a copy, only the changes."""
    base = _undamaged(home, run, scope, copied)
    run.build = publish.next_build(home, inputs)
    relations = publish.relations(built.manifest.nodes.values())
    with publish.draft(home, run.build, memory_limit(), base, scope.tidies) as draft:
        run.as_of_date = _as_of(draft)
        for name in publish.copy_all(draft, relations, changed_only=base is not None):
            advance(name, len(relations))
        run.message = _told(run)
        earlier = [other for other in ledger.history(home) if other.run_id != run.run_id]
        run_tables.write(draft, run, earlier, built.gates, inputs)
    return publish.publish(home, run.build)


def _is_whole(home: Home, run: Run, warehouse: duckdb.DuckDBPyConnection) -> bool:
    """Whether the file that is read now is there and as it was written: a damaged one is published anew."""
    snapshot = snapshots.current(home)
    if snapshot is None or changed.is_whole(warehouse, snapshot):
        return snapshot is not None
    run.log(home, "damaged", build=snapshot.build)
    return False


def _undamaged(home: Home, run: Run, scope: Scope, base: Base | None) -> Path | None:
    """The copy of the last snapshot, if that was still as it was written: nothing is built upon a damaged one."""
    if base is None:
        return None
    if scope.checksum in (None, base.checksum.result()):
        return base.path
    run.log(home, "damaged", build=scope.build)
    return None


def _land(
    home: Home,
    run: Run,
    warehouse: duckdb.DuckDBPyConnection,
    inboxes: Sequence[Path],
    file_count: int,
    reporter: Reporter,
) -> tuple[dict[str, FileOutcome], frozenset[Refused], dict[str, Outcome]]:
    """Lands what is new, and looks again at contracts that were refused for what lay beside them.

    Outcomes by file hash and name (a content may have several names), what was refused before this run, and outcomes
    of the expectations by suite.
    """
    outcomes: dict[str, FileOutcome] = {}
    log = files.log_of(home.warehouse)
    with reporter.step("Landing", file_count) as step:
        landing = Landing(warehouse, home.quarantine, run.run_id)
        landing.prepare()
        refused_before = frozenset(
            warehouse.execute(
                "select file_id, file_name, refusal_rule from raw.files where status = 'refused'"
            ).fetchall()
        )
        for outcome in landing.land(inboxes):
            outcomes[_key(outcome)] = outcome
            run.claims_landed += outcome.claim_count or 0
            _log_file(home, run, outcome)
            step.advance(outcome.file_name)
            if log.exists() and log.stat().st_size > LOG_BYTES:
                _write_out(warehouse)
        # However the run ends, the warehouse is closed with the memory that its checkpoint takes.
        _give_memory(warehouse)
        if any(_refusal(outcome) not in refused_before for outcome in outcomes.values()):
            models.loading(home.runs)
        return outcomes, refused_before, landing.outcomes


def _write_out(warehouse: duckdb.DuckDBPyConnection) -> None:
    """What is in the log goes into the file, with the memory of a build."""
    _give_memory(warehouse)
    warehouse.execute("checkpoint")


def _give_memory(warehouse: duckdb.DuckDBPyConnection) -> None:
    """What a build may have, in place of what the landing needs."""
    warehouse.execute(f"set memory_limit = '{memory_limit()}'")


def _key(outcome: FileOutcome) -> str:
    return f"{outcome.file_id} {outcome.file_name}"


def _refusal(outcome: FileOutcome) -> Refused | None:
    """None of what was not refused."""
    if outcome.refusal_reason is None:
        return None
    return outcome.file_id, outcome.file_name, outcome.refusal_reason.split(":")[0]


def _log_file(home: Home, run: Run, outcome: FileOutcome) -> None:
    run.log(
        home,
        "file",
        file_id=outcome.file_id,
        kind=outcome.kind,
        status=outcome.status,
        claims=outcome.claim_count,
        findings=outcome.finding_count,
        bytes=outcome.byte_count,
    )


def open_warehouse(home: Home) -> duckdb.DuckDBPyConnection:
    """The warehouse, to write; for the holder of the lock alone."""
    return faults.when_free(lambda: landing_tables.connect(home.warehouse, home.spill, encryption.connect))


def memory_limit() -> str:
    """What DuckDB may use of memory in building and publishing, here and in the dbt profile."""
    return os.environ.get("OWED_MEMORY_LIMIT", "4GB")


def _keep(home: Home, run: Run) -> None:
    """Nothing new: what is published stands."""
    snapshot = snapshots.current(home)
    run.build, run.as_of_date = snapshot.build if snapshot else None, snapshots.as_of(home)
    _end(home, run, ledger.UNCHANGED, f"Nothing new: build {run.build}, as of {run.as_of_date}, stands.", EXIT_DONE)


def _require(run: Run) -> None:
    broken = gates.failed(run.gates)
    if broken:
        told = "; ".join(f"{gate.subject}: {gate.sentence} ({gate.failure_count})" for gate in broken[:5])
        more = f"; and {len(broken) - 5} more, see `owed history --json`" if len(broken) > 5 else ""
        raise CheckFailedError(f"{counted(len(broken), 'check')} failed, nothing was published. {told}{more}")


def _as_of(draft: duckdb.DuckDBPyConnection) -> str | None:
    row = draft.execute("select cast(as_of_date as varchar) from warehouse.intermediate.int_as_of").fetchone()
    return row[0] if row else None


def _loaded_since(warehouse: duckdb.DuckDBPyConnection, run_id: str, run: Run) -> int:
    """How many files were loaded after a run (the blank one: ever) and before this one."""
    row = warehouse.execute(
        "select count(*) from raw.files where list_contains(?, status) and run_id > ? and run_id < ?",
        [LOADED, run_id, run.run_id],
    ).fetchone()
    return row[0] if row else 0


def _told(run: Run) -> str:
    warned = len(gates.warned(run.gates))
    return (
        f"Published build {run.build}, as of {run.as_of_date}: {run.told_files()}, "
        f"{run.told_claims()} landed, {run.gates_passed} checks passed, {warned} warned."
    )


def _end(home: Home, run: Run, status: str, message: str, exit_code: int) -> None:
    """Records how the run ended. A disk that is full must not hide why."""
    with suppress(OSError, OwedError):
        run.finish(home, status, message, exit_code)
        metrics.write(home, run)
        hooks.call(home, run)
