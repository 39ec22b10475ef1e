-- What of each payer's plan in a hospital's file was held against a contract, so that no conflict listed is no doubt.
with

charges as (

    select * from {{ ref('int_price_transparency_charges') }}

),

comparisons as (

    select
        file_number,
        line_number,
        charge_number,
        min(case when has_alike then 1 else 0 end) as is_without_conflict
    from {{ ref('int_price_transparency_comparisons') }}
    group by file_number, line_number, charge_number

),

plan_contracts as (

    select
        file_number,
        payer_name,
        plan_name,
        {{ dbt.listagg('contract_id', "', '", 'order by contract_id') }} as contract_ids
    from (
        select distinct
            file_number,
            payer_name,
            coalesce(plan_name, '') as plan_name,
            contract_id
        from {{ ref('int_price_transparency_contracts') }}
    ) as plan_contract_pairs
    group by file_number, payer_name, plan_name

),

landed_files as (

    select * from {{ ref('stg_landing__files') }}

),

counted as (

    select
        charges.file_number,
        charges.payer_name,
        coalesce(charges.plan_name, '') as plan_name,
        min(charges.payer_id) as payer_id,
        count(*) as charge_count,
        count(comparisons.file_number) as compared_count,
        count(case when comparisons.is_without_conflict = 0 then 1 end) as conflict_count
    from charges
    left join comparisons
        on charges.file_number = comparisons.file_number
            and charges.line_number = comparisons.line_number
            and charges.charge_number = comparisons.charge_number
    group by charges.file_number, charges.payer_name, coalesce(charges.plan_name, '')

),

final as (

    select
        landed_files.file_id,
        counted.payer_name as file_payer_name,
        counted.plan_name as file_plan_name,
        counted.payer_id,
        landed_files.file_name,
        plan_contracts.contract_ids,
        case
            when counted.payer_id is null then 'payer_not_listed'
            when plan_contracts.contract_ids is null then 'no_contract'
            when counted.compared_count = 0 then 'nothing_comparable'
        end as not_compared_reason,
        counted.charge_count,
        counted.compared_count,
        counted.conflict_count
    from counted
    inner join landed_files on counted.file_number = landed_files.file_number
    left join plan_contracts
        on counted.file_number = plan_contracts.file_number
            and counted.payer_name = plan_contracts.payer_name
            and counted.plan_name = plan_contracts.plan_name

)

select * from final
