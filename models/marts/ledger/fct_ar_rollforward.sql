with

postings as (

    select * from {{ ref('int_posting_months') }}

),

month_ends as (

    select * from {{ ref('int_month_ends') }}

),

movements as (

    select
        period_month,
        coalesce(payer_class, 'other') as payer_class,
        sum(case when movement = 'charges' then amount else 0 end) as charges,
        sum(case when movement = 'payer_payments' then amount else 0 end) as payer_payments,
        sum(case when movement = 'patient_payments' then amount else 0 end) as patient_payments,
        sum(case when movement = 'contractual' then amount else 0 end) as contractual,
        sum(case when movement = 'denial_write_offs' then amount else 0 end) as denial_write_offs,
        sum(case when movement = 'bad_debt' then amount else 0 end) as bad_debt,
        sum(case when movement = 'charity' then amount else 0 end) as charity,
        sum(case when movement = 'other_adjustments' then amount else 0 end) as other_adjustments,
        sum(case when movement = 'refunds' then amount else 0 end) as refunds,
        sum(amount) as change
    from postings
    group by
        period_month,
        coalesce(payer_class, 'other')

),

classes as (

    select
        payer_class,
        min(period_month) as first_month
    from movements
    group by payer_class

),

months as (

    select
        month_ends.period_month,
        month_ends.is_partial_month,
        classes.payer_class
    from classes
    inner join month_ends on classes.first_month <= month_ends.period_month

),

-- Closing is the sum of every posting to the month's end, whatever its movement: one left out of a column would show.
running as (

    select
        months.period_month,
        months.payer_class,
        months.is_partial_month,
        coalesce(movements.charges, 0) as charges,
        coalesce(movements.payer_payments, 0) as payer_payments,
        coalesce(movements.patient_payments, 0) as patient_payments,
        coalesce(movements.contractual, 0) as contractual,
        coalesce(movements.denial_write_offs, 0) as denial_write_offs,
        coalesce(movements.bad_debt, 0) as bad_debt,
        coalesce(movements.charity, 0) as charity,
        coalesce(movements.other_adjustments, 0) as other_adjustments,
        coalesce(movements.refunds, 0) as refunds,
        coalesce(movements.change, 0) as change,
        coalesce(sum(movements.change) over (
            partition by months.payer_class order by months.period_month
            rows between unbounded preceding and current row
        ), 0) as closing
    from months
    left join movements
        on months.period_month = movements.period_month
            and months.payer_class = movements.payer_class

),

final as (

    select
        period_month,
        payer_class,
        cast(closing - change as decimal(18, 2)) as opening,
        cast(charges as decimal(18, 2)) as charges,
        cast(payer_payments as decimal(18, 2)) as payer_payments,
        cast(patient_payments as decimal(18, 2)) as patient_payments,
        cast(contractual as decimal(18, 2)) as contractual,
        cast(denial_write_offs as decimal(18, 2)) as denial_write_offs,
        cast(bad_debt as decimal(18, 2)) as bad_debt,
        cast(charity as decimal(18, 2)) as charity,
        cast(other_adjustments as decimal(18, 2)) as other_adjustments,
        cast(refunds as decimal(18, 2)) as refunds,
        cast(closing as decimal(18, 2)) as closing,
        is_partial_month
    from running

)

select * from final
