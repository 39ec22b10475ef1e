with addendum_b as (
    select * from {{ ref('stg_reference__cms_opps_addendum_b') }}
),

final as (
    select distinct
        'opps-' || cast(rate_year as varchar) as schedule_id,
        procedure_code,
        status_indicator
    from addendum_b
    where status_indicator is not null
)

select * from final
