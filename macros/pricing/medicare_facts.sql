{#
    What CMS says of the codes of lines priced by Medicare's amounts, where the contract takes over CMS's own rules
    (`modifiers: medicare`, `multiple_procedures: medicare`): its indicators, and the amounts that reductions rest on:
    the endoscopic base code's, and those of the technical and the professional component.
    One row a class and term.
#}
{% macro pricing_medicare_facts(classes, class_terms, terms, contracts, medicare_rates) %}
with medicare_terms as (
    select
        terms.term_key,
        terms.schedule_id,
        terms.locality,
        contracts.modifiers_basis = 'medicare' as has_medicare_modifiers,
        contracts.multiple_procedures_basis = 'medicare' as has_medicare_reductions
    from {{ terms }} as terms
    inner join {{ contracts }} as contracts on terms.contract_id = contracts.contract_id
    where
        terms.method = 'percent_of_medicare'
        and (contracts.modifiers_basis = 'medicare' or contracts.multiple_procedures_basis = 'medicare')
),

medicare_rates as (
    select * from {{ medicare_rates }}
),

priced as (
    select
        class_terms.class_number,
        class_terms.term_key,
        coalesce(class_terms.rate_modifier, '') as rate_modifier,
        class_terms.rate_setting,
        medicare_terms.schedule_id,
        medicare_terms.locality,
        medicare_terms.has_medicare_modifiers,
        medicare_terms.has_medicare_reductions,
        classes.procedure_code,
        classes.rate_period
    from {{ class_terms }} as class_terms
    inner join medicare_terms on class_terms.term_key = medicare_terms.term_key
    inner join {{ classes }} as classes on class_terms.class_number = classes.class_number
),

own as (
    select
        priced.*,
        own_rates.multiple_procedure_indicator,
        own_rates.bilateral_indicator,
        own_rates.assistant_indicator,
        own_rates.cosurgeon_indicator,
        own_rates.endoscopic_base_code,
        own_rates.amount,
        own_rates.practice_expense_amount,
        own_rates.preoperative_percent,
        own_rates.intraoperative_percent,
        own_rates.postoperative_percent
    from priced
    inner join medicare_rates as own_rates
        on {{ pricing_medicare_row('own_rates', 'priced', 'priced.procedure_code', 'priced.rate_modifier') }}
),

final as (
    select
        own.class_number,
        own.term_key,
        own.procedure_code,
        own.rate_modifier,
        own.multiple_procedure_indicator,
        own.bilateral_indicator,
        own.assistant_indicator,
        own.cosurgeon_indicator,
        own.endoscopic_base_code,
        own.amount,
        base_rates.amount as endoscopic_base_amount,
        case own.rate_modifier when 'TC' then own.amount when '26' then 0 else technical_rates.amount end
            as technical_amount,
        case own.rate_modifier when '26' then own.amount when 'TC' then 0 else professional_rates.amount end
            as professional_amount,
        own.practice_expense_amount,
        own.preoperative_percent,
        own.intraoperative_percent,
        own.postoperative_percent,
        own.has_medicare_modifiers,
        own.has_medicare_reductions
    from own
    left join medicare_rates as base_rates
        on {{ pricing_medicare_row('base_rates', 'own', 'own.endoscopic_base_code', "''") }}
    left join medicare_rates as technical_rates
        on {{ pricing_medicare_row('technical_rates', 'own', 'own.procedure_code', "'TC'") }}
    left join medicare_rates as professional_rates
        on {{ pricing_medicare_row('professional_rates', 'own', 'own.procedure_code', "'26'") }}
)

select * from final
{% endmacro %}


{# The row of a code and modifier in the schedule, locality, setting and period of a class. #}
{% macro pricing_medicare_row(rates, class, procedure_code, modifier) -%}
            {{ rates }}.schedule_id = {{ class }}.schedule_id
            and {{ rates }}.locality = {{ class }}.locality
            and {{ rates }}.procedure_code = {{ procedure_code }}
            and {{ rates }}.modifier = {{ modifier }}
            and {{ rates }}.setting = {{ class }}.rate_setting
            and {{ class }}.rate_period between {{ rates }}.effective_from and {{ rates }}.effective_to
{%- endmacro %}
