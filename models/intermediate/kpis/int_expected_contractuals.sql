with

claims as (

    select * from {{ ref('int_claims') }}
    where is_in_ledger

),

claim_totals as (

    select * from {{ ref('int_claim_totals') }}

),

answers as (

    select * from {{ ref('int_claim_answers') }}

),

priced_claims as (

    select * from {{ ref('int_priced_claims') }}

),

class_rates as (

    select
        claims.payer_class,
        cast(sum(claim_totals.contractual_amount) / nullif(sum(claim_totals.charge_amount), 0) as decimal(18, 6))
            as contractual_rate
    from claims
    inner join claim_totals on claims.claim_key = claim_totals.claim_key
    inner join answers on claims.claim_key = answers.claim_key
    group by claims.payer_class

),

final as (

    select
        claims.claim_key,
        case when priced_claims.expected_allowed_amount is null then 'class_rate' else 'contract' end as basis,
        cast(case
            when priced_claims.expected_allowed_amount is null
                then round(claim_totals.charge_amount * class_rates.contractual_rate, 2)
            else greatest(claim_totals.charge_amount - priced_claims.expected_allowed_amount, 0)
        end as decimal(18, 2)) as expected_contractual_amount
    from claims
    inner join claim_totals on claims.claim_key = claim_totals.claim_key
    left join priced_claims on claims.current_submission_id = priced_claims.unit_id
    left join class_rates on claims.payer_class = class_rates.payer_class

)

select * from final
