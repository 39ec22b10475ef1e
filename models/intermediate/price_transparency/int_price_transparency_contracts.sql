-- The contracts a payer's plan in a hospital's file is held against: those in force on the as-of date whose product
-- the plan is or names. A hospital's file is its facility's: of a payer with institutional contracts only those are
-- meant, unless the charges say that they are professional.
with

plans as (

    select
        file_number,
        payer_id,
        payer_name,
        plan_name,
        billing_class
    from {{ ref('int_price_transparency_charges') }}
    where payer_id is not null
    group by file_number, payer_id, payer_name, plan_name, billing_class

),

contracts as (

    select contracts.*
    from {{ ref('stg_reference__contracts') }} as contracts
    inner join {{ ref('int_as_of') }} as as_of
        on as_of.as_of_date between contracts.effective_from and contracts.effective_to

),

products as (

    select
        contract_id,
        replace(replace(replace(upper(product), '_', ' '), '-', ' '), '/', ' ') as product
    from {{ ref('stg_reference__contract_products') }}

),

claim_types as (

    select * from {{ ref('stg_reference__contract_claim_types') }}

),

facility_payers as (

    select distinct contracts.payer_id
    from contracts
    inner join claim_types
        on contracts.contract_id = claim_types.contract_id and claim_types.claim_type = 'institutional'

),

worded_plans as (

    select
        *,
        ' ' || replace(replace(replace(upper(coalesce(plan_name, '')), '_', ' '), '-', ' '), '/', ' ') || ' '
            as plan_words
    from plans

),

candidates as (

    select
        plans.file_number,
        plans.payer_id,
        plans.payer_name,
        plans.plan_name,
        plans.billing_class,
        contracts.contract_id,
        claim_types.claim_type,
        case claim_types.claim_type when 'institutional' then 1 when 'professional' then 2 else 3 end as type_rank,
        max(case when products.product is null then 2 else 1 end) as product_rank
    from worded_plans as plans
    inner join contracts on plans.payer_id = contracts.payer_id
    inner join claim_types on contracts.contract_id = claim_types.contract_id
    left join products on contracts.contract_id = products.contract_id
    left join facility_payers on contracts.payer_id = facility_payers.payer_id
    where
        (products.product is null or plans.plan_words like '% ' || products.product || ' %')
        and (
            (
                coalesce(plans.billing_class, 'both') = 'both'
                and (facility_payers.payer_id is null or claim_types.claim_type = 'institutional')
            )
            or (plans.billing_class = 'professional' and claim_types.claim_type = 'professional')
            or (plans.billing_class = 'facility' and claim_types.claim_type = 'institutional')
        )
    group by
        plans.file_number,
        plans.payer_id,
        plans.payer_name,
        plans.plan_name,
        plans.billing_class,
        contracts.contract_id,
        claim_types.claim_type

),

ranked as (

    select
        *,
        rank() over (
            partition by file_number, payer_name, plan_name, billing_class order by type_rank, product_rank
        ) as preference
    from candidates

),

final as (

    select
        file_number,
        payer_id,
        payer_name,
        plan_name,
        billing_class,
        contract_id,
        claim_type
    from ranked
    where preference = 1

)

select * from final
