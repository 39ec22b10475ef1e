{# The steps of a line, as CTEs over `priced_claims` and `priced_lines`. The last of a line's factors shows its amount rounded. #}
{% macro pricing_line_steps() %}
term_steps as (
    select
        unit_id,
        line_number,
        2 as step_number,
        'term' as rule,
        coalesce(term_id, not_priced_reason) || coalesce(', line ' || cast(source_line as varchar), '') as clause,
        case
            when not_priced_reason is not null then 'no price: ' || not_priced_reason
            when method = 'percent_of_charge'
                then {{ pricing_words('percent') }} || '% of charge ' || cast(charge_amount as varchar)
            when method = 'per_diem'
                then {{ pricing_words('quantity') }} || ' days after '
                    || {{ pricing_words('days_before') }} || ' before them' || coalesce(': ' || tier_words, '')
            when method = 'not_payable' then 'not payable'
            else
                replace(method, '_', ' ') || coalesce(' ' || schedule_id, '')
                || case when locality <> '' then ' ' || locality else '' end
                || case when rate_modifier <> '' then ', row of modifier ' || rate_modifier else '' end
                || case when rate_setting <> '' then ', ' || replace(rate_setting, '_', '-') else '' end
                || coalesce(', from ' || cast(nullif(rate_effective_from, cast('1900-01-01' as date)) as varchar), '')
                || ': ' || {{ pricing_words('rate_amount') }}
                || case
                    when percent <> 100 then ' × ' || {{ pricing_words('percent') }} || '%' else ''
                end
                || ' × ' || {{ pricing_words('quantity') }}
                || case
                    when method = 'percent_of_medicare' and quantity <> units
                        then ' units, base and time of ' || {{ pricing_words('units') }} || ' minutes'
                    else ''
                end
        end as inputs,
        cast(null as decimal(18, 6)) as amount_before,
        case when not is_modified and not is_reduced then rounded_amount else base_amount end as amount_after
    from priced_lines
    where line_amount is not null or not_priced_reason is not null
),

modifier_steps as (
    select
        unit_id,
        line_number,
        3 as step_number,
        'modifiers' as rule,
        applied_modifiers as clause,
        {{ pricing_words('modifier_percent') }} || '%' as inputs,
        base_amount as amount_before,
        case when not is_reduced then rounded_amount else cast(modified_amount as decimal(18, 6)) end as amount_after
    from priced_lines
    where is_modified
),

multiple_procedure_steps as (
    select
        unit_id,
        line_number,
        4 as step_number,
        'multiple_procedures' as rule,
        'rank ' || cast(multiple_procedure_rank as varchar) as clause,
        case
            when is_ranked_by_medicare then 'by Medicare''s rules'
            else {{ pricing_words('multiple_procedure_percent') }} || '%'
        end as inputs,
        case when is_modified then cast(modified_amount as decimal(18, 6)) else base_amount end as amount_before,
        rounded_amount as amount_after
    from priced_lines
    where is_reduced
),

line_cap_steps as (
    select
        unit_id,
        line_number,
        5 as step_number,
        'lesser_of' as rule,
        'line' as clause,
        'charge ' || cast(charge_amount as varchar) as inputs,
        rounded_amount as amount_before,
        line_amount as amount_after
    from priced_lines
    where line_amount < rounded_amount
),

consumed_steps as (
    select
        priced_lines.unit_id,
        priced_lines.line_number,
        6 as step_number,
        'consumed' as rule,
        priced_claims.claim_term_id as clause,
        'priced with the claim as a whole' as inputs,
        priced_lines.line_amount as amount_before,
        cast(null as decimal(18, 2)) as amount_after
    from priced_lines
    inner join priced_claims on priced_lines.unit_id = priced_claims.unit_id
    where priced_lines.is_consumed
)
{% endmacro %}


{# A decimal without the zeros behind it. #}
{% macro pricing_words(figure) -%}
    rtrim(rtrim(cast(cast({{ figure }} as decimal(18, 6)) as varchar), '0'), '.')
{%- endmacro %}
