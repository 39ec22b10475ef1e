select
    file_number,
    segment_number,
    trim(sender_id) as sender_id,
    trim(receiver_id) as receiver_id,
    trim(control_number) as control_number
from {{ source('x12', 'x12_isa') }}
