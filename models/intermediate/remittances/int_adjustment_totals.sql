-- Adjustments added up by adjudication and service (null: on the claim as a whole).
select
    adjudication_id,
    service_number,
    sum(case when adjustment_class = 'denial' then amount else 0 end) as denied_amount,
    sum(case when adjustment_class = 'patient' then amount else 0 end) as patient_responsibility_amount,
    sum(case when adjustment_class = 'contractual' or reason_code in ('59', '94', '253') then amount else 0 end)
        as contractual_amount,
    sum(case when is_inside_allowed then amount else 0 end) as unpaid_allowed_amount,
    sum(amount) as adjustment_amount
from {{ ref('int_adjustments') }}
group by adjudication_id, service_number
