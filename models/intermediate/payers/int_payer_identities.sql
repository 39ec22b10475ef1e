-- Each different way a payer is named, and whose it is: an alias by any of its codes, else by its name, else a payer
-- of its own, known by its name (codes differ between 837 and 835 more than names do).
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

final as (

    select
        spellings.payer_code,
        spellings.secondary_code,
        spellings.company_id,
        spellings.payer_name,
        coalesce(
            by_code.payer_id,
            by_secondary_code.payer_id,
            by_company.payer_id,
            by_name.payer_id,
            spellings.payer_name,
            spellings.payer_code,
            spellings.company_id,
            'UNKNOWN'
        ) as payer_id,
        coalesce(by_code.payer_id, by_secondary_code.payer_id, by_company.payer_id, by_name.payer_id) is null as is_unlisted
    from spellings
    left join aliases as by_code on spellings.payer_code = by_code.alias
    left join aliases as by_secondary_code on spellings.secondary_code = by_secondary_code.alias
    left join aliases as by_company on spellings.company_id = by_company.alias
    left join aliases as by_name on spellings.payer_name = by_name.alias

)

select * from final
