{#
    How tables are made, in place of dbt's own ways, which make each beside the old one and rename both: five statements
    more a model, which over hundreds of models is most of what a small refresh takes. In DuckDB one transaction drops
    and makes a table, and readers read the published snapshot, never this database.
#}
{% materialization table, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- call statement('main') -%} {{ replaced(target, compiled_code) }} {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}


{#
    A table whose rows go by `unique_key`: in a refresh of what changed, the rows whose key is listed in schema `changed`
    make way for those computed anew, which stay in that schema for the models after it. Otherwise all rows do.
#}
{% materialization incremental, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set key = config.require('unique_key') -%}
    {%- call statement('main') -%}
        {%- if is_changed_run() -%}
            {%- set new = changed_relation(target) -%}
            {# On a line of its own: a model may end in a comment. #}
            create or replace table {{ new }} as {{ compiled_code }}
            ;
            delete from {{ target }} where {{ key }} in ({{ listed(key, config.get('meta', {}).get('scope')) }});
            insert into {{ target }} by name from {{ new }};
        {%- else -%}
            {{ replaced(target, compiled_code) }}
        {%- endif -%}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}


{% macro replaced(target, query) %}
    {%- set existing = load_cached_relation(target) -%}
    {%- if existing is not none %} drop {{ existing.type }} {{ existing }}; {% endif -%}
    {{ create_table_as(False, target, query) }}
{% endmacro %}
