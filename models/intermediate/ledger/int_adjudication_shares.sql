{{ config(materialized='incremental', unique_key='adjudication_id', meta={'scope': 'claim'}) }}

with

adjustments as (

    select * from {{ ref('int_adjustments') }}

),

posting_rules as (

    select * from {{ ref('posting_rules') }}

),

-- A rule for a code goes before one for a class and group, and that before one for the class.
ruled as (

    select
        adjustments.adjudication_id,
        adjustments.adjustment_class,
        adjustments.amount,
        adjustments.is_inside_allowed,
        coalesce(code_rules.posting, group_rules.posting, class_rules.posting, 'none') as posting
    from adjustments
    left join posting_rules as code_rules
        on adjustments.reason_code = code_rules.reason_code
    left join posting_rules as group_rules
        on adjustments.adjustment_class = group_rules.adjustment_class
            and adjustments.group_code = group_rules.group_code
            and group_rules.reason_code = '*'
    left join posting_rules as class_rules
        on adjustments.adjustment_class = class_rules.adjustment_class
            and class_rules.group_code = '*'
            and class_rules.reason_code = '*'

),

final as (

    select
        adjudication_id,
        cast(sum(case when posting = 'contractual_adjustment' then amount else 0 end) as decimal(18, 2))
            as contractual_amount,
        cast(sum(case
            when posting = 'contractual_adjustment' and is_inside_allowed then amount else 0
        end) as decimal(18, 2)) as withheld_amount,
        cast(sum(case when posting = 'patient_responsibility_transfer' then amount else 0 end) as decimal(18, 2))
            as patient_share_amount,
        cast(sum(case when posting = 'denied' then amount else 0 end) as decimal(18, 2)) as denied_amount,
        cast(sum(case when adjustment_class = 'patient' then amount else 0 end) as decimal(18, 2))
            as patient_class_amount,
        cast(sum(case when adjustment_class = 'denial' then amount else 0 end) as decimal(18, 2))
            as denial_class_amount
    from ruled
    group by adjudication_id

)

select * from final
