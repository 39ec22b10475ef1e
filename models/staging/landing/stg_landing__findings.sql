select
    file_number,
    transaction_number,
    segment_number,
    position,
    rule,
    severity,
    message
from {{ source('landing', 'findings') }}
