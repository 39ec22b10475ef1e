{{ config(meta={'scope': 'account'}) }}

with

transactions as (

    select * from {{ ref('int_transactions') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

events as (

    select
        transactions.claim_key,
        transactions.transaction_type,
        transactions.amount,
        transactions.posted_date,
        coalesce(claims.discharge_date, claims.service_to_date, claims.service_from_date) as last_service_date
    from transactions
    inner join claims on transactions.claim_key = claims.claim_key

),

final as (

    select
        claim_key,
        sum(case when transaction_type = 'statement_sent' then 1 else 0 end) as statements_sent,
        -- 26 CFR 1.501(r)-6 counts from the first statement after discharge.
        min(case
            when transaction_type = 'statement_sent' and posted_date >= coalesce(last_service_date, posted_date)
                then posted_date
        end) as first_statement_date,
        max(case when transaction_type = 'statement_sent' then posted_date end) as last_statement_date,
        max(case when transaction_type = 'patient_payment' and amount > 0 then posted_date end) as last_payment_date,
        max(case when transaction_type = 'payment_plan_started' then posted_date end) as plan_started_date,
        max(case when transaction_type = 'payment_plan_broken' then posted_date end) as plan_broken_date,
        sum(case
            when transaction_type = 'fap_application_opened' then 1
            when transaction_type = 'fap_application_closed' then -1
            else 0
        end) as open_fap_applications,
        sum(case
            when transaction_type = 'dispute_opened' then 1
            when transaction_type = 'dispute_closed' then -1
            else 0
        end) as open_disputes,
        min(case when transaction_type = 'agency_notice_sent' then posted_date end) as agency_notice_date,
        max(case when transaction_type = 'agency_placed' then posted_date end) as agency_placed_date
    from events
    group by claim_key

)

select * from final
