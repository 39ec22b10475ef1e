{{ config(meta={'list': 'credit'}) }}

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

reversed as (

    select
        reversals.reversed_adjudication_id,
        posted.posted_date as reversed_date
    from reversals
    inner join posted on reversals.reversal_id = posted.adjudication_id

),

status_codes as (

    select * from {{ ref('claim_status_codes') }}

),

shares as (

    select * from {{ ref('int_adjudication_shares') }}

),

final as (

    select
        credit_accounts.as_of_date,
        posted.claim_key,
        posted.payer_id,
        posted.responsibility,
        max(posted.payer_claim_control_number) as payer_claim_control_number,
        max(case when posted.payer_role <> 'primary_payer' then 1 else 0 end) = 1 as is_later_payer,
        cast(sum(posted.payer_paid_amount) as decimal(18, 2)) as net_paid_amount,
        sum(case when posted.is_reversal then 1 else 0 end) as reversal_count,
        sum(case
            when not posted.is_reversal and posted.payer_paid_amount > 0 and reversed.reversed_date is null then 1
            else 0
        end) as standing_payment_count,
        -- A deductible answered in full is an answer as primary though nothing was paid; a refusal is none.
        sum(case
            when not posted.is_reversal and reversed.reversed_date is null
                and status_codes.payer_role = 'primary_payer'
                and posted.payer_paid_amount + coalesce(shares.patient_class_amount, 0) > 0 then 1
            else 0
        end) as standing_primary_answer_count,
        max(posted.posted_date) as last_answer_date
    from posted
    inner join credit_accounts
        on posted.claim_key = credit_accounts.claim_key
            and posted.posted_date <= credit_accounts.as_of_date
    left join reversed
        on posted.adjudication_id = reversed.reversed_adjudication_id
            and reversed.reversed_date <= credit_accounts.as_of_date
    left join shares on posted.adjudication_id = shares.adjudication_id
    left join status_codes on posted.status_code = status_codes.status_code
    group by
        credit_accounts.as_of_date,
        posted.claim_key,
        posted.payer_id,
        posted.responsibility

)

select * from final
