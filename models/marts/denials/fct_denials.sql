with outcomes as (
    select * from {{ ref('int_denial_outcomes') }}
),

claims as (
    select * from {{ ref('int_claims') }}
),

overturn_rates as (
    select * from {{ ref('int_denial_overturn_rates') }}
),

adjudicated_lines as (
    select * from {{ ref('int_adjudicated_lines') }}
),

priced_lines as (
    select * from {{ ref('int_priced_lines') }}
),

priced_claims as (
    select * from {{ ref('int_priced_claims') }}
),

bounded as (
    select
        outcomes.*,
        overturn_rates.overturn_rate,
        -- The contract's price bounds what an overturned line can bring; without one the refused charge stands for it.
        coalesce(
            priced_lines.expected_allowed_amount - coalesce(adjudicated_lines.allowed_amount, 0),
            priced_claims.expected_allowed_amount - coalesce(adjudicated_claims.allowed_amount, 0),
            outcomes.denied_amount
        ) as winnable_amount
    from outcomes
    left outer join overturn_rates
        on
            outcomes.payer_id = overturn_rates.payer_id
            and outcomes.denial_category = overturn_rates.denial_category
    left outer join adjudicated_lines
        on
            outcomes.adjudication_id = adjudicated_lines.adjudication_id
            and outcomes.line_number = adjudicated_lines.line_number
    left outer join adjudicated_lines as adjudicated_claims
        on
            outcomes.adjudication_id = adjudicated_claims.adjudication_id
            and adjudicated_claims.line_number = 0
    left outer join priced_claims
        on outcomes.unit_id = priced_claims.unit_id
    left outer join priced_lines
        on
            outcomes.unit_id = priced_lines.unit_id
            and outcomes.line_number = priced_lines.line_number
),

opened as (
    select
        *,
        case when is_open then least(denied_amount, greatest(winnable_amount, 0)) else 0 end as open_amount
    from bounded
),

final as (
    select
        opened.claim_key,
        claims.claim_id,
        opened.line_number,
        opened.payer_id,
        opened.denial_date,
        opened.group_code,
        opened.reason_code,
        opened.remark_codes,
        opened.denial_category,
        opened.is_initial,
        opened.is_preventable,
        opened.denied_amount,
        opened.outcome,
        opened.outcome_date,
        cast(opened.recovered_amount as decimal(18, 2)) as recovered_amount,
        opened.appeal_deadline_date,
        cast(opened.open_amount as decimal(18, 2)) as open_amount,
        opened.overturn_rate,
        cast(round(opened.open_amount * opened.overturn_rate, 2) as decimal(18, 2)) as expected_recovery_amount
    from opened
    inner join claims
        on opened.claim_key = claims.claim_key
)

select * from final
