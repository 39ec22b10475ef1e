{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

with adjustments as (
    select * from {{ ref('int_adjustments') }}
),

adjudication_lines as (
    select * from {{ ref('int_adjudication_lines') }}
),

final as (
    select
        adjustments.claim_key,
        adjustments.adjudication_id,
        adjustments.adjustment_number,
        adjustments.service_number,
        adjudication_lines.line_number,
        adjustments.group_code,
        adjustments.reason_code,
        adjudication_lines.remark_codes,
        adjustments.adjustment_class,
        adjustments.amount as adjustment_amount,
        adjustments.quantity
    from adjustments
    left outer join adjudication_lines
        on
            adjustments.adjudication_id = adjudication_lines.adjudication_id
            and adjustments.service_number = adjudication_lines.service_number
)

select * from final
