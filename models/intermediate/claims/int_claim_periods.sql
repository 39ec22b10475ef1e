{{ config(meta={'scope': 'file'}) }}

-- The dates of a claim: admission, and the statement period (institutional) or the claim's own service date.
select
    file_number,
    claim_number,
    min(case when qualifier = '435' then period_start end) as admission_date,
    min(case when qualifier = '434' then period_start end) as statement_from_date,
    max(case when qualifier = '434' then period_end end) as statement_to_date,
    min(case when qualifier = '472' then period_start end) as service_from_date,
    max(case when qualifier = '472' then period_end end) as service_to_date
from {{ ref('stg_x12__claim_dates') }}
where claim_number is not null and line_number is null
group by file_number, claim_number
