{# A word of a PLB's reference as it is compared: it names the claim by its own number, the payer's, or both. #}
{% macro reference_word(reference_id, position) -%}
    upper({{ dbt.split_part('trim(' ~ reference_id ~ ')', "' '", position) }})
{%- endmacro %}
