select
    file_number,
    segment_number,
    transaction_number,
    trim(control_number) as control_number,
    trim(implementation_version) as implementation_version
from {{ source('x12', 'x12_st') }}
