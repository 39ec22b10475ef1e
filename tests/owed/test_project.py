"""What a refresh of the changed claims alone asks of the project: of its models, their tests and its lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.owed.conftest import Nodes


def test_every_test_of_a_table_can_be_asked_as_it_is_made(nodes: Nodes) -> None:
    """These have no node in a refresh: each must be of a table or incremental model, and plain."""
    tests = [
        node
        for node in nodes.values()
        if hasattr(node, "test_metadata")
        and node.original_file_path.startswith(("models/intermediate", "models/marts"))
    ]
    assert tests
    for test in tests:
        assert nodes[test.attached_node].config.materialized in ("table", "incremental"), test.name
        assert test.depends_on_nodes == [test.attached_node], test.name
        given = test.config
        plain = (given.where, given.limit, given.severity, given.fail_calc, given.warn_if, given.error_if)
        assert plain == (None, None, "ERROR", "count(*)", "!= 0", "!= 0"), test.name
        arguments = {name: value for name, value in test.test_metadata.kwargs.items() if name != "model"}
        assert "{" not in "".join(map(str, arguments.values())), test.name
        assert re.fullmatch(r"\w+", test.name)


def test_models_read_only_what_a_refresh_of_changes_keeps(nodes: Nodes) -> None:
    """A plain table with a scope or a list holds the last changes alone: only models with the same may read it.

    And what account transactions move, no model of scope `claim` may rest on.
    """

    def scope(node: str) -> str | None:
        meta = nodes[node].config.meta if node in nodes else {}
        return meta.get("scope") or meta.get("list")

    wrong = [
        (name, upstream)
        for name, node in nodes.items()
        if node.resource_type in ("model", "test")
        for upstream in node.depends_on_nodes
        if (scope(name) == "claim" and scope(upstream) in ("account", "cause"))
        or (
            scope(upstream)
            and nodes[upstream].config.materialized not in ("incremental", "list")
            and (
                scope(name) != scope(upstream)
                if node.resource_type == "model"
                # A test of one table alone asks it what it can of its last changes.
                else len(node.depends_on_nodes) > 1
            )
        )
    ]
    assert wrong == []
    assert {scope(node) for node in nodes} == {None, "file", "claim", "account", "cause", "aging", "credit", "posting"}


def test_lists_that_come_out_of_models_are_made_before_they_are_read(nodes: Nodes) -> None:
    @cache
    def ancestors(name: str) -> set[str]:
        upstream = nodes[name].depends_on_nodes if name in nodes else []
        return set(upstream).union(*map(ancestors, upstream))

    def meta(name: str) -> Mapping[str, Any]:
        return nodes[name].config.meta

    makers = {
        made: {name for name in nodes if meta(name).get("lists") == made}
        for made in {meta(name).get("lists") for name in nodes} - {None}
    }
    assert makers.keys() == {"aging", "cause", "credit", "posting"}
    readers = {name: meta(name).get("scope") or meta(name).get("list") for name in nodes}
    late = {
        name: makers[read] - ancestors(name)
        for name, read in readers.items()
        if read in makers and not makers[read] <= ancestors(name)
    }
    assert late == {}


def test_a_step_that_is_part_of_its_reader_has_one(nodes: Nodes) -> None:
    """Of two readers each would compute it."""
    readers = Counter(upstream for node in nodes.values() for upstream in node.depends_on_nodes)
    steps = [name for name, node in nodes.items() if node.config.materialized == "ephemeral"]
    assert steps
    assert [name for name in steps if readers[name] != 1] == []
