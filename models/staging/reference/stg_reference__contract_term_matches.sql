with

source as (

    select * from {{ source('reference', 'contract_term_matches') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

in_force as (

    select
        contract_id,
        term_id,
        match_key,
        low_value,
        high_value
    from source
    where file_number in (select files_in_force.file_number from files_in_force)

)

select * from in_force
