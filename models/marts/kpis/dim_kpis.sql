select * from {{ ref('kpi_definitions') }}
