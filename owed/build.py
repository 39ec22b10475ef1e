"""The dbt build: seeds, models and data tests in one pass over the warehouse, in this process."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from owed import gates
from owed.changed import Scope
from owed.errors import redact
from owed.gates import Gate
from owed.home import Home
from owed.models import invoke

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

# What stays as it is while the program does: seeds, and views over what landed. Tests of the data all run.
_STANDING = (
    *("--indirect-selection", "empty", "--exclude", "path:seeds", "path:models/staging/reference"),
    "resource_type:model,path:models/staging",
)

# (text, total): a node was finished.
Advance = Callable[[str, int | None], None]


@dataclass(frozen=True)
class Build:
    """`gates` has a row a data test, and one a model that broke. `manifest` is the project as dbt read it."""

    gates: list[Gate]
    manifest: Manifest
    seconds_by_node: dict[str, float]


def build(home: Home, as_of: date | None, run_date: date, scope: Scope, advance: Advance) -> Build:
    """Builds and tests every model in the home's warehouse: whole, or, as `scope` says, for the changed claims.

    No connection to the warehouse may be open in this process, and none is afterwards. `as_of` None leaves the
    date to the watermark. Unit tests prove the program, not the data, and are left to `make test`.
    """
    settings = {
        "OWED_AS_OF": as_of.isoformat() if as_of else "",
        "OWED_RUN_DATE": run_date.isoformat(),
        "OWED_SCOPE": "all" if scope.is_all else "changed",
        "OWED_VACUUM_TASKS": "100" if scope.tidies else "0",
    }
    command = ["build", "--exclude-resource-type", "unit_test", *(["--full-refresh"] if scope.is_all else _STANDING)]
    try:
        ran = invoke(command, home.root, home.runs / "dbt", [_Watch(advance)], settings)
    finally:
        gc.unfreeze()
    return Build(
        gates=[gate for gate in map(_gate, ran.results) if gate],
        manifest=ran.manifest,
        seconds_by_node={result.node.name: round(result.execution_time, 3) for result in ran.results},
    )


class _Watch:
    """Counts the finished nodes out of dbt's events."""

    def __init__(self, advance: Advance) -> None:
        self.advance = advance

    def __call__(self, message: Any) -> None:
        if message.info.name == "LogStartLine":
            if not hasattr(self, "total"):
                # dbt's view of the project stays to the end: looking through it for garbage takes seconds.
                gc.freeze()
            self.total = int(message.data.total)
        elif message.info.name == "NodeFinished":
            self.advance(message.data.node_info.node_name, getattr(self, "total", None))


def _gate(result: Any) -> Gate | None:
    """A dbt result as a gate; None for a model or seed that was built."""
    node, status = result.node, str(result.status)
    is_test = node.resource_type == "test"
    if status in {"success", "no-op"} or (status == "skipped" and not is_test):  # no-op: an exposure, nothing to build
        return None
    if not is_test:
        return Gate(node.name, "build", node.name, "error", gates.FAIL, 1, f"Not built: {redact(result.message or '')}")
    subject = node.attached_node.split(".")[-1] if getattr(node, "attached_node", None) else _tested(node)
    severity = str(node.config.severity).lower()
    sentence = node.description or node.name.replace("_", " ")
    if status == "error":
        sentence = f"Check broken: {redact(result.message or '')}"
        return Gate(node.name, "build", subject, "error", gates.FAIL, 1, sentence)
    passed = {"pass": gates.PASS, "warn": gates.WARN, "fail": gates.FAIL, "skipped": gates.SKIPPED}
    return Gate(node.name, "build", subject, severity, passed[status], result.failures or 0, sentence)


def _tested(node: Any) -> str:
    models: list[str] = [name.split(".")[-1] for name in node.depends_on.nodes]
    return models[0] if models else str(node.name)
