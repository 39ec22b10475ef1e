"""What must hold before anything is published, each as a row an operator can read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PASS, WARN, FAIL, SKIPPED = "pass", "warn", "fail", "skipped"


@dataclass(frozen=True)
class Gate:
    """One check and how it went.

    `layer` is `landing` or `build`; `severity` what a failure means: `error` stops the publication, `warn` is shown.
    `failure_count` counts rows or records; `sentence` says what is guarded, in an operator's words.
    """

    check: str
    layer: str
    subject: str
    severity: str
    status: str
    failure_count: int
    sentence: str


def failed(gates: Iterable[Gate]) -> list[Gate]:
    return [gate for gate in gates if gate.status == FAIL]


def warned(gates: Iterable[Gate]) -> list[Gate]:
    return [gate for gate in gates if gate.status == WARN]
