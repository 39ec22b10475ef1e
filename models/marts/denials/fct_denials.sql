{{ config(meta={'listed': 'claim_key'}) }}

with outcomes as (
    select * from {{ ref('int_denial_outcomes') }}
),

overturn_rates as (
    select * from {{ ref('int_denial_overturn_rates') }}
),

opened as (
    select
        outcomes.*,
        overturn_rates.overturn_rate,
        case when outcomes.is_open then least(outcomes.denied_amount, greatest(outcomes.winnable_amount, 0)) else 0 end
            as open_amount
    from outcomes
    left outer join overturn_rates
        on
            outcomes.payer_id = overturn_rates.payer_id
            and outcomes.denial_category = overturn_rates.denial_category
),

final as (
    select
        claim_key,
        claim_id,
        line_number,
        payer_id,
        denial_date,
        group_code,
        reason_code,
        remark_codes,
        denial_category,
        is_initial,
        is_preventable,
        denied_amount,
        outcome,
        outcome_date,
        cast(recovered_amount as decimal(18, 2)) as recovered_amount,
        appeal_deadline_date,
        cast(open_amount as decimal(18, 2)) as open_amount,
        overturn_rate,
        cast(round(open_amount * overturn_rate, 2) as decimal(18, 2)) as expected_recovery_amount
    from opened
)

select * from final
