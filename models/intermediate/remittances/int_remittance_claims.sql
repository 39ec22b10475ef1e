{{ config(materialized='incremental', unique_key='adjudication_id') }}

-- One row a CLP known on the as-of date, with its payment and its dates; not yet matched to a claim.
with

dates as (

    select
        file_number,
        claim_number,
        min(case when line_number is null and qualifier in ('232', '472') then date_value end) as claim_from_date,
        max(case when line_number is null and qualifier in ('233', '472') then date_value end) as claim_to_date,
        min(case when line_number is not null and qualifier in ('472', '150') then date_value end) as line_from_date,
        max(case when line_number is not null and qualifier in ('472', '151') then date_value end) as line_to_date
    from {{ ref('stg_x12__remittance_dates') }}
    where claim_number is not null
    group by file_number, claim_number

),

patients as (

    select
        file_number,
        claim_number,
        min(last_name) as last_name,
        min(first_name) as first_name,
        min(id) as member_id
    from {{ ref('stg_x12__names') }}
    where loop = '2100' and entity = 'QC'
    group by file_number, claim_number

),

coverage_amounts as (

    select
        file_number,
        claim_number,
        min(amount) as coverage_amount
    from {{ ref('stg_x12__amounts') }}
    where loop = '2100' and qualifier = 'AU'
    group by file_number, claim_number

),

described as (

    select
        claims.file_number,
        remittances.file_id,
        claims.segment_number,
        remittances.remittance_key,
        remittances.payer_id,
        remittances.payment_date as remit_date,
        remittances.is_duplicate,
        claims.claim_id,
        claims.status_code,
        claims.payer_claim_control_number,
        claims.facility_code,
        claims.frequency_code,
        claims.filing_code,
        claims.drg,
        claims.charge_amount,
        claims.paid_amount as payer_paid_amount,
        claims.patient_responsibility_amount,
        coverage_amounts.coverage_amount,
        coalesce(dates.claim_from_date, dates.line_from_date) as service_from_date,
        coalesce(dates.claim_to_date, dates.line_to_date, dates.claim_from_date, dates.line_from_date)
            as service_to_date,
        upper(patients.last_name) as patient_last_name,
        upper(patients.first_name) as patient_first_name,
        patients.member_id
    from {{ ref('stg_x12__remittance_claims') }} as claims
    inner join {{ ref('int_remittances') }} as remittances
        on
            claims.file_number = remittances.file_number
            and claims.transaction_number = remittances.transaction_number
    cross join {{ ref('int_as_of') }} as as_of
    left join {{ ref('int_refused_records') }} as refused
        on claims.file_number = refused.file_number and claims.segment_number = refused.segment_number
    left join dates on claims.file_number = dates.file_number and claims.segment_number = dates.claim_number
    left join patients on claims.file_number = patients.file_number and claims.segment_number = patients.claim_number
    left join coverage_amounts
        on claims.file_number = coverage_amounts.file_number and claims.segment_number = coverage_amounts.claim_number
    where
        refused.segment_number is null
        and (remittances.payment_date <= as_of.as_of_date or remittances.payment_date is null)

),

final as (

    select
        {{ stable_key(['file_id', 'segment_number'], date='service_from_date') }} as adjudication_id,
        *
    from described

)

select * from final
