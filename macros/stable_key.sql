{# A key that is the same in every run: the hash of its parts, joined so that no two lists of parts collide. #}
{% macro stable_key(expressions) -%}
    md5(
        {%- for expression in expressions %}
        coalesce(cast({{ expression }} as varchar), '') {% if not loop.last %}|| '|' || {% endif %}
        {%- endfor %}
    )
{%- endmacro %}
