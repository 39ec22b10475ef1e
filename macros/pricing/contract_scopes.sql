{#
    Which contracts take claims of which scope, whatever their dates: by payer, product, claim type and billing
    provider. Scopes are few however many the claims. A scope a contract leaves empty takes anything.
    One row a scope and contract.
#}
{% macro pricing_contract_scopes(claims, contracts, products, claim_types, providers) %}
with contracts as (
    select * from {{ contracts }}
),

scopes as (
    select distinct
        {{ pricing_scope_key('claims') }} as scope_key,
        upper(payer_id) as payer_id,
        claim_type,
        upper(product_group) as product_group,
        upper(plan_name) as plan_name,
        upper(filing_code) as filing_code,
        upper(billing_tax_id) as billing_tax_id,
        upper(billing_npi) as billing_npi
    from {{ claims }} as claims
    where forced_contract_id is null
),

product_matches as (
    select distinct
        scopes.scope_key,
        products.contract_id
    from scopes
    inner join {{ products }} as products
        on
            upper(products.product) = scopes.product_group
            or upper(products.product) = scopes.plan_name
            or upper(products.product) = scopes.filing_code
),

provider_lists as (
    select
        contract_id,
        id_type
    from {{ providers }}
    group by contract_id, id_type
),

-- An identifier the claim does not carry cannot contradict a list, but neither can it satisfy one.
provider_tests as (
    select
        scopes.scope_key,
        provider_lists.contract_id,
        max(case when providers.provider_id is not null then 1 else 0 end) as is_listed,
        max(
            case
                when providers.provider_id is null
                    and case provider_lists.id_type when 'npi' then scopes.billing_npi else scopes.billing_tax_id end
                    is not null then 1
                else 0
            end
        ) as is_contradicted
    from scopes
    cross join provider_lists
    left join {{ providers }} as providers
        on
            provider_lists.contract_id = providers.contract_id
            and provider_lists.id_type = providers.id_type
            and providers.provider_id
            = case provider_lists.id_type when 'npi' then scopes.billing_npi else scopes.billing_tax_id end
    group by scopes.scope_key, provider_lists.contract_id
),

product_lists as (
    select distinct contract_id from {{ products }}
),

listed_contracts as (
    select distinct contract_id from provider_lists
),

final as (
    select
        scopes.scope_key,
        contracts.contract_id,
        contracts.date_basis,
        contracts.effective_from,
        contracts.effective_to
    from scopes
    inner join contracts on scopes.payer_id = upper(contracts.payer_id)
    inner join {{ claim_types }} as claim_types
        on contracts.contract_id = claim_types.contract_id and scopes.claim_type = claim_types.claim_type
    left join product_lists on contracts.contract_id = product_lists.contract_id
    left join product_matches
        on scopes.scope_key = product_matches.scope_key and contracts.contract_id = product_matches.contract_id
    left join listed_contracts on contracts.contract_id = listed_contracts.contract_id
    left join provider_tests
        on scopes.scope_key = provider_tests.scope_key and contracts.contract_id = provider_tests.contract_id
    where
        (product_lists.contract_id is null or product_matches.contract_id is not null)
        and (
            listed_contracts.contract_id is null
            or (provider_tests.is_listed = 1 and provider_tests.is_contradicted = 0)
        )
)

select * from final
{% endmacro %}


{# A claim's scope: everything of it that the choice of a contract asks about, but its dates. #}
{% macro pricing_scope_key(claim) -%}
    {%- for column in [
        'payer_id', 'claim_type', 'product_group', 'plan_name', 'filing_code', 'billing_tax_id', 'billing_npi'
    ] %}
    coalesce(upper({{ claim }}.{{ column }}), '') {{ "|| '|' ||" if not loop.last }}
    {%- endfor %}
{%- endmacro %}
