{# An alternative: its id and cause, the condition under which it can matter, what it overrides. #}
{% set plain = [
    ('recoded', 'recoded', 'is_recoded', 'the price of the code paid'),
    ('units_changed', 'units_changed', 'is_units_changed', 'the price of the units paid'),
    ('earlier_rates', 'stale_rate', 'has_earlier_rate', 'the price at the earlier period of the schedule'),
    ('earlier_weights', 'stale_rate', 'has_weight', 'the price at the weights of a year before'),
    ('other_setting', 'wrong_setting', 'has_schedule_rate', 'the price with facility and non-facility exchanged'),
    ('no_carve_out', 'carve_out_unpaid', 'has_carve_out', 'the price with nothing carved out'),
    ('no_claim_term', 'claim_rate_missed', 'has_claim_term', 'the price without claim-scoped terms'),
] %}
with units as (
    select * from {{ ref('int_scenario_units') }}
),

pricing_lines as (
    select * from {{ ref('int_pricing_lines') }}
),

priced_lines as (
    select * from {{ ref('int_priced_lines') }}
),

predecessors as (
    select * from {{ ref('int_contract_predecessors') }}
),

contracts as (
    select * from {{ ref('stg_reference__contracts') }}
),

claim_types as (
    select * from {{ ref('stg_reference__contract_claim_types') }}
),

typed_contracts as (
    select distinct contract_id from claim_types
),

plain as (
    {%- for scenario, cause, condition, words in plain %}
        {{ 'union all' if not loop.first }}
        select
            unit_id,
            contract_id as forced_contract_id,
            '{{ scenario }}' as scenario,
            '{{ cause }}' as root_cause,
            '{{ words }}' as alternative,
            cast(null as date) as rate_date,
            cast(null as integer) as dropped_modifier,
            cast(null as integer) as line_number
        from units
        where {{ condition }}
    {%- endfor %}
),

modified_lines as (
    {%- for position in [1, 2, 3, 4] %}
        {{ 'union all' if not loop.first }}
        select
            units.unit_id,
            units.contract_id,
            pricing_lines.line_number,
            {{ position }} as position,
            priced_lines.multiple_procedure_rank is not null
            or (units.has_whole_row and coalesce(priced_lines.priced_by, '') <> 'claim') as is_priced_together
        from units
        inner join pricing_lines
            on units.unit_id = pricing_lines.unit_id
        left outer join priced_lines
            on
                pricing_lines.unit_id = priced_lines.unit_id
                and pricing_lines.line_number = priced_lines.line_number
        where pricing_lines.modifier_{{ position }} is not null
    {%- endfor %}
),

modifiers as (
    select
        *,
        count(*) over (partition by unit_id) as modifier_count,
        sum(case when is_priced_together then 1 else 0 end) over (partition by unit_id) as together_count
    from modified_lines
),

-- Left out of all lines; and of one of several, where their amounts meet in one price or in a rank.
dropped as (
    select distinct
        unit_id,
        contract_id,
        position,
        cast(null as integer) as line_number
    from modifiers
    union all
    select
        unit_id,
        contract_id,
        position,
        line_number
    from modifiers
    where
        is_priced_together
        and modifier_count > 1
        and together_count <= {{ variance_setting('alternative_modifiers_most') }}
),

without_modifiers as (
    select
        unit_id,
        contract_id as forced_contract_id,
        'no_modifier_' || position || coalesce('_' || line_number, '') as scenario,
        'modifier_ignored' as root_cause,
        'the price without the '
        || case position when 1 then 'first' when 2 then 'second' when 3 then 'third' else 'fourth' end
        || ' modifier' || coalesce(' of line ' || line_number, '') as alternative,
        cast(null as date) as rate_date,
        position as dropped_modifier,
        line_number
    from dropped
),

-- A schedule that ended with the old version has no rate today, hence both dates.
previous_versions as (
    select
        units.unit_id,
        predecessors.previous_contract_id as forced_contract_id,
        dates.scenario,
        'stale_rate' as root_cause,
        'the price under the previous version, ' || predecessors.previous_contract_id as alternative,
        case dates.scenario when 'previous_version_then' then predecessors.previous_effective_to end as rate_date,
        cast(null as integer) as dropped_modifier,
        cast(null as integer) as line_number
    from units
    inner join predecessors
        on units.contract_id = predecessors.contract_id
    cross join (select 'previous_version' as scenario union all select 'previous_version_then' as scenario) as dates
),

other_contracts as (
    select
        units.unit_id,
        contracts.contract_id as forced_contract_id,
        row_number() over (
            partition by units.unit_id
            order by case when contracts.payer_id = units.payer_id then 0 else 1 end asc, contracts.contract_id asc
        ) as contract_rank
    from units
    inner join contracts
        on
            units.contract_id <> contracts.contract_id
            and {{ pricing_basis_date('units', 'contracts.date_basis') }}
            between contracts.effective_from and contracts.effective_to
    left outer join typed_contracts
        on contracts.contract_id = typed_contracts.contract_id
    left outer join claim_types
        on
            contracts.contract_id = claim_types.contract_id
            and units.claim_type = claim_types.claim_type
    where typed_contracts.contract_id is null or claim_types.contract_id is not null
),

others as (
    select
        unit_id,
        forced_contract_id,
        'contract_' || forced_contract_id as scenario,
        'wrong_schedule' as root_cause,
        'the price under another contract, ' || forced_contract_id as alternative,
        cast(null as date) as rate_date,
        cast(null as integer) as dropped_modifier,
        cast(null as integer) as line_number
    from other_contracts
    where contract_rank <= {{ variance_setting('alternative_contracts_most') }}
),

stacked as (
    select * from plain
    union all
    select * from without_modifiers
    union all
    select * from previous_versions
    union all
    select * from others
),

final as (
    select
        {{ stable_key(['unit_id', 'scenario']) }} as scenario_unit_id,
        unit_id,
        forced_contract_id,
        scenario,
        root_cause,
        alternative,
        rate_date,
        dropped_modifier,
        line_number
    from stacked
)

select * from final
