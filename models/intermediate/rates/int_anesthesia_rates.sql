with

conversion_factors as (

    select * from {{ ref('stg_reference__cms_anes') }}

),

base_units as (

    select * from {{ ref('stg_reference__anesthesia_base_units') }}

),

localities as (

    select * from {{ ref('int_medicare_localities') }}

),

-- The amount is that of one unit: the base units and the time are the line's quantity.
final as (

    select
        localities.schedule_id,
        localities.locality,
        base_units.procedure_code,
        cast(round(conversion_factors.conversion_factor, 2) as decimal(18, 2)) as amount,
        base_units.base_units,
        base_units.effective_from,
        base_units.effective_to,
        base_units.file_number,
        base_units.line_number
    from localities
    inner join conversion_factors
        on localities.locality = conversion_factors.locality
            and localities.schedule_id = 'mpfs-' || cast(conversion_factors.rate_year as varchar)
    cross join base_units

)

select * from final
