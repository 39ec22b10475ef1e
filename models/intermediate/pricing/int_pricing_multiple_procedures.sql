{{ config(materialized='ephemeral') }}

{{ pricing_multiple_procedures(
    contract_reductions=ref('int_pricing_contract_reductions'),
    medicare_surgery=ref('int_pricing_medicare_surgery'),
    medicare_services=ref('int_pricing_medicare_services'),
    medicare_outpatient=ref('int_pricing_medicare_outpatient')
) }}
