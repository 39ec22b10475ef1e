select
    file_number,
    segment_number,
    transaction_number,
    owner_number,
    {{ x12_date('birth_date') }} as birth_date,
    gender
from {{ source('x12', 'x12_dmg') }}
