{{ config(materialized='incremental') }}

-- One row a single adjustment (CAS triplet) of an adjudication, with its class from the reason map.
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
        segments.claim_number,
        segments.line_number,
        segments.segment_number,
        positions.position_in_segment,
        segments.group_code,
        case positions.position_in_segment
            when 1 then segments.reason_code_1
            when 2 then segments.reason_code_2
            when 3 then segments.reason_code_3
            when 4 then segments.reason_code_4
            when 5 then segments.reason_code_5
            when 6 then segments.reason_code_6
        end as reason_code,
        case positions.position_in_segment
            when 1 then segments.amount_1
            when 2 then segments.amount_2
            when 3 then segments.amount_3
            when 4 then segments.amount_4
            when 5 then segments.amount_5
            when 6 then segments.amount_6
        end as amount,
        case positions.position_in_segment
            when 1 then segments.quantity_1
            when 2 then segments.quantity_2
            when 3 then segments.quantity_3
            when 4 then segments.quantity_4
            when 5 then segments.quantity_5
            when 6 then segments.quantity_6
        end as quantity
    from {{ ref('stg_x12__adjustments') }} as segments
    cross join positions
    where segments.loop in ('2100', '2110')

),

service_order as (

    select
        file_number,
        segment_number,
        row_number() over (partition by file_number, claim_number order by segment_number) as service_number
    from {{ ref('stg_x12__remittance_services') }}

),

final as (

    select
        claims.adjudication_id,
        matches.claim_key,
        cast(service_order.service_number as integer) as service_number,
        cast(
            row_number() over (
                partition by claims.adjudication_id
                order by adjustments.segment_number, adjustments.position_in_segment
            ) as integer
        ) as adjustment_number,
        adjustments.segment_number,
        adjustments.group_code,
        adjustments.reason_code,
        coalesce(adjustments.amount, 0) as amount,
        adjustments.quantity,
        coalesce(reasons.adjustment_class, 'unknown') as adjustment_class,
        reasons.category as denial_category,
        reasons.is_preventable,
        allowed.reason_code is not null as is_inside_allowed
    from adjustments
    inner join {{ ref('int_remittance_claims') }} as claims
        on adjustments.file_number = claims.file_number and adjustments.claim_number = claims.segment_number
    inner join {{ ref('int_adjudication_claims') }} as matches on claims.adjudication_id = matches.adjudication_id
    left join service_order
        on
            adjustments.file_number = service_order.file_number
            and adjustments.line_number = service_order.segment_number
    left join {{ ref('adjustment_reasons') }} as reasons on adjustments.reason_code = reasons.reason_code
    left join {{ ref('allowed_amount_reasons') }} as allowed
        on
            adjustments.reason_code = allowed.reason_code
            and (coalesce(allowed.group_code, '') = '' or adjustments.group_code = allowed.group_code)
    where adjustments.reason_code is not null or adjustments.amount is not null

)

select * from final
