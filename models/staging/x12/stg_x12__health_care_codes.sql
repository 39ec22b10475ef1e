select
    file_number,
    segment_number,
    transaction_number,
    claim_number,
    upper(trim(code_1_qualifier)) as qualifier_1, upper(replace(trim(code_1_code), '.', '')) as code_1,
    upper(trim(code_2_qualifier)) as qualifier_2, upper(replace(trim(code_2_code), '.', '')) as code_2,
    upper(trim(code_3_qualifier)) as qualifier_3, upper(replace(trim(code_3_code), '.', '')) as code_3,
    upper(trim(code_4_qualifier)) as qualifier_4, upper(replace(trim(code_4_code), '.', '')) as code_4,
    upper(trim(code_5_qualifier)) as qualifier_5, upper(replace(trim(code_5_code), '.', '')) as code_5,
    upper(trim(code_6_qualifier)) as qualifier_6, upper(replace(trim(code_6_code), '.', '')) as code_6,
    upper(trim(code_7_qualifier)) as qualifier_7, upper(replace(trim(code_7_code), '.', '')) as code_7,
    upper(trim(code_8_qualifier)) as qualifier_8, upper(replace(trim(code_8_code), '.', '')) as code_8,
    upper(trim(code_9_qualifier)) as qualifier_9, upper(replace(trim(code_9_code), '.', '')) as code_9,
    upper(trim(code_10_qualifier)) as qualifier_10, upper(replace(trim(code_10_code), '.', '')) as code_10,
    upper(trim(code_11_qualifier)) as qualifier_11, upper(replace(trim(code_11_code), '.', '')) as code_11,
    upper(trim(code_12_qualifier)) as qualifier_12, upper(replace(trim(code_12_code), '.', '')) as code_12
from {{ source('x12', 'x12_hi') }}
