-- What a contract pays for one unit of each probed charge, before any cap: by the first of its terms that has a rate,
-- carve-outs before claim-scoped terms before the others (rule 2).
with

rates as (

    select
        *,
        row_number() over (partition by unit_id order by priority) as choice
    from {{ ref('int_price_transparency_rates') }}

),

probes as (

    select * from {{ ref('int_price_transparency_probes') }}

),

terms as (

    select * from {{ ref('int_pricing_terms') }}

),

contracts as (

    select * from {{ ref('stg_reference__contracts') }}

),

modifiers as (

    select * from {{ ref('stg_reference__contract_modifiers') }}
    where percent < {{ pricing_highest_modifier_percent() }}

),

-- Only rates of schedules take a modifier's percent, and not that of the modifier that chose the row (rule 3). What
-- Medicare's own rules make of a modifier is left to the pricing of claims.
chosen as (

    select
        rates.*,
        case
            when
                rates.rate_modifier = '' and contracts.modifiers_basis = 'contract'
                then coalesce(modifiers.percent, 100)
            else 100
        end as modifier_percent
    from rates
    inner join probes on rates.unit_id = probes.unit_id
    inner join contracts on rates.contract_id = contracts.contract_id
    left join modifiers on rates.contract_id = modifiers.contract_id and probes.modifier = modifiers.modifier
    where
        rates.choice = 1
        and not rates.is_doubtful
        and (probes.modifier is null or rates.rate_modifier <> '' or contracts.modifiers_basis <> 'medicare')

),

final as (

    select
        chosen.unit_id,
        terms.term_id,
        chosen.term_number,
        terms.source_line,
        chosen.method,
        case when chosen.method = 'percent_of_charge' then chosen.percent end as contract_percent,
        case
            when chosen.rate_amount is not null then {{ pricing_cents(
                pricing_modified_price(
                    'chosen.rate_amount', 'chosen.percent', pricing_factor('chosen.modifier_percent')
                ) ~ ' * chosen.relative_weight'
            ) }}
        end as contract_amount
    from chosen
    inner join terms on chosen.contract_id = terms.contract_id and chosen.term_number = terms.term_number

)

select * from final
