select
    file_id,
    file_name,
    kind,
    status,
    refusal_reason,
    interchange_count,
    transaction_count,
    claim_count,
    service_line_count,
    adjustment_count,
    charge_amount,
    paid_amount,
    finding_count,
    loaded_at
from {{ ref('stg_landing__file_outcomes') }}
