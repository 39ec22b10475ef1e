-- Claims that may still have to be sent again and whose filing limit, counted from the last service, is near or gone:
-- unanswered ones and those with a refusal nothing was done about.
with claims as (
    select * from {{ ref('int_claims') }}
    where origin = 'claim' and has_primary_submission and not coalesce(is_void, false)
),

priced_claims as (
    select * from {{ ref('int_priced_claims') }}
),

contracts as (
    select * from {{ ref('stg_reference__contracts') }}
    where timely_filing_days is not null
),

adjudications as (
    select distinct claim_key
    from {{ ref('int_adjudications') }}
    where payer_role = 'primary_payer'
),

open_denials as (
    select
        claim_key,
        sum(open_amount) as open_amount
    from {{ ref('fct_denials') }}
    where outcome = 'open'
    group by claim_key
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

limited as (
    select
        claims.claim_key,
        contracts.contract_id,
        case when adjudications.claim_key is null then claims.charge_amount else open_denials.open_amount end
            as exposed_amount,
        as_of.as_of_date,
        {{ add_days('coalesce(claims.service_to_date, claims.service_from_date)', 'contracts.timely_filing_days') }}
            as filing_limit_date
    from claims
    cross join as_of
    inner join priced_claims
        on claims.current_submission_id = priced_claims.unit_id
    inner join contracts
        on priced_claims.contract_id = contracts.contract_id
    left outer join adjudications
        on claims.claim_key = adjudications.claim_key
    left outer join open_denials
        on claims.claim_key = open_denials.claim_key
    where adjudications.claim_key is null or open_denials.claim_key is not null
),

final as (
    select
        contract_id,
        sum(case when filing_limit_date < as_of_date then 1 else 0 end) as past_count,
        sum(case when filing_limit_date < as_of_date then exposed_amount else 0 end) as past_amount,
        sum(case when filing_limit_date >= as_of_date then 1 else 0 end) as near_count,
        sum(case when filing_limit_date >= as_of_date then exposed_amount else 0 end) as near_amount
    from limited
    where
        {{ days_between('as_of_date', 'filing_limit_date') }}
        <= {{ variance_setting('timely_filing_warning_days') }}
    group by contract_id
)

select * from final
