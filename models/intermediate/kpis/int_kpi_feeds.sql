with

submissions as (

    select * from {{ ref('int_submissions') }}

),

adjudications as (

    select * from {{ ref('int_adjudications') }}

),

transactions as (

    select * from {{ ref('int_transactions') }}

),

priced_claims as (

    select * from {{ ref('int_priced_claims') }}

),

final as (

    select 'claims' as feed, count(*) > 0 as is_available from submissions
    union all
    select 'remittances' as feed, count(*) > 0 as is_available from adjudications
    union all
    select 'account_transactions' as feed, count(*) > 0 as is_available from transactions
    union all
    select 'contracts' as feed, count(contract_id) > 0 as is_available from priced_claims

)

select * from final
