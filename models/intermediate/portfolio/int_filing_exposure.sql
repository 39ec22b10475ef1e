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

answered as (
    select claim_key from {{ ref('int_adjudications') }}
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

exposed as (
    select
        claims.*,
        claims.charge_amount as exposed_amount
    from claims
    where claims.claim_key not in (select answered.claim_key from answered)
    union all
    select
        claims.*,
        open_denials.open_amount as exposed_amount
    from claims
    inner join open_denials
        on claims.claim_key = open_denials.claim_key
    where claims.claim_key in (select answered.claim_key from answered)
),

limited as (
    select
        exposed.claim_key,
        contracts.contract_id,
        exposed.exposed_amount,
        as_of.as_of_date,
        {{ add_days('coalesce(exposed.service_to_date, exposed.service_from_date)', 'contracts.timely_filing_days') }}
            as filing_limit_date
    from exposed
    cross join as_of
    inner join priced_claims
        on exposed.current_submission_id = priced_claims.unit_id
    inner join contracts
        on priced_claims.contract_id = contracts.contract_id
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
