{{ config(materialized='ephemeral') }}

{{ pricing_modifier_percents(
    classes=ref('int_pricing_classes'),
    class_terms=ref('int_pricing_class_terms'),
    terms=ref('int_pricing_terms'),
    contract_modifiers=ref('stg_reference__contract_modifiers'),
    medicare_facts=ref('int_pricing_medicare_facts'),
    medicare_rules=ref('medicare_modifier_rules')
) }}
