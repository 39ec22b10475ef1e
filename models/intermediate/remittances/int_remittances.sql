-- One row an 835 payment. A payment sent again (same payer, trace number, amount and date) is flagged, whatever the
-- file it comes in; the first by file content counts, so that the order of arrival changes nothing.
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
    where transactions.transaction_type = '835'
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

claims as (

    select
        file_number,
        transaction_number,
        sum(paid_amount) as claim_paid_amount
    from {{ ref('stg_x12__remittance_claims') }}
    group by file_number, transaction_number

),

provider_adjustments as (

    select
        file_number,
        transaction_number,
        sum(
            {% for n in range(1, 7) -%}
            coalesce(amount_{{ n }}, 0){{ ' + ' if not loop.last }}
            {%- endfor %}
        ) as provider_adjustment_amount
    from {{ ref('stg_x12__provider_adjustments') }}
    group by file_number, transaction_number

),

joined as (

    select
        payments.*,
        {{ stable_key(['payments.file_id', 'payments.transaction_number']) }} as remittance_key,
        coalesce(payers.payer_id, 'UNKNOWN') as payer_id,
        traces.trace_number,
        coalesce(payments.payment_date, production_dates.production_date, group_dates.group_date) as remit_date,
        coalesce(claims.claim_paid_amount, 0) as claim_paid_amount,
        coalesce(provider_adjustments.provider_adjustment_amount, 0) as provider_adjustment_amount
    from payments
    left join traces using (file_number, transaction_number)
    left join production_dates using (file_number, transaction_number)
    left join group_dates using (file_number, transaction_number)
    left join payers using (file_number, transaction_number)
    left join claims using (file_number, transaction_number)
    left join provider_adjustments using (file_number, transaction_number)

),

final as (

    select
        remittance_key,
        file_id,
        file_number,
        transaction_number,
        segment_number,
        payer_id,
        trace_number,
        remit_date as payment_date,
        payment_amount,
        payment_method,
        cast(claim_paid_amount as decimal(18, 2)) as claim_paid_amount,
        cast(provider_adjustment_amount as decimal(18, 2)) as provider_adjustment_amount,
        coalesce(payment_amount = claim_paid_amount - provider_adjustment_amount, false) as is_balanced,
        trace_number is not null and row_number() over (
            partition by payer_id, trace_number, payment_amount, remit_date order by file_id, transaction_number
        ) > 1 as is_duplicate
    from joined

)

select * from final
