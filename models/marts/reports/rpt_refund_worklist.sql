with

credit_balances as (

    select * from {{ ref('fct_credit_balances') }}

),

claims as (

    select * from {{ ref('fct_claims') }}

),

payers as (

    select * from {{ ref('dim_payers') }}

),

unclaimed_property as (

    select * from {{ ref('int_unclaimed_property') }}

),

as_of as (

    select as_of_date from {{ ref('int_as_of') }}

),

final as (

    select
        credit_balances.claim_key,
        credit_balances.claim_id,
        claims.patient_key,
        claims.billing_npi,
        credit_balances.owner,
        credit_balances.owner_payer_id,
        payers.payer_name as owner_payer_name,
        credit_balances.cause,
        credit_balances.recommended_action,
        cast(row_number() over (
            order by
                case when credit_balances.is_true_overpayment then 0 else 1 end,
                credit_balances.refund_due_date asc,
                credit_balances.credit_amount desc,
                credit_balances.claim_key asc
        ) as integer) as priority_rank,
        cast({{ days_between('as_of.as_of_date', 'credit_balances.refund_due_date') }} as integer) as days_left,
        credit_balances.credit_amount,
        cast(case
            when credit_balances.is_true_overpayment
                then least(credit_balances.credit_amount, credit_balances.evidence_amount)
            else 0
        end as decimal(18, 2)) as refund_amount,
        credit_balances.is_true_overpayment,
        credit_balances.is_true_overpayment and as_of.as_of_date > credit_balances.refund_due_date as is_overdue,
        claims.service_from_date,
        credit_balances.identified_date,
        credit_balances.refund_due_date,
        unclaimed_property.unclaimed_property_date
    from credit_balances
    cross join as_of
    inner join claims on credit_balances.claim_key = claims.claim_key
    left join unclaimed_property on credit_balances.claim_key = unclaimed_property.claim_key
    left join payers on credit_balances.owner_payer_id = payers.payer_id

)

select * from final
