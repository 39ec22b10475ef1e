with

transactions as (

    select * from {{ ref('int_transactions') }}

),

posted as (

    select * from {{ ref('int_posted_adjudications') }}

),

payments as (

    select
        transaction_id,
        claim_key,
        responsibility,
        payer_id,
        abs(transactions.amount) as amount,
        transactions.amount > 0 as is_payment,
        posted_date,
        row_number() over (
            partition by claim_key, payer_id, transactions.amount
            order by posted_date, transaction_id
        ) as occurrence
    from transactions
    where
        transaction_type = 'payer_payment'
        and transactions.amount <> 0
        and claim_key is not null

),

-- A payment a person has taken back already is not taken back again.
open_payments as (

    select
        payments.*,
        row_number() over (
            partition by payments.claim_key, payments.payer_id, payments.amount
            order by payments.posted_date, payments.transaction_id
        ) as open_number
    from payments
    left join payments as corrections
        on payments.claim_key = corrections.claim_key
            and payments.payer_id = corrections.payer_id
            and payments.amount = corrections.amount
            and payments.occurrence = corrections.occurrence
            and not corrections.is_payment
    where
        payments.is_payment
        and corrections.transaction_id is null

),

remitted as (

    select
        adjudication_id,
        claim_key,
        payer_id,
        payer_paid_amount as amount,
        posted_date,
        row_number() over (
            partition by claim_key, payer_id, payer_paid_amount
            order by posted_date, event_number
        ) as remitted_number
    from posted
    where
        not is_reversal
        and payer_paid_amount > 0

),

-- Same claim, payer and amount, the first with the first. Posted well after the remittance, it is other money.
final as (

    select
        open_payments.transaction_id,
        remitted.adjudication_id,
        open_payments.claim_key,
        greatest(open_payments.posted_date, remitted.posted_date) as superseded_date
    from open_payments
    inner join remitted
        on open_payments.claim_key = remitted.claim_key
            and open_payments.payer_id = remitted.payer_id
            and open_payments.amount = remitted.amount
            and open_payments.open_number = remitted.remitted_number
    where open_payments.posted_date
        <= {{ add_days('remitted.posted_date', site_setting('manual_payment_match_days')) }}

)

select * from final
