-- A day on which a payer answered a claim twice keeps the later refusal alone, so such claims are left out.
{{ config(meta={'scope': 'claim'}) }}
with adjudications as (
    select
        *,
        count(*) over (partition by claim_key, payer_id, remit_date) as day_count
    from {{ ref('int_adjudications') }}
    where not is_reversal and not is_duplicate and not is_pretend
),

adjustments as (
    select
        adjudication_id,
        claim_key,
        service_number,
        sum(amount) as amount
    from {{ ref('int_adjustments') }}
    where adjustment_class = 'denial'
    group by adjudication_id, claim_key, service_number
),

refused as (
    select
        adjudications.claim_key,
        sum(adjustments.amount) as amount
    from adjudications
    inner join adjustments
        on adjudications.adjudication_id = adjustments.adjudication_id
    where adjudications.is_first and adjudications.day_count = 1
    group by adjudications.claim_key
    -- A negative one takes back what another line or an earlier answer refused.
    having min(adjustments.amount) >= 0
),

denials as (
    select
        claim_key,
        sum(denied_amount) as amount
    from {{ ref('fct_denials') }}
    where is_initial
    group by claim_key
)

select
    refused.claim_key,
    refused.amount,
    denials.amount as denied_amount
from refused
left join denials
    on refused.claim_key = denials.claim_key
where refused.amount <> coalesce(denials.amount, 0)
