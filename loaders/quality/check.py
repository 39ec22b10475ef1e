"""Runs the suites over what a transaction has just landed, before it is committed."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import duckdb

from loaders.memory import give_back
from loaders.quality.suites import SUITES, Rule
from loaders.source import Severity

ROWS_A_BATCH = 20_000
# Past so many of one rule in one file the rest is counted in one finding: the file is wrong, not the record.
MOST_FINDINGS = 1_000
_PLACE = ["file_number", "transaction_number", "segment_number"]


@dataclass(frozen=True)
class RecordFinding:
    """A broken expectation, on the record that begins at `segment_number`."""

    file_number: int
    transaction_number: int | None
    segment_number: int | None
    rule: str
    severity: Severity
    message: str


@dataclass
class Outcome:
    """How one suite went: the rows it looked at, and by rule how many did not meet it. No value of any row."""

    rows: int = 0
    unmet: dict[str, int] = field(default_factory=dict)

    def add(self, other: Outcome) -> None:
        self.rows += other.rows
        for rule, count in other.unmet.items():
            self.unmet[rule] = self.unmet.get(rule, 0) + count


def load_library() -> Any:
    """Great Expectations, which tells no one of its use."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    return great_expectations


def expectation(library: Any, rule: Rule) -> Any:
    """The rule as Great Expectations has it, described by the sentence a reader gets."""
    severities = {"fail": "critical", "warn": "warning", "info": "info"}
    then = {"fail": "left out of all figures", "warn": "used, and flagged", "info": "used; this is only unusual"}
    return getattr(library.expectations, rule.expectation)(
        column=rule.column,
        severity=severities[rule.severity],
        description=f"Not met where {rule.sentence}. The record is then {then[rule.severity]}.",
        meta={"rule": rule.name},
        **rule.arguments,
    )


class Expectations:
    """The suites. The database finds the rows in doubt; Great Expectations judges those. It costs seconds and memory
    to load, and to hand it every row costs more than to read and store them, so it comes in at the first doubt."""

    def __init__(self) -> None:
        self.outcomes = {suite.name: Outcome() for suite in SUITES}
        self._checked: dict[str, Outcome] = {}

    @cached_property
    def _judged(self) -> dict[str, tuple[Any, Any]]:
        """By suite: its batch definition and expectations."""
        give_back()
        gx = load_library()
        from great_expectations.data_context.types.base import ProgressBarsConfig

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        source = context.data_sources.add_pandas("landing")
        judged = {}
        for suite in SUITES:
            batch = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("batch")
            expectations = [expectation(gx, rule) for rule in suite.rules]
            judged[suite.name] = batch, gx.ExpectationSuite(name=suite.name, expectations=expectations)
        return judged

    def check(self, con: duckdb.DuckDBPyConnection, low: int, high: int) -> Iterator[RecordFinding]:
        """Findings of the files numbered `low` to `high`, read on `con` in its open transaction."""
        self.discard()
        for suite in SUITES:
            rules = {rule.name: rule for rule in suite.rules}
            counts: dict[tuple[int, str], int] = {}
            reader = con.execute(suite.doubtful_sql, {"low": low, "high": high}).to_arrow_reader(ROWS_A_BATCH)
            for record_batch in reader:
                frame = record_batch.to_pandas()
                if frame.empty:
                    continue
                batch_definition, expectations = self._judged[suite.name]
                result = batch_definition.get_batch({"dataframe": frame}).validate(
                    expectations, result_format={"result_format": "COMPLETE"}
                )
                for outcome in result.results:
                    if outcome.success:
                        continue
                    rule = rules[outcome.expectation_config.meta["rule"]]
                    failure = outcome.exception_info.get("raised_exception")
                    if failure:
                        raise RuntimeError(f"expectation {rule.name} could not be evaluated: {outcome.exception_info}")
                    unmet = frame.loc[outcome.result["unexpected_index_list"], _PLACE]
                    for file_number, rows in unmet.groupby("file_number", sort=False):
                        key = (int(file_number), rule.name)
                        told = counts.get(key, 0)
                        counts[key] = told + len(rows)
                        if rule.severity != "fail":
                            rows = rows.head(max(MOST_FINDINGS - told, 0))
                        for _, transaction_number, segment_number in rows.itertuples(index=False):
                            yield RecordFinding(
                                key[0],
                                _integer(transaction_number),
                                _integer(segment_number),
                                rule.name,
                                rule.severity,
                                rule.sentence,
                            )
            self._checked[suite.name] = Outcome(suite.count_rows(con, low, high))
            for (file_number, name), count in counts.items():
                self._checked[suite.name].add(Outcome(unmet={name: count}))
                if count > MOST_FINDINGS and rules[name].severity != "fail":
                    rest = f"{rules[name].sentence}: {count - MOST_FINDINGS} more in this file"
                    yield RecordFinding(file_number, None, None, name, rules[name].severity, rest)

    def keep(self) -> None:
        """Counts what was checked last among the outcomes, now that its transaction is committed."""
        for name, checked in self._checked.items():
            self.outcomes[name].add(checked)
        self.discard()

    def discard(self) -> None:
        """Forgets what was checked last: it was not landed."""
        self._checked = {}


def _integer(value: Any) -> int | None:
    return None if value is None or value != value else int(value)
