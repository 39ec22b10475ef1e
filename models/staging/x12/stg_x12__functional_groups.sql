select
    file_number,
    segment_number,
    row_number() over (partition by file_number order by segment_number) as group_number,
    trim(version) as version,
    group_date
from {{ source('x12', 'x12_gs') }}
