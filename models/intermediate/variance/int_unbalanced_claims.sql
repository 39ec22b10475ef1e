{{ config(materialized='incremental') }}

with line_rows as (
    select
        claim_key,
        sum(allowed_amount) as allowed_amount
    from {{ ref('int_variances') }}
    where line_number > 0
    group by claim_key
    having count(*) = count(allowed_amount)
),

claims as (
    select * from {{ ref('int_compared_claims') }}
)

select
    line_rows.claim_key,
    cast(line_rows.allowed_amount as decimal(18, 2)) as allowed_amount,
    claims.allowed_amount as claim_allowed_amount
from line_rows
inner join claims
    on line_rows.claim_key = claims.claim_key
where line_rows.allowed_amount <> claims.allowed_amount
