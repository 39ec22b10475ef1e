{{ config(meta={'scope': none}) }}

-- One row an 835 transaction that was not refused: its payment, trace, payer and date (BPR16, else DTM405, else the
-- group's).
with

payments as (

    select
        transactions.file_number,
        transactions.transaction_number,
        transactions.segment_number,
        files.file_id,
        min(payments.payment_amount) as payment_amount,
        min(payments.payment_method) as payment_method,
        min(payments.payment_date) as payment_date
    from {{ ref('stg_x12__transactions') }} as transactions
    inner join {{ ref('stg_landing__files') }} as files on transactions.file_number = files.file_number
    left join {{ ref('stg_x12__payments') }} as payments
        on
            transactions.file_number = payments.file_number
            and transactions.transaction_number = payments.transaction_number
    left join {{ ref('int_refused_records') }} as refused
        on
            transactions.file_number = refused.file_number
            and transactions.segment_number = refused.segment_number
    where
        transactions.transaction_type = '835'
        and refused.segment_number is null
    group by transactions.file_number, transactions.transaction_number, transactions.segment_number, files.file_id

),

traces as (

    select
        file_number,
        transaction_number,
        min(trace_number) as trace_number
    from {{ ref('stg_x12__traces') }}
    where loop = 'ST'
    group by file_number, transaction_number

),

production_dates as (

    select
        file_number,
        transaction_number,
        min(date_value) as production_date
    from {{ ref('stg_x12__remittance_dates') }}
    where loop = 'ST' and qualifier = '405'
    group by file_number, transaction_number

),

group_dates as (

    select
        transactions.file_number,
        transactions.transaction_number,
        functional_groups.group_date
    from {{ ref('stg_x12__transactions') }} as transactions
    inner join {{ ref('stg_x12__functional_groups') }} as functional_groups
        on
            transactions.file_number = functional_groups.file_number
            and transactions.group_number = functional_groups.group_number

),

payers as (

    select
        parties.file_number,
        parties.transaction_number,
        min(named.payer_id) as payer_id
    from {{ ref('stg_x12__parties') }} as parties
    inner join {{ ref('int_named_payers') }} as named
        on parties.file_number = named.file_number and parties.segment_number = named.segment_number
    where parties.entity = 'PR'
    group by parties.file_number, parties.transaction_number

),

final as (

    select
        payments.*,
        {{ stable_key(['payments.file_id', 'payments.transaction_number']) }} as remittance_key,
        coalesce(payers.payer_id, 'UNKNOWN') as payer_id,
        traces.trace_number,
        coalesce(payments.payment_date, production_dates.production_date, group_dates.group_date) as remit_date
    from payments
    left join traces using (file_number, transaction_number)
    left join production_dates using (file_number, transaction_number)
    left join group_dates using (file_number, transaction_number)
    left join payers using (file_number, transaction_number)

)

select * from final
