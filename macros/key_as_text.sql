{#
    A key as it is published (`owed/publish.py` has the twin), and where it stands beside ids that are text: twelve
    digits and capital letters.
#}
{% macro key_as_text(key) -%}
    to_base({{ key }}, 36, 12)
{%- endmacro %}
