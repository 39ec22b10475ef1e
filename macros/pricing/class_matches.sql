{#
    Each class of lines with each term its signature matches, before any rate is looked up; stage 0 says that
    `multiple_procedures` applies. One row a class and term.
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
        terms.term_key,
        terms.stage_number,
        terms.priority
    from classes
    inner join signature_terms
        on classes.contract_id = signature_terms.contract_id and classes.signature = signature_terms.signature
    inner join terms on signature_terms.term_key = terms.term_key
)

select * from final
{% endmacro %}
