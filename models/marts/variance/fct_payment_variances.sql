with variances as (
    select * from {{ ref('int_variances') }}
),

final as (
    select
        claim_key,
        claim_id,
        line_number,
        payer_id,
        contract_id,
        term_id,
        service_date,
        remit_date,
        procedure_code,
        paid_procedure_code,
        cast(charge_amount as decimal(18, 2)) as charge_amount,
        cast(expected_allowed_amount as decimal(18, 2)) as expected_allowed_amount,
        cast(allowed_amount as decimal(18, 2)) as allowed_amount,
        cast(variance_amount as decimal(18, 2)) as variance_amount,
        expected_payer_amount,
        cast(payer_paid_amount as decimal(18, 2)) as payer_paid_amount,
        cast(payer_paid_amount - expected_payer_amount as decimal(18, 2)) as payer_paid_variance_amount,
        variance_class,
        variance_not_priced_reason as not_priced_reason,
        cast(null as varchar) as root_cause,
        cast(null as varchar) as root_cause_detail,
        cast(case when variance_class = 'underpaid' then -variance_amount else 0 end as decimal(18, 2))
            as recoverable_amount,
        appeal_deadline_date
    from variances
)

select * from final
