with

transactions as not materialized (

    select * from {{ ref('int_transactions') }}

),

-- Few claims have no ledger: their transactions are found without a look at those of all others.
claims as (

    select
        claim_key,
        origin
    from {{ ref('int_claims') }}
    where not coalesce(is_in_ledger, false)

),

unmatched as (

    select
        *,
        'no such claim' as reason
    from transactions
    where claim_key is null
    union all
    select
        transactions.*,
        case claims.origin
            when 'remittance' then 'the claim was never billed by us'
            else 'the claim was not billed to a primary payer'
        end as reason
    from transactions
    inner join claims on transactions.claim_key = claims.claim_key

),

final as (

    select
        transaction_id,
        claim_id,
        transaction_type,
        payer_id,
        file_id as source_file_id,
        source_line_number,
        reason,
        amount,
        posted_date
    from unmatched

)

select * from final
