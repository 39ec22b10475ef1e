-- Each different way a payer is named, and whose it is: an alias by any of its codes, else by its name. A payer that is
-- not listed is known by its own code; where only its name stands (most remittances), by the code that goes with that
-- name elsewhere, else by the name.
with

spellings as (

    select distinct
        upper(trim(payer_code)) as payer_code,
        upper(trim(secondary_code)) as secondary_code,
        upper(trim(company_id)) as company_id,
        upper(trim(payer_name)) as payer_name
    from {{ ref('int_payer_mentions') }}

),

aliases as (

    select
        alias,
        min(payer_id) as payer_id
    from {{ ref('stg_reference__payer_aliases') }}
    group by alias

),

codes_by_name as (

    select
        payer_name,
        min(coalesce(payer_code, secondary_code)) as payer_code
    from spellings
    where payer_name is not null
    group by payer_name

),

matched as (

    select
        spellings.payer_code,
        spellings.secondary_code,
        spellings.company_id,
        spellings.payer_name,
        coalesce(by_code.payer_id, by_secondary_code.payer_id, by_company.payer_id, by_name.payer_id)
            as listed_payer_id,
        coalesce(
            spellings.payer_code,
            spellings.secondary_code,
            codes_by_name.payer_code,
            spellings.payer_name,
            spellings.company_id,
            'UNKNOWN'
        ) as own_id
    from spellings
    left join aliases as by_code on spellings.payer_code = by_code.alias
    left join aliases as by_secondary_code on spellings.secondary_code = by_secondary_code.alias
    left join aliases as by_company on spellings.company_id = by_company.alias
    left join aliases as by_name on spellings.payer_name = by_name.alias
    left join codes_by_name on spellings.payer_name = codes_by_name.payer_name

),

final as (

    select
        payer_code,
        secondary_code,
        company_id,
        payer_name,
        coalesce(listed_payer_id, own_id) as payer_id,
        listed_payer_id is null as is_unlisted
    from matched

)

select * from final
