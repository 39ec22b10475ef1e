{#
    A key that is the same in every run: the start of the hash of its parts, joined so that no two lists of parts
    collide. Twelve characters, fit for a web address: no longer, for so the database holds a key within its row, and
    joins and writes keys in less time. They are 72 bits: of ten million keys two are alike once in a hundred million
    warehouses.
#}
{% macro stable_key(expressions) -%}
    translate(to_base64(unhex(left(md5(
        {%- for expression in expressions %}
        coalesce(cast({{ expression }} as varchar), '') {% if not loop.last %}|| '|' || {% endif %}
        {%- endfor %}
    ), 18))), '+/', '-_')
{%- endmacro %}
