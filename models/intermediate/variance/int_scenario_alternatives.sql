{{ config(materialized='ephemeral') }}

with differing_lines as (
    select * from {{ ref('int_differing_lines') }}
),

scenarios as (
    select * from {{ ref('int_scenarios') }}
),

priced_claims as (
    select * from {{ ref('int_priced_claims') }}
),

scenario_claims as (
    select * from {{ ref('int_scenario_priced_claims') }}
),

scenario_lines as (
    select * from {{ ref('int_scenario_priced_lines') }}
),

priced_lines as (
    select * from {{ ref('int_priced_lines') }}
),

paid_otherwise as (
    select * from {{ ref('int_paid_otherwise') }}
),

-- On line 0 a claim's lines are evidence together, told of the first.
paid_evidence as (
    select
        claim_key,
        line_number,
        is_recoded,
        is_units_changed,
        billed_procedure_code || ' billed, ' || paid_procedure_code || ' paid' as recoded_words,
        {{ pricing_words('billed_units') }} || ' billed, ' || {{ pricing_words('paid_units') }} || ' paid'
            as units_words
    from paid_otherwise
    union all
    select
        claim_key,
        0 as line_number,
        max(is_recoded) as is_recoded,
        max(is_units_changed) as is_units_changed,
        min(case when is_recoded then billed_procedure_code || ' billed, ' || paid_procedure_code || ' paid' end)
            as recoded_words,
        'on some of the claim''s lines' as units_words
    from paid_otherwise
    group by claim_key
),

-- Where a term has no rate on the earlier date another term prices, which is no older rate.
otherwise_priced as (
    select scenarios.scenario_unit_id
    from scenarios
    inner join scenario_claims
        on scenarios.scenario_unit_id = scenario_claims.unit_id
    inner join priced_claims
        on scenarios.unit_id = priced_claims.unit_id
    where
        scenarios.scenario in ('earlier_rates', 'earlier_weights')
        and scenario_claims.claim_scoped_term_id is distinct from priced_claims.claim_scoped_term_id
    union
    select scenarios.scenario_unit_id
    from scenarios
    inner join scenario_lines
        on scenarios.scenario_unit_id = scenario_lines.unit_id
    inner join priced_lines
        on
            scenarios.unit_id = priced_lines.unit_id
            and scenario_lines.line_number = priced_lines.line_number
    where
        scenarios.scenario in ('earlier_rates', 'earlier_weights')
        and scenario_lines.term_id is distinct from priced_lines.term_id
),

priced as (
    select
        differing_lines.claim_key,
        differing_lines.line_number,
        scenarios.scenario,
        scenarios.root_cause,
        scenarios.alternative,
        differing_lines.charge_amount,
        differing_lines.charge_amount < differing_lines.expected_allowed_amount
        and not differing_lines.is_capped_by_contract as is_explained_by_charge,
        scenarios.scenario in ('earlier_rates', 'earlier_weights')
        and case differing_lines.line_number
            when 0 then otherwise_priced.scenario_unit_id is not null
            else coalesce(scenario_lines.term_id, '') <> coalesce(differing_lines.line_term_id, '')
        end as is_another_term,
        case differing_lines.line_number
            when 0 then scenario_claims.expected_allowed_amount
            else scenario_lines.expected_allowed_amount
        end as alternative_amount
    from differing_lines
    inner join scenarios
        on differing_lines.unit_id = scenarios.unit_id
    left outer join otherwise_priced
        on scenarios.scenario_unit_id = otherwise_priced.scenario_unit_id
    left outer join scenario_claims
        on scenarios.scenario_unit_id = scenario_claims.unit_id
    left outer join scenario_lines
        on
            scenarios.scenario_unit_id = scenario_lines.unit_id
            and differing_lines.line_number = scenario_lines.line_number
),

final as (
    select
        priced.claim_key,
        priced.line_number,
        priced.root_cause,
        case
            when priced.scenario = 'recoded' then priced.alternative || ' (' || paid_evidence.recoded_words || ')'
            when priced.scenario = 'units_changed' then priced.alternative || ' (' || paid_evidence.units_words || ')'
            else priced.alternative
        end as alternative,
        priced.alternative_amount,
        priced.scenario in ('recoded', 'units_changed') as is_evidence
    from priced
    left outer join paid_evidence
        on
            priced.claim_key = paid_evidence.claim_key
            and priced.line_number = paid_evidence.line_number
    -- The charge itself, below our price and where our contract does not cap at it, is explained by the cap and not by
    -- what else it took.
    where
        (
            priced.scenario not in ('recoded', 'units_changed')
            and not priced.is_another_term
            and (priced.alternative_amount <> priced.charge_amount or not priced.is_explained_by_charge)
        )
        or (priced.scenario = 'recoded' and coalesce(paid_evidence.is_recoded, false))
        or (priced.scenario = 'units_changed' and coalesce(paid_evidence.is_units_changed, false))
)

select * from final
