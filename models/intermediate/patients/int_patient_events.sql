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
        transactions.source_line_number,
        transactions.transaction_id,
        case transactions.transaction_type
            when 'fap_application_opened' then 1
            when 'fap_application_closed' then -1
            else 0
        end as application_change,
        case transactions.transaction_type
            when 'dispute_opened' then 1
            when 'dispute_closed' then -1
            else 0
        end as dispute_change,
        coalesce(claims.discharge_date, claims.service_to_date, claims.service_from_date) as last_service_date
    from transactions
    inner join claims on transactions.claim_key = claims.claim_key

),

counted as (

    select
        *,
        sum(application_change) over life as applications_so_far,
        sum(dispute_change) over life as disputes_so_far
    from events
    window life as (
        partition by claim_key
        order by posted_date, source_line_number, transaction_id
        rows between unbounded preceding and current row
    )

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
        -- What closes nothing (its opening was before the feed began) does not stand against what is opened later.
        sum(application_change) - least(min(applications_so_far), 0) as open_fap_applications,
        sum(dispute_change) - least(min(disputes_so_far), 0) as open_disputes,
        min(case when transaction_type = 'agency_notice_sent' then posted_date end) as agency_notice_date,
        max(case when transaction_type = 'agency_placed' then posted_date end) as agency_placed_date
    from counted
    group by claim_key

)

select * from final
