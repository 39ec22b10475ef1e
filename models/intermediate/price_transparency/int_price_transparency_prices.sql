-- What a contract may pay for one unit of each probed charge, before any cap: by the first term that certainly holds
-- and has a rate, or by a doubtful one before it. Carve-outs come before claim-scoped terms before the others (rule 2).
with

rates as (

    select * from {{ ref('int_price_transparency_rates') }}

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

tiers as (

    select * from {{ ref('int_pricing_tiers') }}

),

first_certain as (

    select
        unit_id,
        min(priority) as priority
    from rates
    where not is_doubtful
    group by unit_id

),

-- Only rates of schedules take a modifier's percent, and not that of the modifier that chose the row (rule 3).
eligible as (

    select
        rates.*,
        case
            when
                rates.rate_modifier = '' and contracts.modifiers_basis = 'contract'
                then coalesce(modifiers.percent, 100)
            else 100
        end as modifier_percent,
        -- What Medicare's own rules make of a modifier is left to the pricing of claims.
        probes.modifier is not null and rates.rate_modifier = '' and contracts.modifiers_basis = 'medicare'
            as is_by_medicare
    from rates
    inner join probes on rates.unit_id = probes.unit_id
    inner join contracts on rates.contract_id = contracts.contract_id
    left join first_certain on rates.unit_id = first_certain.unit_id
    left join modifiers on rates.contract_id = modifiers.contract_id and probes.modifier = modifiers.modifier
    where first_certain.priority is null or rates.priority <= first_certain.priority

),

final as (

    select
        eligible.unit_id,
        eligible.term_number,
        eligible.priority,
        terms.term_id,
        terms.source_line,
        eligible.method,
        case when eligible.method = 'percent_of_charge' then eligible.percent end as contract_percent,
        case
            when eligible.is_by_medicare then null
            when eligible.method = 'per_diem' then {{ pricing_cents('tiers.amount') }}
            when eligible.rate_amount is not null then {{ pricing_cents(
                pricing_modified_price(
                    'eligible.rate_amount', 'eligible.percent', pricing_factor('eligible.modifier_percent')
                ) ~ ' * eligible.relative_weight'
            ) }}
        end as contract_amount,
        eligible.is_doubtful
    from eligible
    inner join probes on eligible.unit_id = probes.unit_id
    inner join terms on eligible.contract_id = terms.contract_id and eligible.term_number = terms.term_number
    left join tiers
        on eligible.method = 'per_diem'
            and eligible.contract_id = tiers.contract_id
            and eligible.term_number = tiers.term_number
            and probes.first_day > tiers.from_day
            and probes.first_day <= tiers.through_day

)

select * from final
