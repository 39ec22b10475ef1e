with

aging as (

    select * from {{ ref('fct_ar_aging') }}

),

claims as (

    select * from {{ ref('fct_claims') }}

),

contracts as (

    select * from {{ ref('stg_reference__contracts') }}

),

as_of as (

    select as_of_date from {{ ref('int_as_of') }}

),

unanswered as (

    select
        aging.*,
        claims.claim_id,
        contracts.contract_id,
        claims.service_from_date,
        claims.first_submitted_date,
        {{ days_between('claims.first_submitted_date', 'as_of.as_of_date') }} as days_since_submission,
        contracts.prompt_pay_days,
        -- Timely filing runs from the last service: until then the claim can be sent again.
        {{ add_days('claims.service_to_date', 'contracts.timely_filing_days') }} as timely_filing_deadline_date
    from aging
    inner join as_of on aging.as_of_date = as_of.as_of_date
    inner join claims on aging.claim_key = claims.claim_key
    -- The contract is the primary payer's.
    left join contracts
        on claims.contract_id = contracts.contract_id
            and aging.responsibility = 'primary_payer'
    where aging.is_unanswered

),

final as (

    select
        claim_key,
        responsibility,
        claim_id,
        responsible_payer_id,
        billing_npi,
        contract_id,
        aging_bucket,
        age_days,
        cast(days_since_submission as integer) as days_since_submission,
        cast({{ days_between('as_of_date', 'timely_filing_deadline_date') }} as integer) as timely_filing_days_left,
        balance_amount,
        days_since_submission > prompt_pay_days as is_past_prompt_pay,
        service_from_date,
        first_submitted_date,
        timely_filing_deadline_date
    from unanswered

)

select * from final
