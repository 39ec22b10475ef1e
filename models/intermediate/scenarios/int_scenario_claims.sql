with pricing_claims as (
    select * from {{ ref('int_pricing_claims') }}
),

scenarios as (
    select * from {{ ref('int_scenarios') }}
),

final as (
    select
        scenarios.scenario_unit_id as unit_id,
        pricing_claims.claim_key,
        scenarios.unit_id as base_unit_id,
        scenarios.scenario,
        pricing_claims.claim_type,
        pricing_claims.payer_id,
        pricing_claims.product_group,
        pricing_claims.plan_name,
        pricing_claims.filing_code,
        pricing_claims.billing_npi,
        pricing_claims.billing_tax_id,
        pricing_claims.place_of_service,
        pricing_claims.bill_type,
        pricing_claims.drg,
        pricing_claims.principal_diagnosis,
        scenarios.forced_contract_id,
        scenarios.scenario = 'other_setting' as is_setting_flipped,
        scenarios.scenario = 'no_carve_out' as is_carve_out_ignored,
        scenarios.scenario = 'no_claim_term' as is_claim_scope_ignored,
        pricing_claims.admission_date,
        -- The contract is forced, so that a moved discharge moves nothing but the weights looked up.
        case scenarios.scenario
            when 'earlier_weights'
                then {{ add_days(
                    'coalesce(pricing_claims.discharge_date, pricing_claims.service_to_date,'
                    ' pricing_claims.service_from_date)', '-365'
                ) }}
            else pricing_claims.discharge_date
        end as discharge_date,
        pricing_claims.service_from_date,
        pricing_claims.service_to_date,
        pricing_claims.charge_amount
    from scenarios
    inner join pricing_claims
        on scenarios.unit_id = pricing_claims.unit_id
)

select * from final
