{#
    A key that is the same in every run: the start of the hash of its parts, joined so that no two lists of parts
    collide. A number, which the database writes in a third of the time of a text, and joins and sorts in half of it to
    two thirds; publication writes it as text (`owed/publish.py`). It has 62 bits: of ten million keys two are alike once in ninety thousand warehouses.
#}
{% macro stable_key(expressions) -%}
    cast(md5_number_lower(
        {%- for expression in expressions %}
        coalesce(cast({{ expression }} as varchar), '') {% if not loop.last %}|| '|' || {% endif %}
        {%- endfor %}
    ) >> 2 as bigint)
{%- endmacro %}
