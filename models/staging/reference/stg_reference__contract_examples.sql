with

source as (

    select * from {{ source('reference', 'contract_examples') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

in_force as (

    select
        contract_id,
        example_number,
        example_name,
        service_from,
        coalesce(service_to, service_from) as service_to,
        admission,
        place_of_service,
        bill_type,
        drg,
        diagnosis,
        expects_allowed,
        expected_allowed,
        source_line
    from source
    where file_number in (select files_in_force.file_number from files_in_force)

)

select * from in_force
