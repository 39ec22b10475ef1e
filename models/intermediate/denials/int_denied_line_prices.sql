{{ config(materialized='incremental') }}

with denied_lines as (
    select * from {{ ref('int_denied_lines') }}
),

claims as (
    select * from {{ ref('int_claims') }}
),

adjudicated_lines as (
    select * from {{ ref('int_adjudicated_lines') }}
),

priced_claims as (
    select * from {{ ref('int_priced_claims') }}
),

priced_lines as (
    select * from {{ ref('int_priced_lines') }}
),

final as (
    select
        denied_lines.*,
        claims.claim_id,
        priced_claims.contract_id,
        -- The contract's price bounds what an overturned line can bring; without one the refused charge stands for it.
        coalesce(
            priced_lines.expected_allowed_amount - coalesce(adjudicated_lines.allowed_amount, 0),
            priced_claims.expected_allowed_amount - coalesce(adjudicated_claims.allowed_amount, 0),
            denied_lines.denied_amount
        ) as winnable_amount
    from denied_lines
    inner join claims
        on denied_lines.claim_key = claims.claim_key
    left outer join adjudicated_lines
        on
            denied_lines.adjudication_id = adjudicated_lines.adjudication_id
            and denied_lines.line_number = adjudicated_lines.line_number
    left outer join adjudicated_lines as adjudicated_claims
        on
            denied_lines.adjudication_id = adjudicated_claims.adjudication_id
            and adjudicated_claims.line_number = 0
    left outer join priced_claims
        on coalesce(denied_lines.submission_id, denied_lines.claim_key) = priced_claims.unit_id
    left outer join priced_lines
        on
            priced_claims.unit_id = priced_lines.unit_id
            and denied_lines.line_number = priced_lines.line_number
)

select * from final
