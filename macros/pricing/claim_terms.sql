{#
    The claim-scoped term that takes a claim: the first, in file order, that matches the claim or any of its lines
    and has a rate, when at least one line is left that no carve-out took (rules 2 and 7). A per diem needs one of
    its matching lines among those left. `price` and `quantity` make the whole price of `case_rate` and
    `drg_weight`. One row a unit.
#}
{% macro pricing_claim_terms(facts, line_candidates, class_prices) %}
with line_candidates as (
    select * from {{ line_candidates }}
    where stage_number <= 2
),

claim_candidates as (
    select * from line_candidates
    where stage_number = 2
),

carved_lines as (
    select distinct
        unit_id,
        line_number
    from line_candidates
    where stage_number = 1
),

claimed_units as (
    select distinct unit_id from claim_candidates
),

units_with_a_rest as (
    select distinct facts.unit_id
    from {{ facts }} as facts
    inner join claimed_units on facts.unit_id = claimed_units.unit_id
    left join carved_lines on facts.unit_id = carved_lines.unit_id and facts.line_number = carved_lines.line_number
    where carved_lines.unit_id is null
),

usable as (
    select claim_candidates.*
    from claim_candidates
    inner join units_with_a_rest on claim_candidates.unit_id = units_with_a_rest.unit_id
    left join carved_lines
        on
            claim_candidates.unit_id = carved_lines.unit_id
            and claim_candidates.line_number = carved_lines.line_number
    where
        carved_lines.unit_id is null
        or claim_candidates.method <> 'per_diem'
),

ordered as (
    select
        *,
        row_number() over (partition by unit_id order by term_number, line_number) as choice
    from usable
),

final as (
    select
        ordered.unit_id,
        ordered.contract_id,
        ordered.term_number,
        ordered.method,
        class_prices.rate_amount,
        ordered.quantity,
        class_prices.percent,
        class_prices.price,
        class_prices.rate_effective_from
    from ordered
    inner join {{ class_prices }} as class_prices
        on ordered.class_number = class_prices.class_number and ordered.term_number = class_prices.term_number
    where ordered.choice = 1
)

select * from final
{% endmacro %}
