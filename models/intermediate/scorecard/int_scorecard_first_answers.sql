{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

with adjudications as (
    select * from {{ ref('int_adjudications') }}
    where is_first
),

claims as (
    select * from {{ ref('int_claims') }}
    where origin = 'claim'
),

adjudicated_claims as (
    select * from {{ ref('int_adjudicated_lines') }}
    where line_number = 0
),

payments as (
    select
        claim_key,
        min(remit_date) as first_payment_date
    from {{ ref('int_adjudications') }}
    where
        payer_role = 'primary_payer'
        and payer_paid_amount > 0
        and not is_reversal
        and not is_duplicate
        and not is_pretend
    group by claim_key
),

final as (
    select
        claims.claim_key,
        claims.payer_id,
        adjudications.charge_amount,
        adjudicated_claims.denied_amount,
        adjudications.payer_paid_amount <= 0
        and coalesce(adjudicated_claims.allowed_amount, 0) <= 0
        and adjudicated_claims.denied_amount > 0 as is_denied,
        adjudicated_claims.denied_amount <= 0 and adjudicated_claims.allowed_amount > 0 as is_first_pass,
        claims.first_submitted_date,
        adjudications.remit_date,
        payments.first_payment_date,
        {{ days_between('claims.first_submitted_date', 'payments.first_payment_date') }} as days_to_pay
    from adjudications
    inner join claims
        on adjudications.claim_key = claims.claim_key
    inner join adjudicated_claims
        on adjudications.adjudication_id = adjudicated_claims.adjudication_id
    left outer join payments
        on adjudications.claim_key = payments.claim_key
)

select * from final
