-- One row an account on which the patient has ever owed: the day the running balance first stood above zero.
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
