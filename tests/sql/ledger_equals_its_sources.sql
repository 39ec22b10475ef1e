-- Every charge, payment and transaction is on the ledger once and nothing else is: full outer join, to the cent.
-- Charges are held against what is billed now, remittances against CLP04, transactions against their amounts.
{{ config(meta={'scope': 'account'}) }}
with

ledger as (

    select * from {{ ref('fct_account_ledger') }}

),

charges as (

    select
        submissions.claim_key,
        sum(case when claims.is_void then 0 else submissions.charge_amount end) as amount
    from {{ ref('int_claims') }} as claims
    inner join {{ ref('int_submissions') }} as submissions
        on claims.current_submission_id = submissions.submission_id
    where
        claims.is_in_ledger
        -- Interim and late-charge bills add to what stands; the sum of their differences is not the last bill.
        and claims.claim_key not in (
            select additions.claim_key
            from {{ ref('int_submissions') }} as additions
            inner join {{ ref('claim_frequencies') }} as claim_frequencies
                on additions.frequency_code = claim_frequencies.frequency_code
            where claim_frequencies.charge_effect = 'adds'
        )
    group by submissions.claim_key

),

sources as (

    select
        'charge' as source_kind,
        {{ key_as_text('claim_key') }} as source_key,
        amount
    from charges
    where amount <> 0
    union all
    select
        'adjudication' as source_kind,
        {{ key_as_text('adjudications.adjudication_id') }} as source_key,
        -adjudications.payer_paid_amount as amount
    from {{ ref('int_adjudications') }} as adjudications
    inner join {{ ref('int_claims') }} as claims
        on adjudications.claim_key = claims.claim_key
            and claims.is_in_ledger
    where
        adjudications.payer_paid_amount <> 0
        and not adjudications.is_duplicate
        and not adjudications.is_pretend
    union all
    select
        'transaction' as source_kind,
        transactions.transaction_id as source_key,
        case
            when transactions.transaction_type in ('patient_refund', 'payer_refund') then transactions.amount
            else -transactions.amount
        end as amount
    from {{ ref('int_transactions') }} as transactions
    inner join {{ ref('int_claims') }} as claims
        on transactions.claim_key = claims.claim_key
            and claims.is_in_ledger
    where
        transactions.amount <> 0
        and transactions.responsibility is not null

),

posted as (

    select
        'charge' as source_kind,
        {{ key_as_text('ledger.claim_key') }} as source_key,
        sum(ledger.amount) as amount
    from ledger
    where
        ledger.posting_event = 'submission'
        and ledger.claim_key in (select charges.claim_key from charges)
    group by ledger.claim_key
    having sum(ledger.amount) <> 0
    union all
    select
        'adjudication' as source_kind,
        ledger.source_id as source_key,
        sum(ledger.amount) as amount
    from ledger
    where
        ledger.posting_type = 'payer_payment'
        and ledger.posting_event in ('adjudication', 'reversal')
    group by ledger.source_id
    union all
    select
        'transaction' as source_kind,
        ledger.source_id as source_key,
        sum(ledger.amount) as amount
    from ledger
    where ledger.posting_event = 'transaction'
    group by ledger.source_id

)

select
    sources.source_kind,
    sources.source_key,
    sources.amount as source_amount,
    posted.source_kind as posted_kind,
    posted.source_key as posted_key,
    posted.amount as posted_amount
from sources
full outer join posted
    on sources.source_kind = posted.source_kind
        and sources.source_key = posted.source_key
where
    sources.amount is null
    or posted.amount is null
    or sources.amount <> posted.amount
