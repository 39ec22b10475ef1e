{#
    Rule 1: the contract by payer, product, claim type, billing provider and basis date.

    A scope the contract leaves empty takes anything. Contracts of a payer may not overlap, so several can only take
    a claim that itself names more than one product: it is ambiguous, never guessed. `forced_contract_id` skips all
    of it (contract examples, counterfactuals).
#}
{% macro pricing_contract_choice(claims, contracts, products, claim_types, providers) %}
with claims as (
    select
        *,
        coalesce(payer_id, '') || '|' || coalesce(claim_type, '') || '|' || coalesce(upper(product_group), '')
        || '|' || coalesce(upper(plan_name), '') || '|' || coalesce(upper(filing_code), '')
        || '|' || coalesce(billing_tax_id, '') || '|' || coalesce(billing_npi, '') as scope_key
    from {{ claims }}
),

contracts as (
    select * from {{ contracts }}
),

-- Scopes are few however many the claims, so what does not depend on a date is decided on them.
scopes as (
    select distinct
        scope_key,
        payer_id,
        claim_type,
        upper(product_group) as product_group,
        upper(plan_name) as plan_name,
        upper(filing_code) as filing_code,
        billing_tax_id,
        billing_npi
    from claims
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

scope_candidates as (
    select
        scopes.scope_key,
        contracts.contract_id,
        contracts.date_basis,
        contracts.effective_from,
        contracts.effective_to
    from scopes
    inner join contracts on scopes.payer_id = contracts.payer_id
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
),

in_force as (
    select
        claims.unit_id,
        min(scope_candidates.contract_id) as contract_id,
        count(*) as contract_count
    from claims
    inner join scope_candidates on claims.scope_key = scope_candidates.scope_key
    where
        claims.forced_contract_id is null
        and {{ pricing_basis_date('claims', 'scope_candidates.date_basis') }}
        between scope_candidates.effective_from and scope_candidates.effective_to
    group by claims.unit_id
),

final as (
    select
        claims.unit_id,
        -- Lines are joined by number: text keys cost more than the arithmetic.
        row_number() over (order by claims.unit_id) as unit_number,
        coalesce(
            claims.forced_contract_id,
            case when in_force.contract_count = 1 then in_force.contract_id end
        ) as contract_id,
        case
            when claims.forced_contract_id is not null or in_force.contract_count = 1 then null
            when in_force.unit_id is not null then 'ambiguous_contract'
            else 'no_contract'
        end as not_priced_reason
    from claims
    left join in_force on claims.unit_id = in_force.unit_id
)

select * from final
{% endmacro %}


{# The date a contract goes by; a claim without an admission or discharge goes by its first or last service date. #}
{% macro pricing_basis_date(claim, date_basis) -%}
    case {{ date_basis }}
        when 'admission' then coalesce({{ claim }}.admission_date, {{ claim }}.service_from_date)
        when 'discharge'
            then coalesce({{ claim }}.discharge_date, {{ claim }}.service_to_date, {{ claim }}.service_from_date)
        else {{ claim }}.service_from_date
    end
{%- endmacro %}
