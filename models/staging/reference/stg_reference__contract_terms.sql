with

source as (

    select * from {{ source('reference', 'contract_terms') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

in_force as (

    select
        contract_id,
        term_number,
        term_id,
        scope,
        is_carve_out,
        method,
        amount,
        percent,
        base_rate,
        weight_set,
        schedule_id,
        locality,
        minimum_charge,
        maximum_charge,
        minimum_units,
        source_line
    from source
    where file_number in (select files_in_force.file_number from files_in_force)

)

select * from in_force
