{{ config(materialized='incremental', meta={'scope': 'account'}) }}

-- What the provider did about a denied line and what was decided outside a remittance. Account events know the claim,
-- not the line: they count for every line of the claim refused up to then and not refused again since.
with denied_lines as (
    select * from {{ ref('int_denied_lines') }}
),

transactions as (
    select * from {{ ref('int_transactions') }}
    where claim_key is not null
),

submissions as (
    select * from {{ ref('int_submissions') }}
),

account_events as (
    select
        denied_lines.claim_key,
        denied_lines.payer_id,
        denied_lines.line_number,
        denied_lines.denial_date,
        transactions.posted_date as event_date,
        transactions.transaction_type as event_type
    from denied_lines
    inner join transactions
        on
            denied_lines.claim_key = transactions.claim_key
            and denied_lines.denial_date <= transactions.posted_date
            -- An event that names no payer is about the primary payer's denial.
            and (
                denied_lines.payer_id = transactions.payer_id
                or (transactions.payer_id is null and denied_lines.payer_role = 'primary_payer')
            )
    where
        transactions.transaction_type in ('appeal_filed', 'appeal_upheld', 'appeal_overturned')
        and (
            denied_lines.next_denial_date is null
            or transactions.posted_date < denied_lines.next_denial_date
            -- The letter that upholds a refusal may carry the date of the remittance that repeats it.
            or (
                transactions.posted_date = denied_lines.next_denial_date
                and transactions.transaction_type in ('appeal_upheld', 'appeal_overturned')
            )
        )
),

rebills as (
    select
        denied_lines.claim_key,
        denied_lines.payer_id,
        denied_lines.line_number,
        denied_lines.denial_date,
        submissions.submitted_date as event_date,
        'rebilled' as event_type
    from denied_lines
    inner join submissions
        on
            denied_lines.claim_key = submissions.claim_key
            and (
                denied_lines.payer_id = submissions.payer_id
                or (submissions.payer_sequence = 'P' and denied_lines.payer_role = 'primary_payer')
            )
    left outer join submissions as answered
        on denied_lines.submission_id = answered.submission_id
    where
        submissions.frequency_code <> '8'
        -- Later than what the payer refused, even if sent before the refusal came.
        and (
            answered.submitted_date < submissions.submitted_date
            or (answered.submission_id is null and denied_lines.denial_date <= submissions.submitted_date)
        )
        and (denied_lines.next_denial_date is null or submissions.submitted_date < denied_lines.next_denial_date)
),

stacked as (
    select * from account_events
    union all
    select * from rebills
),

final as (
    select
        claim_key,
        payer_id,
        line_number,
        denial_date,
        max(case when event_type = 'appeal_filed' then event_date end) as appeal_filed_date,
        max(case when event_type = 'appeal_upheld' then event_date end) as appeal_upheld_date,
        max(case when event_type = 'appeal_overturned' then event_date end) as appeal_overturned_date,
        max(case when event_type = 'rebilled' then event_date end) as rebilled_date
    from stacked
    group by claim_key, payer_id, line_number, denial_date
)

select * from final
