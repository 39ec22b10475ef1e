{{ config(unique_key='reference_id', meta={'scope': none, 'lists': 'credit'}) }}

-- One row a PLB adjustment, signed as in the PLB: positive lowers the payment. Listed is what those name that came out
-- otherwise than in the last build.
with

positions as (

    select 1 as position_in_segment
    union all
    select 2
    union all
    select 3
    union all
    select 4
    union all
    select 5
    union all
    select 6

),

adjustments as (

    select
        segments.file_number,
        segments.transaction_number,
        segments.segment_number,
        positions.position_in_segment,
        case positions.position_in_segment
            when 1 then segments.adjustment_code_1
            when 2 then segments.adjustment_code_2
            when 3 then segments.adjustment_code_3
            when 4 then segments.adjustment_code_4
            when 5 then segments.adjustment_code_5
            when 6 then segments.adjustment_code_6
        end as adjustment_code,
        case positions.position_in_segment
            when 1 then segments.reference_id_1
            when 2 then segments.reference_id_2
            when 3 then segments.reference_id_3
            when 4 then segments.reference_id_4
            when 5 then segments.reference_id_5
            when 6 then segments.reference_id_6
        end as reference_id,
        case positions.position_in_segment
            when 1 then segments.amount_1
            when 2 then segments.amount_2
            when 3 then segments.amount_3
            when 4 then segments.amount_4
            when 5 then segments.amount_5
            when 6 then segments.amount_6
        end as adjustment_amount
    from {{ ref('stg_x12__provider_adjustments') }} as segments
    cross join positions

),

final as (

    select
        remittances.remittance_key,
        cast(
            row_number() over (
                partition by remittances.remittance_key
                order by adjustments.segment_number, adjustments.position_in_segment
            ) as integer
        ) as adjustment_number,
        remittances.payer_id,
        remittances.payment_date,
        adjustments.adjustment_code,
        adjustments.reference_id,
        adjustments.adjustment_amount,
        remittances.is_duplicate
    from adjustments
    inner join {{ ref('int_remittances') }} as remittances
        on
            adjustments.file_number = remittances.file_number
            and adjustments.transaction_number = remittances.transaction_number
    where adjustments.adjustment_amount is not null

)

select * from final
