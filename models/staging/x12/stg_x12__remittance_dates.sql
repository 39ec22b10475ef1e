select
    file_number,
    segment_number,
    transaction_number,
    loop,
    claim_number,
    line_number,
    trim(qualifier) as qualifier,
    "date" as date_value
from {{ source('x12', 'x12_dtm') }}
