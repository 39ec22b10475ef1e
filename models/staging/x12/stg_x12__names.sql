select
    file_number,
    segment_number,
    transaction_number,
    loop,
    claim_number,
    line_number,
    owner_number,
    parent_number,
    upper(trim(entity)) as entity,
    nullif(trim(last_name), '') as last_name,
    nullif(trim(first_name), '') as first_name,
    upper(trim(id_qualifier)) as id_qualifier,
    nullif(trim(id), '') as id
from {{ source('x12', 'x12_nm1') }}
