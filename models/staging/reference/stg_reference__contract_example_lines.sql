with

source as (

    select * from {{ source('reference', 'contract_example_lines') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

in_force as (

    select
        contract_id,
        example_number,
        line_number,
        procedure_code,
        modifier_1,
        modifier_2,
        modifier_3,
        modifier_4,
        revenue_code,
        units,
        charge_amount,
        service_date,
        rendering,
        expects_amount,
        expected_amount
    from source
    where file_number in (select files_in_force.file_number from files_in_force)

)

select * from in_force
