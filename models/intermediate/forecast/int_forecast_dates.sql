with

lookbacks as (

    select * from {{ ref('forecast_lookbacks') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

final as (

    select
        as_of.as_of_date,
        lookbacks.weeks_back,
        {{ add_days('as_of.as_of_date', '-7 * lookbacks.weeks_back') }} as forecast_date
    from lookbacks
    cross join as_of

)

select * from final
