{#
    Whether a row of an incremental model without a scope, which sees everything, is made anew: always in a full build;
    in a refresh of what changed if `key` is listed, or if `date`, the source of the column its `meta.dated` names (if
    it names one), is not before the last build's as-of date.
#}
{% macro is_made_anew(key, date=none) -%}
    {%- if execute and config.get('meta').get('dated') and not date -%}
        {{ exceptions.raise_compiler_error('is_made_anew needs the source of what meta.dated names') }}
    {%- endif -%}
    {%- if execute and is_changed_run() -%}
        ({{ key }} in ({{ listed(config.get('unique_key'), config.get('meta').list) }})
        {%- if date %} or {{ date }} >= {{ last_as_of_date() }} {%- endif -%})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
