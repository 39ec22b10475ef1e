"""The dbt build: seeds, models and data tests in one pass over the warehouse, in this process."""

from __future__ import annotations

import gc
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
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

# Left to a node of dbt's own: tests of many tables, and those of views and seeds. A table asks its own as it is made.
_NODES = (
    *("build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "exposure"),
    *("--indirect-selection", "empty", "--exclude"),
    *("path:models/intermediate,test_type:generic", "path:models/marts,test_type:generic"),
)
# What stays as it is while the program does: seeds, and views over what landed. And while contracts and rates do, what
# rests on them alone.
_STANDING = ("path:seeds", "path:models/staging/reference", "resource_type:model,path:models/staging")
_OF_CONTRACTS = ("path:models/intermediate/rates", "path:models/intermediate/pricing/contracts")

# How a table says which of its tests failed, on how many rows: macros/changed.
_ASKED = "Tests failed: "
_FAILED = re.compile(r"(\w+) \((\d+)\)")

_STATUSES = {
    "pass": gates.PASS,
    "warn": gates.WARN,
    "fail": gates.FAIL,
    "error": gates.FAIL,
    "skipped": gates.SKIPPED,
}

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
        "OWED_TESTS": "with_models",
        "OWED_VACUUM_TASKS": "100" if scope.tidies else "0",
    }
    command = [*_NODES, *(["--full-refresh"] if scope.is_all else _STANDING)]
    if scope.keeps_contracts:
        command += _OF_CONTRACTS
    try:
        ran = invoke(command, home.root, home.runs / "dbt", [_Watch(advance)], settings)
    finally:
        gc.unfreeze()
    return Build(
        gates=list(_gates(ran.results, ran.manifest)),
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
        # dbt's total leaves out what lives in other models' queries alone.
        elif message.info.name == "NodeFinished" and message.data.node_info.materialized != "ephemeral":
            self.advance(message.data.node_info.node_name, getattr(self, "total", None))


def _gates(results: Iterable[Any], manifest: Manifest) -> Iterator[Gate]:
    """dbt's results as gates: one a test, be it a node or asked by its table, and one a model or seed that broke."""
    tests_by_table = defaultdict(list)
    for test in manifest.nodes.values():
        if table := getattr(test, "attached_node", None):
            tests_by_table[table].append(test)
    for result in results:
        node, status, message = result.node, str(result.status), result.message or ""
        if node.resource_type == "test":
            broken = f"Check broken: {redact(message)}" if status == "error" else ""
            yield _gate(node, _STATUSES[status], result.failures or int(bool(broken)), broken)
            continue
        is_table = node.resource_type == "model" and node.config.materialized in {"table", "incremental"}
        tests = tests_by_table[node.unique_id] if is_table else []
        told = dict(_FAILED.findall(message)) if _ASKED in message else {}
        # A message may quote data: of what it names, only the table's tests count.
        failures = {test.name: int(told[test.name]) for test in tests if test.name in told}
        if status not in {"success", "skipped"} and not failures:
            broken = f"Not built: {redact(message)}"
            yield Gate(node.name, "build", node.name, "error", gates.FAIL, 1, broken)
        otherwise = gates.PASS if status == "success" or failures else gates.SKIPPED
        for test in tests:
            is_failed = test.name in failures
            yield _gate(test, gates.FAIL if is_failed else otherwise, failures.get(test.name, 0))


def _gate(test: Any, status: str, failure_count: int, broken: str = "") -> Gate:
    subject = test.attached_node.split(".")[-1] if getattr(test, "attached_node", None) else _tested(test)
    severity = "error" if broken else str(test.config.severity).lower()
    sentence = broken or test.description or test.name.replace("_", " ")
    return Gate(test.name, "build", subject, severity, status, failure_count, sentence)


def _tested(node: Any) -> str:
    models: list[str] = [name.split(".")[-1] for name in node.depends_on.nodes]
    return models[0] if models else str(node.name)
