{{ config(materialized='incremental', unique_key='file_number', meta={'scope': 'file', 'record': 'claim_number'}) }}

-- Every billed service line with its dates, control number and rendering provider.
with

lines as (

    select * from {{ ref('int_billed_services') }}

),

dates as (

    select
        file_number,
        line_number,
        min(period_start) as service_date,
        max(period_end) as service_to_date
    from {{ ref('stg_x12__claim_dates') }}
    where line_number is not null and qualifier in ('472', '150', '151')
    group by file_number, line_number

),

line_references as (

    select
        file_number,
        line_number,
        max(value) as line_control_number
    from {{ ref('stg_x12__references') }}
    where line_number is not null and qualifier = '6R'
    group by file_number, line_number

),

rendering as (

    select
        file_number,
        claim_number,
        line_number,
        max(id) as rendering_npi
    from {{ ref('stg_x12__names') }}
    where entity = '82' and loop in ('2310', '2420')
    group by file_number, claim_number, line_number

),

final as (

    select
        lines.file_number,
        lines.claim_number,
        lines.billed_line_number as line_number,
        line_references.line_control_number,
        lines.procedure_qualifier,
        lines.procedure_code,
        lines.modifier_1,
        lines.modifier_2,
        lines.modifier_3,
        lines.modifier_4,
        lines.revenue_code,
        lines.units,
        lines.unit_basis,
        dates.service_date,
        dates.service_to_date,
        lines.charge_amount,
        lines.place_of_service,
        coalesce(line_rendering.rendering_npi, claim_rendering.rendering_npi) as rendering_npi
    from lines
    left join dates on lines.file_number = dates.file_number and lines.line_number = dates.line_number
    left join line_references
        on lines.file_number = line_references.file_number and lines.line_number = line_references.line_number
    left join rendering as line_rendering
        on lines.file_number = line_rendering.file_number and lines.line_number = line_rendering.line_number
    left join rendering as claim_rendering
        on
            lines.file_number = claim_rendering.file_number
            and lines.claim_number = claim_rendering.claim_number
            and claim_rendering.line_number is null

)

select * from final
