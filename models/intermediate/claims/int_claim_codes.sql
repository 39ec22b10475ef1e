{{ config(meta={'scope': 'file'}) }}

-- Principal diagnosis and DRG of each claim, from its HI segments.
with

codes as (

    select * from {{ ref('stg_x12__health_care_codes') }}

),

final as (

    select
        file_number,
        claim_number,
        min(case when qualifier_1 in ('ABK', 'BK') then code_1 end) as principal_diagnosis,
        lpad(
            max(
                case
                    {% for n in range(1, 13) -%}
                        when qualifier_{{ n }} = 'DR' then code_{{ n }}
                    {% endfor %}
                end
            ), 3, '0'
        ) as drg
    from codes
    group by file_number, claim_number

)

select * from final
