"""Contract examples (INTERFACE 2.3), priced by the very models that price claims, in a scratch warehouse."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from loaders import reference
from loaders.accounts.tables import TRANSACTIONS
from loaders.inbox import InboxFile, scan
from loaders.landing import Landing
from owed import encryption
from owed.home import Home
from owed.pricing_run import create_claims, price

HEAD_BYTES = 64 << 10
KINDS = ("contract", "fee_schedule", "weights", "cms_rates")

# What the examples can need of each reference table; the rest of a large file is left behind.
_CODES = "select procedure_code from source.raw.contract_example_lines where procedure_code is not null"
_NEEDED = {
    "fee_schedule_rates": f"procedure_code in ({_CODES})",
    "cms_oppscap": f"procedure_code in ({_CODES})",
    "cms_opps_addendum_b": f"procedure_code in ({_CODES})",
    "cms_pprrvu": f"procedure_code in ({_CODES}) or procedure_code in "
    f"(select endoscopic_base_code from source.raw.cms_pprrvu where procedure_code in ({_CODES}))",
}


@dataclass(frozen=True)
class Step:
    """One rule's work, as `int_pricing_steps` has it; `line_number` 0 is the claim as a whole."""

    line_number: int
    rule: str
    clause: str | None
    inputs: str | None
    amount_before: Decimal | None
    amount_after: Decimal | None


@dataclass(frozen=True)
class LineResult:
    """`expected` None with `is_expected`: the line must have no amount of its own."""

    line_number: int
    is_expected: bool
    expected: Decimal | None
    got: Decimal | None
    reason: str | None

    @property
    def passed(self) -> bool:
        return not self.is_expected or self.expected == self.got


