-- What a hospital's file says a modifier alone does to any price, where the contract says otherwise. A contract that
-- does not name a modifier pays the whole rate. Several modifiers at once are what their percents multiply to.
with

charges as (

    select * from {{ ref('int_price_transparency_charges') }}
    where negotiated_percent is not null and length(modifiers) = 2

),

codes as (

    select distinct
        file_number,
        line_number
    from {{ ref('stg_price_transparency__codes') }}

),

plan_contracts as (

    select * from {{ ref('int_price_transparency_contracts') }}

),

contracts as (

    select * from {{ ref('stg_reference__contracts') }}
    where modifiers_basis <> 'medicare'

),

modifiers as (

    select * from {{ ref('stg_reference__contract_modifiers') }}

),

final as (

    select
        charges.file_number,
        charges.line_number,
        charges.charge_number,
        contracts.contract_id,
        'modifiers' as term_id,
        cast(null as integer) as source_line,
        charges.payer_id,
        charges.payer_name,
        charges.plan_name,
        plan_contracts.claim_type,
        'MODIFIER' as code_type,
        charges.modifiers as code,
        charges.modifiers,
        coalesce(charges.setting, 'both') as setting,
        charges.methodology,
        'modifiers' as contract_method,
        charges.negotiated_algorithm,
        coalesce(charges.payer_notes, charges.generic_notes) as notes,
        charges.gross_charge_amount,
        cast(null as decimal(18, 2)) as contract_amount,
        coalesce(modifiers.percent, 100) as contract_percent,
        cast(null as decimal(18, 2)) as file_amount,
        charges.negotiated_percent as file_percent,
        cast(null as decimal(18, 2)) as contract_dollars,
        cast(null as decimal(18, 2)) as file_dollars,
        'modifier' as conflict_type,
        coalesce(modifiers.percent, 100) = charges.negotiated_percent as has_alike
    from charges
    left join codes on charges.file_number = codes.file_number and charges.line_number = codes.line_number
    inner join plan_contracts
        on charges.file_number = plan_contracts.file_number
            and charges.payer_name = plan_contracts.payer_name
            and coalesce(charges.plan_name, '') = coalesce(plan_contracts.plan_name, '')
            and coalesce(charges.billing_class, '') = coalesce(plan_contracts.billing_class, '')
    inner join contracts on plan_contracts.contract_id = contracts.contract_id
    left join modifiers on contracts.contract_id = modifiers.contract_id and charges.modifiers = modifiers.modifier
    where codes.file_number is null

)

select * from final
