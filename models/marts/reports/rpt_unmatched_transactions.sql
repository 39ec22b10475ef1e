with

transactions as (

    select * from {{ ref('int_transactions') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

final as (

    select
        transactions.transaction_id,
        transactions.claim_id,
        transactions.transaction_type,
        transactions.payer_id,
        transactions.file_id as source_file_id,
        transactions.source_line_number,
        case
            when claims.claim_key is null then 'no such claim'
            when claims.origin = 'remittance' then 'the claim was never billed by us'
            else 'the claim was not billed to a primary payer'
        end as reason,
        transactions.amount,
        transactions.posted_date
    from transactions
    left join claims on transactions.claim_key = claims.claim_key
    where not coalesce(claims.is_in_ledger, false)

)

select * from final
