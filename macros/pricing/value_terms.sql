{#
    Which terms of a contract one value of one key satisfies, for the values that occur: each distinct code is held
    against the contract once, however many lines bear it. Ranges compare text of the same length, ends included;
    bill types and diagnoses compare by prefix.
    One row a contract, match key, value and term number; `term_set` lists all terms the value satisfies.
#}
{% macro pricing_value_terms(facts, term_matches) %}
{%- set keyed_columns = pricing_match_columns().split() -%}
with facts as (
    select * from {{ facts }}
),

term_matches as (
    select * from {{ term_matches }}
),

keys_in_use as (
    select distinct
        contract_id,
        match_key
    from term_matches
),

-- Each set of the grouping has one of the columns, so a row says one value of one key.
grouped as (
    select
        contract_id,
        {%- for keyed_column in keyed_columns %}
        {{ keyed_column.split('=')[1] }}{{ ',' if not loop.last }}
        {%- endfor %}
    from facts
    group by grouping sets (
        {%- for keyed_column in keyed_columns %}
        (contract_id, {{ keyed_column.split('=')[1] }}){{ ',' if not loop.last }}
        {%- endfor %}
    )
),

line_values as (
    select distinct
        contract_id,
        case
            {%- for keyed_column in keyed_columns %}
            when {{ keyed_column.split('=')[1] }} is not null then '{{ keyed_column.split('=')[0] }}'
            {%- endfor %}
        end as match_key,
        coalesce(
            {%- for keyed_column in keyed_columns %}
            {{ keyed_column.split('=')[1] }}{{ ',' if not loop.last }}
            {%- endfor %}
        ) as match_value
    from grouped
),

values_in_use as (
    select
        line_values.contract_id,
        line_values.match_key,
        line_values.match_value
    from line_values
    inner join keys_in_use
        on line_values.contract_id = keys_in_use.contract_id and line_values.match_key = keys_in_use.match_key
),

-- Single codes join by equality, so that a term listing thousands of them costs nothing a range does not.
single_codes as (
    select
        values_in_use.contract_id,
        values_in_use.match_key,
        values_in_use.match_value,
        term_matches.term_number
    from values_in_use
    inner join term_matches
        on
            values_in_use.contract_id = term_matches.contract_id
            and values_in_use.match_key = term_matches.match_key
            and values_in_use.match_value = term_matches.low_value
    where term_matches.low_value = term_matches.high_value
),

ranges as (
    select
        values_in_use.contract_id,
        values_in_use.match_key,
        values_in_use.match_value,
        term_matches.term_number
    from values_in_use
    inner join term_matches
        on
            values_in_use.contract_id = term_matches.contract_id
            and values_in_use.match_key = term_matches.match_key
    where
        (term_matches.low_value <> term_matches.high_value or term_matches.is_prefix)
        and (term_matches.is_prefix or length(values_in_use.match_value) = length(term_matches.low_value))
        and length(term_matches.low_value) = length(term_matches.high_value)
        and left(values_in_use.match_value, length(term_matches.low_value))
        between term_matches.low_value and term_matches.high_value
),

satisfied as (
    select * from single_codes
    union
    select * from ranges
),

term_sets as (
    select
        contract_id,
        match_key,
        match_value,
        {{ pricing_term_set('term_number') }} as term_set
    from satisfied
    group by contract_id, match_key, match_value
),

final as (
    select
        satisfied.contract_id,
        satisfied.match_key,
        satisfied.match_value,
        term_sets.term_set,
        satisfied.term_number
    from satisfied
    inner join term_sets
        on
            satisfied.contract_id = term_sets.contract_id
            and satisfied.match_key = term_sets.match_key
            and satisfied.match_value = term_sets.match_value
)

select * from final
{% endmacro %}


{# The match keys that compare codes, and the columns of a line that answer them. Numbers are compared on the line. #}
{% macro pricing_match_columns() -%}
    procedure=procedure_code revenue_code=revenue_code place_of_service=place_of_service bill_type=bill_type drg=drg
    diagnosis=diagnosis modifier=modifier_1 modifier=modifier_2 modifier=modifier_3 modifier=modifier_4
{%- endmacro %}
