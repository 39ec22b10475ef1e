select
    file_number,
    segment_number,
    transaction_number,
    nullif(trim(provider_id), '') as provider_id,
    fiscal_period_date,
    nullif(upper(trim(adjustment_1_code)), '') as adjustment_code_1, nullif(trim(adjustment_1_reference_id), '') as reference_id_1, amount_1,
    nullif(upper(trim(adjustment_2_code)), '') as adjustment_code_2, nullif(trim(adjustment_2_reference_id), '') as reference_id_2, amount_2,
    nullif(upper(trim(adjustment_3_code)), '') as adjustment_code_3, nullif(trim(adjustment_3_reference_id), '') as reference_id_3, amount_3,
    nullif(upper(trim(adjustment_4_code)), '') as adjustment_code_4, nullif(trim(adjustment_4_reference_id), '') as reference_id_4, amount_4,
    nullif(upper(trim(adjustment_5_code)), '') as adjustment_code_5, nullif(trim(adjustment_5_reference_id), '') as reference_id_5, amount_5,
    nullif(upper(trim(adjustment_6_code)), '') as adjustment_code_6, nullif(trim(adjustment_6_reference_id), '') as reference_id_6, amount_6,
from {{ source('x12', 'x12_plb') }}
