-- A payer whose every answer was taken back leaves nothing of them on the account.
{{ config(meta={'scope': 'account'}) }}
with

posted as (

    select * from {{ ref('int_posted_adjudications') }}

),

reversals as (

    select * from {{ ref('int_adjudication_reversals') }}

),

paired as (

    select reversal_id as adjudication_id from reversals
    union all
    select reversed_adjudication_id as adjudication_id from reversals

),

taken_back as (

    select
        posted.claim_key,
        posted.payer_id
    from posted
    left join paired on posted.adjudication_id = paired.adjudication_id
    group by
        posted.claim_key,
        posted.payer_id
    having
        count(*) = count(paired.adjudication_id)
        and sum(posted.payer_paid_amount) = 0

)

select
    posted.claim_key,
    posted.payer_id,
    ledger.responsibility,
    sum(ledger.amount) as left_amount
from {{ ref('fct_account_ledger') }} as ledger
inner join posted on ledger.source_id = {{ key_as_text('posted.adjudication_id') }}
inner join taken_back
    on posted.claim_key = taken_back.claim_key
        and posted.payer_id = taken_back.payer_id
group by
    posted.claim_key,
    posted.payer_id,
    ledger.responsibility
having sum(ledger.amount) <> 0
