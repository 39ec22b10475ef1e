{{ config(materialized='incremental', unique_key='adjudication_id') }}

-- Remark codes on the claim as a whole: MIA for inpatient, MOA for all other claims.
with adjudications as (
    select * from {{ ref('int_adjudications') }}
),

files as (
    select distinct
        file_id,
        file_number
    from {{ ref('stg_landing__files') }}
),

remarks as (
    {%- for relation in ['stg_x12__inpatient_adjudications', 'stg_x12__outpatient_adjudications'] %}
        {%- for position in [1, 2, 3, 4, 5] %}
            {{ 'union all' if not (loop.first and relation == 'stg_x12__inpatient_adjudications') }}
            select
                file_number,
                claim_number,
                {{ position }} as position,
                remark_code_{{ position }} as remark_code
            from {{ ref(relation) }}
            where remark_code_{{ position }} is not null
        {%- endfor %}
    {%- endfor %}
),

final as (
    select
        adjudications.adjudication_id,
        {{ dbt.listagg(
            measure='remarks.remark_code', delimiter_text="','", order_by_clause='order by remarks.position'
        ) }} as remark_codes
    from remarks
    inner join files
        on remarks.file_number = files.file_number
    inner join adjudications
        on
            files.file_id = adjudications.file_id
            and remarks.claim_number = adjudications.segment_number
    group by adjudications.adjudication_id
)

select * from final
