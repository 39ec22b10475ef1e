{{ config(meta={'list': 'credit'}) }}

with

credit_accounts as (

    select * from {{ ref('int_credit_accounts') }}

),

postings as (

    select
        account_postings.*,
        credit_accounts.as_of_date,
        account_postings.posting_event in ('transaction', 'superseded') as is_by_hand,
        min(case
            when account_postings.posting_type in ('payer_payment', 'patient_payment') then account_postings.posted_date
        end) over (partition by credit_accounts.as_of_date, account_postings.claim_key) as first_payment_date
    from {{ ref('int_account_postings') }} as account_postings
    inner join credit_accounts
        on account_postings.claim_key = credit_accounts.claim_key
            and account_postings.posted_date <= credit_accounts.as_of_date
    where account_postings.posting_type <> 'denied'

),

final as (

    select
        as_of_date,
        claim_key,
        cast(-sum(case
            when posting_type in ('payer_payment', 'patient_payment', 'payer_refund', 'patient_refund') then amount
            else 0
        end) as decimal(18, 2)) as paid_amount,
        cast(-sum(case
            when posting_type in ('patient_payment', 'patient_refund') then amount else 0
        end) as decimal(18, 2)) as patient_paid_amount,
        cast(-sum(case when posting_type = 'payer_payment' and is_by_hand then amount else 0 end) as decimal(18, 2))
            as payer_paid_by_hand_amount,
        cast(-sum(case
            when is_by_hand and movement in (
                    'contractual', 'denial_write_offs', 'bad_debt', 'charity', 'other_adjustments'
                ) then amount
            else 0
        end) as decimal(18, 2)) as adjusted_by_hand_amount,
        cast(-sum(case
            when movement in ('contractual', 'denial_write_offs', 'bad_debt', 'charity', 'other_adjustments')
                then amount
            else 0
        end) as decimal(18, 2)) as adjusted_amount,
        cast(-sum(case
            when posting_type = 'charge_correction' and posted_date >= first_payment_date then amount
            else 0
        end) as decimal(18, 2)) as charges_taken_off_amount,
        cast(sum(case
            when responsibility = 'primary_payer' and not is_by_hand then amount else 0
        end) as decimal(18, 2)) as primary_remitted_balance,
        cast(sum(case
            when responsibility = 'secondary_payer' and not is_by_hand then amount else 0
        end) as decimal(18, 2)) as secondary_remitted_balance,
        cast(sum(case when responsibility = 'patient' then amount else 0 end) as decimal(18, 2)) as patient_balance,
        cast(sum(case
            when posting_type = 'patient_responsibility_transfer' and responsibility = 'patient' then amount
        end) as decimal(18, 2)) as patient_share_amount
    from postings
    group by
        as_of_date,
        claim_key

)

select * from final
