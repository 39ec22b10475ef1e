{{ config(materialized='incremental') }}

with

events as (

    select * from {{ ref('int_adjudication_events') }}

),

primary_effects as (

    select * from {{ ref('int_primary_effects') }}

),

later_payer_effects as (

    select * from {{ ref('int_later_payer_effects') }}

),

effects as (

    select * from primary_effects
    union all
    select * from later_payer_effects

),

changes as (

    select *
    from events
    where
        standing_adjudication_id is distinct from previous_adjudication_id

),

payments as (

    select
        events.adjudication_id,
        case when events.is_reversal then 'reversal' else 'adjudication' end as posting_event,
        'payer_payment' as posting_type,
        events.responsibility,
        -events.payer_paid_amount as amount
    from events

),

-- What stood until now is undone exactly; what stands from now on is posted.
undone as (

    select
        changes.adjudication_id,
        case when changes.is_reversal then 'reversal' else 'replacement' end as posting_event,
        effects.effect as posting_type,
        effects.responsibility,
        -effects.amount as amount
    from changes
    inner join effects on changes.previous_adjudication_id = effects.adjudication_id

),

taken_up as (

    select
        changes.adjudication_id,
        case when changes.is_reversal then 'reinstatement' else 'adjudication' end as posting_event,
        effects.effect as posting_type,
        effects.responsibility,
        effects.amount
    from changes
    inner join effects on changes.standing_adjudication_id = effects.adjudication_id

),

-- What it reverses is not known here: its own amounts are all there is.
unmatched_reversals as (

    select
        events.adjudication_id,
        'reversal' as posting_event,
        effects.effect as posting_type,
        effects.responsibility,
        effects.amount
    from events
    inner join effects
        on events.adjudication_id = effects.adjudication_id
            and events.is_unmatched_reversal

),

unioned as (

    select * from payments
    union all
    select * from undone
    union all
    select * from taken_up
    union all
    select * from unmatched_reversals

),

final as (

    select
        unioned.adjudication_id,
        events.claim_key,
        events.remittance_key,
        events.file_id,
        unioned.posting_event,
        unioned.posting_type,
        unioned.responsibility,
        nullif(events.payer_id, '') as payer_id,
        events.segment_number,
        cast(unioned.amount as decimal(18, 2)) as amount,
        events.posted_date
    from unioned
    inner join events on unioned.adjudication_id = events.adjudication_id
    where unioned.amount <> 0

)

select * from final
