{{ config(meta={'scope': 'file'}) }}

-- The other payers an 837 claim names (loop 2320), with their place in line.
with

subscribers as (

    select * from {{ ref('stg_x12__subscribers') }} where loop = '2320'

),

final as (

    select
        subscribers.file_number,
        subscribers.claim_number,
        subscribers.segment_number,
        subscribers.payer_sequence,
        min(payers.payer_id) as payer_id
    from subscribers
    inner join {{ ref('stg_x12__names') }} as names
        on
            subscribers.file_number = names.file_number
            and subscribers.segment_number = names.parent_number
            and names.loop = '2330'
            and names.entity = 'PR'
    inner join {{ ref('int_named_payers') }} as payers
        on names.file_number = payers.file_number and names.segment_number = payers.segment_number
    group by
        subscribers.file_number,
        subscribers.claim_number,
        subscribers.segment_number,
        subscribers.payer_sequence

)

select * from final
