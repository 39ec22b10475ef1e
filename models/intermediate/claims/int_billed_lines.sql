-- Every service line of every 837 claim, professional, institutional and dental alike. Lines are numbered by LX01
-- where that gives each line of the claim a number of its own, else by their order.
with

services as (

    select
        file_number, segment_number, claim_number, line_number, procedure_qualifier, procedure_code,
        modifier_1, modifier_2, modifier_3, modifier_4,
        cast(null as varchar) as revenue_code, units, unit_basis, charge_amount, place_of_service
    from {{ ref('stg_x12__professional_lines') }}
    union all
    select
        file_number, segment_number, claim_number, line_number, procedure_qualifier, procedure_code,
        modifier_1, modifier_2, modifier_3, modifier_4,
        revenue_code, units, unit_basis, charge_amount, null
    from {{ ref('stg_x12__institutional_lines') }}
    union all
    select
        file_number, segment_number, claim_number, line_number, procedure_qualifier, procedure_code,
        modifier_1, modifier_2, modifier_3, modifier_4,
        -- SV306 is left out where it is one.
        null, coalesce(units, 1), 'UN', charge_amount, place_of_service
    from {{ ref('stg_x12__dental_lines') }}

),

details as (

    select
        services.*,
        try_cast(headers.assigned_number as integer) as assigned_number,
        row_number() over (partition by services.file_number, services.claim_number order by services.segment_number)
            as line_order
    from services
    left join {{ ref('stg_x12__line_numbers') }} as headers
        on services.file_number = headers.file_number and services.line_number = headers.segment_number
    where services.claim_number is not null

),

numbered as (

    select
        details.*,
        count(*) over (partition by file_number, claim_number) as line_count,
        count(*) over (partition by file_number, claim_number, assigned_number) as same_number_count
    from details

),

uniqueness as (

    select
        numbered.*,
        min(case when assigned_number > 0 and same_number_count = 1 then 1 else 0 end)
            over (partition by file_number, claim_number) as has_own_numbers
    from numbered

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
        cast(case when lines.has_own_numbers = 1 then lines.assigned_number else lines.line_order end as integer)
            as line_number,
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
    from uniqueness as lines
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
