"""Loads `*.contract.yaml` (INTERFACE 2.3): read, checked against the grammar and the contracts in force, landed."""

from __future__ import annotations

import re
from decimal import Decimal

import duckdb
import polars as pl
from pydantic import ValidationError

from loaders.contracts.errors import faults_of, refusal, term_id_faults
from loaders.contracts.model import Contract
from loaders.contracts.overlap import scope_of, scopes_in_force
from loaders.contracts.rows import contract_rows
from loaders.contracts.yaml_tree import KIND, Path, YamlTree, read_yaml
from loaders.reference_rows import insert_rows
from loaders.source import Finding, LoadResult, Refusal, SourceFile

TOP_KEYS = frozenset(Contract.model_fields)
TOP_KEY = re.compile(r"""(?m)^\{?\s?["']?(\w+)["']?\s*:""")
JSON_KEY = re.compile(r'"(\w+)"\s*:')
SMALLEST_PERCENT = Decimal(5)


def recognise(head: bytes) -> str | None:
    """A text that has `contract` and another of a contract's keys, or several of them, at its top."""
    text = head.decode("utf-8-sig", errors="ignore")
    is_json = text.lstrip().startswith("{")
    keys = set((JSON_KEY if is_json else TOP_KEY).findall(text)) & TOP_KEYS
    is_contract = len(keys) > 1 and "contract" in keys
    return KIND if is_contract or (not is_json and len(keys) >= 4) else None


def read_contract(data: bytes, file_name: str) -> tuple[Contract, YamlTree]:
    """The checked model and its lines. Raises `Refusal` naming every fault."""
    tree = read_yaml(data)
    try:
        contract = Contract.model_validate(tree.value)
    except ValidationError as error:
        raise refusal(file_name, tree, faults_of(error)) from error
    faults = list(term_id_faults(contract))
    if faults:
        raise refusal(file_name, tree, faults)
    return contract, tree


def load(con: duckdb.DuckDBPyConnection, source: SourceFile) -> LoadResult:
    """Rows to `raw.contracts` and its child tables; refuses a contract that one in force already covers."""
    data = source.read()
    contract, tree = read_contract(data, source.name)
    _refuse_rivals(con, contract, tree, source.name)
    for table, rows in contract_rows(contract, tree, data.decode("utf-8-sig")).items():
        if rows:
            # As text: DuckDB casts each value to its column's exact type.
            texts = [{name: None if value is None else str(value) for name, value in row.items()} for row in rows]
            frame = pl.DataFrame(texts, schema=dict.fromkeys(texts[0], pl.String))
            insert_rows(con, table, frame, source.file_number)
    return LoadResult(KIND, findings=_doubts(contract, tree))


def _refuse_rivals(con: duckdb.DuckDBPyConnection, contract: Contract, tree: YamlTree, file_name: str) -> None:
    scope = scope_of(contract, file_name)
    for other in scopes_in_force(con):
        if other.contract_id == scope.contract_id:
            line = tree.line(("contract",))
            raise Refusal(
                "contract_id_twice",
                f"{file_name}, line {line}: contract '{scope.contract_id}' is also in {other.file_name}. "
                "Remove one of the two files, or give one another id.",
                kind=KIND,
                position=line,
            )
        if scope.overlaps(other):
            line = tree.line(("effective",))
            raise Refusal(
                "contract_overlap",
                f"{file_name}, line {line}: contract '{scope.contract_id}' ({scope.period()}) overlaps contract "
                f"'{other.contract_id}' ({other.period()}, {other.file_name}) for the same payer, product, claim type "
                "and provider. End one before the other begins.",
                kind=KIND,
                position=line,
            )


def _doubts(contract: Contract, tree: YamlTree) -> list[Finding]:
    """What is allowed and yet rarely meant."""
    percents: list[tuple[Path, Decimal | None]] = [
        (("terms", at, "percent"), term.percent) for at, term in enumerate(contract.terms)
    ]
    if contract.default is not None:
        percents.append((("default", "percent"), contract.default.percent))
    return [
        Finding(
            "percent_like_fraction",
            "warn",
            f"Line {tree.line(path)}: {percent} means {percent} percent, not {percent * 100} percent.",
            position=tree.line(path),
        )
        for path, percent in percents
        if percent is not None and 0 < percent < SMALLEST_PERCENT
    ]
