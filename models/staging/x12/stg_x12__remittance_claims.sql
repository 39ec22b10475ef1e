select
    file_number,
    segment_number,
    transaction_number,
    trim(claim_id) as claim_id,
    trim(status_code) as status_code,
    nullif(trim(payer_claim_control_number), '') as payer_claim_control_number,
    upper(nullif(trim(facility_code), '')) as facility_code,
    nullif(trim(frequency_code), '') as frequency_code,
    nullif(trim(filing_code), '') as filing_code,
    lpad(nullif(trim(drg), ''), 3, '0') as drg,
    charge_amount,
    paid_amount,
    patient_responsibility_amount
from {{ source('x12', 'x12_clp') }}
