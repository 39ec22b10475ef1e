with

patient_balances as (

    select * from {{ ref('fct_patient_balances') }}

),

claims as (

    select * from {{ ref('fct_claims') }}

),

as_of as (

    select as_of_date from {{ ref('int_as_of') }}

),

actions as (

    select
        patient_balances.*,
        claims.claim_id,
        claims.billing_npi,
        as_of.as_of_date,
        case
            when patient_balances.dunning_stage = 'agency' then 'with_agency'
            when patient_balances.has_open_dispute then 'resolve_dispute'
            when patient_balances.has_open_fap_application then 'decide_financial_assistance'
            when patient_balances.plan_status = 'active' then 'remind_of_plan'
            when patient_balances.is_agency_eligible then 'place_with_agency'
            when patient_balances.agency_block_reason = 'below_minimum' then 'review_small_balance'
            when patient_balances.agency_block_reason = 'no_statement_sent' then 'send_statement'
            when patient_balances.agency_notice_date is not null
                and patient_balances.agency_block_reason in ('first_statement_too_recent', 'notice_too_recent')
                then 'wait_for_notice'
            when patient_balances.statements_sent <= {{ site_setting('statements_before_final_notice') }}
                then 'send_statement'
            when patient_balances.agency_block_reason = 'payer_balance_open' then 'wait_for_payer'
            else 'send_agency_notice'
        end as next_action
    from patient_balances
    cross join as_of
    inner join claims on patient_balances.claim_key = claims.claim_key

),

dated as (

    select
        *,
        case
            when next_action = 'send_statement' and last_statement_date is null then first_owed_date
            when next_action = 'send_statement'
                then {{ add_days('last_statement_date', site_setting('statement_interval_days')) }}
            when next_action = 'remind_of_plan'
                then {{ add_days(
                    'coalesce(last_payment_date, first_owed_date)', site_setting('statement_interval_days')
                ) }}
            when next_action = 'send_agency_notice'
                then {{ add_days('last_statement_date', site_setting('statement_interval_days')) }}
            when next_action = 'wait_for_notice'
                then greatest(
                        {{ add_days('agency_notice_date', site_setting('agency_notice_days')) }},
                        coalesce(
                            {{ add_days('first_statement_date', site_setting('agency_wait_days')) }}, agency_notice_date
                        )
                    )
            when next_action in ('with_agency', 'wait_for_payer') then null
            else as_of_date
        end as next_action_date
    from actions

),

final as (

    select
        claim_key,
        claim_id,
        patient_key,
        billing_npi,
        dunning_stage,
        plan_status,
        propensity_band,
        aging_bucket,
        next_action,
        agency_block_reason,
        cast(row_number() over (
            order by
                case when next_action_date <= as_of_date then 0 else 1 end,
                balance_amount desc,
                claim_key asc
        ) as integer) as priority_rank,
        statements_sent,
        age_days,
        balance_amount,
        is_agency_eligible,
        coalesce(next_action_date <= as_of_date, false) as is_due,
        case
            when next_action = 'remind_of_plan' then next_action_date <= as_of_date
            when next_action in ('send_statement', 'send_agency_notice', 'review_small_balance', 'wait_for_notice')
                and last_statement_date is not null
                and (last_payment_date is null or last_payment_date < last_statement_date)
                and (next_action <> 'send_statement' or next_action_date > as_of_date)
                then {{ add_days('last_statement_date', site_setting('reminder_days')) }} <= as_of_date
            else false
        end as is_reminder_due,
        first_owed_date,
        last_statement_date,
        last_payment_date,
        next_action_date
    from dated

)

select * from final
