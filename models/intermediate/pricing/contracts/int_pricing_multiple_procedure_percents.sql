with percents as (
    select * from {{ ref('stg_reference__contract_multiple_procedures') }}
),

final as (
    select
        contract_id,
        rank_number,
        percent
    from percents
)

select * from final
