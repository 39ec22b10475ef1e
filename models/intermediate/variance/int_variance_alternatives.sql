{{ config(materialized='incremental') }}

with differing_lines as (
    select * from {{ ref('int_differing_lines') }}
),

scenario_alternatives as (
    select * from {{ ref('int_scenario_alternatives') }}
),

rank_alternatives as (
    select * from {{ ref('int_rank_alternatives') }}
),

rule_alternatives as (
    select * from {{ ref('int_rule_alternatives') }}
),

day_alternatives as (
    select * from {{ ref('int_day_alternatives') }}
),

stacked as (
    select
        claim_key,
        line_number,
        root_cause,
        alternative,
        alternative_amount,
        is_evidence
    from scenario_alternatives
    union all
    select
        claim_key,
        line_number,
        root_cause,
        alternative,
        alternative_amount,
        is_evidence
    from rank_alternatives
    union all
    select
        claim_key,
        line_number,
        root_cause,
        alternative,
        alternative_amount,
        false as is_evidence
    from rule_alternatives
    union all
    select
        claim_key,
        line_number,
        root_cause,
        alternative,
        alternative_amount,
        false as is_evidence
    from day_alternatives
),

final as (
    select
        stacked.claim_key,
        stacked.line_number,
        differing_lines.payer_id,
        stacked.root_cause,
        stacked.alternative,
        cast(stacked.alternative_amount as decimal(18, 2)) as alternative_amount,
        stacked.is_evidence,
        coalesce(stacked.alternative_amount = differing_lines.allowed_amount, false) as is_exact,
        cast(abs(stacked.alternative_amount - differing_lines.allowed_amount) as decimal(18, 2)) as distance_amount
    from stacked
    inner join differing_lines
        on
            stacked.claim_key = differing_lines.claim_key
            and stacked.line_number = differing_lines.line_number
    -- What leaves the price as it is explains nothing; evidence counts only if it moves the price the payer's way.
    where
        (stacked.alternative_amount is null and stacked.is_evidence)
        or (stacked.alternative_amount - differing_lines.expected_allowed_amount)
        * sign(differing_lines.variance_amount) > 0
)

select * from final
