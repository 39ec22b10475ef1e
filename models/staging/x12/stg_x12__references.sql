select
    file_number,
    segment_number,
    transaction_number,
    loop,
    claim_number,
    line_number,
    owner_number,
    upper(trim(qualifier)) as qualifier,
    nullif(trim(value), '') as value
from {{ source('x12', 'x12_ref') }}
