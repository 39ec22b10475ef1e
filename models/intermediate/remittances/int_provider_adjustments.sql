-- One row a PLB adjustment, signed as in the PLB: positive lowers the payment.
with

{% for n in range(1, 7) -%}
adjustments_{{ n }} as (

    select
        file_number,
        transaction_number,
        segment_number,
        {{ n }} as position_in_segment,
        adjustment_code_{{ n }} as adjustment_code,
        reference_id_{{ n }} as reference_id,
        amount_{{ n }} as adjustment_amount
    from {{ ref('stg_x12__provider_adjustments') }}
    where amount_{{ n }} is not null

),

{% endfor -%}

adjustments as (

    {% for n in range(1, 7) -%}
    select * from adjustments_{{ n }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        remittances.remittance_key,
        cast(
            row_number() over (
                partition by remittances.remittance_key
                order by adjustments.segment_number, adjustments.position_in_segment
            ) as integer
        ) as adjustment_number,
        remittances.payer_id,
        remittances.payment_date,
        adjustments.adjustment_code,
        adjustments.reference_id,
        adjustments.adjustment_amount,
        remittances.is_duplicate
    from adjustments
    inner join {{ ref('int_remittances') }} as remittances
        on
            adjustments.file_number = remittances.file_number
            and adjustments.transaction_number = remittances.transaction_number

)

select * from final
