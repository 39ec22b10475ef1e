with

postings as (

    select * from {{ ref('int_account_postings') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

final as (

    select
        {{ posting_month('postings.posted_date') }} as period_month,
        claims.payer_id,
        sum(case when postings.movement = 'charges' then postings.amount else 0 end) as gross_charges,
        sum(case when postings.movement in ('charges', 'contractual') then postings.amount else 0 end)
            as charges_less_contractual,
        -sum(case when postings.movement in ('payer_payments', 'patient_payments') then postings.amount else 0 end)
            as cash_collected,
        -sum(case
            when postings.movement in ('payer_payments', 'patient_payments', 'refunds') then postings.amount else 0
        end) as net_payments,
        -sum(case when postings.movement = 'denial_write_offs' then postings.amount else 0 end) as denial_write_offs,
        -sum(case when postings.movement = 'bad_debt' then postings.amount else 0 end) as bad_debt,
        -sum(case when postings.movement = 'charity' then postings.amount else 0 end) as charity,
        sum(case
            when postings.movement = 'transfers' and postings.responsibility = 'patient' then postings.amount else 0
        end) as patient_share,
        -sum(case
            when postings.responsibility = 'patient' and postings.movement in ('patient_payments', 'refunds')
                then postings.amount
            else 0
        end) as patient_net_payments
    from postings
    inner join claims on postings.claim_key = claims.claim_key
    where postings.posting_type <> 'denied'
    group by
        {{ posting_month('postings.posted_date') }},
        claims.payer_id

)

select * from final
