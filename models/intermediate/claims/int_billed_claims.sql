{{ config(materialized='incremental', unique_key='file_number', meta={'scope': 'file', 'record': 'segment_number'}) }}

-- Every 837 claim with what stands above and beside it; not yet in a lineage.
with

claims as (

    select * from {{ ref('stg_x12__claims') }}

),

other_payers as (

    select
        file_number,
        claim_number,
        min(case when payer_sequence = 'P' then payer_id end) as primary_payer_id,
        min(case when payer_sequence = 'S' then payer_id end) as secondary_payer_id
    from {{ ref('int_other_payers') }}
    group by file_number, claim_number

),

control_numbers as (

    select
        file_number,
        claim_number,
        max(value) as payer_claim_control_number
    from {{ ref('stg_x12__references') }}
    where loop = '2300' and qualifier = 'F8'
    group by file_number, claim_number

),

line_dates as (

    select
        file_number,
        claim_number,
        min(service_date) as service_from_date,
        max(service_to_date) as service_to_date,
        max(procedure_qualifier) as procedure_qualifier,
        max(revenue_code) as revenue_code
    from {{ ref('int_billed_lines') }}
    group by file_number, claim_number

),

described as (

    select
        transactions.file_id,
        claims.file_number,
        claims.segment_number,
        claims.claim_id,
        case
            when transactions.implementation_version like '%X223%' or transactions.implementation_version like '%X096%'
                then 'institutional'
            when transactions.implementation_version like '%X224%' or transactions.implementation_version like '%X097%'
                then 'dental'
            when transactions.implementation_version like '%X222%' or transactions.implementation_version like '%X098%'
                then 'professional'
            when claims.facility_qualifier = 'A' or line_dates.revenue_code is not null then 'institutional'
            when line_dates.procedure_qualifier = 'AD' then 'dental'
            else 'professional'
        end as claim_type,
        coalesce(claims.frequency_code, '1') as frequency_code,
        control_numbers.payer_claim_control_number,
        parties.payer_sequence,
        parties.payer_id,
        coalesce(other_payers.primary_payer_id, parties.payer_id) as primary_payer_id,
        nullif(other_payers.secondary_payer_id, parties.payer_id) as secondary_payer_id,
        parties.product_group,
        parties.plan_name,
        parties.filing_code,
        parties.billing_npi,
        parties.billing_tax_id,
        parties.patient_key,
        parties.patient_last_name,
        parties.patient_first_name,
        parties.patient_state_code,
        claims.facility_code,
        codes.drg,
        codes.principal_diagnosis,
        periods.admission_date,
        coalesce(periods.statement_from_date, line_dates.service_from_date, periods.service_from_date)
            as service_from_date,
        coalesce(periods.statement_to_date, line_dates.service_to_date, periods.service_to_date) as service_to_date,
        coalesce(transactions.submitted_date, periods.statement_to_date, line_dates.service_to_date) as submitted_date,
        claims.charge_amount
    from claims
    inner join {{ ref('int_claim_transactions') }} as transactions
        on
            claims.file_number = transactions.file_number
            and claims.transaction_number = transactions.transaction_number
    left join {{ ref('int_refused_records') }} as refused
        on claims.file_number = refused.file_number and claims.segment_number = refused.segment_number
    left join {{ ref('int_claim_parties') }} as parties
        on claims.file_number = parties.file_number and claims.segment_number = parties.segment_number
    left join other_payers
        on claims.file_number = other_payers.file_number and claims.segment_number = other_payers.claim_number
    left join control_numbers
        on claims.file_number = control_numbers.file_number and claims.segment_number = control_numbers.claim_number
    left join {{ ref('int_claim_codes') }} as codes
        on claims.file_number = codes.file_number and claims.segment_number = codes.claim_number
    left join {{ ref('int_claim_periods') }} as periods
        on claims.file_number = periods.file_number and claims.segment_number = periods.claim_number
    left join line_dates
        on claims.file_number = line_dates.file_number and claims.segment_number = line_dates.claim_number
    where refused.segment_number is null

),

final as (

    select
        {{ stable_key(['file_id', 'segment_number'], date='service_from_date') }} as submission_id,
        *
    from described

)

select * from final
