{#
    A key that is the same in every run: the start of the hash of its parts, joined so that no two lists of parts
    collide. A number, which the database writes in a third of the time of a text, and joins and sorts in half of it to
    two thirds; publication writes it as text (`owed/publish.py`). It has 62 bits: of ten million keys two are alike
    once in ninety thousand warehouses. With the date of what it names it begins with its week in 11 bits, which do for
    39 years (then they begin again; without a date the week is 0), and has 51 bits of the hash: of ten million keys of
    ten years two are alike once in twenty thousand warehouses. Tables sorted by such a key hold what is near in time
    together, so that a refresh of what changed, most of it recent, need not look at the years before.
#}
{% macro stable_key(expressions, date=none) -%}
    {%- if date -%}
    (((coalesce({{ dbt.datediff("cast('2000-01-01' as date)", date, 'day') }}, 0) // 7) & 2047) << 51) +
    {%- endif %} cast(md5_number_lower(
        {%- for expression in expressions %}
        coalesce(cast({{ expression }} as varchar), '') {% if not loop.last %}|| '|' || {% endif %}
        {%- endfor %}
    ) >> {{ 13 if date else 2 }} as bigint)
{%- endmacro %}
