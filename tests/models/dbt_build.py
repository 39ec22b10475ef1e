"""A dbt build for the tests of models, of which every part must be good."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from owed.models import invoke


def build(
    root: Path,
    target: Path,
    *arguments: str,
    settings: Mapping[str, str] | None = None,
    may_warn: Collection[str] = (),
) -> None:
    """Builds what the arguments select, with its tests, in `root`/warehouse.duckdb.

    Fails where a node is not good, or warns and is not named in `may_warn`.
    """
    results = invoke(["build", "--indirect-selection", "cautious", *arguments], root, target, settings=settings).results
    assert results
    bad = [result for result in results if result.status not in ("success", "pass")]
    assert [f"{r.node.name}: {r.message}" for r in bad if r.status != "warn" or r.node.name not in may_warn] == []
