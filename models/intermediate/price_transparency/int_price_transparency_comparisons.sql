-- Each probed charge with the contract's figure beside the file's. Dollars against dollars, percent against percent;
-- of a percent and dollars, the percent of the gross charge, where the file has one. Of several terms that may hold,
-- none may agree: the one shown speaks as the file does, or else certainly holds.
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
        charges.modifiers,
        probes.setting,
        charges.methodology,
        prices.method as contract_method,
        charges.negotiated_algorithm,
        coalesce(charges.payer_notes, charges.generic_notes) as notes,
        charges.first_day,
        charges.gross_charge_amount,
        prices.contract_amount,
        prices.contract_percent,
        {{ pricing_cents('charges.file_amount') }} as file_amount,
        charges.file_percent,
        prices.priority,
        prices.is_doubtful
    from probes
    inner join prices on probes.unit_id = prices.unit_id
    inner join charges
        on probes.file_number = charges.file_number
            and probes.line_number = charges.line_number
            and probes.charge_number = charges.charge_number

),

in_dollars as (

    select
        *,
        case
            when contract_amount is null and gross_charge_amount is not null and contract_percent is not null
                then {{ pricing_cents(pricing_price('gross_charge_amount', 'contract_percent')) }}
            else contract_amount
        end as contract_dollars,
        case
            when file_amount is null and gross_charge_amount is not null and file_percent is not null
                then {{ pricing_cents(pricing_price('gross_charge_amount', 'file_percent')) }}
            else file_amount
        end as file_dollars
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
            -- A price that is not known may be the file's.
            when contract_amount is null and contract_percent is null then true
            when contract_percent is not null and file_percent is not null then contract_percent = file_percent
            else coalesce(contract_dollars = file_dollars, false)
        end as is_alike
    from in_dollars

),

-- Several prices for one code have conditions in the file's notes: where one of them is the contract's, no conflict.
ranked as (

    select
        *,
        max(case when is_alike then 1 else 0 end) over (
            partition by file_number, payer_name, plan_name, contract_id, code_type, code, modifiers, setting, first_day
        ) = 1 as has_alike,
        row_number() over (
            partition by unit_id
            order by
                case when conflict_type = 'method' then 1 else 0 end,
                case when is_doubtful then 1 else 0 end,
                priority
        ) as choice
    from compared

),

final as (

    select * from ranked
    where choice = 1

)

select * from final