@dataclass(frozen=True)
class ExampleResult:
    """One example of one contract: what its author expects and what the models make of it."""

    contract_id: str
    file_id: str
    file_name: str
    source_line: int
    name: str
    is_expected: bool
    expected: Decimal | None
    got: Decimal | None
    reason: str | None
    lines: tuple[LineResult, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def passed(self) -> bool:
        return (not self.is_expected or self.expected == self.got) and all(line.passed for line in self.lines)

    def difference(self) -> str:
        """What differs, in one sentence; empty if nothing does."""
        parts = []
        if self.is_expected and self.expected != self.got:
            parts.append(f"allowed is {_money(self.got, self.reason)}, not {_money(self.expected)}")
        parts += [
            f"line {line.line_number} is {_money(line.got, line.reason)}, not {_money(line.expected)}"
            for line in self.lines
            if not line.passed
        ]
        return "; ".join(parts)


@dataclass(frozen=True)
class ContractTests:
    """Every example's result, and the contract files that could not be read at all (name: why)."""

    results: tuple[ExampleResult, ...]
    refused: dict[str, str]

    @property
    def is_good(self) -> bool:
        return not self.refused and all(result.passed for result in self.results)

    def as_dict(self) -> dict[str, Any]:
        return {
            "is_good": self.is_good,
            "refused": self.refused,
            "examples": [asdict(result) | {"passed": result.passed} for result in self.results],
        }

    def __str__(self) -> str:
        told = [f"{name}: refused. {reason}" for name, reason in self.refused.items()]
        for result in self.results:
            told.append(f"{'pass' if result.passed else 'FAIL'}  {result.contract_id}: {result.name}")
            if not result.passed:
                told.append(f"      {result.file_name}, line {result.source_line}: {result.difference()}")
                told += [f"        {_told(step)}" for step in result.steps]
        failed = sum(not result.passed for result in self.results)
        told.append(f"{len(self.results)} examples, {failed} failed.")
        return "\n".join(told)


def test(home: Home) -> ContractTests:
    """Every example of the contract files in the home's inbox, as the files stand now.

    Without contract files there, the examples of the contracts in the home's warehouse.
    """
    files = [file for file in scan([home.inbox]) if isinstance(file, InboxFile) and _kind(file) in KINDS]
    target = home.runs / "examples"
    if any(_kind(file) == "contract" for file in files):
        return test_files(sorted({file.path for file in files}), target)
    return ContractTests(tuple(warehouse_examples(home.warehouse, target)), {})


def rate_files(home: Home) -> list[Path]:
    """The files in the home's inbox that contracts take rates from."""
    files = (file for file in scan([home.inbox]) if isinstance(file, InboxFile))
    return sorted({file.path for file in files if _kind(file) in KINDS and _kind(file) != "contract"})


def test_files(paths: Sequence[Path], target: Path) -> ContractTests:
    """Examples of contract files, with the rates in the other files given. `target`: see `pricing_run.price`."""
    with _scratch(target) as root:
        refused = {}
        with encryption.connect(root / "warehouse.duckdb") as con:
            landing = Landing(con, root, "examples")
            landing.prepare()
            for outcome in landing.land(paths):
                if outcome.kind in KINDS and outcome.status == "refused":
                    refused[outcome.file_name] = outcome.refusal_reason or ""
            count = _example_count(con)
        return ContractTests(tuple(_priced(root, target)) if count else (), refused)


def warehouse_examples(
    warehouse: Path, target: Path, contract_ids: Collection[str] | None = None
) -> list[ExampleResult]:
    """Examples of the contracts in force in a warehouse, or of those named.

    No connection to the warehouse may be open in this process. It is only read.
    """
    if not warehouse.exists():
        return []
    with _scratch(target) as root:
        with encryption.connect(root / "warehouse.duckdb") as con:
            encryption.attach(con, warehouse, "source", read_only=True)
            _copy_reference(con)
            con.execute("detach source")
            if contract_ids is not None:
                others = "delete from raw.contract_examples where contract_id not in (select unnest(?))"
                con.execute(others, [list(contract_ids)])
            if not _example_count(con):
                return []
        return _priced(root, target)


def failing_examples(warehouse: Path, target: Path, contract_ids: Collection[str] | None = None) -> list[ExampleResult]:
    """The examples that fail: the contract of each must not be in force (`Landing.withdraw` by its `file_id`)."""
    return [result for result in warehouse_examples(warehouse, target, contract_ids) if not result.passed]


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    """An empty folder for a warehouse: always the same one, so that the next run clears what a killed one left.

    Where another process is using it, one of its own.
    """
    target.mkdir(parents=True, exist_ok=True)
    with (target / "scratch.lock").open("w") as lock, tempfile.TemporaryDirectory(prefix="owed-examples-") as spare:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield Path(spare)
            return
        folder = target / "scratch"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _kind(file: InboxFile) -> str | None:
    try:
        with file.open() as stream:
            head = stream.read(HEAD_BYTES)
    except (OSError, EOFError):
        return None
    return next((kind for recognise, _ in reference.LOADERS if (kind := recognise(head))), None)


def _copy_reference(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create schema raw")
    in_force = "select file_number from source.raw.files_in_force"
    con.execute(f"create table raw.files as select * from source.raw.files where file_number in ({in_force})")
    con.execute(f"create table raw.files_in_force as {in_force}")
    reference.create_tables(con)
    tables = con.execute(
        "select table_name from information_schema.tables "
        "where table_schema = 'raw' and table_catalog = current_database()"
    ).fetchall()
    for (table,) in tables:
        if table not in ("files", "files_in_force", *TRANSACTIONS):
            needed = _NEEDED.get(table, "true")
            con.execute(
                f"insert into raw.{table} by name select * from source.raw.{table} "
                f"where file_number in ({in_force}) and ({needed})"
            )


def _example_count(con: duckdb.DuckDBPyConnection) -> int:
    return int(con.execute("select count(*) from raw.contract_examples").fetchall()[0][0])


def _priced(root: Path, target: Path) -> list[ExampleResult]:
    database = root / "warehouse.duckdb"
    with encryption.connect(database) as con:
        create_claims(con)
    price(root, target)
    with encryption.connect(database, read_only=True) as con:
        return _results(con)


def _results(con: duckdb.DuckDBPyConnection) -> list[ExampleResult]:
    con.execute("set schema = 'intermediate'")
    lines: dict[int, list[LineResult]] = {}
    for unit_id, *line in con.execute(
        """
        select priced_lines.unit_id, example_lines.line_number, example_lines.expects_amount,
            example_lines.expected_amount, priced_lines.expected_allowed_amount, priced_lines.not_priced_reason
        from staging.stg_reference__contract_example_lines as example_lines
        inner join int_pricing_claims as units
            on example_lines.contract_id = units.forced_contract_id
                and example_lines.example_number = units.example_number
        inner join int_priced_lines as priced_lines
            on units.unit_id = priced_lines.unit_id and example_lines.line_number = priced_lines.line_number
        order by priced_lines.unit_id, example_lines.line_number
        """
    ).fetchall():
        lines.setdefault(unit_id, []).append(LineResult(*line))
    steps: dict[int, list[Step]] = {}
    for unit_id, *step in con.execute(
        """
        select unit_id, line_number, rule, clause, inputs, amount_before, amount_after from int_pricing_steps
        where unit_id in (select unit_id from int_pricing_claims where unit_kind = 'example')
        order by unit_id, step_number > 6, line_number, step_number
        """
    ).fetchall():
        steps.setdefault(unit_id, []).append(Step(*step))
    examples = con.execute(
        """
        select priced_claims.unit_id, examples.contract_id, files.file_id, files.file_name, examples.source_line,
            examples.example_name, examples.expects_allowed, examples.expected_allowed,
            priced_claims.expected_allowed_amount, priced_claims.not_priced_reason
        from staging.stg_reference__contract_examples as examples
        inner join raw.contracts as contracts on examples.contract_id = contracts.contract_id
        inner join raw.files as files on contracts.file_number = files.file_number
        inner join raw.files_in_force as in_force on contracts.file_number = in_force.file_number
        inner join int_pricing_claims as units
            on examples.contract_id = units.forced_contract_id and examples.example_number = units.example_number
        inner join int_priced_claims as priced_claims on units.unit_id = priced_claims.unit_id
        order by examples.contract_id, examples.example_number
        """
    ).fetchall()
    return [
        replace(ExampleResult(*example), lines=tuple(lines.get(unit_id, ())), steps=tuple(steps.get(unit_id, ())))
        for unit_id, *example in examples
    ]


def _money(amount: Decimal | None, reason: str | None = None) -> str:
    return str(amount) if amount is not None else f"not priced ({reason})" if reason else "none"


def _told(step: Step) -> str:
    where = f"line {step.line_number}" if step.line_number else "claim"
    amounts = " -> ".join(_money(amount) for amount in (step.amount_before, step.amount_after) if amount is not None)
    return "  ".join(part for part in (where, step.rule, step.clause, step.inputs, amounts) if part)
