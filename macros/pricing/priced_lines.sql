{#
    Each line's price, or why it has none. Lines that a whole price consumed (a claim-scoped term or a stop-loss: all
    but the carve-outs; a claim cap: all) have no expected amount of their own; `line_amount` keeps what they were
    priced at before.
    One row a unit and line.
#}
{% macro pricing_priced_lines(lines, contract_choices, terms, class_prices, line_amounts, priced_claims) %}
with lines as (
    select * from {{ lines }}
),

contract_choices as (
    select * from {{ contract_choices }}
),

terms as (
    select * from {{ terms }}
),

class_prices as (
    select * from {{ class_prices }}
),

line_amounts as (
    select * from {{ line_amounts }}
),

priced_claims as (
    select * from {{ priced_claims }}
),

joined as (
    select
        lines.unit_id,
        lines.line_number,
        contract_choices.contract_id,
        coalesce(terms.term_id, priced_claims.claim_scoped_term_id) as term_id,
        coalesce(terms.method, priced_claims.claim_scoped_method) as method,
        case line_amounts.stage_number
            when 1 then 'carve_out' when 2 then 'claim' when 3 then 'line' when 4 then 'default'
            else case when priced_claims.claim_scoped_term_id is not null then 'claim' end
        end as priced_by,
        class_prices.rate_modifier,
        class_prices.rate_setting,
        class_prices.applied_modifiers,
        priced_claims.lesser_of,
        class_prices.rate_amount,
        class_prices.percent,
        lines.units,
        line_amounts.quantity,
        line_amounts.days_before,
        class_prices.price,
        line_amounts.modified_amount,
        class_prices.modifier_percent,
        line_amounts.multiple_procedure_percent,
        line_amounts.multiple_procedure_rank,
        coalesce(line_amounts.is_reduced, false) as is_reduced,
        coalesce(line_amounts.is_ranked_by_medicare, false) as is_ranked_by_medicare,
        lines.charge_amount,
        line_amounts.rounded_amount,
        line_amounts.line_amount,
        contract_choices.not_priced_reason as contract_reason,
        priced_claims.is_claim_priced
        and (priced_claims.is_capped or coalesce(line_amounts.stage_number, 0) <> 1) as is_consumed,
        class_prices.rate_effective_from
    from lines
    left join contract_choices on lines.unit_id = contract_choices.unit_id
    left join priced_claims on lines.unit_id = priced_claims.unit_id
    left join line_amounts
        on
            contract_choices.unit_number = line_amounts.unit_number
            and lines.line_number = line_amounts.line_number
    left join class_prices
        on
            line_amounts.class_number = class_prices.class_number
            and line_amounts.term_key = class_prices.term_key
    left join terms
        on line_amounts.term_key = terms.term_key
),

final as (
    select
        unit_id,
        line_number,
        contract_id,
        term_id,
        method,
        priced_by,
        rate_modifier,
        rate_setting,
        applied_modifiers,
        lesser_of,
        rate_amount,
        percent,
        units,
        quantity,
        days_before,
        price,
        modified_amount,
        modifier_percent,
        multiple_procedure_percent,
        cast(multiple_procedure_rank as integer) as multiple_procedure_rank,
        charge_amount,
        rounded_amount,
        line_amount,
        case when not is_consumed then line_amount end as expected_allowed_amount,
        case
            when contract_reason is not null then contract_reason
            when not is_consumed and line_amount is null then 'no_rate'
        end as not_priced_reason,
        is_consumed,
        is_reduced,
        is_ranked_by_medicare,
        rate_effective_from
    from joined
)

select * from final
{% endmacro %}
