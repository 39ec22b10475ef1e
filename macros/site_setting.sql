{# A number a site may change (seed site_settings), read by a scalar subquery and cast to the given type. #}
{% macro site_setting(setting, type='integer') -%}
    (select cast(settings.value as {{ type }}) from {{ ref('site_settings') }} as settings where settings.setting = '{{ setting }}')
{%- endmacro %}
