{#
    Exact products in 38 digits. Rates, quantities and percents carry six decimals, a percent as a factor two more:
    rate × percent is exact at fourteen decimals, times a quantity at twenty, times a rank's percent at twenty-eight.
    The modifiers' percents are multiplied at sixteen decimals and brought into the price's fourteen: exact unless
    their figures together carry more, and then wrong by less than a billionth of a cent.
    Casts to fewer decimals are the slow step in wide decimals, so there is one a line: the rounding itself.
#}

{# rate × percent, at fourteen decimals; a null rate is one. #}
{% macro pricing_price(rate, percent) -%}
    cast(cast(coalesce({{ rate }}, 1) as decimal(38, 6)) * {{ percent }} * 0.01 as decimal(38, 14))
{%- endmacro %}

{# The same times the modifiers' factor. #}
{% macro pricing_modified_price(rate, percent, factor) -%}
    cast({{ pricing_price(rate, percent) }} * {{ factor }} as decimal(38, 14))
{%- endmacro %}

{# A percent as a factor, and two factors multiplied, at sixteen decimals. #}
{% macro pricing_factor(percent) -%}
    cast(cast({{ percent }} as decimal(38, 6)) * 0.01 as decimal(20, 16))
{%- endmacro %}

{% macro pricing_factor_product(first_factor, second_factor) -%}
    cast({{ first_factor }} * {{ second_factor }} as decimal(20, 16))
{%- endmacro %}

{# Half-up to cents, away from zero below it. #}
{% macro pricing_cents(amount) -%}
    cast(round({{ amount }}, 2) as decimal(18, 2))
{%- endmacro %}
