with

source as (

    select * from {{ source('price_transparency', 'price_transparency_files') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

in_force as (

    select
        file_number,
        hospital_name,
        location_names,
        license_number,
        license_state,
        npis,
        version,
        layout,
        general_contract_provisions,
        item_count,
        charge_count,
        -- A hospital that leaves last year's file beside this year's, under another name, means the newer one.
        row_number() over (
            partition by upper(trim(hospital_name)), upper(trim(location_names))
            order by last_updated_on desc nulls last, file_number desc
        ) = 1 as is_newest,
        last_updated_on
    from source
    where file_number in (select files_in_force.file_number from files_in_force)

)

select * from in_force
