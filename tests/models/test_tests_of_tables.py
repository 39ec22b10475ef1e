"""A refresh has a table ask its generic tests as it is made: they must need nothing that only a node of dbt's gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML

from tests.conftest import PROJECT

PLAIN = {"name", "description", "column_name", "arguments"}


def test_tests_of_tables_take_plain_arguments() -> None:
    tests = [
        test
        for layer in ("intermediate", "marts")
        for path in (PROJECT / "models" / layer).rglob("*.yml")
        for model in YAML(typ="safe").load(path.read_text(encoding="utf-8")).get("models", [])
        for test in _tests(model)
    ]
    assert "unique" in tests
    for test in tests:
        if isinstance(test, dict):
            ((_, given),) = test.items()
            assert given.keys() <= PLAIN, test
            assert "ref(" not in str(given), test


def _tests(model: dict[str, Any]) -> Iterator[Any]:
    yield from model.get("data_tests", [])
    for column in model.get("columns", []):
        yield from column.get("data_tests", [])
