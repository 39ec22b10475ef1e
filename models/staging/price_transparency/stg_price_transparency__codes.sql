with

source as (

    select * from {{ source('price_transparency', 'price_transparency_codes') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

in_force as (

    select
        file_number,
        line_number,
        code_number,
        code_type,
        code
    from source
    where file_number in (select files_in_force.file_number from files_in_force)

)

select * from in_force
