{# A number of the seed variance_settings, read by a scalar subquery and cast to the given type. #}
{% macro variance_setting(name, type='integer') -%}
    (select cast(settings.setting_value as {{ type }}) from {{ ref('variance_settings') }} as settings where settings.setting_name = '{{ name }}')
{%- endmacro %}
