-- Each probed charge with the contract's figure beside the file's. Dollars against dollars, percent against percent;
-- of a percent and dollars, the percent of the gross charge, where the file has one.
with

probes as (

    select * from {{ ref('int_price_transparency_probes') }}

),

prices as (

    select * from {{ ref('int_price_transparency_prices') }}

),

charges as (

    select * from {{ ref('int_price_transparency_charges') }}

),

tiers as (

    select * from {{ ref('int_pricing_tiers') }}

),

joined as (

    select
        probes.unit_id,
        probes.file_number,
        probes.line_number,
        probes.charge_number,
        probes.contract_id,
        prices.term_id,
        prices.source_line,
        charges.payer_id,
        charges.payer_name,
        charges.plan_name,
        probes.claim_type,
        probes.code_type,
        probes.code,
        probes.revenue_code,
        charges.modifiers,
        probes.setting,
        charges.methodology,
        prices.method as contract_method,
        charges.negotiated_algorithm,
        coalesce(charges.payer_notes, charges.generic_notes) as notes,
        charges.first_day,
        charges.gross_charge_amount,
        coalesce(prices.contract_amount, {{ pricing_cents('tiers.amount') }}) as contract_amount,
        prices.contract_percent,
        {{ pricing_cents('charges.file_amount') }} as file_amount,
        charges.file_percent
    from probes
    inner join prices on probes.unit_id = prices.unit_id
    inner join charges
        on probes.file_number = charges.file_number
            and probes.line_number = charges.line_number
            and probes.charge_number = charges.charge_number
    left join tiers
        on prices.method = 'per_diem'
            and probes.contract_id = tiers.contract_id
            and prices.term_number = tiers.term_number
            and coalesce(charges.first_day, 1) > tiers.from_day
            and coalesce(charges.first_day, 1) <= tiers.through_day

),

in_dollars as (

    select
        *,
        coalesce(contract_amount, {{ pricing_cents('contract_percent * 0.01 * gross_charge_amount') }})
            as contract_dollars,
        coalesce(file_amount, {{ pricing_cents('file_percent * 0.01 * gross_charge_amount') }}) as file_dollars
    from joined

),

compared as (

    select
        *,
        case
            when contract_percent is not null and file_percent is not null then 'percent'
            when contract_amount is not null and file_amount is not null then 'amount'
            else 'method'
        end as conflict_type,
        case
            when contract_percent is not null and file_percent is not null then contract_percent = file_percent
            else coalesce(contract_dollars = file_dollars, false)
        end as is_alike
    from in_dollars

),

-- Several prices for one code have conditions in the file's notes: where one of them is the contract's, no conflict.
final as (

    select
        *,
        max(case when is_alike then 1 else 0 end) over (
            partition by file_number, payer_name, plan_name, contract_id, code_type, code, modifiers, setting, first_day
        ) = 1 as has_alike
    from compared

)

select * from final
