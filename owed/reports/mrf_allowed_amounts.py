"""Allowed amounts as CMS's price-transparency layout 3.0 wants them, from our own remittances (45 CFR 180.20, 180.50).

One row a payer, plan and code: median, 10th and 90th percentile of what the payer allowed, patient's share included,
and how many remittances that rests on. A stay with a diagnosis-related group is one package under its group; of other
claims each line counts under its procedure, else its revenue code. Facility and professional claims are apart.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from owed.reports import spreadsheet
from owed.reports.stamp import Stamp

# CMS wants at least 12 and at most 15 months; the longest tells most.
MONTHS = 15
# Fewer are not counted one by one, so that no patient can be told from a price.
FEWEST_COUNTED = 11

COLUMNS = (
    *("code|1", "code|1|type", "setting", "billing_class", "payer_name", "plan_name"),
    *("median_amount", "10th_percentile", "90th_percentile", "count"),
)

# Where a percentile falls between two amounts the higher is taken: of n amounts, the one after the first n × p.
_SQL = f"""
with answers as (
    select claim_key, max(remit_date) as remit_date, sum(payer_paid_amount) as payer_paid_amount
    from marts.fct_payment_variances
    group by claim_key
),

claims as (
    select
        claims.claim_key,
        claims.payer_id,
        coalesce(claims.plan_name, '') as plan_name,
        case when claims.claim_type = 'institutional' then 'facility' else 'professional' end as billing_class,
        case
            when left(claims.bill_type, 2) in ('11', '18', '21', '28', '41', '65', '66', '86') then 'inpatient'
            when claims.place_of_service in ('21', '31', '51', '61') then 'inpatient'
            else 'outpatient'
        end as setting,
        claims.drg,
        claims.allowed_amount,
        answers.payer_paid_amount
    from marts.fct_claims as claims
    inner join answers on claims.claim_key = answers.claim_key
    where answers.remit_date <= $as_of and answers.remit_date > $as_of - interval {MONTHS} month
),

amounts as (
    select payer_id, plan_name, billing_class, setting, 'MS-DRG' as code_type, drg as code, allowed_amount
    from claims
    where drg is not null and setting = 'inpatient' and payer_paid_amount > 0
    union all
    select
        claims.payer_id,
        claims.plan_name,
        claims.billing_class,
        claims.setting,
        case
            when lines.procedure_code is null then 'RC'
            when regexp_matches(lines.procedure_code, '^D[0-9]{{4}}$') then 'CDT'
            when regexp_matches(lines.procedure_code, '^[A-Z][0-9]{{4}}$') then 'HCPCS'
            else 'CPT'
        end as code_type,
        coalesce(lines.procedure_code, lines.revenue_code) as code,
        lines.allowed_amount
    from claims
    inner join marts.fct_claim_lines as lines on claims.claim_key = lines.claim_key
    where
        not (claims.drg is not null and claims.setting = 'inpatient')
        and lines.payer_paid_amount > 0
        and coalesce(lines.procedure_code, lines.revenue_code) is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by payer_id, plan_name, billing_class, code_type, code order by allowed_amount
        ) as place,
        count(*) over (partition by payer_id, plan_name, billing_class, code_type, code) as amount_count
    from amounts
    where allowed_amount > 0
)

select
    ranked.code,
    ranked.code_type,
    case when min(ranked.setting) = max(ranked.setting) then min(ranked.setting) else 'both' end as setting,
    ranked.billing_class,
    coalesce(payers.payer_name, ranked.payer_id) as payer_name,
    ranked.plan_name,
    max(case when ranked.place = ranked.amount_count * 5 // 10 + 1 then ranked.allowed_amount end),
    max(case when ranked.place = ranked.amount_count * 1 // 10 + 1 then ranked.allowed_amount end),
    max(case when ranked.place = ranked.amount_count * 9 // 10 + 1 then ranked.allowed_amount end),
    case when count(*) < {FEWEST_COUNTED} then '1 through 10' else cast(count(*) as varchar) end
from ranked
left join marts.dim_payers as payers on ranked.payer_id = payers.payer_id
group by ranked.payer_id, payers.payer_name, ranked.plan_name, ranked.billing_class, ranked.code_type, ranked.code
order by payer_name, ranked.payer_id, ranked.plan_name, ranked.billing_class, ranked.code_type, ranked.code
"""


def write(con: duckdb.DuckDBPyConnection, out: Path, stamp: Stamp) -> tuple[list[Path], int]:
    """Writes the amounts up to the snapshot's as-of date as CSV. Returns the file and the number of rows."""
    spreadsheet.check_format(out, (".csv",))
    rows = con.execute(_SQL, {"as_of": stamp.as_of}).fetchall()
    spreadsheet.write_csv(out, spreadsheet.Sheet("allowed amounts", COLUMNS, rows))
    return [out], len(rows)
