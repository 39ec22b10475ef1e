with

events as (

    select * from {{ ref('int_adjudication_events') }}

),

shares as (

    select * from {{ ref('int_adjudication_shares') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

-- On one day the primary answers first; an answer that was taken back is none.
answered_before as (

    select distinct primary_events.adjudication_id
    from events as primary_events
    inner join events as later_payer_events
        on primary_events.claim_key = later_payer_events.claim_key
            and primary_events.payer_role = 'primary_payer'
            and later_payer_events.responsibility = 'secondary_payer'
            and later_payer_events.standing_adjudication_id is not null
            and later_payer_events.posted_date < primary_events.posted_date
            and (
                later_payer_events.until_date is null
                or later_payer_events.until_date >= primary_events.posted_date
            )

),

primary_answers as (

    select
        events.adjudication_id,
        events.claim_key,
        coalesce(shares.contractual_amount, 0) as contractual_amount,
        coalesce(shares.patient_share_amount, 0) as patient_share_amount,
        coalesce(shares.denied_amount, 0) as denied_amount,
        case
            when claims.secondary_payer_id is not null and answered_before.adjudication_id is null
                then 'secondary_payer'
            else 'patient'
        end as next_responsibility
    from events
    inner join claims on events.claim_key = claims.claim_key
    left join shares on events.adjudication_id = shares.adjudication_id
    left join answered_before on events.adjudication_id = answered_before.adjudication_id
    where
        events.payer_role = 'primary_payer'
        and (not events.is_reversal or events.is_unmatched_reversal)

),

effects as (

    select
        adjudication_id,
        'contractual_adjustment' as effect,
        'primary_payer' as responsibility,
        -contractual_amount as amount
    from primary_answers
    union all
    select
        adjudication_id,
        'patient_responsibility_transfer' as effect,
        'primary_payer' as responsibility,
        -patient_share_amount as amount
    from primary_answers
    union all
    select
        adjudication_id,
        'patient_responsibility_transfer' as effect,
        next_responsibility as responsibility,
        patient_share_amount as amount
    from primary_answers
    union all
    select
        adjudication_id,
        'denied' as effect,
        'primary_payer' as responsibility,
        denied_amount as amount
    from primary_answers

),

final as (

    select
        adjudication_id,
        effect,
        responsibility,
        cast(amount as decimal(18, 2)) as amount
    from effects
    where amount <> 0

)

select * from final
