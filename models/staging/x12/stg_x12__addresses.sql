select
    file_number,
    segment_number,
    transaction_number,
    loop,
    owner_number,
    upper(nullif(trim(state), '')) as state_code
from {{ source('x12', 'x12_n4') }}
