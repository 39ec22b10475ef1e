{{ config(materialized='incremental') }}

with compared_lines as (
    select * from {{ ref('int_compared_lines') }}
),

compared_claims as (
    select * from {{ ref('int_compared_claims') }}
),

measured as (
    select
        compared_lines.*,
        compared_claims.claim_id,
        compared_claims.payer_id,
        compared_claims.adjudication_id,
        compared_claims.unit_id,
        compared_claims.contract_id,
        compared_claims.sequestration_percent,
        compared_claims.remit_date,
        {{ add_days('compared_claims.remit_date', 'compared_claims.appeal_days') }} as appeal_deadline_date,
        compared_claims.tolerance_amount,
        compared_claims.tolerance_percent,
        compared_lines.allowed_amount - compared_lines.expected_allowed_amount as variance_amount,
        -- INTERFACE rule 9; the percent is multiplied, not divided, so that the arithmetic stays decimal.
        cast(
            round(
                (compared_lines.expected_allowed_amount - compared_lines.patient_responsibility_amount)
                * (1 - coalesce(compared_claims.sequestration_percent, 0) * 0.01),
                2
            ) as decimal(18, 2)
        ) as expected_payer_amount
    from compared_lines
    inner join compared_claims
        on compared_lines.claim_key = compared_claims.claim_key
),

counted as (
    select
        *,
        {{ at_least_tolerance('denied_amount') }} as is_denied,
        {{ at_least_tolerance('abs(variance_amount)') }} as is_variance
    from measured
),

final as (
    select
        *,
        -- INTERFACE rule 11: not priced before denied before tolerance.
        case
            when expected_allowed_amount is null or allowed_amount is null then 'not_priced'
            when is_denied then 'denied'
            when is_variance and variance_amount < 0 then 'underpaid'
            when is_variance then 'overpaid'
            else 'as_expected'
        end as variance_class,
        case
            when expected_allowed_amount is null then coalesce(not_priced_reason, 'no_rate')
            when allowed_amount is null then 'allowed_unknown'
        end as variance_not_priced_reason
    from counted
)

select * from final
