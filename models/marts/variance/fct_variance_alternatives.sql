{{ config(materialized='incremental', meta={'scope': 'cause'}) }}

with alternatives as (
    select * from {{ ref('int_variance_alternatives') }}
),

causes as (
    select * from {{ ref('int_variance_causes') }}
),

-- Amounts that differ by a rounding alone share their words; the nearest stands for them.
ranked as (
    select
        *,
        row_number() over (
            partition by claim_key, line_number, root_cause, alternative
            order by distance_amount asc, alternative_amount asc, is_evidence desc, is_exact desc
        ) as nearness
    from alternatives
),

final as (
    select
        ranked.claim_key,
        ranked.line_number,
        ranked.root_cause,
        ranked.alternative,
        ranked.alternative_amount,
        ranked.distance_amount,
        ranked.is_evidence,
        ranked.is_exact,
        ranked.root_cause = causes.root_cause and ranked.alternative = coalesce(causes.alternative, '') as is_chosen
    from ranked
    inner join causes
        on
            ranked.claim_key = causes.claim_key
            and ranked.line_number = causes.line_number
    where ranked.nearness = 1
)

select * from final
