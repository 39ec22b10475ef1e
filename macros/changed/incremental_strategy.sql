{#
    The strategy of every incremental model: rows whose `unique_key` is listed in the table of that name in schema
    `changed` make way for those computed anew, which stay in schema `changed` for the models after it. Where no list
    is in force (a build by hand), all rows make way.
#}
{% macro get_incremental_changed_sql(arguments) %}
    {%- set target, new, key = arguments.target_relation, arguments.temp_relation, arguments.unique_key -%}
    {%- set columns = arguments.dest_columns | map(attribute='quoted') | join(', ') -%}
    {%- if is_changed_run() -%}
        create or replace table {{ changed_relation(target) }} as select * from {{ new }};
        delete from {{ target }} where {{ key }} in (select {{ key }} from changed.{{ key }});
    {%- else -%}
        delete from {{ target }};
    {%- endif %}
    insert into {{ target }} ({{ columns }}) select {{ columns }} from {{ new }};
{% endmacro %}
