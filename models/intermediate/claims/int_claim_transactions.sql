{{ config(meta={'scope': none}) }}

-- 837 transactions that bill: not predeterminations (X291 to X293) nor post-adjudicated reporting (X298 to X300).
with

versions as (

    select
        transactions.file_number,
        transactions.transaction_number,
        files.file_id,
        coalesce(headers.implementation_version, functional_groups.version, '') as implementation_version,
        beginnings.transaction_date,
        functional_groups.group_date
    from {{ ref('stg_x12__transactions') }} as transactions
    inner join {{ ref('stg_landing__files') }} as files on transactions.file_number = files.file_number
    left join {{ ref('stg_x12__transaction_headers') }} as headers
        on
            transactions.file_number = headers.file_number
            and transactions.transaction_number = headers.transaction_number
    left join {{ ref('stg_x12__functional_groups') }} as functional_groups
        on
            transactions.file_number = functional_groups.file_number
            and transactions.group_number = functional_groups.group_number
    left join {{ ref('stg_x12__hierarchy_beginnings') }} as beginnings
        on
            transactions.file_number = beginnings.file_number
            and transactions.transaction_number = beginnings.transaction_number
    where transactions.transaction_type = '837'

),

final as (

    select
        file_number,
        transaction_number,
        file_id,
        implementation_version,
        -- BHT04, else the group's date: a claim without either has no place in time.
        coalesce(transaction_date, group_date) as submitted_date
    from versions
    where
        implementation_version not like '%X291%'
        and implementation_version not like '%X292%'
        and implementation_version not like '%X293%'
        and implementation_version not like '%X298%'
        and implementation_version not like '%X299%'
        and implementation_version not like '%X300%'

)

select * from final
