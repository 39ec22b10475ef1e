"""Figures of the last run for the Prometheus textfile collector, written by rename."""

from __future__ import annotations

from datetime import UTC, date, datetime

from owed import files, gates, ledger, snapshots
from owed.home import Home
from owed.ledger import Run

_HELP = {
    "owed_run_success": "1 if the last run ended well (published, or nothing new), else 0",
    "owed_run_finished_timestamp_seconds": "when the last run ended",
    "owed_run_duration_seconds": "time of the last run by stage",
    "owed_last_success_timestamp_seconds": (
        "when a run last ended well; after a rollback, when the build was made that was put back"
    ),
    "owed_as_of_timestamp_seconds": "the as-of date of what is published",
    "owed_files": "files new to the last run, by what became of them",
    "owed_claims_landed": "claims and answers the last run landed",
    "owed_gates": "checks of the last run by outcome",
    "owed_snapshot_bytes": "size of the published snapshot",
    "owed_snapshots": "snapshots kept",
}


def write(home: Home, run: Run) -> None:
    """Writes `runs/metrics.prom`. Only counts, times and sizes; no names."""
    series: list[tuple[str, str, float]] = []

    def add(name: str, value: float, **labels: str) -> None:
        text = ",".join(f'{key}="{label}"' for key, label in labels.items())
        series.append((name, f"{{{text}}}" if text else "", value))

    add("owed_run_success", 1 if run.exit_code == 0 else 0)
    add("owed_run_finished_timestamp_seconds", _seconds(run.finished_at))
    for stage in run.stages:
        add("owed_run_duration_seconds", stage.seconds or 0, stage=stage.name)
    good = next((done for done in ledger.history(home) if done.exit_code == 0), None)
    if good:
        moment = good.confirmed_at()
        add("owed_last_success_timestamp_seconds", moment.timestamp() if moment else 0)
        if good.as_of_date:
            add("owed_as_of_timestamp_seconds", _midnight(good.as_of_date))
    for status in ("loaded", "loaded_with_findings", "duplicate", "refused"):
        add("owed_files", run.files.get(status, 0), status=status)
    add("owed_claims_landed", run.claims_landed)
    add("owed_gates", run.gates_passed, outcome="pass")
    add("owed_gates", len(gates.warned(run.gates)), outcome="warn")
    add("owed_gates", len(gates.failed(run.gates)), outcome="fail")
    snapshot = snapshots.current(home)
    if snapshot and snapshot.path.exists():
        add("owed_snapshot_bytes", snapshot.path.stat().st_size)
    add("owed_snapshots", len(snapshots.listed(home)))

    lines: list[str] = []
    told: set[str] = set()
    for name, labels, value in series:
        if name not in told:
            lines += [f"# HELP {name} {_HELP[name]}", f"# TYPE {name} gauge"]
            told.add(name)
        lines.append(f"{name}{labels} {value:.15g}")
    files.replace(home.runs / "metrics.prom", "\n".join(lines) + "\n")


def _seconds(moment: str | None) -> float:
    return datetime.fromisoformat(moment).timestamp() if moment else 0


def _midnight(day: str) -> float:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).timestamp()
