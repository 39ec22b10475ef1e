with

contracts as (

    select * from {{ ref('stg_reference__contracts') }}

),

files as (

    select * from {{ ref('stg_landing__files') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

products as (

    select
        contract_id,
        {{ dbt.listagg('product', "', '", 'order by product') }} as products
    from {{ ref('stg_reference__contract_products') }}
    group by contract_id

),

claim_types as (

    select
        contract_id,
        {{ dbt.listagg('claim_type', "', '", 'order by claim_type') }} as claim_types
    from {{ ref('stg_reference__contract_claim_types') }}
    group by contract_id

),

terms as (

    select
        contract_id,
        count(*) as term_count,
        {{ dbt.listagg("term_id || ': ' || method", "', '", 'order by term_number') }} as terms
    from {{ ref('stg_reference__contract_terms') }}
    group by contract_id

),

examples as (

    select
        contract_id,
        count(*) as example_count
    from {{ ref('stg_reference__contract_examples') }}
    group by contract_id

),

final as (

    select
        contracts.contract_id,
        contracts.payer_id,
        files.file_id,
        contracts.contract_name,
        files.file_name,
        products.products,
        claim_types.claim_types,
        terms.terms,
        contracts.default_method,
        contracts.date_basis,
        contracts.lesser_of,
        contracts.modifiers_basis,
        contracts.multiple_procedures_basis,
        contracts.stop_loss_kind,
        contracts.source_text,
        cast(coalesce(terms.term_count, 0) as integer) as term_count,
        cast(coalesce(examples.example_count, 0) as integer) as example_count,
        contracts.timely_filing_days,
        contracts.appeal_days,
        contracts.prompt_pay_days,
        contracts.annual_interest_percent,
        contracts.tolerance_amount,
        contracts.tolerance_percent,
        contracts.sequestration_percent,
        contracts.stop_loss_threshold,
        contracts.stop_loss_percent,
        contracts.default_percent,
        as_of.as_of_date between contracts.effective_from and contracts.effective_to as is_in_force,
        contracts.effective_from,
        nullif(contracts.effective_to, cast('9999-12-31' as date)) as effective_to
    from contracts
    cross join as_of
    left outer join files on contracts.file_number = files.file_number
    left outer join products on contracts.contract_id = products.contract_id
    left outer join claim_types on contracts.contract_id = claim_types.contract_id
    left outer join terms on contracts.contract_id = terms.contract_id
    left outer join examples on contracts.contract_id = examples.contract_id

)

select * from final
