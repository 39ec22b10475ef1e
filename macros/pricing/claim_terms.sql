{#
    The claim-scoped term that takes a claim: the first, in file order, that matches the claim or any of its lines
    and has a rate, when at least one line is left that no carve-out took (rules 2 and 7). A per diem needs one of
    its matching lines among those left. `price` and `quantity` make the whole price of `case_rate` and `drg_weight`.
    One row a unit.
#}
{% macro pricing_claim_terms(line_classes, line_candidates, class_prices) %}
with line_candidates as (
    select * from {{ line_candidates }}
    where stage_number <= 2
),

class_prices as (
    select * from {{ class_prices }}
    where stage_number = 2
),

carved_lines as (
    select distinct
        unit_number,
        line_number
    from line_candidates
    where stage_number = 1
),

claim_candidates as (
    select
        line_candidates.unit_number,
        line_candidates.line_number,
        line_candidates.priority,
        line_candidates.quantity,
        class_prices.term_key,
        class_prices.method,
        class_prices.rate_amount,
        class_prices.percent,
        class_prices.price,
        carved_lines.unit_number is not null as is_carved
    from line_candidates
    inner join class_prices
        on line_candidates.class_number = class_prices.class_number and line_candidates.term_key = class_prices.term_key
    left join carved_lines
        on
            line_candidates.unit_number = carved_lines.unit_number
            and line_candidates.line_number = carved_lines.line_number
),

claimed_units as (
    select distinct unit_number from claim_candidates
),

units_with_a_rest as (
    select distinct line_classes.unit_number
    from {{ line_classes }} as line_classes
    inner join claimed_units on line_classes.unit_number = claimed_units.unit_number
    left join carved_lines
        on
            line_classes.unit_number = carved_lines.unit_number
            and line_classes.line_number = carved_lines.line_number
    where carved_lines.unit_number is null
),

ordered as (
    select
        claim_candidates.*,
        row_number() over (
            partition by claim_candidates.unit_number order by claim_candidates.priority, claim_candidates.line_number
        ) as choice
    from claim_candidates
    inner join units_with_a_rest on claim_candidates.unit_number = units_with_a_rest.unit_number
    where not claim_candidates.is_carved or claim_candidates.method <> 'per_diem'
),

final as (
    select
        unit_number,
        term_key,
        method,
        rate_amount,
        quantity,
        percent,
        price
    from ordered
    where choice = 1
)

select * from final
{% endmacro %}
