select
    file_number,
    segment_number,
    transaction_number,
    claim_number,
    line_number,
    upper(trim(procedure_qualifier)) as procedure_qualifier,
    nullif(upper(trim(procedure_code)), '') as procedure_code,
    nullif(upper(trim(procedure_modifier_1)), '') as modifier_1,
    nullif(upper(trim(procedure_modifier_2)), '') as modifier_2,
    nullif(upper(trim(procedure_modifier_3)), '') as modifier_3,
    nullif(upper(trim(procedure_modifier_4)), '') as modifier_4,
    units,
    charge_amount,
    nullif(trim(place_of_service), '') as place_of_service
from {{ source('x12', 'x12_sv3') }}
