{{ config(materialized='incremental') }}

with

balances as (

    select * from {{ ref('int_account_balances') }}

),

final as (

    select
        claim_key,
        min(from_date) as first_owed_date
    from balances
    where
        responsibility = 'patient'
        and balance_amount > 0
    group by claim_key

)

select * from final
