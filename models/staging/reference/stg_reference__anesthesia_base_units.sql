with

source as (

    select * from {{ source('reference', 'anesthesia_base_units') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

-- Said twice, the row landed first stands; one that contradicts it is reported when it is landed.
in_force as (

    select
        *,
        row_number() over (
            partition by procedure_code, effective_from
            order by file_number, line_number
        ) as occurrence
    from source
    where file_number in (select files_in_force.file_number from files_in_force)

),

first_stands as (

    select
        procedure_code,
        base_units,
        coalesce(effective_from, cast('1900-01-01' as date)) as effective_from,
        coalesce(effective_to, cast('9999-12-31' as date)) as effective_to,
        file_number,
        line_number
    from in_force
    where occurrence = 1

)

select * from first_stands
