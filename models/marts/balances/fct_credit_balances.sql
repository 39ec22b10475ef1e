{{ config(meta={'listed': 'claim_key'}) }}

with

owners as (

    select * from {{ ref('int_credit_owners') }}
    where is_current

),

clocks as (

    select * from {{ ref('int_credit_clocks') }}

),

buckets as (

    select * from {{ ref('aging_buckets') }}

),

final as (

    select
        owners.claim_key,
        owners.claim_id,
        owners.owner,
        owners.owner_payer_id,
        owners.cause,
        owners.recommended_action,
        owners.credit_responsibility,
        buckets.aging_bucket,
        cast({{ days_between('clocks.identified_date', 'owners.as_of_date') }} as integer) as age_days,
        owners.credit_amount,
        cast(owners.evidence_amount as decimal(18, 2)) as evidence_amount,
        owners.is_true_overpayment,
        owners.credit_since_date,
        clocks.identified_date,
        clocks.investigation_started_date,
        clocks.investigation_ended_date,
        clocks.refund_due_date
    from owners
    inner join clocks on owners.claim_key = clocks.claim_key
    left join buckets
        on {{ days_between('clocks.identified_date', 'owners.as_of_date') }} between buckets.from_day and buckets.to_day

)

select * from final
