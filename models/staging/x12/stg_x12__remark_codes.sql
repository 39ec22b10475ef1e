select
    file_number,
    segment_number,
    transaction_number,
    claim_number,
    line_number,
    upper(trim(list)) as list,
    upper(trim(code)) as code
from {{ source('x12', 'x12_lq') }}
