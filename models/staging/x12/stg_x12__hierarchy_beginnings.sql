select
    file_number,
    segment_number,
    transaction_number,
    trim(purpose_code) as purpose_code,
    trim(reference_id) as reference_id,
    transaction_date,
    trim(claim_or_encounter) as claim_or_encounter
from {{ source('x12', 'x12_bht') }}
