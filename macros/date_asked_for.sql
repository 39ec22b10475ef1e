{#
    The ISO date in an environment variable as SQL, or `otherwise`. Read only when a model runs: what is read while the
    project is parsed makes dbt parse all of it anew whenever it differs.
#}
{% macro date_asked_for(variable, otherwise) -%}
    {%- set asked = env_var(variable, '') if execute else '' -%}
    {%- if asked -%} cast('{{ asked }}' as date) {%- else -%} {{ otherwise }} {%- endif -%}
{%- endmacro %}
