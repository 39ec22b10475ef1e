{{ config(materialized='incremental', meta={'scope': 'account'}) }}

with

postings as (

    select * from {{ ref('int_account_postings') }}

),

final as (

    select
        claim_key,
        cast(sum(case when posting_type = 'patient_responsibility_transfer' then amount else 0 end) as decimal(18, 2))
            as asked_amount,
        cast(-sum(case when movement in ('patient_payments', 'refunds') then amount else 0 end) as decimal(18, 2))
            as paid_amount
    from postings
    where responsibility = 'patient'
    group by claim_key

)

select * from final
