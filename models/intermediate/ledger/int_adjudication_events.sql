{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

with

posted as (

    select * from {{ ref('int_posted_adjudications') }}

),

reversals as (

    select * from {{ ref('int_adjudication_reversals') }}

),

originals as (

    select
        posted.adjudication_id,
        posted.claim_key,
        posted.payer_id,
        posted.event_number,
        reversals.reversed_at
    from posted
    left join reversals on posted.adjudication_id = reversals.reversed_adjudication_id
    where not posted.is_reversal

),

-- A later answer of the same payer takes the place of the earlier; what is reversed stands no more.
standing as (

    select
        posted.adjudication_id,
        max(originals.event_number) as standing_number
    from posted
    inner join originals
        on posted.claim_key = originals.claim_key
            and posted.payer_id = originals.payer_id
            and posted.event_number >= originals.event_number
            and (originals.reversed_at is null or originals.reversed_at > posted.event_number)
    group by posted.adjudication_id

),

events as (

    select
        posted.*,
        reversals.reversed_adjudication_id,
        originals.adjudication_id as standing_adjudication_id,
        posted.is_reversal and reversals.reversal_id is null as is_unmatched_reversal
    from posted
    left join reversals on posted.adjudication_id = reversals.reversal_id
    left join standing on posted.adjudication_id = standing.adjudication_id
    left join originals
        on posted.claim_key = originals.claim_key
            and posted.payer_id = originals.payer_id
            and standing.standing_number = originals.event_number

),

final as (

    select
        *,
        lag(standing_adjudication_id) over (
            partition by claim_key, payer_id order by event_number
        ) as previous_adjudication_id,
        lead(posted_date) over (
            partition by claim_key, payer_id order by event_number
        ) as until_date
    from events

)

select * from final
