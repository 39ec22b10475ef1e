{{ config(meta={'list': 'credit'}) }}

with

credit_accounts as (

    select * from {{ ref('int_credit_accounts') }}

),

payment_signals as (

    select * from {{ ref('int_credit_payment_signals') }}

),

account_signals as (

    select * from {{ ref('int_credit_account_signals') }}

),

variances as (

    select * from {{ ref('fct_payment_variances') }}

),

credit_causes as (

    select * from {{ ref('credit_causes') }}

),

-- A contract we probably loaded wrongly explains nothing.
overpaid as (

    select
        credit_accounts.as_of_date,
        credit_accounts.claim_key,
        sum(variances.variance_amount) as evidence_amount
    from credit_accounts
    inner join variances
        on credit_accounts.claim_key = variances.claim_key
            and credit_accounts.as_of_date >= variances.remit_date
    where
        variances.variance_class = 'overpaid'
        and coalesce(variances.root_cause, '') <> 'contract_load_suspect'
    group by
        credit_accounts.as_of_date,
        credit_accounts.claim_key

),

-- An overpayment as large as the credit explains it better than the write-off that brought it to light.
candidates as (

    select
        as_of_date,
        claim_key,
        cause,
        payer_id,
        evidence_amount
    from payment_signals
    union all
    select
        account_signals.as_of_date,
        account_signals.claim_key,
        account_signals.cause,
        cast(null as varchar) as payer_id,
        account_signals.evidence_amount
    from account_signals
    inner join credit_accounts
        on account_signals.claim_key = credit_accounts.claim_key
            and account_signals.as_of_date = credit_accounts.as_of_date
    left join overpaid
        on account_signals.claim_key = overpaid.claim_key
            and account_signals.as_of_date = overpaid.as_of_date
    where
        account_signals.cause <> 'excess_adjustment'
        or credit_accounts.credit_amount > coalesce(overpaid.evidence_amount, 0)
    union all
    select
        as_of_date,
        claim_key,
        'paid_above_contract' as cause,
        cast(null as varchar) as payer_id,
        evidence_amount
    from overpaid
    union all
    select
        as_of_date,
        claim_key,
        'unknown' as cause,
        cast(null as varchar) as payer_id,
        credit_amount as evidence_amount
    from credit_accounts

),

ranked as (

    select
        candidates.as_of_date,
        candidates.claim_key,
        candidates.cause,
        candidates.payer_id,
        candidates.evidence_amount,
        credit_causes.is_true_overpayment,
        credit_causes.recommended_action,
        row_number() over (
            partition by candidates.as_of_date, candidates.claim_key
            order by credit_causes.precedence asc, candidates.evidence_amount desc, candidates.payer_id asc
        ) as choice
    from candidates
    inner join credit_causes on candidates.cause = credit_causes.cause

),

final as (

    select
        as_of_date,
        claim_key,
        cause,
        payer_id,
        recommended_action,
        evidence_amount,
        is_true_overpayment
    from ranked
    where choice = 1

)

select * from final
