with

source as (

    select * from {{ source('reference', 'contracts') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

in_force as (

    select
        file_number,
        contract_id,
        contract_name,
        payer_id,
        effective_from,
        coalesce(effective_to, cast('9999-12-31' as date)) as effective_to,
        date_basis,
        timely_filing_days,
        appeal_days,
        prompt_pay_days,
        annual_interest_percent,
        -- Nothing below a cent is a variance, whatever the contract leaves out.
        greatest(tolerance_amount, cast(0.01 as decimal(18, 2))) as tolerance_amount,
        tolerance_percent,
        lesser_of,
        sequestration_percent,
        modifiers_basis,
        multiple_procedures_basis,
        stop_loss_kind,
        stop_loss_threshold,
        stop_loss_percent,
        stop_loss_source_line,
        default_method,
        default_percent,
        default_amount,
        default_schedule_id,
        default_locality,
        default_source_line,
        source_text
    from source
    where file_number in (select files_in_force.file_number from files_in_force)

)

select * from in_force
