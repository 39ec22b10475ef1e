{{ config(materialized='incremental', meta={'list': 'credit', 'dated': 'as_of_date'}) }}

with

owners as (

    select * from {{ ref('int_credit_owners') }}

),

final as (

    select
        as_of_date,
        claim_key,
        claim_id,
        owner,
        owner_payer_id,
        cause,
        credit_amount,
        cast(evidence_amount as decimal(18, 2)) as evidence_amount,
        is_true_overpayment,
        credit_since_date
    from owners

)

select * from final
