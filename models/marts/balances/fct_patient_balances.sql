with

accounts as (

    select * from {{ ref('int_patient_accounts') }}

),

histories as (

    select * from {{ ref('int_patient_histories') }}

),

payments as (

    select * from {{ ref('int_patient_payments') }}

),

buckets as (

    select * from {{ ref('aging_buckets') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

dated as (

    select
        accounts.*,
        as_of.as_of_date,
        {{ days_between('accounts.first_owed_date', 'as_of.as_of_date') }} as age_days,
        {{ days_between('accounts.first_statement_date', 'as_of.as_of_date') }} as days_since_first_statement,
        {{ days_between('accounts.agency_notice_date', 'as_of.as_of_date') }} as days_since_agency_notice
    from accounts
    cross join as_of

),

-- 26 CFR 1.501(r)-6 and the site's own gates: the first that is shut is the reason.
gated as (

    select
        *,
        case
            when agency_placed_date is not null then 'already_placed'
            when primary_balance_amount > 0 or secondary_balance_amount > 0 then 'payer_balance_open'
            when open_fap_applications > 0 then 'financial_assistance_application_open'
            when open_disputes > 0 then 'dispute_open'
            when plan_status = 'active' then 'payment_plan_active'
            when first_statement_date is null then 'no_statement_sent'
            when days_since_first_statement < {{ site_setting('agency_wait_days') }} then 'first_statement_too_recent'
            when agency_notice_date is null then 'notice_not_sent'
            when days_since_agency_notice < {{ site_setting('agency_notice_days') }} then 'notice_too_recent'
            when balance_amount < {{ site_setting('agency_minimum_balance', 'decimal(18, 2)') }} then 'below_minimum'
        end as agency_block_reason
    from dated

),

-- How the patient pays shows on the patient's other accounts: this balance is not history yet.
scored as (

    select
        gated.*,
        case
            when histories.asked_amount > payments.asked_amount
                then
                    100 * (histories.paid_amount - payments.paid_amount)
                    / (histories.asked_amount - payments.asked_amount)
        end as payment_percent
    from gated
    left join payments on gated.claim_key = payments.claim_key
    left join histories on gated.patient_key = histories.patient_key

),

final as (

    select
        scored.claim_key,
        scored.patient_key,
        scored.payer_class,
        buckets.aging_bucket,
        scored.plan_status,
        case
            when scored.agency_placed_date is not null then 'agency'
            when scored.agency_notice_date is not null
                or scored.statements_sent > {{ site_setting('statements_before_final_notice') }} then 'final_notice'
            when scored.statements_sent >= 3 then 'statement_3'
            when scored.statements_sent = 2 then 'statement_2'
            when scored.statements_sent = 1 then 'statement_1'
            else 'not_billed'
        end as dunning_stage,
        scored.agency_block_reason,
        case
            when scored.plan_status = 'broken' then 'low'
            when scored.payment_percent is null then 'unknown'
            when scored.payment_percent >= {{ site_setting('propensity_high_percent') }} then 'high'
            when scored.payment_percent >= {{ site_setting('propensity_medium_percent') }}
                or scored.plan_status = 'active' then 'medium'
            else 'low'
        end as propensity_band,
        cast(scored.age_days as integer) as age_days,
        cast(scored.statements_sent as integer) as statements_sent,
        scored.balance_amount,
        cast(round(scored.payment_percent, 2) as decimal(18, 2)) as payment_percent,
        scored.agency_block_reason is null as is_agency_eligible,
        scored.open_disputes > 0 as has_open_dispute,
        scored.open_fap_applications > 0 as has_open_fap_application,
        scored.first_owed_date,
        scored.first_statement_date,
        scored.last_statement_date,
        scored.last_payment_date,
        scored.agency_notice_date,
        scored.agency_placed_date
    from scored
    left join buckets on scored.age_days between buckets.from_day and buckets.to_day

)

select * from final
