{{ config(materialized='incremental') }}

with

postings as (

    select * from {{ ref('int_account_postings') }}

),

final as (

    select
        claim_key,
        cast(sum(case when posting_event = 'submission' then amount else 0 end) as decimal(18, 2)) as charge_amount,
        cast(-sum(case
            when posting_type = 'charge_correction' and posting_event <> 'submission' then amount else 0
        end) as decimal(18, 2)) as charge_correction_amount,
        cast(-sum(case when posting_type = 'payer_payment' then amount else 0 end) as decimal(18, 2))
            as payer_paid_amount,
        cast(-sum(case
            when posting_type = 'payer_payment' and responsibility = 'secondary_payer' then amount else 0
        end) as decimal(18, 2)) as secondary_paid_amount,
        cast(-sum(case when posting_type = 'contractual_adjustment' then amount else 0 end) as decimal(18, 2))
            as contractual_amount,
        cast(-sum(case when posting_type = 'patient_payment' then amount else 0 end) as decimal(18, 2))
            as patient_paid_amount,
        cast(-sum(case
            when posting_type in (
                    'denial_write_off', 'administrative_write_off', 'small_balance_write_off', 'charity', 'bad_debt'
                ) then amount
            else 0
        end) as decimal(18, 2)) as written_off_amount,
        cast(sum(case when posting_type in ('patient_refund', 'payer_refund') then amount else 0 end) as decimal(18, 2))
            as refunded_amount,
        cast(sum(amount) as decimal(18, 2)) as balance_amount,
        cast(sum(case when responsibility = 'primary_payer' then amount else 0 end) as decimal(18, 2))
            as primary_balance_amount,
        cast(sum(case when responsibility = 'secondary_payer' then amount else 0 end) as decimal(18, 2))
            as secondary_balance_amount,
        cast(sum(case when responsibility = 'patient' then amount else 0 end) as decimal(18, 2))
            as patient_balance_amount
    from postings
    where posting_type <> 'denied'
    group by claim_key

)

select * from final
