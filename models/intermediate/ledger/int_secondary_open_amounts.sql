with

events as (

    select * from {{ ref('int_adjudication_events') }}

),

shares as (

    select * from {{ ref('int_adjudication_shares') }}

),

primary_effects as (

    select * from {{ ref('int_primary_effects') }}

),

transaction_postings as (

    select * from {{ ref('int_transaction_postings') }}

),

answers as (

    select
        events.adjudication_id,
        events.claim_key,
        events.payer_id,
        events.payer_role,
        events.event_number,
        events.posted_date,
        coalesce(shares.contractual_amount, 0) as contractual_amount,
        coalesce(shares.patient_share_amount, 0) as patient_share_amount,
        coalesce(shares.denied_amount, 0) as denied_amount
    from events
    left join shares on events.adjudication_id = shares.adjudication_id
    where
        events.responsibility = 'secondary_payer'
        and (not events.is_reversal or events.is_unmatched_reversal)

),

-- What the primary's standing answer had moved to the secondary payer that day.
moved_in as (

    select
        answers.adjudication_id,
        sum(primary_effects.amount) as amount
    from answers
    inner join events
        on answers.claim_key = events.claim_key
        and events.responsibility = 'primary_payer'
        and events.posted_date <= answers.posted_date
        and (events.until_date is null or events.until_date > answers.posted_date)
    inner join primary_effects
        on events.standing_adjudication_id = primary_effects.adjudication_id
        and primary_effects.effect = 'patient_responsibility_transfer'
        and primary_effects.responsibility = 'secondary_payer'
    group by answers.adjudication_id

),

posted_by_hand as (

    select
        answers.adjudication_id,
        sum(transaction_postings.amount) as amount
    from answers
    inner join transaction_postings
        on answers.claim_key = transaction_postings.claim_key
        and transaction_postings.responsibility = 'secondary_payer'
        and transaction_postings.posted_date <= answers.posted_date
    group by answers.adjudication_id

),

paid as (

    select
        answers.adjudication_id,
        sum(events.payer_paid_amount) as amount
    from answers
    inner join events
        on answers.claim_key = events.claim_key
        and events.responsibility = 'secondary_payer'
        and (
            events.posted_date < answers.posted_date
            or (events.posted_date = answers.posted_date and events.event_number <= answers.event_number)
        )
    group by answers.adjudication_id

),

-- Open before its own contractual: the earlier answer's is undone by then, so nothing else of its kind stands.
still_open as (

    select
        answers.*,
        coalesce(moved_in.amount, 0) + coalesce(posted_by_hand.amount, 0) - coalesce(paid.amount, 0)
        - answers.patient_share_amount as open_amount
    from answers
    left join moved_in on answers.adjudication_id = moved_in.adjudication_id
    left join posted_by_hand on answers.adjudication_id = posted_by_hand.adjudication_id
    left join paid on answers.adjudication_id = paid.adjudication_id

)

select * from still_open
