{{ config(meta={'scope': none}) }}

-- One row an 835 payment. A payment sent again (same payer, trace number, amount and date) is flagged, whatever the
-- file it comes in; the first by file content counts, so that the order of arrival changes nothing.
with

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
            coalesce(amount_1, 0) + coalesce(amount_2, 0) + coalesce(amount_3, 0)
            + coalesce(amount_4, 0) + coalesce(amount_5, 0) + coalesce(amount_6, 0)
        ) as provider_adjustment_amount
    from {{ ref('stg_x12__provider_adjustments') }}
    group by file_number, transaction_number

),

joined as (

    select
        headers.*,
        coalesce(claims.claim_paid_amount, 0) as claim_paid_amount,
        coalesce(provider_adjustments.provider_adjustment_amount, 0) as provider_adjustment_amount
    from {{ ref('int_remittance_headers') }} as headers
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
