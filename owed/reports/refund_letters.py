"""Refund letters: one a payer or patient, listing each account, what is returned and why."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from pathlib import Path

import duckdb

from owed.reports.stamp import Stamp
from owed.reports.typeset import money, write_pdf

_SQL = """
    select
        case when owner_payer_id is null then 'Patient account ' || claim_id else owner_payer_name end as addressee,
        claim_id, service_from_date, identified_date, refund_due_date, cause, refund_amount
    from marts.rpt_refund_worklist
    where is_true_overpayment and recommended_action = 'refund'
    order by addressee, refund_due_date, claim_id
"""


def write(con: duckdb.DuckDBPyConnection, out: Path, stamp: Stamp) -> tuple[list[Path], int]:
    """All letters in one PDF, one a page or more. Returns the file and the number of accounts."""
    rows = con.execute(_SQL).fetchall()
    letters = []
    for addressee, group in groupby(rows, key=lambda row: row[0]):
        lines = list(group)
        letters.append(
            {
                "addressee": addressee,
                "total": money(sum((row[6] for row in lines), start=Decimal(0))),
                "accounts": [
                    {
                        "claim_id": claim_id,
                        "service_date": service_date,
                        "identified_date": identified_date,
                        "due_date": due_date,
                        "reason": cause.replace("_", " "),
                        "amount": money(amount),
                    }
                    for _, claim_id, service_date, identified_date, due_date, cause, amount in lines
                ],
            }
        )
    write_pdf("refund_letters", {"as_of": stamp.as_of, "build": stamp.build, "letters": letters}, out)
    return [out], len(rows)
