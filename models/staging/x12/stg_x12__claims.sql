select
    file_number,
    segment_number,
    transaction_number,
    parent_number,
    trim(claim_id) as claim_id,
    upper(nullif(trim(location_facility_code), '')) as facility_code,
    upper(trim(location_qualifier)) as facility_qualifier,
    nullif(trim(location_frequency_code), '') as frequency_code,
    charge_amount
from {{ source('x12', 'x12_clm') }}
