{#
    How tables are made, in place of dbt's own ways, which make each beside the old one and rename both: five statements
    more a model, which over hundreds of models is most of what a small refresh takes. In DuckDB one transaction drops
    and makes a table, and readers read the published snapshot, never this database. The transaction is part of the
    statement: to begin and end it apart dbt takes a tenth of its own time for a node. What fails in it is undone when
    dbt closes the node's connection.
#}
{% materialization table, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- call statement('main', auto_begin=False) -%}
        begin;
        {%- if is_changed_run() and config.get('meta', {}).get('lists') -%}
            {{ listing_differences(target, compiled_code, config.get('unique_key'), config.get('meta')) }}
        {%- else -%}
            {{ replaced(target, compiled_code) }}
        {%- endif -%}
        {{ tested(target) }};
        commit
    {%- endcall -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}


{#
    A table whose rows go by `unique_key`: in a refresh of what changed, the rows whose key is listed in schema `changed`
    make way for those computed anew, which stay in that schema for the models after it. So do the rows whose
    `meta.dated` is not before the last build's as-of date, for what counts days. Otherwise all rows do.
#}
{% materialization incremental, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set key = config.require('unique_key') -%}
    {%- set meta = config.get('meta', {}) -%}
    {%- call statement('main', auto_begin=False) -%}
        begin;
        {%- if is_changed_run() -%}
            {%- set new = changed_relation(target) -%}
            {# On a line of its own: a model may end in a comment. #}
            create or replace table {{ new }} as {{ compiled_code }}
            ;
            delete from {{ target }}
            where {{ key }} in ({{ listed(key, meta.get('scope') or meta.get('list')) }})
            {%- if meta.get('dated') %} or {{ meta.dated }} >= {{ last_as_of_date() }} {%- endif -%}
            ;
            insert into {{ target }} by name from {{ new }};
            {#- What is first heard of could not be listed before: its key is known now. #}
            {%- for scope in meta.get('completes', []) %}
                insert into changed.{{ list_name(key, scope) }}
                select {{ key }} from {{ new }}
                except
                select {{ key }} from changed.{{ list_name(key, scope) }};
            {%- endfor -%}
            {{ tested(new) }}
        {%- else -%}
            {#- In the order of its key, most of which begin with a date: what changes together stands together. -#}
            {{ replaced(target, 'select * from (' ~ compiled_code ~ '\n) order by ' ~ key) }}
            {{ tested(target) }}
        {%- endif -%}
        ;
        commit
    {%- endcall -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}


{#
    A model that only says which keys make way in the models of list `meta.lists`: a build of everything needs none.
#}
{% materialization list, adapter='duckdb' %}
    {%- call statement('main', auto_begin=False) -%}
        {%- if is_changed_run() -%}
            create or replace table changed.{{ list_name(config.get('unique_key'), config.get('meta').lists) }} as
            {{ compiled_code }}
        {%- else -%}
            select 1
        {%- endif -%}
    {%- endcall -%}
    {{ return({'relations': []}) }}
{% endmaterialization %}


{#
    A table that is computed whole, where few rows differ from one build to the next: the keys of those that do are
    listed for scope `meta.lists`, beside all that scope `meta.wider_than` lists, if any.
#}
{% macro listing_differences(target, query, key, meta) %}
    {%- set new = changed_relation(target) -%}
    create or replace table {{ new }} as {{ query }}
    ;
    create or replace table changed.{{ list_name(key, meta.lists) }} as
    {%- if meta.wider_than %}
        {{ listed(key, meta.wider_than) }}
        union
    {%- endif %}
    select {{ key }} from (
        (select * from {{ new }} except select * from {{ target }})
        union all
        (select * from {{ target }} except select * from {{ new }})
    ) as differing;
    {{ replaced(target, 'select * from ' ~ new) }}
{% endmacro %}


{% macro replaced(target, query) %}
    {%- if is_changed_run() -%}
        {#- The same program made it: it is a table. -#}
        drop table if exists {{ target }};
    {%- else -%}
        {%- set existing = load_cached_relation(target) -%}
        {%- if existing is not none %} drop {{ existing.type }} {{ existing }}; {% endif -%}
    {%- endif -%}
    {%- if config.get('contract').enforced -%}
        {{ create_table_as(False, target, query) }}
    {%- else -%}
        {#- In dbt's own words it takes three macros more. -#}
        create table {{ target }} as {{ query }}
    {%- endif %}
{% endmacro %}


{#
    In a refresh (OWED_TESTS=with_models) a table asks its generic tests of its new rows as it is made, by their own macros,
    without a node of dbt's for each; `owed.build` reads what fails out of the error. What fails is not committed.
#}
{% macro tested(rows) %}
    {%- if env_var('OWED_TESTS', 'apart') == 'with_models' -%}
        {#- Looked up once for all tables. -#}
        {%- if 'tests_by_table' not in graph -%}
            {%- set tests = graph.nodes.values() | selectattr('attached_node') | groupby('attached_node') -%}
            {%- do graph.update({'tests_by_table': dict(tests)}) -%}
        {%- endif -%}
        {%- set counts = [] -%}
        {%- for test in graph.tests_by_table.get(model.unique_id, []) -%}
            {%- set rows_that_fail = context['test_' ~ test.test_metadata.name] -%}
            {%- set arguments = dict(test.test_metadata.kwargs, model=rows) -%}
            {%- do counts.append(
                "select '" ~ test.name ~ "' as test_name, count(*) as failures from (" ~ rows_that_fail(**arguments) ~ ')'
            ) -%}
        {%- endfor -%}
        {%- if counts -%}
            ; select error('Tests failed: ' || string_agg(test_name || ' (' || failures || ')', ', ' order by test_name))
            from ({{ counts | join(' union all ') }})
            where failures > 0
            having count(*) > 0
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#
    How a build ends: with the checkpoint. What only the models of a refresh of what changed had to read is let go before
    it is written: the rows made anew, but for those of the marts, which publication reads, and the tables that hold
    nothing but what follows from such rows.
#}
{% macro written_out() %}
    {%- if execute and is_changed_run() -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.schema != 'marts' -%}
            {%- set made = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias) -%}
            {%- set meta = node.config.get('meta', {}) -%}
            {%- if node.config.materialized == 'table' and (meta.get('scope') or meta.get('list')) -%}
                drop table if exists {{ made }};
            {%- else -%}
                drop table if exists {{ changed_relation(made) }};
            {%- endif -%}
        {%- endfor -%}
    {%- endif %}
    checkpoint;
{% endmacro %}
