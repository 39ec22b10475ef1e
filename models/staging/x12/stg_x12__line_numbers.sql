select
    file_number,
    segment_number,
    transaction_number,
    loop,
    claim_number,
    trim(assigned_number) as assigned_number
from {{ source('x12', 'x12_lx') }}
