"""`owed explain` tells one claim's price and answer in order, from a snapshot's tables."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from owed.errors import WrongUseError
from owed.explain import explain

TABLES = """
create schema marts;
create table marts.fct_claims as select
    'k1' as claim_key, 'PCN-1' as claim_id, 'NORTHFIELD' as payer_id, 'professional' as claim_type,
    date '2025-03-04' as service_from_date, 5800.00::decimal(18,2) as charge_amount,
    2045.83::decimal(18,2) as expected_allowed_amount, 1900.00::decimal(18,2) as allowed_amount,
    1900.00::decimal(18,2) as payer_paid_amount, 0.00::decimal(18,2) as patient_responsibility_amount,
    3900.00::decimal(18,2) as contractual_amount, 0.00::decimal(18,2) as denied_amount;
create table marts.fct_claim_lines as select
    'k1' as claim_key, line_number, procedure_code, cast(null as varchar) as modifiers, 1.0::decimal(18,6) as units,
    date '2025-03-04' as service_date, charge::decimal(18,2) as charge_amount,
    expected::decimal(18,2) as expected_allowed_amount, allowed::decimal(18,2) as allowed_amount
    from (values (1, '27447', 4000, 1697.80, 1697.80), (2, '49505', 1800, 348.03, 202.20))
        as line(line_number, procedure_code, charge, expected, allowed);
create table marts.fct_pricing_steps (claim_key varchar, line_number integer, step_number integer, rule varchar,
    clause varchar, inputs varchar, amount_before decimal(18,6), amount_after decimal(18,6));
insert into marts.fct_pricing_steps values
    ('k1', 0, 1, 'contract', 'northfield-ppo-2025', 'NORTHFIELD, professional', null, null),
    ('k1', 0, 8, 'sum', 'lines', 'carve-outs 0.00, the rest 2045.83', null, 2045.83),
    ('k1', 1, 2, 'term', 'surgery, line 12', 'fee schedule north: 1257.63 × 135% × 1', null, 1697.80),
    ('k1', 2, 2, 'term', 'surgery, line 12', 'fee schedule north: 515.6 × 135% × 1', null, 696.06),
    ('k1', 2, 4, 'multiple_procedures', 'rank 2', '50%', 696.06, 348.03);
create table marts.fct_payment_variances as select 'k1' as claim_key, 2 as line_number, 'underpaid' as variance_class,
    -145.83::decimal(18,2) as variance_amount, date '2025-04-10' as remit_date, 'stale_rate' as root_cause,
    'the price at the earlier period of the schedule' as root_cause_detail, date '2025-10-07' as appeal_deadline_date;
create table marts.fct_denials (claim_key varchar, line_number integer, denial_date date, group_code varchar,
    reason_code varchar, remark_codes varchar, denied_amount decimal(18,2), outcome varchar);
insert into marts.fct_denials values ('k1', 2, date '2025-04-10', 'CO', '197', 'N130', 20, 'open');
"""


@pytest.fixture(scope="module")
def snapshot() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as con:
        con.execute(TABLES)
        yield con


def test_the_story_runs_from_contract_to_answer(snapshot: duckdb.DuckDBPyConnection) -> None:
    told = str(explain(snapshot, "PCN-1")).splitlines()
    assert told[:3] == [
        "Claim PCN-1, NORTHFIELD, professional, service from 2025-03-04, charges 5,800.00",
        "    contract; northfield-ppo-2025; NORTHFIELD, professional",
        "Line 1: 27447, 1 × on 2025-03-04, charge 4,000.00",
    ]
    second = told.index("Line 2: 49505, 1 × on 2025-03-04, charge 1,800.00")
    assert told[second + 1 : second + 3] == [
        "    term; surgery, line 12; fee schedule north: 515.6 × 135% × 1 = 696.06",
        "    multiple procedures; rank 2; 50% = 696.06 -> 348.03",
    ]
    assert told[second + 4] == (
        "  underpaid -145.83, remitted 2025-04-10; stale rate; the price at the earlier period of the schedule; "
        "appeal by 2025-10-07"
    )
    assert told[second + 5] == "  denied 20.00 on 2025-04-10: CO-197 N130, open"
    assert told[-2].startswith("    sum; lines")
    assert told[-1].startswith("Claim: expected 2,045.83, allowed 1,900.00")


def test_one_line_keeps_the_claims_own_steps(snapshot: duckdb.DuckDBPyConnection) -> None:
    (found,) = explain(snapshot, "k1", 2).claims
    assert [line["line_number"] for line in found.lines] == [2]
    assert [(step["line_number"], step["rule"]) for step in found.steps] == [
        (0, "contract"),
        (0, "sum"),
        (2, "term"),
        (2, "multiple_procedures"),
    ]


def test_what_is_not_published_is_unknown_not_zero(snapshot: duckdb.DuckDBPyConnection) -> None:
    (found,) = explain(snapshot, "PCN-1", 1).claims
    assert "expected 1,697.80, allowed 1,697.80, paid unknown" in str(found)


@pytest.mark.parametrize(("claim_id", "line"), [("PCN-2", None), ("PCN-1", 3)])
def test_an_unknown_claim_or_line_is_wrong_use(
    snapshot: duckdb.DuckDBPyConnection, claim_id: str, line: int | None
) -> None:
    with pytest.raises(WrongUseError, match=claim_id):
        explain(snapshot, claim_id, line)
