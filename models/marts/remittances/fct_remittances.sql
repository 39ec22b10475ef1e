with

remittances as (

    select * from {{ ref('int_remittances') }}

),

adjudications as (

    select * from {{ ref('int_adjudications') }}

),

adjudication_postings as (

    select * from {{ ref('int_adjudication_postings') }}

),

provider_adjustments as (

    select * from {{ ref('fct_provider_adjustments') }}

),

remittance_claims as (

    select * from {{ ref('stg_x12__remittance_claims') }}

),

refused_records as (

    select * from {{ ref('int_refused_records') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

paid as (

    select
        remittance_key,
        count(*) as claim_count,
        sum(payer_paid_amount) as paid_amount
    from adjudications
    group by remittance_key

),

-- A claim record in quarantine is in the payment's total and on no account.
refused as (

    select
        remittance_claims.file_number,
        remittance_claims.transaction_number,
        sum(remittance_claims.paid_amount) as refused_amount
    from remittance_claims
    inner join refused_records
        on remittance_claims.file_number = refused_records.file_number
            and remittance_claims.segment_number = refused_records.segment_number
    group by
        remittance_claims.file_number,
        remittance_claims.transaction_number

),

posted as (

    select
        remittance_key,
        -sum(amount) as posted_amount
    from adjudication_postings
    where posting_type = 'payer_payment'
    group by remittance_key

),

provider_level as (

    select
        remittance_key,
        sum(case when adjustment_class in ('takeback', 'refund_ack') then adjustment_amount else 0 end)
            as recouped_amount,
        sum(case when adjustment_class = 'carry_forward' then adjustment_amount else 0 end) as forwarded_amount
    from provider_adjustments
    group by remittance_key

),

final as (

    select
        remittances.remittance_key,
        remittances.payer_id,
        remittances.file_id,
        remittances.trace_number,
        remittances.payment_method,
        cast(coalesce(paid.claim_count, 0) as integer) as claim_count,
        cast(remittances.payment_amount as decimal(18, 2)) as payment_amount,
        cast(remittances.claim_paid_amount as decimal(18, 2)) as claim_paid_amount,
        cast(remittances.provider_adjustment_amount as decimal(18, 2)) as provider_adjustment_amount,
        cast(coalesce(posted.posted_amount, 0) as decimal(18, 2)) as posted_amount,
        -- For claims we never billed to a primary payer, and what was only priced in advance.
        cast(case
            when remittances.is_duplicate then 0
            else coalesce(paid.paid_amount, 0) - coalesce(posted.posted_amount, 0)
        end as decimal(18, 2)) as unposted_amount,
        cast(case when remittances.is_duplicate then coalesce(paid.paid_amount, 0) else 0 end as decimal(18, 2))
            as repeated_amount,
        cast(coalesce(refused.refused_amount, 0) as decimal(18, 2)) as refused_amount,
        cast(coalesce(provider_level.recouped_amount, 0) as decimal(18, 2)) as recouped_amount,
        cast(coalesce(provider_level.forwarded_amount, 0) as decimal(18, 2)) as forwarded_amount,
        remittances.is_balanced,
        remittances.is_duplicate,
        remittances.payment_date
    from remittances
    inner join as_of on coalesce(remittances.payment_date, as_of.as_of_date) <= as_of.as_of_date
    left join paid on remittances.remittance_key = paid.remittance_key
    left join refused
        on remittances.file_number = refused.file_number
            and remittances.transaction_number = refused.transaction_number
    left join posted on remittances.remittance_key = posted.remittance_key
    left join provider_level on remittances.remittance_key = provider_level.remittance_key

)

select * from final
