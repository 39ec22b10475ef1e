-- Each adjudication with its payer's place on the claim. The claim says who is primary and secondary; for a payer it
-- does not name, the claim status code does. For the ledger (`responsibility`) only the claim counts.
with

final as (

    select
        claims.*,
        matches.claim_key,
        lineages.payer_id as claim_payer_id,
        case
            when claims.payer_id = lineages.secondary_payer_id then 'secondary_payer'
            when claims.payer_id = lineages.payer_id then 'primary_payer'
            else coalesce(status.payer_role, 'primary_payer')
        end as payer_role,
        case when claims.payer_id = lineages.secondary_payer_id then 'secondary_payer' else 'primary_payer' end
            as responsibility,
        claims.status_code = '22' as is_reversal,
        claims.status_code = '25' as is_pretend
    from {{ ref('int_remittance_claims') }} as claims
    inner join {{ ref('int_adjudication_claims') }} as matches on claims.adjudication_id = matches.adjudication_id
    inner join {{ ref('int_claims') }} as lineages on matches.claim_key = lineages.claim_key
    left join {{ ref('claim_status_codes') }} as status on claims.status_code = status.status_code

)

select * from final
