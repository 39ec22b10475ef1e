{#
    The terms a signature matches: those all of whose code keys are satisfied. Numbers are compared on the line.
    One row a contract, signature and term.
#}
{% macro pricing_signature_terms(classes, value_terms, terms) %}
{%- set keyed_columns = pricing_match_columns().split() -%}
with signatures as (
    select distinct
        contract_id,
        signature
    from {{ classes }}
),

terms as (
    select * from {{ terms }}
),

set_terms as (
    select distinct
        contract_id,
        match_key,
        term_set,
        term_number
    from {{ value_terms }}
),

signature_sets as (
    {%- for keyed_column in keyed_columns %}
    {%- set match_key, column = keyed_column.split('=') %}
    {{ 'union' if not loop.first }}
    select
        contract_id,
        signature,
        '{{ match_key }}' as match_key,
        {{ dbt.split_part('signature', "'|'", loop.index) }} as term_set
    from signatures
    {%- endfor %}
),

satisfied as (
    select
        signature_sets.contract_id,
        signature_sets.signature,
        set_terms.term_number,
        count(distinct signature_sets.match_key) as key_count
    from signature_sets
    inner join set_terms
        on
            signature_sets.contract_id = set_terms.contract_id
            and signature_sets.match_key = set_terms.match_key
            and signature_sets.term_set = set_terms.term_set
    group by signature_sets.contract_id, signature_sets.signature, set_terms.term_number
),

final as (
    select
        signatures.contract_id,
        signatures.signature,
        terms.term_key
    from signatures
    inner join terms on signatures.contract_id = terms.contract_id
    where terms.key_count = 0
    union all
    select
        satisfied.contract_id,
        satisfied.signature,
        terms.term_key
    from satisfied
    inner join terms
        on
            satisfied.contract_id = terms.contract_id
            and satisfied.term_number = terms.term_number
            and satisfied.key_count = terms.key_count
)

select * from final
{% endmacro %}
