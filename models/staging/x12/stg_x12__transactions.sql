select
    file_number,
    transaction_number,
    interchange_number,
    group_number,
    segment_number,
    transaction_type
from {{ source('x12', 'x12_transactions') }}
