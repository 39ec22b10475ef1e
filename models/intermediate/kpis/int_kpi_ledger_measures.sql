with

postings as (

    select * from {{ ref('int_posting_months') }}

),

final as (

    select
        period_month,
        payer_id,
        sum(case when movement = 'charges' then amount else 0 end) as gross_charges,
        sum(case when movement in ('charges', 'contractual') then amount else 0 end) as charges_less_contractual,
        -sum(case when movement in ('payer_payments', 'patient_payments') then amount else 0 end) as cash_collected,
        -sum(case when movement in ('payer_payments', 'patient_payments', 'refunds') then amount else 0 end)
            as net_payments,
        -sum(case when movement = 'denial_write_offs' then amount else 0 end) as denial_write_offs,
        -sum(case when movement = 'bad_debt' then amount else 0 end) as bad_debt,
        -sum(case when movement = 'charity' then amount else 0 end) as charity,
        sum(case when movement = 'transfers' and responsibility = 'patient' then amount else 0 end) as patient_share,
        -sum(case
            when responsibility = 'patient' and movement in ('patient_payments', 'refunds') then amount else 0
        end) as patient_net_payments
    from postings
    group by
        period_month,
        payer_id

)

select * from final
