select
    file_number,
    segment_number,
    transaction_number,
    loop,
    claim_number,
    line_number,
    upper(trim(group_code)) as group_code,
    nullif(upper(trim(reason_code_1)), '') as reason_code_1, amount_1, quantity_1,
    nullif(upper(trim(reason_code_2)), '') as reason_code_2, amount_2, quantity_2,
    nullif(upper(trim(reason_code_3)), '') as reason_code_3, amount_3, quantity_3,
    nullif(upper(trim(reason_code_4)), '') as reason_code_4, amount_4, quantity_4,
    nullif(upper(trim(reason_code_5)), '') as reason_code_5, amount_5, quantity_5,
    nullif(upper(trim(reason_code_6)), '') as reason_code_6, amount_6, quantity_6
from {{ source('x12', 'x12_cas') }}
