{{ config(materialized='incremental', meta={'scope': 'cause'}) }}

with variances as (
    select * from {{ ref('int_variances') }}
),

causes as (
    select * from {{ ref('int_variance_causes') }}
),

final as (
    select
        variances.claim_key,
        variances.claim_id,
        variances.line_number,
        variances.payer_id,
        variances.contract_id,
        variances.term_id,
        variances.service_date,
        variances.remit_date,
        variances.procedure_code,
        variances.paid_procedure_code,
        cast(variances.charge_amount as decimal(18, 2)) as charge_amount,
        cast(variances.expected_allowed_amount as decimal(18, 2)) as expected_allowed_amount,
        cast(variances.allowed_amount as decimal(18, 2)) as allowed_amount,
        cast(variances.variance_amount as decimal(18, 2)) as variance_amount,
        variances.expected_payer_amount,
        cast(variances.payer_paid_amount as decimal(18, 2)) as payer_paid_amount,
        cast(variances.payer_paid_amount - variances.expected_payer_amount as decimal(18, 2))
            as payer_paid_variance_amount,
        variances.variance_class,
        variances.variance_not_priced_reason as not_priced_reason,
        causes.root_cause,
        causes.root_cause_detail,
        cast(
            case when variances.variance_class = 'underpaid' then -variances.variance_amount else 0 end
            as decimal(18, 2)
        ) as recoverable_amount,
        variances.appeal_deadline_date
    from variances
    left outer join causes
        on
            variances.claim_key = causes.claim_key
            and variances.line_number = causes.line_number
)

select * from final
