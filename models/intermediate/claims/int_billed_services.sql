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

final as (

    select
        uniqueness.*,
        cast(
            case when has_own_numbers = 1 then assigned_number else line_order end as integer
        ) as billed_line_number
    from uniqueness

)

select * from final
