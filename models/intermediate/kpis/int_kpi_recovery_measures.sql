with

denials as (

    select * from {{ ref('fct_denials') }}

),

variances as (

    select * from {{ ref('fct_payment_variances') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

decided as (

    select
        {{ month_of('denials.outcome_date') }} as period_month,
        claims.payer_id,
        1 as denials_decided,
        case when denials.outcome in ('overturned', 'partially_overturned') then 1 else 0 end as denials_overturned,
        0 as lines_compared,
        0 as lines_underpaid,
        0 as underpaid_amount,
        0 as overpaid_amount
    from denials
    inner join claims on denials.claim_key = claims.claim_key
    where
        denials.outcome in ('overturned', 'partially_overturned', 'upheld', 'written_off')
        and denials.outcome_date is not null

),

-- A contract we probably loaded wrongly is no underpayment of the payer's (rule 12).
compared as (

    select
        {{ month_of('remit_date') }} as period_month,
        payer_id,
        0 as denials_decided,
        0 as denials_overturned,
        1 as lines_compared,
        case when variance_class = 'underpaid' then 1 else 0 end as lines_underpaid,
        case when variance_class = 'underpaid' then -variance_amount else 0 end as underpaid_amount,
        case when variance_class = 'overpaid' then variance_amount else 0 end as overpaid_amount
    from variances
    where
        variance_class in ('as_expected', 'underpaid', 'overpaid')
        and coalesce(root_cause, '') <> 'contract_load_suspect'

),

unioned as (

    select * from decided
    union all
    select * from compared

),

final as (

    select
        period_month,
        payer_id,
        sum(denials_decided) as denials_decided,
        sum(denials_overturned) as denials_overturned,
        sum(lines_compared) as lines_compared,
        sum(lines_underpaid) as lines_underpaid,
        sum(underpaid_amount) as underpaid_amount,
        sum(overpaid_amount) as overpaid_amount
    from unioned
    group by
        period_month,
        payer_id

)

select * from final
