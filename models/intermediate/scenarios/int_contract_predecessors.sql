{{ config(meta={'scope': none}) }}

-- The version of a contract before it: the same payer, products and claim types, ended before this one began; of
-- several, one of its own providers before another's.
with contracts as (
    select * from {{ ref('stg_reference__contracts') }}
),

products as (
    select
        contract_id,
        {{ dbt.listagg(measure='product', delimiter_text="'|'", order_by_clause='order by product') }} as products
    from {{ ref('stg_reference__contract_products') }}
    group by contract_id
),

claim_types as (
    select
        contract_id,
        {{ dbt.listagg(measure='claim_type', delimiter_text="'|'", order_by_clause='order by claim_type') }}
            as claim_types
    from {{ ref('stg_reference__contract_claim_types') }}
    group by contract_id
),

providers as (
    select
        contract_id,
        {{ dbt.listagg(measure='provider_id', delimiter_text="'|'", order_by_clause='order by provider_id') }}
            as providers
    from {{ ref('stg_reference__contract_providers') }}
    group by contract_id
),

scoped as (
    select
        contracts.contract_id,
        contracts.payer_id,
        contracts.effective_from,
        contracts.effective_to,
        coalesce(products.products, '') as products,
        coalesce(claim_types.claim_types, '') as claim_types,
        coalesce(providers.providers, '') as providers
    from contracts
    left outer join products
        on contracts.contract_id = products.contract_id
    left outer join claim_types
        on contracts.contract_id = claim_types.contract_id
    left outer join providers
        on contracts.contract_id = providers.contract_id
),

shared_providers as (
    select distinct
        later.contract_id,
        earlier.contract_id as earlier_contract_id
    from {{ ref('stg_reference__contract_providers') }} as later
    inner join {{ ref('stg_reference__contract_providers') }} as earlier
        on later.provider_id = earlier.provider_id
),

ranked as (
    select
        later.contract_id,
        earlier.contract_id as previous_contract_id,
        earlier.effective_to as previous_effective_to,
        row_number() over (
            partition by later.contract_id
            order by
                case
                    when earlier.providers = '' or later.providers = '' then 0
                    when shared_providers.contract_id is not null then 0
                    else 1
                end asc,
                earlier.effective_to desc,
                case when earlier.providers = later.providers then 0 else 1 end asc,
                earlier.contract_id asc
        ) as version_rank
    from scoped as later
    inner join scoped as earlier
        on
            later.payer_id = earlier.payer_id
            and later.products = earlier.products
            and later.claim_types = earlier.claim_types
            and later.effective_from > earlier.effective_to
    left outer join shared_providers
        on
            later.contract_id = shared_providers.contract_id
            and earlier.contract_id = shared_providers.earlier_contract_id
),

final as (
    select
        contract_id,
        previous_contract_id,
        previous_effective_to
    from ranked
    where version_rank = 1
)

select * from final
