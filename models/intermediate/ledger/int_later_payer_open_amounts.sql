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

charge_postings as (

    select * from {{ ref('int_charge_postings') }}

),

transaction_postings as (

    select * from {{ ref('int_transaction_postings') }}

),

answers as (

    select
        events.adjudication_id,
        events.claim_key,
        events.responsibility,
        events.posted_date,
        coalesce(shares.contractual_amount, 0) as contractual_amount,
        coalesce(shares.patient_share_amount, 0) as patient_share_amount,
        coalesce(shares.denied_amount, 0) as denied_amount
    from events
    left join shares on events.adjudication_id = shares.adjudication_id
    where
        events.payer_role <> 'primary_payer'
        and (not events.is_reversal or events.is_unmatched_reversal)

),

-- What the primary's standing answer had moved to the balance, or taken off it, by that day.
primary_changes as (

    select
        answers.adjudication_id,
        primary_effects.amount
    from answers
    inner join events
        on answers.claim_key = events.claim_key
            and events.payer_role = 'primary_payer'
            and events.posted_date <= answers.posted_date
            and (events.until_date is null or events.until_date > answers.posted_date)
    inner join primary_effects
        on events.standing_adjudication_id = primary_effects.adjudication_id
            and answers.responsibility = primary_effects.responsibility
            and primary_effects.effect <> 'denied'

),

paid as (

    select
        answers.adjudication_id,
        -events.payer_paid_amount as amount
    from answers
    inner join events
        on answers.claim_key = events.claim_key
            and answers.responsibility = events.responsibility
            and events.posted_date <= answers.posted_date

),

posted_by_hand as (

    select
        answers.adjudication_id,
        transaction_postings.amount
    from answers
    inner join transaction_postings
        on answers.claim_key = transaction_postings.claim_key
            and answers.responsibility = transaction_postings.responsibility
            and transaction_postings.posted_date <= answers.posted_date

),

charged as (

    select
        answers.adjudication_id,
        charge_postings.amount
    from answers
    inner join charge_postings
        on answers.claim_key = charge_postings.claim_key
            and answers.responsibility = 'primary_payer'
            and charge_postings.posted_date <= answers.posted_date

),

changes as (

    select adjudication_id, sum(amount) as amount
    from (
        select * from primary_changes
        union all
        select * from paid
        union all
        select * from posted_by_hand
        union all
        select * from charged
    ) as every_change
    group by adjudication_id

),

-- The payer's own earlier answer is undone by the time this one posts, so nothing else of its kind stands.
final as (

    select
        answers.*,
        coalesce(changes.amount, 0) - answers.patient_share_amount as open_amount
    from answers
    left join changes on answers.adjudication_id = changes.adjudication_id

)

select * from final
