select
    file_number,
    segment_number,
    transaction_number,
    loop,
    claim_number,
    line_number,
    upper(trim(qualifier)) as qualifier,
    amount
from {{ source('x12', 'x12_amt') }}
