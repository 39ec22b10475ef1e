with

provider_adjustments as (

    select * from {{ ref('int_provider_adjustments') }}

),

adjustment_codes as (

    select * from {{ ref('provider_adjustment_codes') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

final as (

    select
        provider_adjustments.remittance_key,
        cast(provider_adjustments.adjustment_number as integer) as adjustment_number,
        provider_adjustments.payer_id,
        provider_adjustments.adjustment_code,
        coalesce(adjustment_codes.adjustment_class, 'unknown') as adjustment_class,
        provider_adjustments.reference_id,
        cast(provider_adjustments.adjustment_amount as decimal(18, 2)) as adjustment_amount,
        provider_adjustments.is_duplicate,
        provider_adjustments.payment_date
    from provider_adjustments
    inner join as_of on coalesce(provider_adjustments.payment_date, as_of.as_of_date) <= as_of.as_of_date
    left join adjustment_codes on provider_adjustments.adjustment_code = adjustment_codes.adjustment_code

)

select * from final
