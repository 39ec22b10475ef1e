select
    file_number,
    segment_number,
    transaction_number,
    loop,
    claim_number,
    line_number,
    trim(qualifier) as qualifier,
    {{ x12_date('value') }} as period_start,
    coalesce({{ x12_date("split_part(value, '-', 2)") }}, {{ x12_date('value') }}) as period_end
from {{ source('x12', 'x12_dtp') }}
