"""Two prices of the same claims, by family of codes, with the largest differences explained step by step."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

EXPLAINED = 3

# Line by line where both prices know the lines, else the claim as one. An amount missing on either side is in no
# total: it is counted apart, with what the other side makes of it.
_ROWS = """
    create or replace temp table compared as
    with units as (
        select now.unit_id, now.expected_allowed_amount as now_amount, priced.expected_allowed_amount as then_amount,
            now.is_claim_priced or priced.is_claim_priced as is_whole
        from source.intermediate.int_priced_claims as now
        inner join intermediate.int_priced_claims as priced on now.unit_id = priced.unit_id
    ),
    charges as (
        select unit_id, sum(charge_amount) as charge_amount from intermediate.int_submission_lines as lines
        inner join units on lines.submission_id = units.unit_id group by unit_id
    )
    select units.unit_id, 0 as line_number, 'whole_claim' as code_family, charges.charge_amount,
        units.now_amount, units.then_amount
    from units left join charges on units.unit_id = charges.unit_id
    where units.is_whole
    union all
    select units.unit_id, lines.line_number,
        case when lines.procedure_code is null then 'revenue_code' else coalesce(families.code_family, 'other') end,
        lines.charge_amount, now.expected_allowed_amount, priced.expected_allowed_amount
    from units
    inner join intermediate.int_submission_lines as lines on units.unit_id = lines.submission_id
    left join source.intermediate.int_procedures as families on upper(lines.procedure_code) = families.procedure_code
    left join source.intermediate.int_priced_lines as now
        on units.unit_id = now.unit_id and lines.line_number = now.line_number
    left join intermediate.int_priced_lines as priced
        on units.unit_id = priced.unit_id and lines.line_number = priced.line_number
    where not units.is_whole
"""
_FAMILIES = """
    select code_family, count(distinct unit_id), count(*), sum(charge_amount), sum(now_amount), sum(then_amount)
    from compared where now_amount is not null and then_amount is not null
    group by code_family order by abs(sum(then_amount) - sum(now_amount)) desc, code_family
"""
_UNPRICED = """
    select count(*) filter (where now_amount is not null and then_amount is null),
        sum(now_amount) filter (where then_amount is null),
        count(*) filter (where now_amount is null and then_amount is not null),
        sum(then_amount) filter (where now_amount is null),
        count(*) filter (where now_amount is null and then_amount is null)
    from compared
"""
_LARGEST = f"""
    select compared.unit_id, claims.claim_id, compared.line_number, compared.now_amount, compared.then_amount
    from compared
    inner join source.intermediate.int_submissions as claims on compared.unit_id = claims.submission_id
    where now_amount <> then_amount
    order by abs(then_amount - now_amount) desc, claims.claim_id, compared.line_number limit {EXPLAINED}
"""
_STEP_COLUMNS = "rule, clause, inputs, amount_before, amount_after"
# The warehouse's own steps are read from the mart: a view of an attached warehouse would read this one's tables.
_NOW_STEPS = f"""
    select {_STEP_COLUMNS} from source.marts.fct_pricing_steps
    where claim_key in (select claim_key from source.intermediate.int_submissions where submission_id = ?)
        and (? = 0 or line_number in (0, ?))
    order by line_number, step_number
"""
_THEN_STEPS = f"""
    select {_STEP_COLUMNS} from intermediate.int_pricing_steps
    where unit_id = ? and (? = 0 or line_number in (0, ?)) order by line_number, step_number
"""


@dataclass(frozen=True)
class Family:
    """Totals of the lines (or whole claims) of one family that both sides price."""

    code_family: str
    claim_count: int
    line_count: int
    charge_amount: Decimal
    now_amount: Decimal
    then_amount: Decimal
    difference_amount: Decimal


@dataclass(frozen=True)
class Step:
    """One rule's work, as `int_pricing_steps` has it."""

    rule: str
    clause: str | None
    inputs: str | None
    amount_before: Decimal | None
    amount_after: Decimal | None

    def __str__(self) -> str:
        parts = (self.rule.replace("_", " "), self.clause, self.inputs)
        after = "" if self.amount_after is None else f" = {self.amount_after.normalize():f}"
        return "; ".join(part for part in parts if part) + after


@dataclass(frozen=True)
class Example:
    """One of the largest differences, both prices step by step; `line_number` 0 is the claim as a whole."""

    claim_id: str
    line_number: int
    now_amount: Decimal
    then_amount: Decimal
    now_steps: tuple[Step, ...]
    then_steps: tuple[Step, ...]


@dataclass(frozen=True)
class Comparison:
    """All families, their sum, what one side alone prices, and the largest differences."""

    families: tuple[Family, ...]
    total: Family
    no_longer_priced_count: int
    no_longer_priced_amount: Decimal
    newly_priced_count: int
    newly_priced_amount: Decimal
    priced_by_neither_count: int
    examples: tuple[Example, ...]

    def __str__(self) -> str:
        told = [_row("family", "lines", "now", "then", "difference")]
        for family in (*self.families, self.total):
            amounts = (family.now_amount, family.then_amount, family.difference_amount)
            told.append(_row(family.code_family, str(family.line_count), *(f"{amount:,.2f}" for amount in amounts)))
        told.append(
            f"Not in the totals: {self.no_longer_priced_count} priced only now ({self.no_longer_priced_amount:,.2f}), "
            f"{self.newly_priced_count} only under the file ({self.newly_priced_amount:,.2f}), "
            f"{self.priced_by_neither_count} by neither."
        )
        for example in self.examples:
            where = f"line {example.line_number}" if example.line_number else "as a whole"
            told.append(f"Claim {example.claim_id} {where}: {example.now_amount:,.2f} -> {example.then_amount:,.2f}")
            told += [f"    now   {step}" for step in example.now_steps]
            told += [f"    then  {step}" for step in example.then_steps]
        return "\n".join(told)


def compare(con: duckdb.DuckDBPyConnection) -> Comparison:
    """Prices in schema `intermediate` (then) against those of the attached warehouse `source` (now), same units."""
    con.execute(_ROWS)
    families = tuple(_family(row) for row in con.execute(_FAMILIES).fetchall())
    counts = con.execute(_UNPRICED).fetchall()[0]
    claims, lines, charges, now, then = con.execute(
        "select count(distinct unit_id), count(*), coalesce(sum(charge_amount), 0), coalesce(sum(now_amount), 0), "
        "coalesce(sum(then_amount), 0) from compared where now_amount is not null and then_amount is not null"
    ).fetchall()[0]
    examples = [
        Example(claim, line, before, after, _steps(con, _NOW_STEPS, unit, line), _steps(con, _THEN_STEPS, unit, line))
        for unit, claim, line, before, after in con.execute(_LARGEST).fetchall()
    ]
    gone, gone_amount, new, new_amount, neither = counts
    return Comparison(
        families, _family(("total", claims, lines, charges, now, then)), gone, gone_amount or Decimal(0), new,
        new_amount or Decimal(0), neither, tuple(examples),
    )  # fmt: skip


def _family(row: tuple[Any, ...]) -> Family:
    code_family, claims, lines, charges, now, then = row
    return Family(code_family, claims, lines, charges, now, then, then - now)


def _steps(con: duckdb.DuckDBPyConnection, query: str, unit_id: int, line: int) -> tuple[Step, ...]:
    return tuple(Step(*row) for row in con.execute(query, [unit_id, line, line]).fetchall())


def _row(family: str, lines: str, *amounts: str) -> str:
    return f"{family:<28}{lines:>8}" + "".join(f"{amount:>18}" for amount in amounts)
