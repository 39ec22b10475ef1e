with

{% set columns = [
    'file_number', 'line_number', 'charge_number', 'contract_id', 'term_id', 'source_line', 'payer_id', 'payer_name',
    'plan_name', 'claim_type', 'code_type', 'code', 'modifiers', 'setting', 'methodology', 'contract_method',
    'negotiated_algorithm', 'notes', 'gross_charge_amount', 'contract_amount', 'contract_percent', 'file_amount',
    'file_percent', 'contract_dollars', 'file_dollars', 'conflict_type', 'has_alike'
] %}

comparisons as (

    select {{ columns | join(', ') }} from {{ ref('int_price_transparency_comparisons') }}
    union all
    select {{ columns | join(', ') }} from {{ ref('int_price_transparency_modifiers') }}

),

files as (

    select * from {{ ref('stg_price_transparency__files') }}

),

landed_files as (

    select * from {{ ref('stg_landing__files') }}

),

final as (

    select
        landed_files.file_id,
        comparisons.line_number,
        comparisons.charge_number,
        comparisons.contract_id,
        comparisons.code_type,
        comparisons.code,
        comparisons.setting,
        comparisons.term_id,
        comparisons.payer_id,
        landed_files.file_name,
        files.hospital_name,
        comparisons.payer_name as file_payer_name,
        comparisons.plan_name as file_plan_name,
        comparisons.claim_type,
        comparisons.modifiers,
        comparisons.conflict_type,
        comparisons.contract_method,
        comparisons.methodology as file_methodology,
        comparisons.notes as file_notes,
        comparisons.negotiated_algorithm as file_algorithm,
        cast(comparisons.source_line as integer) as contract_source_line,
        cast(comparisons.contract_amount as decimal(18, 2)) as contract_amount,
        cast(comparisons.file_amount as decimal(18, 2)) as file_amount,
        cast(comparisons.contract_dollars - comparisons.file_dollars as decimal(18, 2)) as difference_amount,
        cast(comparisons.contract_percent as decimal(18, 6)) as contract_percent,
        cast(comparisons.file_percent as decimal(18, 6)) as file_percent,
        cast(comparisons.gross_charge_amount as decimal(18, 2)) as gross_charge_amount,
        files.last_updated_on as file_updated_date
    from comparisons
    inner join files on comparisons.file_number = files.file_number
    inner join landed_files on comparisons.file_number = landed_files.file_number
    where not comparisons.has_alike

)

select * from final
