{{ config(meta={'scope': 'file'}) }}

-- The billing provider, subscriber and patient levels (HL) over each claim: by order, which holds where HL02 is wrong.
with

ordered as (

    select
        file_number,
        transaction_number,
        segment_number,
        level_code,
        max(case when level_code = '20' then segment_number end)
            over (partition by file_number, transaction_number order by segment_number) as billing_number,
        max(case when level_code = '22' then segment_number end)
            over (partition by file_number, transaction_number order by segment_number) as subscriber_number
    from {{ ref('stg_x12__hierarchical_levels') }}

),

final as (

    select
        claims.file_number,
        claims.segment_number,
        ordered.billing_number,
        ordered.subscriber_number,
        case when ordered.level_code = '23' then ordered.segment_number end as patient_number
    from {{ ref('stg_x12__claims') }} as claims
    inner join ordered
        on claims.file_number = ordered.file_number and claims.parent_number = ordered.segment_number

)

select * from final
