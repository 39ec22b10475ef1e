{{ config(materialized='ephemeral') }}

{{ pricing_modifier_percents(
    classes=ref('int_scenario_classes'),
    class_terms=ref('int_scenario_class_terms'),
    terms=ref('int_pricing_terms'),
    contract_modifiers=ref('stg_reference__contract_modifiers'),
    medicare_facts=ref('int_scenario_medicare_facts'),
    medicare_rules=ref('medicare_modifier_rules')
) }}
