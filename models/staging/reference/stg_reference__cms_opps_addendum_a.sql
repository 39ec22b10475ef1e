with

source as (

    select * from {{ source('reference', 'cms_opps_addendum_a') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

-- Said twice, the row landed first stands; one that contradicts it is reported when it is landed.
in_force as (

    select
        *,
        row_number() over (
            partition by rate_year, apc
            order by file_number, line_number
        ) as occurrence
    from source
    where file_number in (select files_in_force.file_number from files_in_force)

),

first_stands as (

    select
        rate_year,
        apc,
        status_indicator,
        relative_weight,
        payment_rate,
        national_copayment_amount,
        minimum_copayment_amount,
        adjusted_copayment_amount,
        file_number,
        line_number
    from in_force
    where occurrence = 1

)

select * from first_stands
