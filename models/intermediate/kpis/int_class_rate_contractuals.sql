{{ config(unique_key='claim_key', meta={'lists': 'aging', 'wider_than': 'account'}) }}

with

expected_contractuals as (

    select * from {{ ref('int_expected_contractuals') }}

),

class_rates as (

    select
        payer_class,
        cast(sum(contractual_amount) / nullif(sum(charge_amount), 0) as decimal(18, 6)) as contractual_rate
    from expected_contractuals
    where is_answered
    group by payer_class

),

final as (

    select
        expected_contractuals.claim_key,
        cast(round(expected_contractuals.charge_amount * class_rates.contractual_rate, 2) as decimal(18, 2))
            as expected_contractual_amount
    from expected_contractuals
    inner join class_rates on expected_contractuals.payer_class = class_rates.payer_class
    where expected_contractuals.expected_contractual_amount is null

)

select * from final
