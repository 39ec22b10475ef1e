{#
    The code conditions of every term, by term number; 0 is `applies_to` of `multiple_procedures`.
    One row a contract, term number, match key and range.
#}
{% macro pricing_term_matches(terms, term_matches) %}
with terms as (
    select * from {{ terms }}
),

term_matches as (
    select * from {{ term_matches }}
),

final as (
    select
        term_matches.contract_id,
        case when term_matches.term_id = 'multiple_procedures' then 0 else terms.term_number end as term_number,
        term_matches.match_key,
        term_matches.low_value,
        term_matches.high_value,
        term_matches.match_key in ('bill_type', 'diagnosis') as is_prefix
    from term_matches
    left join terms
        on term_matches.contract_id = terms.contract_id and term_matches.term_id = terms.term_id
)

select * from final
{% endmacro %}
