{#
    In a refresh of the changed claims alone (OWED_SCOPE=changed, with the lists in schema `changed`), a model of
    scope `claim`, `account` or `file` reads only what changed, and one with a list the rows made anew of those with the
    same list; every other model reads its tables whole. docs/layers.md tells how.
#}
{% macro ref() %}
    {%- set relation = builtins.ref(*varargs, **kwargs) -%}
    {%- if not execute or not is_changed_run() -%} {{ return(relation) }} {%- endif -%}
    {%- set meta = model.config.get('meta', {}) -%}
    {%- set upstream = graph.nodes.get('model.' ~ project_name ~ '.' ~ relation.identifier) -%}
    {%- if upstream and meta.get('scope') -%}
        {{- return(changed_rows(relation, upstream, meta.scope)) -}}
    {%- elif upstream and meta.get('list') and upstream.config.materialized == 'incremental'
        and upstream.config.get('meta', {}).get('list') == meta.list -%}
        {{- return(changed_relation(relation)) -}}
    {%- endif -%}
    {{- return(relation) -}}
{% endmacro %}


{% macro is_changed_run() %}
    {{- return(env_var('OWED_SCOPE', 'all') == 'changed') -}}
{% endmacro %}


{# What a model of `scope` sees of `relation`, which the node `upstream` made. #}
{% macro changed_rows(relation, upstream, scope) %}
    {%- set meta = upstream.config.get('meta', {}) -%}
    {%- if upstream.config.materialized == 'incremental' and meta.get('scope') == scope -%}
        {{ return(changed_relation(relation)) }}
    {%- elif upstream.config.materialized == 'incremental' and scope != 'file' and meta.get('scope') == 'claim' -%}
        {# The claims made anew, and as they stand those that the wider scope lists besides. #}
        {%- set key = upstream.config.unique_key -%}
        {{ return(
            '(select * from ' ~ changed_relation(relation) ~ ' union all select * from ' ~ relation ~ ' where ' ~ key
            ~ ' in (' ~ listed(key, scope) ~ ' except ' ~ listed(key, 'claim') ~ '))'
        ) }}
    {%- elif scope == 'file' and 'x12' in upstream.fqn -%}
        {{ return('(select * from ' ~ relation ~ ' where file_number in (select file_number from changed.file_number))') }}
    {%- elif scope == 'claim' and meta.get('record') -%}
        {%- set record = meta.get('record') -%}
        {# What stands above the claims of a file belongs to all of them: of files with a changed claim it is read. #}
        {%- set condition = 'file_number in (select file_number from changed.record) and (' ~ record ~ ' is null'
            ~ ' or (file_number, ' ~ record ~ ') in (select file_number, record_number from changed.record))' -%}
        {%- if upstream.config.materialized == 'view' -%}
            {# What the view says of these rows alone: asked through it, DuckDB trims the texts of all of them first. #}
            {{ return('(' ~ modules.re.sub(
                "\\{\\{ source\\('x12', '(\\w+)'\\) \\}\\}",
                '(select * from ' ~ relation.database ~ '.raw.\\1 where ' ~ condition ~ ')',
                upstream.raw_code
            ) ~ ')') }}
        {%- endif -%}
        {{ return('(select * from ' ~ relation ~ ' where ' ~ condition ~ ')') }}
    {%- elif scope != 'file' and meta.get('listed') -%}
        {%- set key = meta.get('listed') -%}
        {{ return('(select * from ' ~ relation ~ ' where ' ~ key ~ ' in (' ~ listed(key, scope) ~ '))') }}
    {%- endif -%}
    {{ return(relation) }}
{% endmacro %}


{% macro last_as_of_date() %}
    {{- return('(select as_of_date from changed.state)') -}}
{% endmacro %}


{# The rows of a model that this refresh made anew. #}
{% macro changed_relation(relation) %}
    {{- return(api.Relation.create(database=relation.database, schema='changed', identifier=relation.identifier)) -}}
{% endmacro %}


{# A test of a model of which a part was made anew asks that part. #}
{% macro get_where_subquery(relation) %}
    {%- if execute and is_changed_run() -%}
        {%- set upstream = graph.nodes.get('model.' ~ project_name ~ '.' ~ relation.identifier) -%}
        {%- if upstream and upstream.config.materialized == 'incremental' -%}
            {%- set relation = changed_relation(relation) -%}
        {%- endif -%}
    {%- endif -%}
    {{- return(default__get_where_subquery(relation)) -}}
{% endmacro %}
