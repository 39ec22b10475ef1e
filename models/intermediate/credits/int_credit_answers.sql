with

credit_accounts as (

    select * from {{ ref('int_credit_accounts') }}

),

posted as (

    select * from {{ ref('int_posted_adjudications') }}

),

reversals as (

    select * from {{ ref('int_adjudication_reversals') }}

),

status_codes as (

    select * from {{ ref('claim_status_codes') }}

),

shares as (

    select * from {{ ref('int_adjudication_shares') }}

),

final as (

    select
        posted.claim_key,
        posted.payer_id,
        posted.responsibility,
        max(posted.payer_claim_control_number) as payer_claim_control_number,
        max(case when posted.payer_role <> 'primary_payer' then 1 else 0 end) = 1 as is_later_payer,
        sum(posted.payer_paid_amount) as net_paid_amount,
        sum(case when posted.is_reversal then 1 else 0 end) as reversal_count,
        sum(case
            when not posted.is_reversal and posted.payer_paid_amount > 0 and reversals.reversal_id is null then 1
            else 0
        end) as standing_payment_count,
        -- A deductible answered in full is an answer as primary though nothing was paid; a refusal is none.
        sum(case
            when not posted.is_reversal and reversals.reversal_id is null
                and status_codes.payer_role = 'primary_payer'
                and posted.payer_paid_amount + coalesce(shares.patient_class_amount, 0) > 0 then 1
            else 0
        end) as standing_primary_answer_count,
        max(posted.posted_date) as last_answer_date
    from posted
    inner join credit_accounts on posted.claim_key = credit_accounts.claim_key
    left join reversals on posted.adjudication_id = reversals.reversed_adjudication_id
    left join shares on posted.adjudication_id = shares.adjudication_id
    left join status_codes on posted.status_code = status_codes.status_code
    group by
        posted.claim_key,
        posted.payer_id,
        posted.responsibility

)

select * from final
