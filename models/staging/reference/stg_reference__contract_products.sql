with

source as (

    select * from {{ source('reference', 'contract_products') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

in_force as (

    select
        contract_id,
        product
    from source
    where file_number in (select files_in_force.file_number from files_in_force)

)

select * from in_force
