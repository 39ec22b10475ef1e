{#
    The term each line is priced by (rule 2): the first carve-out that has a rate; else, where a claim-scoped term
    took the claim, that term, on the lines it matches; else the first line-scoped term that has a rate; else the
    default. A line nothing prices is not here. One row a unit and line.
#}
{% macro pricing_line_choices(line_candidates, claim_terms) %}
with line_candidates as (
    select * from {{ line_candidates }}
),

claim_terms as (
    select * from {{ claim_terms }}
),

eligible as (
    select line_candidates.*
    from line_candidates
    left join claim_terms on line_candidates.unit_number = claim_terms.unit_number
    where
        line_candidates.stage_number = 1
        or (line_candidates.stage_number = 2 and line_candidates.term_key = claim_terms.term_key)
        or (line_candidates.stage_number > 2 and claim_terms.unit_number is null)
),

first_choices as (
    select
        unit_number,
        line_number,
        min(priority) as priority
    from eligible
    group by unit_number, line_number
),

final as (
    select eligible.*
    from eligible
    inner join first_choices
        on
            eligible.unit_number = first_choices.unit_number
            and eligible.line_number = first_choices.line_number
            and eligible.priority = first_choices.priority
)

select * from final
{% endmacro %}
