{{ config(meta={'list': 'credit'}) }}

with

adjudications as (

    select * from {{ ref('int_credit_adjudications') }}

),

status_codes as (

    select * from {{ ref('claim_status_codes') }}

),

shares as (

    select * from {{ ref('int_adjudication_shares') }}

),

final as (

    select
        adjudications.as_of_date,
        adjudications.claim_key,
        adjudications.payer_id,
        adjudications.responsibility,
        max(case when adjudications.payer_role <> 'primary_payer' then 1 else 0 end) = 1 as is_later_payer,
        cast(sum(adjudications.payer_paid_amount) as decimal(18, 2)) as net_paid_amount,
        sum(case when adjudications.is_standing and adjudications.payer_paid_amount > 0 then 1 else 0 end)
            as standing_payment_count,
        -- A deductible answered in full is an answer as primary though nothing was paid; a refusal is none.
        sum(case
            when adjudications.is_standing
                and status_codes.payer_role = 'primary_payer'
                and adjudications.payer_paid_amount + coalesce(shares.patient_class_amount, 0) > 0 then 1
            else 0
        end) as standing_primary_answer_count,
        max(adjudications.posted_date) as last_answer_date
    from adjudications
    left join shares on adjudications.adjudication_id = shares.adjudication_id
    left join status_codes on adjudications.status_code = status_codes.status_code
    group by
        adjudications.as_of_date,
        adjudications.claim_key,
        adjudications.payer_id,
        adjudications.responsibility

)

select * from final
