{{ config(materialized='incremental', meta={'scope': 'account'}) }}

with

claim_totals as (

    select * from {{ ref('int_claim_totals') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

first_owed as (

    select * from {{ ref('int_patient_first_owed') }}

),

events as (

    select * from {{ ref('int_patient_events') }}

),

balances as (

    select * from {{ ref('int_account_balances') }}

),

owing as (

    select
        claim_totals.claim_key,
        claims.patient_key,
        claims.payer_class,
        claim_totals.patient_balance_amount as balance_amount,
        claim_totals.primary_balance_amount,
        claim_totals.secondary_balance_amount,
        first_owed.first_owed_date,
        coalesce(events.statements_sent, 0) as statements_sent,
        events.first_statement_date,
        events.last_statement_date,
        events.last_payment_date,
        events.plan_started_date,
        events.plan_broken_date,
        coalesce(events.open_fap_applications, 0) as open_fap_applications,
        coalesce(events.open_disputes, 0) as open_disputes,
        events.agency_notice_date,
        events.agency_placed_date
    from claim_totals
    inner join claims on claim_totals.claim_key = claims.claim_key
    left join first_owed on claim_totals.claim_key = first_owed.claim_key
    left join events on claim_totals.claim_key = events.claim_key
    where claim_totals.patient_balance_amount > 0

),

-- A plan that once brought the balance to nothing is completed: what is owed now came later.
completed_plans as (

    select distinct owing.claim_key
    from owing
    inner join balances
        on owing.claim_key = balances.claim_key
            and balances.responsibility = 'patient'
            and balances.balance_amount <= 0
            and balances.from_date > owing.plan_started_date

),

final as (

    select
        owing.*,
        case
            when owing.plan_started_date is null then 'none'
            when owing.plan_broken_date >= owing.plan_started_date then 'broken'
            when completed_plans.claim_key is not null then 'completed'
            else 'active'
        end as plan_status
    from owing
    left join completed_plans on owing.claim_key = completed_plans.claim_key

)

select * from final
