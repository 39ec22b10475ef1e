"""What a payer allowed, read from the published snapshot: one observation a price, month and what it was for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from owed.drafting.places import FACILITY_PLACES, INPATIENT_BILLS
from owed.errors import WrongUseError


@dataclass(frozen=True)
class Observation:
    """`line_count` services of one month with the same code, units, charge and allowed amount.

    `kind`: `procedure`, `revenue_code` or `drg` (a whole stay, `units` its days). Amounts are for all units of one
    service. `setting`: `facility`, `non_facility` or '' (not professional).
    """

    kind: str
    code: str
    modifiers: tuple[str, ...]
    setting: str
    units: Decimal
    charge: Decimal
    allowed: Decimal
    month: date
    first_date: date
    last_date: date
    line_count: int


@dataclass(frozen=True)
class Scope:
    """What one draft is for. `plan` None: whatever the claims name."""

    claim_type: str
    plan: str | None


_LINES = """
with claims as (
    select
        *,
        coalesce(left(bill_type, 2) in $inpatient, false) and drg is not null as is_stay,
        case
            when claim_type <> 'professional' then ''
            when place_of_service in $facility then 'facility'
            else 'non_facility'
        end as setting
    from marts.fct_claims
    where payer_id = $payer and allowed_amount > 0
),

services as (
    select
        claims.claim_type,
        claims.plan_name,
        case when lines.procedure_code is null then 'revenue_code' else 'procedure' end as kind,
        coalesce(lines.procedure_code, lines.revenue_code) as code,
        coalesce(lines.modifiers, '') as modifiers,
        claims.setting,
        lines.units,
        lines.charge_amount,
        lines.allowed_amount,
        lines.service_date
    from claims
    inner join marts.fct_claim_lines as lines on claims.claim_key = lines.claim_key
    where not claims.is_stay and lines.denied_amount = 0
    union all
    select
        claims.claim_type,
        claims.plan_name,
        'drg' as kind,
        claims.drg as code,
        '' as modifiers,
        '' as setting,
        sum(case when lines.revenue_code between '0100' and '0219' then lines.units end) as units,
        claims.charge_amount,
        claims.allowed_amount,
        coalesce(claims.service_to_date, claims.service_from_date) as service_date
    from claims
    left join marts.fct_claim_lines as lines on claims.claim_key = lines.claim_key
    where claims.is_stay and claims.denied_amount = 0
    group by claims.claim_key, claims.claim_type, claims.plan_name, claims.drg, claims.charge_amount,
        claims.allowed_amount, claims.service_to_date, claims.service_from_date
)

select
    claim_type, plan_name, kind, code, modifiers, setting, coalesce(units, 0), charge_amount, allowed_amount,
    cast(date_trunc('month', service_date) as date) as month, min(service_date), max(service_date), count(*)
from services
where code is not null and allowed_amount > 0 and charge_amount > 0 and (units > 0 or kind = 'drg')
    and service_date is not null
group by all
order by all
"""


def observations(con: duckdb.DuckDBPyConnection, payer_id: str) -> dict[Scope, list[Observation]]:
    """All services the payer's latest answers allowed, none denied, by claim type and plan.

    Plans are told apart where every claim of the type names one. Raises `WrongUseError` for a payer without any.
    """
    rows = con.execute(
        _LINES, {"payer": payer_id, "inpatient": list(INPATIENT_BILLS), "facility": list(FACILITY_PLACES)}
    ).fetchall()
    if not rows:
        known = con.execute(
            "select distinct payer_id from marts.fct_claims where allowed_amount > 0 order by 1"
        ).fetchall()
        listed = ", ".join(name for (name,) in known) or "none"
        raise WrongUseError(f"No remittance of payer {payer_id} allows anything. Payers with remittances: {listed}.")
    without_plan = {row[0] for row in rows if row[1] is None}
    found: dict[Scope, list[Observation]] = {}
    for claim_type, plan, kind, code, modifiers, *figures in rows:
        scope = Scope(claim_type, None if claim_type in without_plan else plan)
        observation = Observation(kind, code, tuple(modifiers.split(":")) if modifiers else (), *figures)
        found.setdefault(scope, []).append(observation)
    return found
