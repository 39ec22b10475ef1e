select
    file_number,
    segment_number,
    transaction_number,
    loop,
    claim_number,
    owner_number,
    upper(trim(payer_sequence)) as payer_sequence,
    nullif(trim(group_number), '') as group_number,
    nullif(trim(plan_name), '') as plan_name,
    nullif(trim(filing_code), '') as filing_code
from {{ source('x12', 'x12_sbr') }}
