-- One row an SVC: what was adjudicated, and what the payer says was billed (SVC06, SVC07), not yet matched to a line.
-- Allowed is the payer's own statement (AMT*B6) where it makes one, else paid plus what is inside the allowed amount.
with

services as (

    select * from {{ ref('stg_x12__remittance_services') }}

),

numbers as (

    select
        file_number,
        segment_number,
        row_number() over (partition by file_number, claim_number order by segment_number) as service_number
    from services

),

dates as (

    select
        file_number,
        line_number,
        min(case when qualifier in ('472', '150') then date_value end) as service_date
    from {{ ref('stg_x12__remittance_dates') }}
    where line_number is not null
    group by file_number, line_number

),

control_numbers as (

    select
        file_number,
        line_number,
        max(value) as line_control_number
    from {{ ref('stg_x12__references') }}
    where loop = '2110' and qualifier = '6R'
    group by file_number, line_number

),

stated as (

    select
        file_number,
        line_number,
        min(amount) as allowed_amount
    from {{ ref('stg_x12__amounts') }}
    where loop = '2110' and qualifier = 'B6'
    group by file_number, line_number

),

remarks as (

    select
        file_number,
        line_number,
        string_agg(code, ',' order by segment_number) as remark_codes
    from {{ ref('stg_x12__remark_codes') }}
    where line_number is not null
    group by file_number, line_number

),

final as (

    select
        claims.adjudication_id,
        claims.remit_date,
        cast(numbers.service_number as integer) as service_number,
        services.segment_number,
        control_numbers.line_control_number,
        services.procedure_qualifier,
        case when coalesce(services.procedure_qualifier, '') <> 'NU' then services.procedure_code end as procedure_code,
        services.modifier_1,
        services.modifier_2,
        services.modifier_3,
        services.modifier_4,
        nullif(concat_ws(':', services.modifier_1, services.modifier_2, services.modifier_3, services.modifier_4), '')
            as modifiers,
        coalesce(
            services.revenue_code,
            case when services.procedure_qualifier = 'NU' then lpad(services.procedure_code, 4, '0') end
        ) as revenue_code,
        -- SVC05 is left out where it is one.
        coalesce(services.units, 1) as units,
        services.original_procedure_code,
        nullif(
            concat_ws(
                ':',
                services.original_modifier_1,
                services.original_modifier_2,
                services.original_modifier_3,
                services.original_modifier_4
            ), ''
        ) as original_modifiers,
        services.original_units,
        coalesce(dates.service_date, claims.service_from_date) as service_date,
        services.charge_amount,
        coalesce(services.paid_amount, 0) as payer_paid_amount,
        coalesce(
            stated.allowed_amount, coalesce(services.paid_amount, 0) + coalesce(totals.unpaid_allowed_amount, 0)
        ) as allowed_amount,
        coalesce(services.paid_amount, 0) + coalesce(totals.unpaid_allowed_amount, 0) as computed_allowed_amount,
        coalesce(totals.denied_amount, 0) as denied_amount,
        coalesce(totals.patient_responsibility_amount, 0) as patient_responsibility_amount,
        coalesce(totals.contractual_amount, 0) as contractual_amount,
        remarks.remark_codes
    from services
    inner join numbers
        on services.file_number = numbers.file_number and services.segment_number = numbers.segment_number
    inner join {{ ref('int_remittance_claims') }} as claims
        on services.file_number = claims.file_number and services.claim_number = claims.segment_number
    left join dates on services.file_number = dates.file_number and services.segment_number = dates.line_number
    left join control_numbers
        on services.file_number = control_numbers.file_number and services.segment_number = control_numbers.line_number
    left join stated on services.file_number = stated.file_number and services.segment_number = stated.line_number
    left join remarks on services.file_number = remarks.file_number and services.segment_number = remarks.line_number
    left join {{ ref('int_adjustment_totals') }} as totals
        on claims.adjudication_id = totals.adjudication_id and numbers.service_number = totals.service_number

)

select * from final
