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

without_modifiers as (
    select * from {{ ref('int_scenario_modifiers') }}
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
            cast(null as date) as rate_date
        from units
        where {{ condition }}
    {%- endfor %}
),

-- A schedule that ended with the old version has no rate today, hence both dates.
previous_versions as (
    select
        units.unit_id,
        predecessors.previous_contract_id as forced_contract_id,
        dates.scenario,
        'stale_rate' as root_cause,
        'the price under the previous version, ' || predecessors.previous_contract_id as alternative,
        case dates.scenario when 'previous_version_then' then predecessors.previous_effective_to end as rate_date
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
        cast(null as date) as rate_date
    from other_contracts
    where contract_rank <= {{ variance_setting('alternative_contracts_most') }}
),

of_all_lines as (
    select * from plain
    union all
    select * from previous_versions
    union all
    select * from others
),

stacked as (
    select
        *,
        cast(null as integer) as dropped_modifier,
        cast(null as integer) as line_number
    from of_all_lines
    union all
    select * from without_modifiers
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
