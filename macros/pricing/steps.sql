{#
    The evidence: what each rule made of which inputs, in the order applied. Line 0 is the claim as a whole; its
    contract stands before the lines' steps and its totals behind them. A rule that changed nothing leaves no row, but
    what priced a line (or why nothing did) always does. Amounts are exact until a line's last factor, which shows them rounded.
    One row a unit, line and step.
#}
{% macro pricing_steps(claims, priced_claims, priced_lines, terms, tiers, contracts) %}
with claims as (
    select * from {{ claims }}
),

priced_claims as (
    select * from {{ priced_claims }}
),

terms as (
    select * from {{ terms }}
),

contracts as (
    select * from {{ contracts }}
),

tier_words as (
{{ pricing_tier_words(priced_lines, terms, tiers) }}
),

priced_lines as (
    select
        priced_lines.*,
        tier_words.tier_words,
        terms.schedule_id,
        terms.locality,
        terms.source_line,
        coalesce(priced_lines.applied_modifiers is not null and priced_lines.line_amount is not null, false)
            as is_modified,
        -- Exact, and only needed where a further factor follows.
        case
            when priced_lines.applied_modifiers is null and not priced_lines.is_reduced then null
            when priced_lines.method in ('percent_of_charge', 'per_diem')
                then cast(priced_lines.modified_amount as decimal(18, 6))
            else
                cast(
                    cast(priced_lines.rate_amount as decimal(38, 6)) * priced_lines.percent * 0.01
                    * priced_lines.quantity as decimal(18, 6)
                )
        end as base_amount
    from {{ priced_lines }} as priced_lines
    left join terms
        on priced_lines.contract_id = terms.contract_id and priced_lines.term_id = terms.term_id
    left join tier_words
        on priced_lines.unit_id = tier_words.unit_id and priced_lines.line_number = tier_words.line_number
),

{{ pricing_line_steps() }},

{{ pricing_claim_steps() }},

stacked as (
    select * from contract_steps
    union all
    select * from term_steps
    union all
    select * from modifier_steps
    union all
    select * from multiple_procedure_steps
    union all
    select * from line_cap_steps
    union all
    select * from consumed_steps
    union all
    select * from claim_term_steps
    union all
    select * from sum_steps
    union all
    select * from claim_cap_steps
    union all
    select * from stop_loss_steps
),

final as (
    select
        unit_id,
        cast(line_number as integer) as line_number,
        cast(step_number as integer) as step_number,
        rule,
        clause,
        inputs,
        cast(amount_before as decimal(18, 6)) as amount_before,
        cast(amount_after as decimal(18, 6)) as amount_after
    from stacked
)

select * from final
{% endmacro %}
