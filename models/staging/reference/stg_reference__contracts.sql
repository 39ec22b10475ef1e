with

source as (

    select * from {{ source('reference', 'contracts') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

payer_aliases as (

    select * from {{ ref('stg_reference__payer_aliases') }}

),

in_force as (

    select
        source.file_number,
        source.contract_id,
        source.contract_name,
        -- As the payer file spells the id: it is joined by, and people write ids in any case.
        coalesce(payer_aliases.payer_id, source.payer_id) as payer_id,
        source.date_basis,
        source.lesser_of,
        source.modifiers_basis,
        source.multiple_procedures_basis,
        source.stop_loss_kind,
        source.default_method,
        source.default_schedule_id,
        source.default_locality,
        source.source_text,
        source.timely_filing_days,
        source.appeal_days,
        source.prompt_pay_days,
        source.annual_interest_percent,
        -- Nothing below a cent is a variance, whatever the contract leaves out.
        greatest(source.tolerance_amount, cast(0.01 as decimal(18, 2))) as tolerance_amount,
        source.tolerance_percent,
        source.sequestration_percent,
        source.stop_loss_threshold,
        source.stop_loss_percent,
        source.stop_loss_source_line,
        source.default_percent,
        source.default_amount,
        source.default_source_line,
        source.effective_from,
        coalesce(source.effective_to, cast('9999-12-31' as date)) as effective_to
    from source
    inner join files_in_force on source.file_number = files_in_force.file_number
    left outer join payer_aliases on upper(source.payer_id) = payer_aliases.alias

)

select * from in_force
