-- Adjustments added up by adjudication and service (null: on the claim as a whole).
select
    adjudication_id,
    service_number,
    cast(sum(case when adjustment_class = 'denial' then amount else 0 end) as decimal(18, 2)) as denied_amount,
    cast(sum(case when adjustment_class = 'patient' then amount else 0 end) as decimal(18, 2))
        as patient_responsibility_amount,
    cast(sum(case
        when adjustment_class = 'contractual' or reason_code in ('59', '94', '253') then amount else 0
    end) as decimal(18, 2)) as contractual_amount,
    cast(sum(case when is_inside_allowed then amount else 0 end) as decimal(18, 2)) as unpaid_allowed_amount,
    cast(sum(amount) as decimal(18, 2)) as adjustment_amount
from {{ ref('int_adjustments') }}
group by adjudication_id, service_number
