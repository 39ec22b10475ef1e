with procedures as (
    select * from {{ ref('int_procedures') }}
)

select * from procedures
