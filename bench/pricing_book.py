"""Contracts, schedules and claims for the pricing benchmark: made by arithmetic, the same every time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

WEIGHT_SET = "bench-drg"
DRGS = range(400, 500)
LINES_A_CLAIM = 4

SURGERY = {"procedure": ["10000-13999"]}
BEDS = {"revenue_code": ["0110-0179"]}
IMPLANTS = {"revenue_code": ["0274-0278"], "minimum_charge": 1500}


def contracts(book: str, count: int) -> list[dict[str, Any]]:
    """`simple`: a fee schedule, else a percent of charge. `full`: every method, in professional and facility terms."""
    return [_contract(book, number) for number in range(count)]


def _contract(book: str, number: int) -> dict[str, Any]:
    fees = {"id": "fees", "method": "fee_schedule", "schedule": f"schedule-{number}"}
    base: dict[str, Any] = {
        "contract": f"contract-{number}",
        "payer": f"PAYER{number}",
        "claim_types": ["professional"],
        "effective": {"from": "2025-01-01", "to": "2025-12-31"},
        "default": {"method": "percent_of_charge", "percent": 45},
        "terms": [fees],
    }
    if book == "simple":
        return base
    if number % 5 == 0:
        return base | {"claim_types": ["institutional"]} | _facility(number)
    drugs = {"id": "drugs", "match": {"procedure": ["18000-18499"]}, "method": "per_unit", "amount": 12.4}
    cosmetic = {"id": "cosmetic", "match": {"procedure": ["19900-19999"]}, "method": "not_payable"}
    surgery = {**fees, "id": "surgery", "match": SURGERY, "percent": 110}
    return base | {
        "terms": [drugs, cosmetic, surgery, fees],
        "lesser_of": "line",
        "modifiers": {"50": 150, "52": 50, "62": 62.5, "80": 16},
        "multiple_procedures": {"percents": [100, 50, 50, 25], "applies_to": SURGERY},
    }


def _facility(number: int) -> dict[str, Any]:
    tiers = [{"through_day": 3, "amount": 2000}, {"through_day": 5, "amount": 1800}, {"amount": 1200}]
    per_drg = {"id": "drg", "scope": "claim", "match": {"bill_type": ["11"]}, "method": "drg_weight"}
    terms: list[dict[str, Any]] = [
        {"id": "implants", "carve_out": True, "match": IMPLANTS, "method": "percent_of_charge", "percent": 60},
        {"id": "knees", "scope": "claim", "match": {"drg": ["469-470"]}, "method": "case_rate", "amount": 24500},
        {"id": "days", "match": BEDS, "method": "per_diem", "tiers": tiers},
    ]
    if number % 2:
        terms.append(per_drg | {"base_rate": 9800, "weight_set": WEIGHT_SET})
    return {"terms": terms, "stop_loss": {"kind": "second_dollar", "threshold": 100000, "percent": 50}}


def write_inbox(folder: Path, book: str, count: int, codes: int) -> None:
    """One contract file each, one file of all schedules (`codes` rows each), one of weights."""
    folder.mkdir(parents=True)
    for contract in contracts(book, count):
        (folder / f"{contract['contract']}.contract.yaml").write_text(json.dumps(contract))
    with duckdb.connect() as con:
        con.execute(
            f"""
            copy (
                select
                    'schedule-' || schedule as schedule_id,
                    cast(10000 + code as varchar) as procedure_code,
                    cast(20 + hash(code * 1000 + schedule) % 180000 / 100 as decimal(18, 2)) as amount
                from range({count}) as schedules (schedule), range({codes}) as codes (code)
            ) to '{folder / "fees.csv"}' (header)
            """
        )
    weights = [f"{WEIGHT_SET},{drg},{0.5 + drg % 40 / 10:.4f}" for drg in DRGS]
    (folder / "weights.csv").write_text("\n".join(["weight_set,drg,relative_weight", *weights]) + "\n")


def write_claims(con: duckdb.DuckDBPyConnection, count: int, codes: int, lines: int) -> None:
    """Claims of all payers in the relations that pricing reads; every fifth payer's are inpatient.

    One procedure in twenty is in no schedule. A code has one charge at each payer, as a chargemaster gives it.
    """
    con.execute(
        f"""
        insert into intermediate.int_submissions by name
        select
            claim as submission_id,
            claim as claim_key,
            'P' as payer_sequence,
            'PAYER' || claim % {count} as payer_id,
            case when claim % 5 = 0 then 'institutional' else 'professional' end as claim_type,
            case when claim % 5 = 0 then '111' end as bill_type,
            case when claim % 5 = 0 then cast({DRGS.start} + hash(claim) % {len(DRGS)} as varchar) end as drg,
            case when claim % 5 > 0 then '11' end as place_of_service,
            date '2025-01-01' + cast(hash(claim) % 364 as integer) as service_from_date,
            date '2025-01-02' + cast(hash(claim) % 364 as integer) as service_to_date,
            cast(0 as decimal(18, 2)) as charge_amount
        from range({lines // LINES_A_CLAIM}) as claims (claim)
        """
    )
    con.execute(
        f"""
        insert into intermediate.int_submission_lines by name
        with drawn as (
            select
                line,
                line // {LINES_A_CLAIM} as claim,
                10000 + cast(hash(line) % {codes * 21 // 20} as integer) as code,
                hash(line * 7) % 100 as chance,
                1 + cast(hash(line * 11) % 3 as integer) as units
            from range({lines // LINES_A_CLAIM * LINES_A_CLAIM}) as lines (line)
        )
        select
            claim as submission_id,
            1 + line % {LINES_A_CLAIM} as line_number,
            cast(code as varchar) as procedure_code,
            case when chance < 5 then '50' when chance < 8 then '62' when chance < 20 then 'RT' end as modifier_1,
            case
                when claim % 5 > 0 then null
                when line % {LINES_A_CLAIM} = 0 then '0120'
                when chance < 10 then '0278'
                else '0360'
            end as revenue_code,
            units,
            date '2025-01-01' + cast(hash(claim) % 364 as integer) as service_date,
            units * cast((5000 + hash(code * 1000 + claim % {count}) % 400000) / 100 as decimal(18, 2))
                as charge_amount,
            case when claim % 5 > 0 then '11' end as place_of_service
        from drawn
        """
    )
    con.execute(
        """
        update intermediate.int_submissions as claims set charge_amount = sums.charge_amount
        from (
            select submission_id, sum(charge_amount) as charge_amount from intermediate.int_submission_lines group by 1
        ) as sums
        where claims.submission_id = sums.submission_id
        """
    )
