"""A dbt build for the tests of models, of which every part must be good."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from owed.models import invoke


def build(root: Path, target: Path, *arguments: str, settings: Mapping[str, str] | None = None) -> None:
    """Builds what the arguments select, with its tests, in `root`/warehouse.duckdb.

    Fails where a node is not good. A warning is good: it says how the data is.
    """
    results = invoke(["build", "--indirect-selection", "cautious", *arguments], root, target, settings=settings).results
    assert results
    assert [f"{r.node.name}: {r.message}" for r in results if r.status not in ("success", "pass", "warn")] == []
