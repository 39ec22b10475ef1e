"""Refund letters: one a payer or patient, listing each account, what is returned and why."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from pathlib import Path

import duckdb

from owed.reports.stamp import Stamp
from owed.reports.typeset import money, write_pdf

_SQL = """
    with due as (
        select
            coalesce(owner_payer_id, patient_key, claim_key) as owner_key,
            case
                when owner_payer_id is null then 'Patient account ' || min(claim_id) over (
                    partition by owner_payer_id, coalesce(patient_key, claim_key)
                )
                else coalesce(owner_payer_name, owner_payer_id)
            end as addressee,
            claim_id, service_from_date, identified_date, refund_due_date, cause, refund_amount
        from marts.rpt_refund_worklist
        where is_true_overpayment and recommended_action = 'refund'
    )
    select * from due order by addressee, owner_key, refund_due_date, claim_id
"""


def write(con: duckdb.DuckDBPyConnection, out: Path, stamp: Stamp) -> tuple[list[Path], int]:
    """All letters in one PDF, one a page or more. Returns the file and the number of accounts."""
    rows = con.execute(_SQL).fetchall()
    letters = []
    for (_, addressee), group in groupby(rows, key=lambda row: (row[0], row[1])):
        lines = [row[2:] for row in group]
        letters.append(
            {
                "addressee": addressee,
                "total": money(sum((row[-1] for row in lines), start=Decimal(0))),
                "accounts": [
                    {
                        "claim_id": claim_id,
                        "service_date": service_date,
                        "identified_date": identified_date,
                        "due_date": due_date,
                        "reason": cause.replace("_", " "),
                        "amount": money(amount),
                    }
                    for claim_id, service_date, identified_date, due_date, cause, amount in lines
                ],
            }
        )
    write_pdf("refund_letters", {"as_of": stamp.as_of, "build": stamp.build, "letters": letters}, out)
    return [out], len(rows)
