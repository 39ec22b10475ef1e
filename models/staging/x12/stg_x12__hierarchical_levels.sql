select
    file_number,
    segment_number,
    transaction_number,
    trim(hierarchical_id) as hierarchical_id,
    trim(parent_id) as parent_id,
    trim(level_code) as level_code
from {{ source('x12', 'x12_hl') }}
