{# The keys of the rows that make way in a scope or a list. #}
{% macro listed(key, scope) %}
    {{- return('select ' ~ key ~ ' from changed.' ~ list_name(key, scope)) -}}
{% endmacro %}


{% macro list_name(key, scope) %}
    {{- return(key if scope in (none, 'claim', 'file') else scope ~ '_' ~ key) -}}
{% endmacro %}
