select
    file_number,
    segment_number,
    transaction_number,
    loop,
    owner_number,
    upper(trim(entity)) as entity,
    nullif(trim(name), '') as name,
    upper(trim(id_qualifier)) as id_qualifier,
    nullif(trim(id), '') as id
from {{ source('x12', 'x12_n1') }}
