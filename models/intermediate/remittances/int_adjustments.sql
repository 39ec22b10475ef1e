-- One row a single adjustment (CAS triplet) of an adjudication, with its class from the reason map.
with

{% for n in range(1, 7) -%}
adjustments_{{ n }} as (

    select
        file_number,
        claim_number,
        line_number,
        segment_number,
        {{ n }} as position_in_segment,
        group_code,
        reason_code_{{ n }} as reason_code,
        amount_{{ n }} as amount,
        quantity_{{ n }} as quantity
    from {{ ref('stg_x12__adjustments') }}
    where loop in ('2100', '2110') and (reason_code_{{ n }} is not null or amount_{{ n }} is not null)

),

{% endfor -%}

adjustments as (

    {% for n in range(1, 7) -%}
    select * from adjustments_{{ n }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
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
            and (allowed.group_code is null or allowed.group_code = '' or adjustments.group_code = allowed.group_code)

)

select * from final
