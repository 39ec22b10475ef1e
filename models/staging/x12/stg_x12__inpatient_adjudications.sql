select
    file_number,
    segment_number,
    transaction_number,
    claim_number,
    nullif(upper(trim(remark_code_1)), '') as remark_code_1,
    nullif(upper(trim(remark_code_2)), '') as remark_code_2,
    nullif(upper(trim(remark_code_3)), '') as remark_code_3,
    nullif(upper(trim(remark_code_4)), '') as remark_code_4,
    nullif(upper(trim(remark_code_5)), '') as remark_code_5
from {{ source('x12', 'x12_mia') }}
