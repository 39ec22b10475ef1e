with

still_open as (

    select * from {{ ref('int_later_payer_open_amounts') }}

),

-- Remittances of later payers repeat the primary's contractual.
capped as (

    select
        *,
        least(contractual_amount, greatest(open_amount, 0)) as capped_amount
    from still_open

),

effects as (

    select
        adjudication_id,
        'contractual_adjustment' as effect,
        responsibility,
        -capped_amount as amount
    from capped
    union all
    select
        adjudication_id,
        'patient_responsibility_transfer' as effect,
        responsibility,
        -patient_share_amount as amount
    from capped
    union all
    select
        adjudication_id,
        'patient_responsibility_transfer' as effect,
        'patient' as responsibility,
        patient_share_amount as amount
    from capped
    union all
    select
        adjudication_id,
        'denied' as effect,
        responsibility,
        denied_amount as amount
    from capped

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
