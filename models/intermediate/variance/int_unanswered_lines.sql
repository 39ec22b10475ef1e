{{ config(materialized='incremental') }}

with compared_claims as (
    select * from {{ ref('int_compared_claims') }}
    where not is_whole
),

pricing_lines as (
    select * from {{ ref('int_pricing_lines') }}
    where line_number > 0
),

variances as (
    select * from {{ ref('int_variances') }}
)

select
    compared_claims.claim_key,
    pricing_lines.line_number
from compared_claims
inner join pricing_lines
    on compared_claims.unit_id = pricing_lines.unit_id
left join variances
    on
        compared_claims.claim_key = variances.claim_key
        and pricing_lines.line_number = variances.line_number
where variances.claim_key is null
