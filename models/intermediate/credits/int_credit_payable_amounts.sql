{{ config(meta={'list': 'credit'}) }}

with

credit_accounts as (

    select * from {{ ref('int_credit_accounts') }}

),

adjudications as (

    select * from {{ ref('int_adjudications') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

shares as (

    select * from {{ ref('int_adjudication_shares') }}

),

priced_claims as (

    select * from {{ ref('int_priced_claims') }}

),

-- The primary payer's latest answer as it was known that day (rule 11).
answers as (

    select
        credit_accounts.as_of_date,
        credit_accounts.claim_key,
        adjudications.allowed_amount
        - coalesce(shares.withheld_amount, 0)
        + coalesce(shares.patient_share_amount - shares.patient_class_amount, 0) as payable_amount,
        row_number() over (
            partition by credit_accounts.as_of_date, credit_accounts.claim_key
            order by adjudications.latest_rank
        ) as choice
    from credit_accounts
    inner join adjudications
        on credit_accounts.claim_key = adjudications.claim_key
            and adjudications.remit_date <= credit_accounts.as_of_date
            and adjudications.latest_rank is not null
    left join shares on adjudications.adjudication_id = shares.adjudication_id

),

final as (

    select
        credit_accounts.as_of_date,
        credit_accounts.claim_key,
        coalesce(answers.payable_amount, priced_claims.expected_allowed_amount) as payable_amount
    from credit_accounts
    inner join claims on credit_accounts.claim_key = claims.claim_key
    left join answers
        on credit_accounts.claim_key = answers.claim_key
            and credit_accounts.as_of_date = answers.as_of_date
            and answers.choice = 1
    left join priced_claims on claims.current_submission_id = priced_claims.unit_id

)

select * from final
