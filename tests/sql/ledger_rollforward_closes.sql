-- Opening plus movements is closing, and each month opens where the one before closed.
with

months as (

    select
        *,
        lag(closing, 1, cast(0 as decimal(18, 2))) over (
            partition by payer_class order by period_month
        ) as closing_before
    from {{ ref('fct_ar_rollforward') }}

)

select *
from months
where
    opening + charges + payer_payments + patient_payments + contractual + denial_write_offs + bad_debt + charity
    + other_adjustments + refunds <> closing
    or opening <> closing_before
