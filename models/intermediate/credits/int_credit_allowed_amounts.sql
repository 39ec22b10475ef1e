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

priced_claims as (

    select * from {{ ref('int_priced_claims') }}

),

-- The primary payer's latest answer as it was known that day (rule 11).
answers as (

    select
        credit_accounts.as_of_date,
        credit_accounts.claim_key,
        adjudications.allowed_amount,
        row_number() over (
            partition by credit_accounts.as_of_date, credit_accounts.claim_key
            order by
                case when adjudications.payer_id = credit_accounts.payer_id then 0 else 1 end,
                adjudications.remit_date desc,
                adjudications.file_id desc,
                adjudications.segment_number desc
        ) as choice
    from credit_accounts
    inner join adjudications
        on credit_accounts.claim_key = adjudications.claim_key
            and adjudications.remit_date <= credit_accounts.as_of_date
            and adjudications.payer_role = 'primary_payer'
    where
        not adjudications.is_reversal
        and not adjudications.is_duplicate
        and not adjudications.is_pretend

),

final as (

    select
        credit_accounts.as_of_date,
        credit_accounts.claim_key,
        coalesce(answers.allowed_amount, priced_claims.expected_allowed_amount) as allowed_amount
    from credit_accounts
    inner join claims on credit_accounts.claim_key = claims.claim_key
    left join answers
        on credit_accounts.claim_key = answers.claim_key
            and credit_accounts.as_of_date = answers.as_of_date
            and answers.choice = 1
    left join priced_claims on claims.current_submission_id = priced_claims.unit_id

)

select * from final
