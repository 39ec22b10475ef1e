{#
    Exact products in 38 digits. Rates, quantities and percents carry six decimals, a percent as a factor two more:
    rate × percent is exact at fourteen decimals, times a quantity at twenty, times a rank's percent at twenty-eight.
    The modifiers' percents are multiplied at fourteen decimals, as many as the price has: exact unless
    their figures together carry more, and then wrong by less than a billionth of a cent.
    Casts to fewer decimals are the slow step in wide decimals, so there is one a line: the rounding itself.

    Thirty-eight digits also bound what an amount can be. Beyond these bounds a figure is a typing mistake, which must
    not stop a night's build: the line is not priced.
#}

{% macro pricing_highest_rate() %}10000000{% endmacro %}
{% macro pricing_highest_percent() %}10000{% endmacro %}
{% macro pricing_highest_modifier_percent() %}1000{% endmacro %}
{% macro pricing_highest_charge() %}10000000000{% endmacro %}
{% macro pricing_highest_units() %}1000000{% endmacro %}

{# rate × percent, at fourteen decimals; a null rate is one. #}
{% macro pricing_price(rate, percent) -%}
    cast(cast(coalesce({{ rate }}, 1) as decimal(38, 6)) * {{ percent }} * 0.01 as decimal(38, 14))
{%- endmacro %}

{# The same times the modifiers' factor. #}
{% macro pricing_modified_price(rate, percent, factor) -%}
    cast({{ pricing_price(rate, percent) }} * {{ factor }} as decimal(38, 14))
{%- endmacro %}

{# A percent as a factor, and two factors multiplied, at fourteen decimals; no percent is 100. #}
{% macro pricing_factor(percent) -%}
    cast(
        cast(least(coalesce({{ percent }}, 100), {{ pricing_highest_modifier_percent() }}) as decimal(38, 6)) * 0.01 as decimal(20, 14))
{%- endmacro %}

{% macro pricing_factor_product(first_factor, second_factor) -%}
    cast({{ first_factor }} * {{ second_factor }} as decimal(20, 14))
{%- endmacro %}

{# Half-up to cents, away from zero below it. #}
{% macro pricing_cents(amount) -%}
    cast(round({{ amount }}, 2) as decimal(18, 2))
{%- endmacro %}
