{{ config(materialized='incremental') }}

with variances as (
    select * from {{ ref('int_variances') }}
    where variance_class in ('underpaid', 'overpaid')
),

pricing_lines as (
    select * from {{ ref('int_pricing_lines') }}
),

priced_lines as (
    select * from {{ ref('int_priced_lines') }}
),

contracts as (
    select * from {{ ref('stg_reference__contracts') }}
),

final as (
    select
        variances.claim_key,
        variances.line_number,
        variances.adjudication_id,
        variances.unit_id,
        variances.payer_id,
        variances.contract_id,
        variances.term_id,
        variances.procedure_code,
        variances.charge_amount,
        variances.expected_allowed_amount,
        variances.allowed_amount,
        variances.variance_amount,
        variances.patient_responsibility_amount,
        variances.sequestration_percent,
        priced_lines.term_id as line_term_id,
        priced_lines.method,
        priced_lines.lesser_of,
        priced_lines.quantity,
        priced_lines.days_before,
        priced_lines.modified_amount,
        priced_lines.rounded_amount,
        priced_lines.line_amount,
        priced_lines.multiple_procedure_percent,
        pricing_lines.rendering_npi,
        contracts.lesser_of = case variances.line_number when 0 then 'claim' else 'line' end as is_capped_by_contract,
        variances.service_date,
        variances.remit_date
    from variances
    inner join contracts
        on variances.contract_id = contracts.contract_id
    left outer join pricing_lines
        on
            variances.unit_id = pricing_lines.unit_id
            and variances.line_number = pricing_lines.line_number
    left outer join priced_lines
        on
            variances.unit_id = priced_lines.unit_id
            and variances.line_number = priced_lines.line_number
)

select * from final
