-- The hospitals' own figures that a contract's can be held against: priced, by a payer known by alias, in the newest
-- file. A percentage is comparable where it is of billed charges; of anything else nobody knows what it is of. Figures
-- beyond the pricing engine's bounds are mistakes of the file: unknown.
with

files as (

    select * from {{ ref('stg_price_transparency__files') }}
    where is_newest

),

charges as (

    select * from {{ ref('stg_price_transparency__charges') }}
    where payer_name is not null

),

-- Wide files write underscores for the blanks of a payer's name.
aliases as (

    select
        replace(alias, '_', ' ') as alias,
        min(payer_id) as payer_id
    from {{ ref('stg_reference__payer_aliases') }}
    group by replace(alias, '_', ' ')

),

final as (

    select
        charges.file_number,
        charges.line_number,
        charges.charge_number,
        aliases.payer_id,
        charges.payer_name,
        charges.plan_name,
        charges.setting,
        charges.billing_class,
        charges.modifiers,
        charges.methodology,
        charges.negotiated_algorithm,
        charges.payer_notes,
        charges.generic_notes,
        charges.drug_unit,
        case when charges.gross_charge_amount < {{ pricing_highest_charge() }} then charges.gross_charge_amount end
            as gross_charge_amount,
        case
            when charges.methodology = 'percent of total billed charges' and charges.negotiated_percent is not null
                then null
            when charges.negotiated_amount < {{ pricing_highest_charge() }} then charges.negotiated_amount
        end as file_amount,
        case
            when
                charges.methodology = 'percent of total billed charges'
                and charges.negotiated_percent < {{ pricing_highest_percent() }} then charges.negotiated_percent
        end as file_percent,
        charges.negotiated_percent,
        charges.first_day
    from charges
    inner join files on charges.file_number = files.file_number
    left join aliases on upper(trim(replace(charges.payer_name, '_', ' '))) = aliases.alias

)

select * from final
