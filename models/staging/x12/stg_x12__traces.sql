select
    file_number,
    segment_number,
    transaction_number,
    loop,
    trim(trace_type) as trace_type,
    nullif(trim(trace_number), '') as trace_number,
    nullif(trim(originating_company_id), '') as originating_company_id
from {{ source('x12', 'x12_trn') }}
