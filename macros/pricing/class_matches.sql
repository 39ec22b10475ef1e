{#
    Each class of lines with each term its signature matches, before any rate is looked up.
    One row a class and term.
#}
{% macro pricing_class_matches(classes, signature_terms, terms) %}
with classes as (
    select * from {{ classes }}
),

signature_terms as (
    select * from {{ signature_terms }}
),

terms as (
    select * from {{ terms }}
),

final as (
    select
        classes.class_number,
        classes.contract_id,
        classes.setting,
        classes.procedure_code,
        classes.modifier_1,
        classes.modifier_2,
        classes.modifier_3,
        classes.modifier_4,
        classes.drg,
        terms.term_number,
        terms.stage_number,
        terms.priority,
        terms.method,
        terms.amount,
        terms.percent,
        terms.base_rate,
        terms.weight_set,
        terms.schedule_id,
        terms.locality,
        terms.minimum_charge,
        terms.maximum_charge,
        terms.minimum_units,
        terms.names_lines,
        classes.rate_period,
        classes.weight_period
    from classes
    inner join signature_terms
        on classes.contract_id = signature_terms.contract_id and classes.signature = signature_terms.signature
    inner join terms
        on signature_terms.contract_id = terms.contract_id and signature_terms.term_number = terms.term_number
)

select * from final
{% endmacro %}
