{{ config(meta={'scope': 'file'}) }}

-- Every service line of every 837 claim, professional, institutional and dental alike, with its number. LX01 numbers
-- the lines where it gives each line of the claim a number of its own, else their order does.
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

headed as (

    select
        services.file_number,
        services.segment_number,
        services.claim_number,
        coalesce(try_cast(headers.assigned_number as integer), 0) as assigned_number
    from services
    left join {{ ref('stg_x12__line_numbers') }} as headers
        on services.file_number = headers.file_number and services.line_number = headers.segment_number
    where services.claim_number is not null

),

numbered as (

    select
        *,
        row_number() over (partition by file_number, claim_number order by segment_number) as line_order,
        count(*) over (partition by file_number, claim_number, assigned_number) as same_number_count
    from headed

),

claims as (

    select
        file_number,
        claim_number,
        bool_and(assigned_number > 0 and same_number_count = 1) as has_own_numbers
    from numbered
    group by file_number, claim_number

),

final as (

    select
        services.*,
        case when claims.has_own_numbers then numbered.assigned_number else cast(numbered.line_order as integer) end
            as billed_line_number
    from services
    inner join numbered
        on services.file_number = numbered.file_number and services.segment_number = numbered.segment_number
    inner join claims on numbered.file_number = claims.file_number and numbered.claim_number = claims.claim_number

)

select * from final
