-- A debit (BPR03 D) takes money back: its amount is negative whatever its sign in the file.
select
    file_number,
    segment_number,
    transaction_number,
    case when credit_debit = 'D' then -abs(payment_amount) else payment_amount end as payment_amount,
    upper(trim(payment_method)) as payment_method,
    payment_date
from {{ source('x12', 'x12_bpr') }}
