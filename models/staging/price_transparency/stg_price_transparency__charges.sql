with

source as (

    select * from {{ source('price_transparency', 'price_transparency_charges') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

in_force as (

    select
        file_number,
        line_number,
        charge_number,
        setting,
        billing_class,
        modifiers,
        drug_unit,
        drug_unit_type,
        payer_name,
        plan_name,
        methodology,
        gross_charge_amount,
        discounted_cash_amount,
        minimum_amount,
        maximum_amount,
        negotiated_amount,
        negotiated_percent,
        negotiated_algorithm,
        estimated_amount,
        median_amount,
        percentile_10_amount,
        percentile_90_amount,
        remittance_count,
        first_day,
        last_day,
        payer_notes,
        generic_notes
    from source
    where file_number in (select files_in_force.file_number from files_in_force)

)

select * from in_force
