{{ config(meta={'list': 'credit'}) }}

with

credit_accounts as (

    select * from {{ ref('int_credit_accounts') }}

),

payer_answers as (

    select * from {{ ref('int_credit_answers') }}

),

recoupments as (

    select * from {{ ref('int_credit_recoupments') }}

),

credit_postings as (

    select * from {{ ref('int_credit_postings') }}

),

answers as (

    select
        payer_answers.*,
        case
            when payer_answers.responsibility = 'primary_payer' then credit_postings.primary_remitted_balance
            else credit_postings.secondary_remitted_balance
        end as remitted_balance
    from payer_answers
    inner join credit_postings
        on payer_answers.claim_key = credit_postings.claim_key
            and payer_answers.as_of_date = credit_postings.as_of_date

),

unposted_recoupment as (

    select
        as_of_date,
        claim_key,
        'unposted_recoupment' as cause,
        payer_id,
        recouped_amount as evidence_amount
    from recoupments

),

-- The payer that is not the claim's own paid what it need not have.
answered_as_primary as (

    select
        answers.as_of_date,
        answers.claim_key,
        answers.payer_id,
        answers.net_paid_amount,
        count(*) over (partition by answers.as_of_date, answers.claim_key) as payer_count,
        row_number() over (
            partition by answers.as_of_date, answers.claim_key
            order by
                case when answers.payer_id = credit_accounts.payer_id then 1 else 0 end,
                answers.last_answer_date desc,
                answers.payer_id asc
        ) as choice
    from answers
    inner join credit_accounts
        on answers.claim_key = credit_accounts.claim_key
            and answers.as_of_date = credit_accounts.as_of_date
    where answers.standing_primary_answer_count > 0

),

two_primary_payers as (

    select
        as_of_date,
        claim_key,
        'two_primary_payers' as cause,
        payer_id,
        net_paid_amount as evidence_amount
    from answered_as_primary
    where
        payer_count > 1
        and choice = 1
        and net_paid_amount > 0

),

-- Paid twice is too much only beyond what its own answer leaves open: an appeal's second payment is no duplicate.
duplicate_payment as (

    select
        answers.as_of_date,
        answers.claim_key,
        'duplicate_payment' as cause,
        answers.payer_id,
        answers.net_paid_amount as evidence_amount
    from answers
    where
        answers.standing_payment_count > 1
        and answers.remitted_balance < 0

),

coordination_of_benefits as (

    select
        answers.as_of_date,
        answers.claim_key,
        'coordination_of_benefits' as cause,
        answers.payer_id,
        answers.net_paid_amount as evidence_amount
    from answers
    where
        answers.is_later_payer
        and answers.net_paid_amount > 0
        and answers.remitted_balance < 0

),

final as (

    select * from unposted_recoupment
    union all
    select * from two_primary_payers
    union all
    select * from duplicate_payment
    union all
    select * from coordination_of_benefits

)

select * from final
