-- Records that failed an expectation and went to quarantine: no figure rests on them.
select distinct
    file_number,
    segment_number
from {{ ref('stg_landing__findings') }}
where severity = 'fail' and segment_number is not null
