{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

with

posted as (

    select * from {{ ref('int_posted_adjudications') }}

),

claims_with_reversals as (

    select distinct
        claim_key,
        payer_id
    from posted
    where is_reversal

),

-- Payers put a correction before or after the reversal of the same day: the reversal means an earlier day's.
candidates as (

    select
        posted.adjudication_id,
        posted.claim_key,
        posted.payer_id,
        posted.payer_claim_control_number,
        abs(posted.payer_paid_amount) as paid_amount,
        posted.is_reversal,
        posted.event_number,
        row_number() over (
            partition by posted.claim_key, posted.payer_id
            order by
                posted.posted_date,
                case when posted.is_reversal then 0 else 1 end,
                posted.event_number
        ) as reversal_first_number
    from posted
    inner join claims_with_reversals
        on posted.claim_key = claims_with_reversals.claim_key
            and posted.payer_id = claims_with_reversals.payer_id

),

by_control_number as (

    {{ match_reversals(
        'candidates',
        ['claim_key', 'payer_id', 'payer_claim_control_number', 'paid_amount'],
        'reversal_first_number'
    ) }}

),

taken_by_control_number as (

    select reversal_id as adjudication_id from by_control_number
    union all
    select reversed_adjudication_id as adjudication_id from by_control_number

),

left_by_control_number as (

    select candidates.*
    from candidates
    left join taken_by_control_number on candidates.adjudication_id = taken_by_control_number.adjudication_id
    where taken_by_control_number.adjudication_id is null

),

by_amount as (

    {{ match_reversals('left_by_control_number', ['claim_key', 'payer_id', 'paid_amount'], 'reversal_first_number') }}

),

taken_by_amount as (

    select reversal_id as adjudication_id from by_amount
    union all
    select reversed_adjudication_id as adjudication_id from by_amount

),

left_by_amount as (

    select left_by_control_number.*
    from left_by_control_number
    left join taken_by_amount on left_by_control_number.adjudication_id = taken_by_amount.adjudication_id
    where taken_by_amount.adjudication_id is null

),

-- Paid and taken back on one day, or taken back in part.
by_order as (

    {{ match_reversals('left_by_amount', ['claim_key', 'payer_id'], 'event_number') }}

),

matches as (

    select *, 'payer_claim_control_number' as matched_by from by_control_number
    union all
    select *, 'amount' as matched_by from by_amount
    union all
    select *, 'order' as matched_by from by_order

),

final as (

    select
        matches.reversal_id,
        matches.reversed_adjudication_id,
        candidates.claim_key,
        candidates.payer_id,
        matches.matched_by
    from matches
    inner join candidates on matches.reversal_id = candidates.adjudication_id

)

select * from final
